//! The three clients. Companies, products and campaigns are invented.

mod bedding;
mod cosmetics;
mod education;

use crate::plan::ClientPlan;

pub(crate) static CLIENTS: [&ClientPlan; 3] = [&bedding::CLIENT, &cosmetics::CLIENT, &education::CLIENT];

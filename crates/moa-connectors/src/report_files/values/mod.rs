//! Cell texts become values: numbers and money, days and periods, hours, identifiers.

pub(crate) mod date;
pub(crate) mod hour;
pub(crate) mod number;

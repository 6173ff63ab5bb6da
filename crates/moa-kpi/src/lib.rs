//! One file per KPI: formula, unit, empty case.
//!
//! **Invariant:** pure arithmetic over sums; no I/O, no clock, no floating point. Ratios are made from sums, never from ratios:
//! splitting rows never changes a result. SQL holds the same formulas (`kpi_*` functions of the migrations); a property test keeps
//! both equal.

mod exact;
mod figures;

pub mod basis;
pub mod change;
pub mod conversion_rate;
pub mod cpa;
pub mod cpc;
pub mod cpm;
pub mod ctr;
pub mod roas;
pub mod roi;

pub use exact::Exact;
pub use figures::{Kpis, Totals};

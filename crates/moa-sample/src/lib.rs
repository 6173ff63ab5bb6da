//! The sample agency (샘플 대행사) as values: three invented clients on four platforms over fourteen months, for looking around before
//! real accounts are connected, and for tests that need a whole agency.
//!
//! It is given as report files in the platforms' own formats, so it enters Moa through the normal import. [`Agency::totals`] is the
//! truth to compare the import with.
//!
//! **Invariant:** the same end day gives the same bytes on every machine. Nothing here reads a clock or a file, and the arithmetic uses
//! only operations that IEEE 754 defines exactly (no logarithms, no sines), because those differ between operating systems.

mod agency;
mod clients;
mod demand;
mod draw;
mod figures;
mod files;
mod history;
mod holidays;
mod plan;
mod totals;

pub use agency::{Agency, SampleClient, SampleFile};
pub use totals::MonthTotal;

//! What crosses the border to the window and the command line. One file per screen area.
//!
//! Figures are decimal text (six places at most), because a JavaScript number cannot hold them; undefined ratios are `None`.
//! Times are ISO 8601 with zone, days `YYYY-MM-DD`. These types are generated into `ui/src/ipc/bindings.ts`.

pub mod client;
pub mod connection;
pub mod dashboard;
pub mod figures;
pub mod import;
pub mod job;
pub mod period;
pub mod report;
pub mod settings;

/// A decimal as text: `"1234.5"`, never in exponent form, no trailing zeros.
pub type DecimalText = String;

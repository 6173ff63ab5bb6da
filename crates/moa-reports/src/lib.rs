//! Turns a report document into the bytes of a PDF and of a workbook. Queries nothing.
//!
//! Document → [`layout`] → display list of pages → [`pdf`]; document → [`xlsx`].
//!
//! **Invariant:** the same document gives the same bytes, in every process, locale and time zone: nothing here reads a clock, the
//! environment or a random number, and every date comes from the document.
//! **Invariant:** figures are never computed from other shown figures: the workbook adds the stored rows, the pages copy the document.

mod clean;
mod display;
mod document;
mod error;
mod figures;
mod file_name;
mod fonts;
mod layout;
mod logo;
pub mod pdf;
mod shape;
mod sums;
mod theme;
pub mod xlsx;

pub use display::{Color, Item, Logo, Mark, Page, Part, Segment};
pub use document::{
    Cadence, CampaignFigures, ChannelFigures, CurrencySection, DayFigures, ItemFigures, Party, Period, PlatformAsOf, RawRow,
    ReportDocument, Restated,
};
pub use error::ReportError;
pub use figures::{Change, Figures};
pub use file_name::{file_name, file_stem, safe_name};
pub use fonts::{Face, Fonts};
pub use layout::layout;
pub use shape::{Glyph, Run, Shaper, Style};
pub use sums::totals;
pub use theme::{PAGE_HEIGHT, PAGE_WIDTH, Theme};

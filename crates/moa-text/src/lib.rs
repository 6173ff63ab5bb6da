//! Sentences, numbers and dates in Korean and English, from the locale files.
//!
//! **Invariant:** the one place on the Rust side where a number or a date becomes words, so that a figure reads the same on a page,
//! in a workbook and in a terminal. Nothing here rounds a value that is still to be summed; nothing reads a clock or a locale of the
//! operating system.

mod date;
mod lang;
mod locale;
mod measure;
mod money;
mod name;
mod number;

pub use date::{date, date_time, day_of_month, month, range, range_with_weekdays, short_date, week_of_month, weekday};
pub use lang::{Lang, NotALanguage};
pub use locale::{has_text, text};
pub use measure::Measure;
pub use money::{compact_money, money, symbol};
pub use name::{basis_name, channel_name, dimension_name, platform_name, short_basis_name, vat_name};
pub use number::{change, compact_count, conversions, count, data_size, even_conversions, percent, ratio_as_percent, whole_percent};

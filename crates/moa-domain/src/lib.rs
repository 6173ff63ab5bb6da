//! The words of the product as types: money and its kind, platforms, channels, days, metric rows.
//!
//! **Invariant:** this crate does no I/O and never reads a clock; every other crate may use it, and it uses none of ours.

pub mod calendar;
pub mod campaign;
pub mod channel;
pub mod metric;
pub mod money;
pub mod platform;
pub mod ports;

pub use calendar::{DateRange, Month};
pub use campaign::{CampaignKey, CampaignStatus, Objective};
pub use channel::ChannelCode;
pub use metric::{BreakdownFact, Counts, DailyFact, Dimension, Engagement, HourlyFact, Measures};
pub use money::{Amount, Basis, Currency, Millionths, MoneyError, MoneyKind, VatBasis};
pub use platform::Platform;
pub use ports::{Clock, SealError, Sealed, Sealer};

//! Date ranges as Korean agencies say them.

use serde::{Deserialize, Serialize};
use specta::Type;

/// A named range; what it means today is resolved in Rust, in one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum PeriodName {
    /// 어제
    Yesterday,
    /// 최근 7일, ending yesterday
    Last7Days,
    /// 최근 30일, ending yesterday
    Last30Days,
    /// 지난주 월–일
    LastWeek,
    /// 이번 주 월–어제
    ThisWeek,
    /// 이번 달 1일–어제
    ThisMonth,
    /// 지난달
    LastMonth,
    /// N주차: a week of the current or the last month, see `PeriodChoice::week_of_month`
    WeekOfMonth,
}

/// One entry of the period menu with its dates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct PeriodChoice {
    pub name: PeriodName,
    pub from: String,
    pub to: String,
    /// For `week_of_month`: month (`YYYY-MM`) and the week's number in it.
    pub week_of_month: Option<WeekOfMonth>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct WeekOfMonth {
    pub month: String,
    pub week: u32,
}

/// What figures are compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Comparison {
    None,
    /// The equally long period before; for whole months the months before.
    #[default]
    Previous,
    /// 전월 동기: the same days of the month before.
    PreviousMonth,
    /// 전년 동기: the same dates last year.
    Year,
}

/// How cost is shown. `billed` comes with fees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ShownBasis {
    /// 공급가, without VAT.
    #[default]
    Net,
    /// VAT included.
    Gross,
}

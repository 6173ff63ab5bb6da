//! A report as plain data: everything the PDF and the workbook show, and nothing of how. It can be stored and read back, and the same
//! document always gives the same bytes.

use chrono::{DateTime, FixedOffset, NaiveDate};
use moa_domain::{Basis, Currency, DateRange, Platform, VatBasis};
use moa_text::Lang;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::figures::{Change, Figures};

/// One report of one client.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReportDocument {
    pub lang: Lang,
    pub cadence: Cadence,
    /// Instead of the usual title of the cadence.
    pub title: Option<String>,
    pub agency: Party,
    pub client: Party,
    pub period: Period,
    /// What the changes are against; `None` when nothing is compared.
    pub compared: Option<Period>,
    /// How many days of the compared period have figures; `None` when nobody counted.
    #[serde(default)]
    pub compared_days: Option<u32>,
    /// How cost is shown everywhere in this document.
    pub basis: Basis,
    /// How fresh each platform's figures are, in the order they are to be shown.
    pub as_of: Vec<PlatformAsOf>,
    /// When the report was made, in the office's offset. Also the date inside both files.
    pub created_at: DateTime<FixedOffset>,
    /// Why the report should be looked at before it is sent: already worded, shown on page 1.
    pub held: Vec<String>,
    /// Where figures of the period changed after they had first been read.
    #[serde(default)]
    pub restated: Vec<Restated>,
    /// What the account executive says about the figures; line breaks make paragraphs.
    pub comment: Option<String>,
    /// One per currency, the largest cost first. Empty when the period has no figures.
    pub sections: Vec<CurrencySection>,
    /// Every stored daily row of the period: what the workbook calculates from.
    pub rows: Vec<RawRow>,
    /// The rows of the compared period, at any grain whose sums are right. Empty: the workbook shows the compared totals as values.
    pub compared_rows: Vec<RawRow>,
}

impl ReportDocument {
    /// Days with figures and days at all of a compared period that is known in part: changes against it say less than they seem to.
    #[must_use]
    pub fn compared_in_part(&self) -> Option<(u32, i64)> {
        let days = DateRange::from(self.compared?).days();
        self.compared_days.filter(|known| *known > 0 && i64::from(*known) < days).map(|known| (known, days))
    }
}

/// How often a report of this kind is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Cadence {
    Daily,
    Weekly,
    Monthly,
    Custom,
}

/// Who makes the report, or for whom.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Party {
    pub name: String,
    /// PNG bytes. One that cannot be read is left out and the name stands instead.
    #[serde(default, with = "png_as_hex")]
    pub logo: Option<Vec<u8>>,
}

/// Inclusive days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Period {
    pub from: NaiveDate,
    pub to: NaiveDate,
}

impl From<DateRange> for Period {
    fn from(range: DateRange) -> Self {
        Self { from: range.from, to: range.to }
    }
}

impl From<Period> for DateRange {
    fn from(period: Period) -> Self {
        Self { from: period.from, to: period.to }
    }
}

/// As of when one platform's figures stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlatformAsOf {
    pub platform: Platform,
    /// When they were last read, in the office's offset.
    pub read_at: DateTime<FixedOffset>,
    /// The last day that has figures.
    pub last_day: Option<NaiveDate>,
}

/// What changed on one platform after it had first been read: a restatement by the platform, or a later file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restated {
    pub platform: Platform,
    /// How many days of the period have a changed figure.
    pub days: u32,
    pub campaigns: u32,
    /// When the last change was seen, in the office's offset.
    pub seen_at: DateTime<FixedOffset>,
}

/// Everything of one currency. Amounts of two currencies are never added.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CurrencySection {
    pub currency: Currency,
    pub totals: Figures,
    pub previous: Option<Figures>,
    pub change: Option<Change>,
    /// In the order of days. A day that is missing here, or has no figures, is shown as a gap.
    pub daily: Vec<DayFigures>,
    /// The largest cost first.
    pub channels: Vec<ChannelFigures>,
    /// Those of one platform and account together, the largest cost first within.
    pub campaigns: Vec<CampaignFigures>,
    /// The top of a list, the largest cost first; empty where the source has no such grain.
    pub keywords: Vec<ItemFigures>,
    pub creatives: Vec<ItemFigures>,
    pub ad_groups: Vec<ItemFigures>,
}

/// One day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayFigures {
    pub date: NaiveDate,
    /// `None`: nothing is stored for the day.
    pub figures: Option<Figures>,
}

/// One channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelFigures {
    pub platform: Platform,
    /// The channel's code.
    pub channel: String,
    pub figures: Figures,
    pub previous: Option<Figures>,
}

/// One campaign over all its channels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CampaignFigures {
    pub platform: Platform,
    pub account: String,
    /// The platform's id; empty where a file names campaigns only.
    pub campaign_id: String,
    pub name: String,
    /// Channel codes, the largest cost first.
    pub channels: Vec<String>,
    pub figures: Figures,
}

/// One keyword, creative or ad group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemFigures {
    /// `None`: the line that holds what no item accounts for.
    pub name: Option<String>,
    pub platform: Platform,
    /// The campaign it belongs to.
    pub campaign: String,
    /// The ad group it stands in, where known.
    pub parent: Option<String>,
    pub figures: Figures,
}

/// One stored daily row, in the money kind it is stored in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RawRow {
    pub date: NaiveDate,
    pub platform: Platform,
    pub account: String,
    pub campaign_id: String,
    pub campaign: String,
    /// The channel's code.
    pub channel: String,
    pub currency: Currency,
    pub vat: VatBasis,
    /// Percent: 10 is 10 %.
    pub vat_rate: Decimal,
    pub impressions: i64,
    pub clicks: i64,
    /// As stored, before any conversion to the basis.
    pub cost: Decimal,
    /// `None` where the source does not know them.
    pub conversions: Option<Decimal>,
    pub revenue: Option<Decimal>,
    pub conversions_all: Option<Decimal>,
    pub revenue_all: Option<Decimal>,
}

mod png_as_hex {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(bytes: &Option<Vec<u8>>, serializer: S) -> Result<S::Ok, S::Error> {
        let hex = bytes.as_ref().map(|bytes| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>());
        hex.serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<u8>>, D::Error> {
        let Some(hex) = Option::<String>::deserialize(deserializer)? else { return Ok(None) };
        let pairs = hex.as_bytes().chunks(2);
        let bytes = pairs.map(|pair| std::str::from_utf8(pair).ok().and_then(|pair| u8::from_str_radix(pair, 16).ok()));
        bytes.collect::<Option<Vec<u8>>>().map(Some).ok_or_else(|| serde::de::Error::custom("a logo that is not hexadecimal"))
    }
}

//! What reading a report file gives, and what may be said beforehand.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use moa_domain::{
    CampaignKey, CampaignStatus, ChannelCode, Counts, Currency, DateRange, Dimension, Engagement, Millionths, MoneyKind, Objective,
    Platform, VatBasis,
};

pub use moa_domain::Measures;

use super::field::Field;
use super::values::date::DateOrder;

/// What a person or a stored connection knows about a file. The file itself wins where it says something.
#[derive(Debug, Clone)]
pub struct ReadOptions {
    pub platform: Option<Platform>,
    pub currency: Option<Currency>,
    pub vat: Option<VatBasis>,
    /// Percent; 10 % is `Millionths::from_whole(10)`.
    pub vat_rate: Millionths,
    /// Name of the sheet, or its number from 1.
    pub sheet: Option<String>,
    /// Field and column: a header, a letter such as `C`, or a number from 1. [`Field::Breakdown`] may come several times.
    pub mapping: Vec<(Field, String)>,
    /// Headers the built-in table does not know.
    pub extra_aliases: Vec<(Field, String)>,
    pub date_order: Option<DateOrder>,
    /// Names of Naver campaigns by id (`cmp-…`), for the large reports, which hold ids only.
    pub campaign_names: HashMap<String, String>,
    /// Days later than tomorrow, or before 2000, are refused.
    pub today: NaiveDate,
}

impl ReadOptions {
    /// Nothing known but the day.
    #[must_use]
    pub fn new(today: NaiveDate) -> Self {
        Self {
            platform: None,
            currency: None,
            vat: None,
            vat_rate: Millionths::from_whole(10),
            sheet: None,
            mapping: Vec::new(),
            extra_aliases: Vec::new(),
            date_order: None,
            campaign_names: HashMap::new(),
            today,
        }
    }
}

/// Which export it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Layout {
    GoogleAds,
    MetaAds,
    /// Naver's 보고서 and 다차원 보고서.
    NaverSearchAd,
    /// Naver's 성과형 디스플레이.
    NaverGfa,
    KakaoMoment,
    KakaoKeyword,
    TikTok,
    Criteo,
    XAds,
    Daangn,
    /// `campaign,date,…` as the command line's contract names the columns.
    PlainCsv,
    /// Naver large reports (대용량): no header, one day, ids only.
    NaverLargeAd,
    NaverLargeAdDetail,
    NaverLargeConversion,
    NaverLargeConversionDetail,
    /// Naver brand-search contracts (계약 관리).
    NaverBrandContracts,
    /// Columns named by a person.
    Mapped,
    /// Known headers that fit no platform in particular.
    Generic,
}

/// Everything a report file says.
#[derive(Debug, Clone)]
pub struct ReportFile {
    pub platform: Option<Platform>,
    /// How well the file fits each export, best first.
    pub platform_scores: Vec<(Layout, u32)>,
    pub account: Option<AccountHint>,
    pub sheet: Option<String>,
    pub sheets: Vec<String>,
    pub encoding: &'static str,
    pub layout: Layout,
    pub columns: Vec<ColumnUse>,
    pub rows: Vec<FileRow>,
    /// Rows of figures that were taken; those in `dropped` are not counted.
    pub rows_read: usize,
    pub dropped: Vec<DroppedRow>,
    pub grain: Grain,
    pub dimensions: Vec<Dimension>,
    pub measures: Measures,
    pub notes: Vec<Note>,
    /// First and last day of the rows.
    pub range: Option<DateRange>,
    /// The period the file's title says.
    pub period: Option<DateRange>,
    pub campaigns: Vec<CampaignAttributes>,
    /// What campaigns with an id were called on earlier rows; their rows have the last name.
    pub former_names: Vec<CampaignKey>,
}

/// The ad account a file names. At least one of the two is present.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AccountHint {
    pub id: Option<String>,
    pub name: Option<String>,
}

/// What became of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnUse {
    pub header: String,
    pub field: Option<Field>,
    pub note: ColumnNote,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnNote {
    Used,
    /// A person named it.
    Mapped,
    /// Another column says the same better.
    Spare,
    /// A rate or an average: computed again from counts.
    Recomputed,
    /// Known, and nothing Moa keeps.
    NotKept,
    Unknown,
}

/// One row of figures.
#[derive(Debug, Clone, PartialEq)]
pub struct FileRow {
    pub line: u64,
    pub campaign: CampaignKey,
    pub date: NaiveDate,
    pub hour: Option<u8>,
    /// `None` where the file does not say; see [`Platform::unspecified_channel`].
    pub channel: Option<ChannelCode>,
    pub kind: MoneyKind,
    pub ad_group: Option<String>,
    pub keyword: Option<String>,
    pub creative: Option<String>,
    pub search_term: Option<String>,
    pub device: Option<String>,
    pub counts: Counts,
    /// False for an hour whose conversions the file does not give: unknown, not zero.
    pub conversions_known: bool,
    pub engagement: Engagement,
    pub reach: Option<i64>,
    pub extras: Extras,
}

/// Figures kept beside the counts and never mixed with them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Extras {
    pub interactions: Option<i64>,
    pub opens: Option<i64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grain {
    Daily,
    /// At least one row is an hour.
    Hourly,
}

/// A row that was left out, as section "rows to drop" of the file rules says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DroppedRow {
    pub line: u64,
    pub reason: DropReason,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DropReason {
    Total,
    /// Meta's summary row: no name, overall figures.
    Summary,
    Blank,
    RepeatedHeader,
    Footnote,
}

impl DropReason {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Total => "total",
            Self::Summary => "summary",
            Self::Blank => "blank",
            Self::RepeatedHeader => "repeated_header",
            Self::Footnote => "footnote",
        }
    }
}

/// What a person should know about how the file was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// `< 10%` and the like: `cells` figures are unknown.
    CappedShares { cells: usize },
    /// Message files: opened messages (열람수) stand for impressions in `rows` rows.
    ImpressionsFromOpens { rows: usize },
    /// Purchases with shared items (공유 항목) were used in `rows` rows, where the plain ones were absent or zero.
    SharedItemsUsed { rows: usize },
    /// Clicks are missing; interactions (상호작용) are kept beside and not taken for clicks.
    InteractionsNotClicks,
    /// The conversions are every kind the platform counts, not purchases alone.
    OnlyAllConversions,
    /// One row per conversion type: impressions, clicks and cost are left to another file.
    ConversionsOnly,
    /// `rows` rows of Meta results are neither purchases nor leads and count no conversion.
    ResultsNotConversions { rows: usize },
    /// A total row of the file against the sum of the rows read.
    Checksum { line: u64, field: Field, stated: Millionths, summed: Millionths },
    /// `cells` campaign ids were mangled by a spreadsheet (1.2E+17): matched by name.
    IdsLost { cells: usize },
    /// Large report: `campaigns` campaigns have an id only.
    CampaignNamesMissing { campaigns: usize },
    /// The file speaks of several ad accounts.
    SeveralAccounts { accounts: Vec<String> },
    /// The file says another currency than the option.
    CurrencyFromFile { file: Currency, option: Currency },
    /// The file says another VAT basis than the option.
    VatFromFile { file: VatBasis, option: VatBasis },
    /// The VAT basis is the platform's usual one; the file does not say.
    VatFromPlatform { vat: VatBasis },
    /// Naver large reports hold amounts without VAT up to 2026-03-29 and with VAT from 2026-03-30.
    VatBySwitchDate,
    /// Amounts were multiplied: the header says thousands or more.
    Scaled { column: String, factor: i64 },
    /// Contract cost was divided over the days of the contract.
    CostSpreadOverContract { contracts: usize },
    /// The file looks like another platform's than the one named.
    LooksLike { layout: Layout },
    /// Rows were added up over further dimensions the file has.
    SummedOver { columns: Vec<String> },
}

impl Note {
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::CappedShares { .. } => "capped_shares",
            Self::ImpressionsFromOpens { .. } => "impressions_from_opens",
            Self::SharedItemsUsed { .. } => "shared_items_used",
            Self::InteractionsNotClicks => "interactions_not_clicks",
            Self::OnlyAllConversions => "only_all_conversions",
            Self::ConversionsOnly => "conversions_only",
            Self::ResultsNotConversions { .. } => "results_not_conversions",
            Self::Checksum { stated, summed, .. } if stated.0 == summed.0 => "checksum_equal",
            Self::Checksum { .. } => "checksum_differs",
            Self::IdsLost { .. } => "ids_lost",
            Self::CampaignNamesMissing { .. } => "campaign_names_missing",
            Self::SeveralAccounts { .. } => "several_accounts",
            Self::CurrencyFromFile { .. } => "currency_from_file",
            Self::VatFromFile { .. } => "vat_from_file",
            Self::VatFromPlatform { .. } => "vat_from_platform",
            Self::VatBySwitchDate => "vat_by_switch_date",
            Self::Scaled { .. } => "scaled",
            Self::CostSpreadOverContract { .. } => "cost_spread_over_contract",
            Self::LooksLike { .. } => "looks_like",
            Self::SummedOver { .. } => "summed_over",
        }
    }

    /// What the sentence of [`Self::code`] needs, by name.
    #[must_use]
    pub fn values(&self) -> BTreeMap<String, String> {
        let vat = |basis: &VatBasis| match basis {
            VatBasis::Included => "included".to_owned(),
            VatBasis::Excluded => "excluded".to_owned(),
        };
        let pairs: Vec<(&str, String)> = match self {
            Self::CappedShares { cells } | Self::IdsLost { cells } => vec![("cells", cells.to_string())],
            Self::ImpressionsFromOpens { rows } | Self::SharedItemsUsed { rows } | Self::ResultsNotConversions { rows } => {
                vec![("rows", rows.to_string())]
            }
            Self::InteractionsNotClicks | Self::OnlyAllConversions | Self::ConversionsOnly | Self::VatBySwitchDate => vec![],
            Self::Checksum { line, field, stated, summed } => vec![
                ("line", line.to_string()),
                ("field", field.to_string()),
                ("stated", stated.to_string()),
                ("summed", summed.to_string()),
            ],
            Self::CampaignNamesMissing { campaigns } => vec![("campaigns", campaigns.to_string())],
            Self::SeveralAccounts { accounts } => vec![("accounts", accounts.join(", "))],
            Self::CurrencyFromFile { file, option } => vec![("file", file.to_string()), ("option", option.to_string())],
            Self::VatFromFile { file, option } => vec![("file", vat(file)), ("option", vat(option))],
            Self::VatFromPlatform { vat: basis } => vec![("vat", vat(basis))],
            Self::Scaled { column, factor } => vec![("column", column.clone()), ("factor", factor.to_string())],
            Self::CostSpreadOverContract { contracts } => vec![("contracts", contracts.to_string())],
            Self::LooksLike { layout } => vec![("layout", layout.as_str().to_owned())],
            Self::SummedOver { columns } => vec![("columns", columns.join(", "))],
        };
        pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }
}

impl Layout {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::GoogleAds => "google_ads",
            Self::MetaAds => "meta_ads",
            Self::NaverSearchAd => "naver_search_ad",
            Self::NaverGfa => "naver_gfa",
            Self::KakaoMoment => "kakao_moment",
            Self::KakaoKeyword => "kakao_keyword",
            Self::TikTok => "tiktok",
            Self::Criteo => "criteo",
            Self::XAds => "x_ads",
            Self::Daangn => "daangn",
            Self::PlainCsv => "plain_csv",
            Self::NaverLargeAd => "naver_large_ad",
            Self::NaverLargeAdDetail => "naver_large_ad_detail",
            Self::NaverLargeConversion => "naver_large_conversion",
            Self::NaverLargeConversionDetail => "naver_large_conversion_detail",
            Self::NaverBrandContracts => "naver_brand_contracts",
            Self::Mapped => "mapped",
            Self::Generic => "generic",
        }
    }

    /// The export says nothing of VAT while another console of the same platform does, on a basis of its own.
    #[must_use]
    pub(crate) const fn vat_by_export(self) -> bool {
        matches!(self, Self::NaverGfa | Self::NaverBrandContracts)
    }

    /// The platform an export belongs to.
    #[must_use]
    pub fn platform(self) -> Option<Platform> {
        Some(match self {
            Self::GoogleAds => Platform::GoogleAds,
            Self::MetaAds => Platform::MetaAds,
            Self::NaverSearchAd
            | Self::NaverGfa
            | Self::NaverLargeAd
            | Self::NaverLargeAdDetail
            | Self::NaverLargeConversion
            | Self::NaverLargeConversionDetail
            | Self::NaverBrandContracts => Platform::NaverAds,
            Self::KakaoMoment | Self::KakaoKeyword => Platform::Kakao,
            Self::TikTok => Platform::Other("tiktok".to_owned()),
            Self::Criteo => Platform::Other("criteo".to_owned()),
            Self::XAds => Platform::Other("x_ads".to_owned()),
            Self::Daangn => Platform::Other("daangn".to_owned()),
            Self::PlainCsv | Self::Mapped | Self::Generic => return None,
        })
    }
}

/// What a file says about a campaign beside its figures.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CampaignAttributes {
    pub key: CampaignKey,
    pub status: Option<CampaignStatus>,
    pub objective: Option<Objective>,
    pub daily_budget: Option<Millionths>,
    pub total_budget: Option<Millionths>,
    pub start: Option<NaiveDate>,
    pub end: Option<NaiveDate>,
    /// As the file words it: 파워링크, Search …
    pub campaign_type: Option<String>,
}

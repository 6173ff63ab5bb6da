//! Shapes of Naver's answers. Old answers write 0 and 1 for yes and no, and numbers for words.

use serde::Deserialize;

use crate::wire::{Flag, Id, Number, told};

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Campaign {
    pub(super) ncc_campaign_id: String,
    #[serde(default)]
    pub(super) name: Option<String>,
    #[serde(default)]
    pub(super) campaign_tp: Id,
    #[serde(default)]
    pub(super) daily_budget: Number,
    #[serde(default)]
    pub(super) use_daily_budget: Flag,
    #[serde(default)]
    pub(super) shared_budget_id: Option<String>,
    #[serde(default)]
    pub(super) shared_daily_budget: Number,
    #[serde(default)]
    pub(super) use_period: Flag,
    #[serde(default)]
    pub(super) period_start_dt: Option<String>,
    #[serde(default)]
    pub(super) period_end_dt: Option<String>,
    #[serde(default)]
    pub(super) user_lock: Flag,
    #[serde(default)]
    pub(super) status: Id,
    #[serde(default)]
    pub(super) status_reason: Id,
    #[serde(default)]
    pub(super) tracking_mode: Id,
}

/// `/stats`: rows of ids, of days, or of an id with hours.
#[derive(Debug, Deserialize)]
pub(super) struct Stats {
    pub(super) data: Vec<StatsRow>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct StatsRow {
    #[serde(default)]
    pub(super) id: Option<String>,
    #[serde(default)]
    pub(super) date_start: Option<String>,
    #[serde(flatten)]
    pub(super) figures: Figures,
    #[serde(default)]
    pub(super) breakdowns: Option<Vec<Breakdown>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Breakdown {
    pub(super) name: String,
    #[serde(flatten)]
    pub(super) figures: Figures,
}

/// The asked figures of a row. `None` where the row does not hold the field, an empty number where it says `null`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Figures {
    #[serde(default, deserialize_with = "told")]
    pub(super) imp_cnt: Option<Number>,
    #[serde(default, deserialize_with = "told")]
    pub(super) clk_cnt: Option<Number>,
    #[serde(default, deserialize_with = "told")]
    pub(super) sales_amt: Option<Number>,
    #[serde(default, deserialize_with = "told")]
    pub(super) ccnt: Option<Number>,
    #[serde(default, deserialize_with = "told")]
    pub(super) conv_amt: Option<Number>,
    #[serde(default, deserialize_with = "told")]
    pub(super) purchase_ccnt: Option<Number>,
    #[serde(default, deserialize_with = "told")]
    pub(super) purchase_conv_amt: Option<Number>,
}

#[derive(Debug, Deserialize)]
#[serde(bound = "T: Deserialize<'de>")]
pub(super) struct Page<T> {
    #[serde(default = "Vec::new")]
    pub(super) content: Vec<T>,
    #[serde(default)]
    pub(super) last: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DirectAccount {
    pub(super) ad_account: AdAccount,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AdAccount {
    #[serde(default)]
    pub(super) name: Option<String>,
    #[serde(default)]
    pub(super) currency: Option<String>,
    #[serde(default)]
    pub(super) timezone_id: Option<String>,
    #[serde(default)]
    pub(super) disabled: Flag,
    #[serde(default)]
    pub(super) deleted: Flag,
    #[serde(default)]
    pub(super) ad_platform_type: Option<String>,
    #[serde(default)]
    pub(super) master_customer_id: Id,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Manager {
    #[serde(default, alias = "no")]
    pub(super) manager_account_no: Id,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ChildAccount {
    #[serde(default)]
    pub(super) ad_account_name: Option<String>,
    #[serde(default)]
    pub(super) customer_id: Id,
    #[serde(default)]
    pub(super) ad_platform_type: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct BizMoney {
    pub(super) bizmoney: Number,
}

/// A prepaid contract of brand search. `paymentAmt` and `refundAmt` include VAT.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Contract {
    #[serde(default)]
    pub(super) ncc_time_contract_id: Id,
    #[serde(default)]
    pub(super) ncc_adgroup_id: Id,
    #[serde(default)]
    pub(super) contract_status: Id,
    #[serde(default)]
    pub(super) exposure_start_dt: Option<String>,
    #[serde(default)]
    pub(super) exposure_end_dt: Option<String>,
    #[serde(default)]
    pub(super) payment_amt: Number,
    #[serde(default)]
    pub(super) refund_amt: Number,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AdGroup {
    pub(super) ncc_adgroup_id: String,
    pub(super) ncc_campaign_id: String,
}

/// A report that was ordered: of figures (`reportJobId`) or of campaigns (`id`).
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Job {
    #[serde(alias = "id")]
    pub(super) report_job_id: Id,
    #[serde(default)]
    pub(super) status: Id,
    #[serde(default)]
    pub(super) download_url: Option<String>,
}

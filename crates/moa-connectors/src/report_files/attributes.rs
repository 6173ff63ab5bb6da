//! What consoles say about a campaign beside its figures, in the product's words.

use chrono::NaiveDate;
use moa_domain::{CampaignKey, CampaignStatus, Objective};

use super::field::Field;
use super::figures::{RowReader, read_number};
use super::row::Row;
use super::sink::Attributed;
use super::values::number::{self, Number};

/// Delivery states of the consoles, in English and Korean.
pub(crate) fn status(text: &str) -> Option<CampaignStatus> {
    let lower = text.trim().to_lowercase();
    let has = |words: &[&str]| words.iter().any(|w| lower.contains(w));
    if has(&["종료", "제거", "삭제", "removed", "ended", "archived", "completed", "완료", "보관"]) {
        Some(CampaignStatus::Ended)
    } else if has(&[
        "inactive",
        "not_delivering",
        "not delivering",
        "paused",
        "pending",
        "중지",
        "off",
        "꺼짐",
        "비활성",
        "대기",
        "게재되지",
        "disabled",
    ]) {
        Some(CampaignStatus::Paused)
    } else if has(&["active", "eligible", "enabled", "운영", "게재", "활성", "집행", "사용", "제한", "limited", "진행"]) || lower == "on"
    {
        Some(CampaignStatus::Active)
    } else {
        None
    }
}

/// Campaign goals of the consoles, in English and Korean.
pub(crate) fn objective(text: &str) -> Option<Objective> {
    let lower = text.trim().to_lowercase();
    let has = |words: &[&str]| words.iter().any(|w| lower.contains(w));
    if has(&[
        "sales",
        "conversion",
        "lead",
        "purchase",
        "app_promotion",
        "app_install",
        "install",
        "catalog",
        "전환",
        "판매",
        "구매",
        "매출",
        "잠재",
        "앱",
        "설치",
        "카탈로그",
    ]) {
        Some(Objective::Conversion)
    } else if has(&["awareness", "reach", "video", "인지도", "도달", "조회", "동영상"]) {
        Some(Objective::Awareness)
    } else if has(&["traffic", "engagement", "visit", "click", "트래픽", "방문", "참여", "클릭", "유입", "친구"]) {
        Some(Objective::Consideration)
    } else {
        None
    }
}

/// What a budget cell is a budget for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BudgetKind {
    Daily,
    Total,
}

pub(crate) fn budget_kind(text: &str) -> Option<BudgetKind> {
    let lower = text.trim().to_lowercase();
    if ["일일", "일예산", "daily", "하루"].iter().any(|w| lower.contains(w)) || lower == "일" {
        Some(BudgetKind::Daily)
    } else if ["총", "lifetime", "total", "전체", "기간"].iter().any(|w| lower.contains(w)) {
        Some(BudgetKind::Total)
    } else {
        None
    }
}

impl RowReader<'_> {
    /// Keeps what the row says about its campaign; a later day wins.
    pub(super) fn attributes(&mut self, row: &Row<'_>, key: &CampaignKey, day: NaiveDate) {
        const SAID: [Field; 10] = [
            Field::Status,
            Field::Objective,
            Field::CampaignType,
            Field::DailyBudget,
            Field::TotalBudget,
            Field::Budget,
            Field::AdSetBudget,
            Field::Start,
            Field::End,
            Field::BudgetKind,
        ];
        if !SAID.iter().any(|f| self.plan.columns.has(*f)) {
            return;
        }
        if !self.sink.attributes.contains_key(key) {
            self.sink.attributes.insert(key.clone(), Attributed { day, ..Attributed::default() });
        }
        let Some(known) = self.sink.attributes.get_mut(key) else { return };
        if day < known.day {
            return;
        }
        known.day = day;
        let columns = &self.plan.columns;
        let text = |field: Field| columns.get(field).map(|c| row.text(c)).filter(|t| !number::is_null(t.trim()));
        // Budget cells may hold words such as `캠페인 예산 사용`.
        let money = |field: Field| {
            columns.get(field).and_then(|c| match read_number(&row.get(c)) {
                Ok(Number::Value(value)) if value.0 >= 0 => Some(value),
                _ => None,
            })
        };
        let date_of = |field: Field| columns.get(field).and_then(|c| self.plan.plain_day(&row.get(c)));
        let (start, end) = (date_of(Field::Start), date_of(Field::End));
        let said = &mut known.said;
        said.status = text(Field::Status).and_then(|t| status(&t)).or(said.status);
        said.objective = text(Field::Objective).and_then(|t| objective(&t)).or(said.objective);
        if let Some(kind) = text(Field::CampaignType) {
            said.campaign_type = Some(kind.trim().to_owned());
        }
        said.daily_budget = money(Field::DailyBudget).or(said.daily_budget);
        said.total_budget = money(Field::TotalBudget).or(said.total_budget);
        if let Some(budget) = money(Field::Budget) {
            // Google's budget is a day's unless its kind says otherwise.
            match text(Field::BudgetKind).and_then(|t| budget_kind(&t)) {
                Some(BudgetKind::Total) => said.total_budget = Some(budget),
                Some(BudgetKind::Daily) => said.daily_budget = Some(budget),
                None => {}
            }
        }
        if let (Some(budget), Some(kind)) = (money(Field::AdSetBudget), text(Field::AdSetBudgetKind).and_then(|t| budget_kind(&t))) {
            known.ad_sets_daily = kind == BudgetKind::Daily;
            let ad_set = text(Field::AdGroup).map(|t| t.trim().to_owned()).unwrap_or_default();
            known.ad_sets.insert(ad_set, budget);
        }
        known.said.start = start.or(known.said.start);
        known.said.end = end.or(known.said.end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_consoles() {
        for (text, state) in [
            ("운영 가능", CampaignStatus::Active),
            ("active", CampaignStatus::Active),
            ("inactive", CampaignStatus::Paused),
            ("not_delivering", CampaignStatus::Paused),
            ("archived", CampaignStatus::Ended),
            ("일시중지됨", CampaignStatus::Paused),
            ("Eligible (Limited)", CampaignStatus::Active),
            ("제거됨", CampaignStatus::Ended),
        ] {
            assert_eq!(status(text), Some(state), "{text}");
        }
        assert_eq!(objective("OUTCOME_SALES"), Some(Objective::Conversion));
        assert_eq!(objective("OUTCOME_TRAFFIC"), Some(Objective::Consideration));
        assert_eq!(objective("도달"), Some(Objective::Awareness));
        assert_eq!(budget_kind("Daily"), Some(BudgetKind::Daily));
        assert_eq!(budget_kind("총 예산"), Some(BudgetKind::Total));
    }
}

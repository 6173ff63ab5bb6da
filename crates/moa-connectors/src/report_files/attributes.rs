//! What consoles say about a campaign beside its figures, in the product's words.

use moa_domain::{CampaignStatus, Objective};

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

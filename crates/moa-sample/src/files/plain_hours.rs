//! Hours as plain CSV, for consoles whose hourly tables cannot be exported as one file. Kakao does not tell conversions by hour: the cells
//! stay empty, which is not zero. Where the daily report tells the channel, the hours name the same one.

use super::sheet::{Sheet, utf8, whole};
use crate::agency::Account;
use crate::plan::{CampaignPlan, Console};

pub(super) fn hours(account: &Account) -> Vec<u8> {
    let knows_all = matches!(account.plan.console, Console::NaverSearch | Console::NaverDisplay);
    let mut sheet = Sheet::commas();
    let names_channel = account.campaigns.iter().any(|campaign| channel(account.plan.console, campaign.plan).is_some());
    let mut header = vec!["campaign", "date", "hour", "impressions", "clicks", "cost", "conversions", "revenue"];
    if knows_all {
        header.extend(["conversions_all", "revenue_all"]);
    }
    if names_channel {
        header.push("channel");
    }
    sheet.row(header);
    for campaign in &account.campaigns {
        for (day, hours) in campaign.hours(account.client_plan.market) {
            for (hour, figures) in hours.iter().enumerate().filter(|(_, figures)| !figures.is_zero()) {
                let (conversions, revenue) = match account.plan.console {
                    Console::Kakao => (String::new(), String::new()),
                    Console::Google | Console::Meta | Console::NaverSearch | Console::NaverDisplay => {
                        (whole(figures.conversions), figures.revenue.to_string())
                    }
                };
                let mut cells = vec![
                    campaign.plan.name.to_owned(),
                    day.date.to_string(),
                    hour.to_string(),
                    figures.impressions.to_string(),
                    figures.clicks.to_string(),
                    figures.cost.to_string(),
                    conversions,
                    revenue,
                ];
                if knows_all {
                    cells.extend([whole(figures.conversions_all), figures.revenue_all.to_string()]);
                }
                cells.extend(channel(account.plan.console, campaign.plan).map(str::to_owned));
                sheet.row(cells);
            }
        }
    }
    utf8(sheet.text())
}

/// The channel of a Naver campaign; other consoles' daily reports do not tell one.
fn channel(console: Console, plan: &CampaignPlan) -> Option<&'static str> {
    match (console, plan.kind) {
        (Console::NaverSearch, "쇼핑검색") => Some("naver_shopping"),
        (Console::NaverSearch, "브랜드검색") => Some("naver_brand"),
        (Console::NaverSearch, _) => Some("naver_search"),
        (Console::NaverDisplay, _) => Some("naver_display"),
        (Console::Google | Console::Meta | Console::Kakao, _) => None,
    }
}

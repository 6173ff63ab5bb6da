//! What a sample client is made of: accounts, campaigns, and the stories that happen to them. Days are counted back from the end: age 0
//! is the sample's last day.

use moa_domain::{Currency, Platform, VatBasis};

use crate::demand::Market;

#[derive(Debug)]
pub(crate) struct ClientPlan {
    pub name: &'static str,
    /// How file and account names call it.
    pub short: &'static str,
    pub market: &'static Market,
    pub accounts: &'static [AccountPlan],
    /// The month's budget is what was spent before the client's costs ran away.
    pub has_budget: bool,
}

/// The console a report comes from: it decides the file's form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Console {
    Google,
    Meta,
    NaverSearch,
    NaverDisplay,
    Kakao,
}

impl Console {
    pub(crate) fn platform(self) -> Platform {
        match self {
            Self::Google => Platform::GoogleAds,
            Self::Meta => Platform::MetaAds,
            Self::NaverSearch | Self::NaverDisplay => Platform::NaverAds,
            Self::Kakao => Platform::Kakao,
        }
    }

    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Google => "구글",
            Self::Meta => "메타",
            Self::NaverSearch => "네이버검색",
            Self::NaverDisplay => "네이버GFA",
            Self::Kakao => "카카오모먼트",
        }
    }

    pub(crate) const fn vat(self) -> VatBasis {
        match self {
            Self::NaverSearch | Self::NaverDisplay => VatBasis::Included,
            Self::Google | Self::Meta | Self::Kakao => VatBasis::Excluded,
        }
    }
}

#[derive(Debug)]
pub(crate) struct AccountPlan {
    pub console: Console,
    /// Told apart from another account of the same client at the same console.
    pub suffix: &'static str,
    pub currency: Currency,
    /// What a customer spends, in the smallest unit of the currency (won, cents).
    pub order_value: f64,
    /// Ages of the first and last day no report was ever exported for.
    pub gap: Option<(i64, i64)>,
    /// The report was opened and saved again in a Korean Excel.
    pub cp949: bool,
    pub campaigns: &'static [CampaignPlan],
}

/// How a campaign is charged, in the smallest unit of its account's currency and in the console's own VAT basis.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Price {
    Click(f64),
    Mille(f64),
    /// A contract (브랜드검색): the same every day.
    Day(f64),
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct CampaignPlan {
    pub name: &'static str,
    /// The console's word for the kind of campaign.
    pub kind: &'static str,
    /// On an average day.
    pub impressions: f64,
    pub ctr_percent: f64,
    pub price: Price,
    pub conversion_percent: f64,
    /// Age of the first and last day it ran; `None`: from the sample's first day.
    pub first_age: Option<i64>,
    pub last_age: i64,
    /// Shown in Google's reports; [`Story::BudgetLimited`] makes it bite.
    pub daily_budget: Option<i64>,
    pub story: Option<Story>,
    pub second_story: Option<Story>,
    /// Keywords or creatives by ad group.
    pub groups: &'static [Group],
}

/// What goes on in a campaign besides the ordinary.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Story {
    /// The first creative wears out over the last `days`: its click rate falls to `left` of what it was.
    Fatigue {
        days: i64,
        left: f64,
    },
    /// No conversion is recorded in the last `days`; clicks and orders go on.
    TrackingLost {
        days: i64,
    },
    /// Nothing runs in the last `days`.
    Stopped {
        days: i64,
    },
    /// Costs climb to `factor` of the plan within a week and stay there, for the last `days`.
    RunsAway {
        days: i64,
        factor: f64,
    },
    /// Demand exceeds the daily budget: nothing runs once it is spent.
    BudgetLimited,
    WeekendsOff,
    /// Visitors between 20:00 and 23:00 buy more often.
    EveningsConvert,
}

#[derive(Debug)]
pub(crate) struct Group {
    pub name: &'static str,
    pub items: &'static [Item],
}

/// A keyword or a creative.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Item {
    pub name: &'static str,
    pub weight: f64,
    /// False for a deleted keyword: the report leaves it out, so the listed ones do not add up to the campaign.
    pub listed: bool,
}

pub(crate) const fn item(name: &'static str, weight: f64) -> Item {
    Item { name, weight, listed: true }
}

pub(crate) const fn deleted(name: &'static str, weight: f64) -> Item {
    Item { name, weight, listed: false }
}

/// A campaign that runs all the time and has no story.
pub(crate) const fn campaign(
    name: &'static str,
    kind: &'static str,
    impressions: f64,
    ctr_percent: f64,
    price: Price,
    conversion_percent: f64,
) -> CampaignPlan {
    CampaignPlan {
        name,
        kind,
        impressions,
        ctr_percent,
        price,
        conversion_percent,
        first_age: None,
        last_age: 0,
        daily_budget: None,
        story: None,
        second_story: None,
        groups: &[],
    }
}

impl CampaignPlan {
    pub(crate) const fn with(mut self, story: Story) -> Self {
        if self.story.is_none() {
            self.story = Some(story);
        } else {
            self.second_story = Some(story);
        }
        self
    }

    pub(crate) const fn budget(mut self, daily: i64) -> Self {
        self.daily_budget = Some(daily);
        self
    }

    pub(crate) const fn since_age(mut self, age: i64) -> Self {
        self.first_age = Some(age);
        self
    }

    pub(crate) const fn until_age(mut self, age: i64) -> Self {
        self.last_age = age;
        self
    }

    pub(crate) const fn of(mut self, groups: &'static [Group]) -> Self {
        self.groups = groups;
        self
    }

    pub(crate) fn stories(&self) -> impl Iterator<Item = Story> {
        [self.story, self.second_story].into_iter().flatten()
    }

    pub(crate) fn has(&self, story: Story) -> bool {
        self.stories().any(|s| s == story)
    }

    pub(crate) fn runs_at(&self, age: i64) -> bool {
        age >= self.last_age && self.first_age.is_none_or(|first| age <= first)
    }

    /// Ad group and item of each part, in the order of [`crate::history::Campaign::parts`].
    pub(crate) fn named_items(&self) -> Vec<(&'static str, Item)> {
        self.groups.iter().flat_map(|group| group.items.iter().map(|item| (group.name, *item))).collect()
    }

    /// How much of its first click rate the worn creative has at an age: 1 without fatigue.
    pub(crate) fn freshness(&self, age: i64) -> f64 {
        self.stories()
            .find_map(|story| match story {
                Story::Fatigue { days, left } if age < days => Some(1.0 - (1.0 - left) * (days - age) as f64 / days as f64),
                _ => None,
            })
            .unwrap_or(1.0)
    }

    /// The share of impressions the first creative takes.
    pub(crate) fn first_share(&self) -> f64 {
        let weights: Vec<f64> = self.groups.iter().flat_map(|g| g.items).map(|i| i.weight).collect();
        weights.first().map_or(1.0, |first| first / weights.iter().sum::<f64>())
    }
}

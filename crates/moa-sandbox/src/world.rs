//! The seeded agency the server serves: accounts, campaigns and, for every campaign, channel, day and hour, a figure anybody can compute.
//!
//! Figures are drawn from a hash of the place they stand at, so no table is kept and any day of any year is there. A restatement draws the
//! days it touches anew.

use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Datelike, NaiveDate, Timelike, Utc};
use chrono_tz::Tz;

/// An ad account.
#[derive(Debug, Clone)]
pub struct Account {
    /// `google_ads`, `meta_ads`, `naver_ads`, `kakao`
    pub platform: &'static str,
    pub id: String,
    pub name: String,
    pub currency: &'static str,
    pub time_zone: Tz,
    /// At Google: the manager it is reached through. At Naver: the manager account's number.
    pub manager: Option<String>,
    pub campaigns: Vec<Campaign>,
}

#[derive(Debug, Clone)]
pub struct Campaign {
    pub id: String,
    pub name: String,
    /// The platform's own word for the kind: `SEARCH`, `OUTCOME_SALES`, `WEB_SITE`, `TALK_BIZ_BOARD`.
    pub kind: String,
    /// The platform's own words for where it runs: `SEARCH`, `YOUTUBE`, `instagram`; one empty word where the platform tells no places.
    pub places: Vec<&'static str>,
    /// Whole units of the account's currency.
    pub daily_budget: i64,
    pub first_day: NaiveDate,
    pub last_day: Option<NaiveDate>,
    pub paused: bool,
    /// Gone from the platform's lists, with figures until its last day.
    pub removed: bool,
}

/// The counts of one hour or day. Money in whole cents of the account's currency, or whole won.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub impressions: i64,
    pub clicks: i64,
    /// Whole units of the currency's smallest part: won, cents.
    pub cost: i64,
    pub purchases: i64,
    pub purchase_value: i64,
    /// Conversions of another kind: carts, sign-ups.
    pub others: i64,
    pub likes: i64,
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.impressions += other.impressions;
        self.clicks += other.clicks;
        self.cost += other.cost;
        self.purchases += other.purchases;
        self.purchase_value += other.purchase_value;
        self.others += other.others;
        self.likes += other.likes;
    }
}

/// The agency, its day and what was restated.
pub struct World {
    pub accounts: Vec<Account>,
    seed: u64,
    /// Seconds since 1970; the server's own clock, so that tests choose their day.
    now: AtomicI64,
    restated: Mutex<Vec<(String, NaiveDate, NaiveDate)>>,
}

impl World {
    #[must_use]
    pub fn new(seed: u64, now: DateTime<Utc>, accounts: Vec<Account>) -> Self {
        Self { accounts, seed, now: AtomicI64::new(now.timestamp()), restated: Mutex::default() }
    }

    /// Two accounts at each platform, each with a handful of campaigns: one paused, one ended, one removed.
    #[must_use]
    pub fn agency(seed: u64, now: DateTime<Utc>) -> Self {
        Self::new(seed, now, agency(now.date_naive()))
    }

    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp(self.now.load(Ordering::Relaxed), 0).unwrap_or_default()
    }

    pub fn set_now(&self, now: DateTime<Utc>) {
        self.now.store(now.timestamp(), Ordering::Relaxed);
    }

    /// Draws the figures of a campaign's days anew; an empty id restates every campaign.
    pub fn restate(&self, campaign: &str, from: NaiveDate, to: NaiveDate) {
        self.restated.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push((campaign.to_owned(), from, to));
    }

    #[must_use]
    pub fn of_platform(&self, platform: &str) -> Vec<&Account> {
        self.accounts.iter().filter(|account| account.platform == platform).collect()
    }

    #[must_use]
    pub fn account(&self, platform: &str, id: &str) -> Option<&Account> {
        self.accounts.iter().find(|account| account.platform == platform && account.id == id)
    }

    /// The day it is in an account's zone.
    #[must_use]
    pub fn today(&self, account: &Account) -> NaiveDate {
        self.now().with_timezone(&account.time_zone).date_naive()
    }

    /// One hour of a campaign at one place; nothing for hours that have not passed.
    #[must_use]
    pub fn hour(&self, account: &Account, campaign: &Campaign, place: &str, date: NaiveDate, hour: u32) -> Counts {
        let now = self.now().with_timezone(&account.time_zone);
        let passed = (date, hour) < (now.date_naive(), now.hour());
        let runs = campaign.first_day <= date && campaign.last_day.is_none_or(|last| date <= last) && !campaign.paused;
        if !runs || !passed {
            return Counts::default();
        }
        let telling = self.tellings(campaign, date);
        let draw = |what: u64, most: i64| {
            let place = place.bytes().fold(7_u64, |sum, byte| mixed(sum ^ u64::from(byte)));
            let id = campaign.id.bytes().fold(place, |sum, byte| mixed(sum ^ u64::from(byte)));
            let when = u64::try_from(date.num_days_from_ce()).unwrap_or(0) * 24 + u64::from(hour);
            let drawn = mixed(mixed(self.seed ^ id) ^ mixed(when ^ (telling << 40)) ^ what);
            i64::try_from(drawn % u64::try_from(most.max(1)).unwrap_or(1)).unwrap_or(0)
        };
        // One hour in four is still.
        if draw(0, 4) == 0 {
            return Counts::default();
        }
        let impressions = 20 + draw(1, 400);
        let clicks = draw(2, impressions / 10 + 1);
        let purchases = draw(4, clicks / 4 + 1);
        Counts {
            impressions,
            clicks,
            cost: clicks * (90 + draw(3, 700)),
            purchases,
            purchase_value: purchases * (9_000 + draw(5, 90_000)),
            others: draw(6, clicks / 2 + 1),
            likes: draw(7, 9),
        }
    }

    /// A day of a campaign at one place: the sum of its hours.
    #[must_use]
    pub fn day(&self, account: &Account, campaign: &Campaign, place: &str, date: NaiveDate) -> Counts {
        let mut sum = Counts::default();
        for hour in 0..24 {
            sum += self.hour(account, campaign, place, date, hour);
        }
        sum
    }

    fn tellings(&self, campaign: &Campaign, date: NaiveDate) -> u64 {
        let restated = self.restated.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let of = restated.iter().filter(|(id, from, to)| (id.is_empty() || *id == campaign.id) && *from <= date && date <= *to);
        u64::try_from(of.count()).unwrap_or(0)
    }
}

/// A well-spread number from another (the finaliser of SplitMix64).
fn mixed(value: u64) -> u64 {
    let value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

fn agency(today: NaiveDate) -> Vec<Account> {
    let account = |platform, id: &str, name: &str, manager: Option<&str>, campaigns: Vec<Campaign>| Account {
        platform,
        id: id.to_owned(),
        name: name.to_owned(),
        currency: "KRW",
        time_zone: chrono_tz::Asia::Seoul,
        manager: manager.map(str::to_owned),
        campaigns,
    };
    let long_ago = today - chrono::Days::new(500);
    let campaign = |id: &str, name: &str, kind: &str, places: &[&'static str]| Campaign {
        id: id.to_owned(),
        name: name.to_owned(),
        kind: kind.to_owned(),
        places: places.to_vec(),
        daily_budget: 150_000,
        first_day: long_ago,
        last_day: None,
        paused: false,
        removed: false,
    };
    let paused = |campaign: Campaign| Campaign { paused: true, ..campaign };
    let ended = |campaign: Campaign| Campaign { last_day: Some(today - chrono::Days::new(12)), ..campaign };
    let removed = |campaign: Campaign| Campaign { last_day: Some(today - chrono::Days::new(5)), removed: true, ..campaign };
    let mut usd =
        account("google_ads", "6120034488", "Moru Coffee US", None, vec![campaign("20417759001", "Search US", "SEARCH", &["SEARCH"])]);
    usd.currency = "USD";
    usd.time_zone = chrono_tz::America::Los_Angeles;
    vec![
        account(
            "google_ads",
            "6120034477",
            "모루커피 온라인몰",
            Some("5550010001"),
            vec![
                campaign("20417755101", "[검색] 원두 구독_가을", "SEARCH", &["SEARCH", "SEARCH_PARTNERS"]),
                campaign("20417755102", "[실적최대화] 겨울 선물세트", "PERFORMANCE_MAX", &["SEARCH", "CONTENT", "YOUTUBE", "MIXED"]),
                ended(campaign("20417755103", "[디스플레이] 리타겟팅", "DISPLAY", &["CONTENT"])),
                removed(campaign("18800012345", "[유튜브] 브랜드 필름", "VIDEO", &["YOUTUBE"])),
                paused(campaign("20417755104", "[쇼핑] 원두", "SHOPPING", &["SEARCH"])),
            ],
        ),
        usd,
        account(
            "meta_ads",
            "410022003300",
            "모루커피 메타 광고",
            None,
            vec![
                campaign("120210000000010001", "겨울 선물세트_전환", "OUTCOME_SALES", &["facebook", "instagram", "audience_network"]),
                campaign("120210000000010002", "신규 구독_트래픽 (세트 예산)", "OUTCOME_TRAFFIC", &["facebook", "instagram"]),
                removed(campaign("120210000000010003", "가을_리드", "OUTCOME_LEADS", &["instagram"])),
            ],
        ),
        account(
            "meta_ads",
            "410022003311",
            "바다식품 메타",
            None,
            vec![campaign("120210000000020001", "바다_인지도", "OUTCOME_AWARENESS", &["instagram", "threads"])],
        ),
        account(
            "naver_ads",
            "3100001",
            "한빛침구 검색광고",
            Some("1602"),
            vec![
                campaign("cmp-a001-01-000000001234567", "여름이불_파워링크", "WEB_SITE", &[""]),
                campaign("cmp-a001-02-000000001234568", "이불_쇼핑검색", "SHOPPING", &[""]),
                campaign("cmp-a001-04-000000001234569", "브랜드검색_한빛", "BRAND_SEARCH", &[""]),
                ended(campaign("cmp-a001-03-000000001234570", "파워컨텐츠", "POWER_CONTENTS", &[""])),
                removed(campaign("cmp-a001-01-000000001234571", "봄이불_파워링크", "WEB_SITE", &[""])),
            ],
        ),
        account(
            "naver_ads",
            "3100002",
            "바다식품",
            Some("1602"),
            vec![campaign("cmp-a001-06-000000002234567", "바다식품_플레이스", "PLACE", &[""])],
        ),
        account(
            "kakao",
            "700101",
            "한빛침구",
            None,
            vec![
                campaign("1510001", "비즈보드_가을이불_전환", "TALK_BIZ_BOARD", &[""]),
                campaign("1510002", "디스플레이_방문", "DISPLAY", &[""]),
                campaign("1510077", "채널 메시지_단골", "TALK_CHANNEL", &[""]),
                removed(campaign("1510003", "동영상_봄", "VIDEO", &[""])),
            ],
        ),
        account("kakao", "700102", "바다식품 카카오", None, vec![campaign("1520001", "비즈보드_바다", "TALK_BIZ_BOARD", &[""])]),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_the_sum_of_its_hours_and_the_same_every_time() {
        let now = "2026-11-22T03:00:00Z".parse().expect("a time");
        let (one, other) = (World::agency(1, now), World::agency(1, now));
        let (account, day) = (&one.accounts[0], "2026-11-20".parse().expect("a day"));
        let campaign = &account.campaigns[0];
        let counts = one.day(account, campaign, "SEARCH", day);
        assert!(counts.impressions > 0);
        assert_eq!(counts, other.day(account, campaign, "SEARCH", day));
        one.restate(&campaign.id, day, day);
        assert_ne!(counts, one.day(account, campaign, "SEARCH", day));
        assert_eq!(one.hour(account, campaign, "SEARCH", one.today(account), 23), Counts::default(), "not yet");
    }
}

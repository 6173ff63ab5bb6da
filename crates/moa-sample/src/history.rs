//! What happened: from a plan and its stories to what each campaign did on each day and in each hour.

use chrono::{Days, Months, NaiveDate};
use moa_domain::DateRange;

use crate::demand::Market;
use crate::draw::Draw;
use crate::figures::Figures;
use crate::plan::{AccountPlan, CampaignPlan, Console, Price, Story};

/// Days for which hours are told.
pub(crate) const HOURLY_DAYS: i64 = 90;
/// Days for which keywords and creatives are told.
pub(crate) const PARTS_DAYS: i64 = 60;

const EVENING: std::ops::Range<usize> = 20..23;

/// The fourteen months that end on a day.
pub(crate) fn span(end: NaiveDate) -> DateRange {
    let from = end.checked_add_days(Days::new(1)).and_then(|next| next.checked_sub_months(Months::new(14))).unwrap_or(end);
    DateRange { from, to: end }
}

#[derive(Debug, Clone)]
pub(crate) struct Day {
    pub date: NaiveDate,
    /// 0 is the sample's last day.
    pub age: i64,
    pub figures: Figures,
    /// The part of the day's demand that was served before the daily budget was spent.
    pub served: f64,
}

#[derive(Debug, Clone)]
pub(crate) struct Campaign {
    pub plan: &'static CampaignPlan,
    pub days: Vec<Day>,
    /// Its own chance, continued for hours and parts on streams of their own.
    stream: u64,
}

/// Every day of a campaign.
pub(crate) fn campaign(account: &AccountPlan, plan: &'static CampaignPlan, market: &Market, span: DateRange, stream: u64) -> Campaign {
    let mut draw = Draw::new(stream * 4);
    let mut days = Vec::new();
    for date in span.iter() {
        let age = (span.to - date).num_days();
        if !plan.runs_at(age) {
            continue;
        }
        let demand = market.on(date, (date - span.from).num_days()) * volume(plan, date, age);
        let (figures, served) = day(account, plan, age, demand, &mut draw);
        if account.gap.is_none_or(|(first, last)| !(last..=first).contains(&age)) {
            days.push(Day { date, age, figures, served });
        }
    }
    Campaign { plan, days, stream }
}

/// What the stories do to a campaign's volume.
fn volume(plan: &CampaignPlan, date: NaiveDate, age: i64) -> f64 {
    use chrono::{Datelike, Weekday};
    plan.stories()
        .map(|story| match story {
            Story::Stopped { days } if age < days => 0.0,
            Story::RunsAway { days, factor } if age < days => 1.0 + (factor - 1.0) * ((days - age) as f64 / 7.0).min(1.0),
            Story::WeekendsOff if matches!(date.weekday(), Weekday::Sat | Weekday::Sun) => 0.0,
            _ => 1.0,
        })
        .product()
}

fn day(account: &AccountPlan, plan: &CampaignPlan, age: i64, demand: f64, draw: &mut Draw) -> (Figures, f64) {
    // Chance is drawn in the same order whatever happens, so that a story changes only the days it touches.
    let crowd = draw.around(0.07);
    let interest = draw.around(0.04);
    let price = draw.around(0.05);
    let readiness = draw.around(0.06);
    let mut impressions = (plan.impressions * demand * crowd).round();
    let wear = 1.0 - plan.first_share() * (1.0 - plan.freshness(age));
    let mut clicks = draw.count(impressions * plan.ctr_percent / 100.0 * interest * wear).min(impressions as i64) as f64;
    let mut cost = match plan.price {
        Price::Click(each) => clicks * each * price,
        Price::Mille(each) => impressions / 1000.0 * each * price,
        Price::Day(each) => each,
    };
    let mut served = 1.0;
    if let (true, Some(budget)) = (plan.has(Story::BudgetLimited), plan.daily_budget) {
        let limit = budget as f64 * (0.982 + 0.018 * draw.unit());
        if cost > limit {
            served = limit / cost;
            (impressions, clicks, cost) = ((impressions * served).round(), (clicks * served).round(), limit);
        }
    }
    let clicks = clicks as i64;
    let bought = draw.count(clicks as f64 * plan.conversion_percent / 100.0 * readiness).min(clicks);
    let (mut conversions, mut revenue) = (0, 0.0);
    let grain = if account.order_value < 20_000.0 { 1.0 } else { 100.0 };
    for _ in 0..bought {
        // Data-driven attribution gives Google's campaigns a share of some conversions; other consoles count whole ones.
        let credit = if account.console == Console::Google && draw.unit() < 0.35 { 0.2 + 0.75 * draw.unit() } else { 1.0 };
        let credit = (credit * 100.0).round();
        let basket = account.order_value * (0.45 + 1.1 * draw.unit());
        conversions += credit as i64;
        revenue += (basket * credit / 100.0 / grain).round() * grain;
    }
    let mut carts = draw.count(bought as f64 * 1.9);
    let mut revenue = revenue as i64;
    if plan.stories().any(|story| matches!(story, Story::TrackingLost { days } if age < days)) {
        (conversions, revenue, carts) = (0, 0, 0);
    }
    let counts_carts = matches!(account.console, Console::NaverSearch | Console::NaverDisplay);
    let (cart_count, cart_value) =
        if counts_carts { (carts * 100, carts * (account.order_value * 0.9 / 100.0).round() as i64 * 100) } else { (0, 0) };
    let frequency = 1.22 + (1.0 - plan.freshness(age)) * 1.3;
    let figures = Figures {
        impressions: impressions as i64,
        clicks,
        cost: cost.round() as i64,
        conversions,
        revenue,
        conversions_all: conversions + cart_count,
        revenue_all: revenue + cart_value,
        carts,
        reach: (impressions / frequency).round() as i64,
    };
    (figures, served)
}

impl Campaign {
    /// The hours of the last [`HOURLY_DAYS`] days: for each day 24 rows that add up to it.
    pub(crate) fn hours(&self, market: &Market) -> impl Iterator<Item = (&Day, Vec<Figures>)> {
        let mut draw = Draw::new(self.stream * 4 + 1);
        let evenings = self.plan.has(Story::EveningsConvert);
        let buying: Vec<f64> = (0..24).map(|hour| if evenings && EVENING.contains(&hour) { 2.2 } else { 1.0 }).collect();
        self.days.iter().filter(|day| day.age < HOURLY_DAYS).map(move |day| {
            let mut share: Vec<f64> = market.hour.iter().map(|weight| weight * draw.around(0.1)).collect();
            darken(&mut share, day.served);
            let hours = day.figures.split(&mut draw, self.plan.price, &share, &[1.0; 24], &buying);
            (day, hours)
        })
    }

    /// Keywords or creatives of the last [`PARTS_DAYS`] days: for each day one row per item, deleted ones included.
    pub(crate) fn parts(&self) -> impl Iterator<Item = (&Day, Vec<Figures>)> {
        let mut draw = Draw::new(self.stream * 4 + 2);
        let weights: Vec<f64> = self.plan.groups.iter().flat_map(|group| group.items).map(|item| item.weight).collect();
        self.days.iter().filter(|day| day.age < PARTS_DAYS).map(move |day| {
            let share: Vec<f64> = weights.iter().map(|weight| weight * draw.around(0.1)).collect();
            let mut click_rate = vec![1.0; share.len()];
            click_rate[0] = self.plan.freshness(day.age);
            let parts = day.figures.split(&mut draw, self.plan.price, &share, &click_rate, &vec![1.0; share.len()]);
            (day, parts)
        })
    }
}

/// Nothing runs after the hour in which the budget is spent.
fn darken(share: &mut [f64], served: f64) {
    if served >= 1.0 {
        return;
    }
    let mut left = share.iter().sum::<f64>() * served;
    for weight in share {
        *weight = weight.min(left);
        left -= *weight;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::*;
    use crate::agency::{Account, accounts, monthly_budget};

    static ACCOUNTS: LazyLock<Vec<Account>> = LazyLock::new(|| accounts("2026-11-23".parse().expect("a date")));

    fn told(client: usize, name: &str) -> &'static Campaign {
        let found = ACCOUNTS.iter().filter(|account| account.client == client).flat_map(|account| &account.campaigns);
        found.into_iter().find(|campaign| campaign.plan.name == name).expect("a campaign of this name")
    }

    fn sum<'a>(days: impl Iterator<Item = &'a Day>) -> Figures {
        let mut sum = Figures::default();
        for day in days {
            sum += day.figures;
        }
        sum
    }

    fn between(campaign: &Campaign, ages: std::ops::RangeInclusive<i64>) -> Figures {
        sum(campaign.days.iter().filter(|day| ages.contains(&day.age)))
    }

    fn rate(a: i64, b: i64) -> f64 {
        a as f64 / b as f64
    }

    #[test]
    fn autumn_sells_bedding() {
        let month = |month: &str| {
            sum(ACCOUNTS[..5].iter().flat_map(|a| &a.campaigns).flat_map(|c| &c.days).filter(|d| d.date.to_string().starts_with(month)))
        };
        assert!(month("2026-10").revenue as f64 > month("2026-08").revenue as f64 * 1.3);
    }

    #[test]
    fn the_best_creative_wears_out() {
        let campaign = told(0, "전환_신규고객");
        let (before, after) = (between(campaign, 60..=100), between(campaign, 0..=6));
        let fall = rate(after.clicks, after.impressions) / rate(before.clicks, before.impressions);
        assert!((0.5..0.75).contains(&fall), "click rate fell to {fall:.2}");
        assert!(rate(after.impressions, after.reach) > rate(before.impressions, before.reach) * 1.3, "frequency rises");
        let ctr_of = |part: usize, ages: std::ops::RangeInclusive<i64>| {
            let mut sum = Figures::default();
            for (_, parts) in campaign.parts().filter(|(day, _)| ages.contains(&day.age)) {
                sum += parts[part];
            }
            rate(sum.clicks, sum.impressions)
        };
        assert!(ctr_of(0, 0..=6) < ctr_of(0, 50..=59) * 0.65, "the worn creative");
        assert!(ctr_of(1, 0..=6) > ctr_of(1, 50..=59) * 0.8, "another one");
    }

    #[test]
    fn one_promotion_ends_and_the_next_begins() {
        let ages = |name: &str| told(0, name).days.iter().map(|day| day.age).collect::<Vec<_>>();
        assert_eq!(ages("기획전_1차").last(), Some(&75));
        assert_eq!((ages("기획전_2차").first(), ages("기획전_2차").last()), (Some(&45), Some(&0)));
    }

    #[test]
    fn the_shopping_campaign_would_spend_more() {
        let campaign = told(0, "쇼핑_실적최대화");
        let budget = campaign.plan.daily_budget.expect("it has a budget");
        let recent: Vec<_> = campaign.days.iter().filter(|day| day.age < 14).collect();
        assert!(recent.iter().all(|day| day.figures.cost <= budget));
        assert!(recent.iter().filter(|day| day.figures.cost as f64 >= budget as f64 * 0.95).count() >= 10);
        let dark = campaign.hours(ACCOUNTS[0].client_plan.market).filter(|(day, hours)| day.age < 14 && hours[23].impressions == 0).count();
        assert!(dark >= 10, "{dark} evenings without impressions");
    }

    #[test]
    fn tracking_is_lost_for_a_week() {
        for name in ["브랜드_검색", "일반_검색_스킨케어", "실적최대화_베스트"] {
            let campaign = told(1, name);
            let (week, before) = (between(campaign, 0..=6), between(campaign, 7..=34));
            assert_eq!((week.conversions, week.revenue), (0, 0), "{name}");
            assert!(rate(week.clicks * 4, before.clicks) > 0.8, "{name}: clicks go on");
            assert!(before.conversions / 4 > 600, "{name}: enough to notice");
            assert!(campaign.days.iter().filter(|day| (7..14).contains(&day.age)).all(|day| day.figures.conversions > 0));
        }
        let abroad = between(told(1, "US_Brand_Search"), 0..=6);
        assert!(abroad.conversions > 0, "the other account goes on");
    }

    #[test]
    fn one_search_campaign_stands_still() {
        let campaign = told(2, "직무교육_검색");
        assert!(campaign.days.iter().filter(|day| day.age < 3).all(|day| day.figures.is_zero()));
        assert_eq!(campaign.days.last().map(|day| day.age), Some(0), "the days are there, with zeros");
        assert!(between(campaign, 3..=9).clicks > 300);
        assert!(between(told(2, "브랜드_검색"), 0..=2).clicks > 0, "the others run");
    }

    #[test]
    fn spending_runs_ahead_of_the_budget() {
        for end in ["2026-11-23", "2026-06-30", "2027-01-31", "2028-03-15"] {
            let end = end.parse().expect("a date");
            let accounts = accounts(end);
            let budget = monthly_budget(&accounts, 2).0 / 1_000_000;
            let mut spent = 0.0;
            for account in accounts.iter().filter(|account| account.client == 2) {
                let net = if account.plan.console.vat() == moa_domain::VatBasis::Included { 1.1 } else { 1.0 };
                spent += account.campaigns.iter().map(|c| between(c, 0..=13).cost).sum::<i64>() as f64 / net;
            }
            let pace = spent / 14.0 * 30.0 / budget as f64;
            assert!((1.12..1.8).contains(&pace), "{end}: pace {pace:.2}");
        }
    }

    #[test]
    fn evenings_sell_courses() {
        let campaign = told(2, "법정교육_검색");
        let (mut evening, mut rest) = (Figures::default(), Figures::default());
        for (_, hours) in campaign.hours(ACCOUNTS.last().expect("an account").client_plan.market) {
            for (hour, figures) in hours.into_iter().enumerate() {
                if EVENING.contains(&hour) { evening += figures } else { rest += figures }
            }
        }
        assert!(evening.conversions > 2_000, "{}", evening.conversions);
        assert!(rate(evening.conversions, evening.clicks) > rate(rest.conversions, rest.clicks) * 1.5);
    }

    #[test]
    fn weekends_off_are_zero_rows_and_a_gap_is_no_rows() {
        use chrono::{Datelike, Weekday};
        let film = told(2, "유튜브_도입사례");
        assert!(film.days.iter().all(|day| (day.figures.impressions == 0) == matches!(day.date.weekday(), Weekday::Sat | Weekday::Sun)));
        for name in ["기업교육_파워링크", "온라인연수_파워링크"] {
            assert!(told(2, name).days.iter().all(|day| !(37..=40).contains(&day.age)));
        }
        assert!(told(2, "법정교육_검색").days.iter().any(|day| day.age == 38), "other accounts have these days");
    }

    #[test]
    fn google_shares_conversions_and_others_do_not() {
        for account in ACCOUNTS.iter() {
            let fractions = account.campaigns.iter().flat_map(|c| &c.days).any(|day| day.figures.conversions % 100 != 0);
            assert_eq!(fractions, account.plan.console == Console::Google, "{}", account.name);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

        /// Leap days, year ends and feasts on the last day included: 1990 to 2058.
        #[test]
        fn any_end_day_tells_fourteen_months(offset in 0u64..25_000) {
            let end = "1990-01-01".parse::<NaiveDate>().expect("a date") + Days::new(offset);
            let span = span(end);
            prop_assert!((423..=428).contains(&span.days()), "{} days", span.days());
            for account in accounts(end) {
                for campaign in &account.campaigns {
                    let plan = campaign.plan;
                    prop_assert!(campaign.days.windows(2).all(|pair| pair[0].date < pair[1].date));
                    prop_assert_eq!(campaign.days.last().map(|day| day.age), Some(plan.last_age), "{}", plan.name);
                    prop_assert_eq!(campaign.days.first().map(|day| day.age), Some(plan.first_age.unwrap_or(span.days() - 1)), "{}", plan.name);
                    for Day { figures, served, .. } in &campaign.days {
                        prop_assert!(figures.clicks <= figures.impressions && figures.conversions <= figures.clicks * 100);
                        prop_assert!(figures.conversions <= figures.conversions_all && figures.revenue <= figures.revenue_all);
                        prop_assert!(figures.reach <= figures.impressions && figures.cost >= 0 && figures.revenue >= 0);
                        prop_assert!((0.1..=1.0).contains(served));
                    }
                }
            }
        }
    }
}

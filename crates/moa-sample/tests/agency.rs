//! The sample agency as an importer meets it: bytes, sums, labels.

mod read;

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{Datelike, Days, NaiveDate};
use moa_domain::{Counts, Currency, Month, Platform};
use moa_sample::{Agency, SampleFile};
use read::{Row, rows};
use sha2::{Digest, Sha256};

fn end() -> NaiveDate {
    "2026-11-23".parse().expect("a date")
}

/// The files of a kind, with their rows.
fn of_kind<'a>(agency: &'a Agency, kind: &'a str) -> impl Iterator<Item = (&'a SampleFile, Vec<Row>)> {
    agency.files.iter().filter(move |file| file.file_name.ends_with(&format!("_{kind}.csv"))).map(|file| (file, rows(file)))
}

/// Daily rows by account, campaign and day.
fn daily(agency: &Agency) -> HashMap<(String, String, NaiveDate), Counts> {
    let mut days = HashMap::new();
    for (file, rows) in of_kind(agency, "캠페인_일별") {
        for row in rows {
            let before = days.insert((file.account.clone(), row.campaign, row.date), row.counts);
            assert!(before.is_none(), "{} lists a day twice", file.file_name);
        }
    }
    days
}

#[test]
fn the_same_day_gives_the_same_bytes() {
    let agency = Agency::ending(end());
    assert_eq!(agency, Agency::ending(end()));
    let mut hash = Sha256::new();
    for file in &agency.files {
        hash.update(file.file_name.as_bytes());
        hash.update(&file.bytes);
    }
    let hex: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    // Must hold on Linux, Windows and macOS alike. A new value here changes every golden file made from the sample.
    assert_eq!(hex, "362890554091d5bb57eccd1f8a339c1cd8dc28b37f469872512676a956694314");
}

#[test]
fn everything_is_labelled_as_a_sample() {
    let agency = Agency::ending(end());
    assert_eq!(agency.clients.len(), 3);
    assert!(agency.clients.iter().all(|client| client.name.starts_with("샘플 · ")));
    let mut names = HashSet::new();
    let mut owners = HashMap::new();
    for file in &agency.files {
        assert!(file.file_name.starts_with("샘플_") && file.account.starts_with("샘플_"), "{}", file.file_name);
        assert!(names.insert(&file.file_name), "{} is there twice", file.file_name);
        let owner = *owners.entry((file.platform.clone(), &file.account)).or_insert(file.client);
        assert_eq!(owner, file.client, "{} belongs to one client", file.account);
    }
}

#[test]
fn sizes_stay_small() {
    let agency = Agency::ending(end());
    for file in &agency.files {
        assert!(file.bytes.len() < 5_000_000, "{}: {} bytes", file.file_name, file.bytes.len());
    }
    let hours: usize = of_kind(&agency, "시간대별").map(|(_, rows)| rows.len()).sum();
    assert!((60_000..=100_000).contains(&hours), "{hours} hourly rows");
    for client in 0..3 {
        let campaigns: HashSet<_> = of_kind(&agency, "캠페인_일별")
            .filter(|(file, _)| file.client == client)
            .flat_map(|(file, rows)| rows.into_iter().map(|row| (file.account.clone(), row.campaign)))
            .collect();
        assert!((8..=14).contains(&campaigns.len()), "client {client} has {} campaigns", campaigns.len());
    }
}

#[test]
fn daily_files_come_before_finer_ones() {
    let agency = Agency::ending(end());
    let mut seen = HashSet::new();
    for file in &agency.files {
        if file.file_name.ends_with("_캠페인_일별.csv") {
            seen.insert(&file.account);
        } else {
            assert!(seen.contains(&file.account), "{} comes before its campaigns", file.file_name);
        }
    }
}

#[test]
fn the_files_hold_what_the_totals_say() {
    let agency = Agency::ending(end());
    let mut sums: BTreeMap<(usize, Platform, Currency, Month), Counts> = BTreeMap::new();
    for (file, rows) in of_kind(&agency, "캠페인_일별") {
        let currency = file.currency.expect("the sample knows its currencies");
        for row in rows {
            *sums.entry((file.client, file.platform.clone(), currency, Month::of(row.date))).or_default() += row.counts;
        }
    }
    let truth: BTreeMap<_, _> = agency.totals().iter().map(|t| ((t.client, t.platform.clone(), t.currency, t.month), t.counts)).collect();
    assert_eq!(sums, truth);
}

#[test]
fn hours_add_up_to_days() {
    let agency = Agency::ending(end());
    let days = daily(&agency);
    for (file, rows) in of_kind(&agency, "시간대별") {
        let mut sums: HashMap<(String, NaiveDate), Counts> = HashMap::new();
        for row in rows {
            assert!(row.hour.is_some_and(|hour| hour < 24));
            assert!(row.counts.clicks <= row.counts.impressions);
            assert_eq!(row.conversions_known, file.platform != Platform::Kakao, "{}", file.file_name);
            *sums.entry((row.campaign, row.date)).or_default() += row.counts;
        }
        for ((campaign, date), sum) in sums {
            let mut day = days[&(file.account.clone(), campaign.clone(), date)];
            if file.platform == Platform::Kakao {
                day = Counts { impressions: day.impressions, clicks: day.clicks, cost: day.cost, ..Counts::default() };
            }
            assert_eq!(sum, day, "{} {campaign} {date}", file.file_name);
        }
    }
    // No day of the last ninety that has figures lacks its hours.
    let hourly: HashSet<_> = of_kind(&agency, "시간대별")
        .flat_map(|(file, rows)| rows.into_iter().map(|row| (file.account.clone(), row.campaign, row.date)))
        .collect();
    for ((account, campaign, date), counts) in &days {
        if (end() - *date).num_days() < 90 && counts.impressions > 0 {
            assert!(hourly.contains(&(account.clone(), campaign.clone(), *date)), "{account} {campaign} {date}");
        }
    }
}

#[test]
fn keywords_and_creatives_add_up_to_days_or_less() {
    let agency = Agency::ending(end());
    let days = daily(&agency);
    let (mut whole, mut less) = (0, HashSet::new());
    for (file, rows) in of_kind(&agency, "키워드_일별").chain(of_kind(&agency, "광고_일별")) {
        let mut sums: HashMap<(String, NaiveDate), Counts> = HashMap::new();
        for row in rows {
            assert!(row.group.is_some() && row.item.is_some());
            *sums.entry((row.campaign, row.date)).or_default() += row.counts;
        }
        for ((campaign, date), sum) in sums {
            let day = days[&(file.account.clone(), campaign.clone(), date)];
            if sum == day {
                whole += 1;
            } else {
                assert!(sum.impressions <= day.impressions && sum.clicks <= day.clicks && sum.cost <= day.cost);
                assert!(sum.conversions <= day.conversions && sum.revenue <= day.revenue);
                less.insert(campaign);
            }
        }
    }
    assert!(whole > 300);
    // The one campaign with a deleted keyword.
    assert_eq!(less, HashSet::from(["침구_파워링크".to_owned()]));
}

#[test]
fn rates_are_those_of_their_channel() {
    let agency = Agency::ending(end());
    let mut sums: HashMap<(String, String), Counts> = HashMap::new();
    for (file, rows) in of_kind(&agency, "캠페인_일별") {
        for row in rows {
            *sums.entry((file.account.clone(), row.campaign)).or_default() += row.counts;
        }
    }
    for ((account, campaign), sum) in sums {
        let ctr = sum.clicks as f64 / sum.impressions as f64 * 100.0;
        let search = ["검색", "파워링크", "Search"].iter().any(|word| campaign.contains(word));
        let expected = if search { 2.0..=6.0 } else { 0.2..=1.0 };
        assert!(expected.contains(&ctr), "{account} {campaign}: CTR {ctr:.2} %");
        let roas = sum.revenue.0 as f64 / sum.cost.0 as f64 * 100.0;
        assert!((150.0..=600.0).contains(&roas), "{account} {campaign}: ROAS {roas:.0} %");
    }
}

#[test]
fn currencies_and_encodings_are_mixed() {
    let agency = Agency::ending(end());
    let usd: HashSet<_> = agency.files.iter().filter(|file| file.currency == Some(Currency::USD)).map(|file| file.client).collect();
    assert_eq!(usd, HashSet::from([1]));
    for file in &agency.files {
        let google = file.platform == Platform::GoogleAds;
        assert_eq!(file.bytes.starts_with(&[0xff, 0xfe]), google, "{}", file.file_name);
        assert_eq!(file.bytes.starts_with(&[0xef, 0xbb, 0xbf]), file.file_name.contains("GFA_캠페인"), "{}", file.file_name);
    }
    let cp949: Vec<_> = agency
        .files
        .iter()
        .filter(|file| file.platform != Platform::GoogleAds && std::str::from_utf8(&file.bytes).is_err())
        .map(|file| file.file_name.as_str())
        .collect();
    assert_eq!(cp949, ["샘플_너른길기업교육_네이버검색_캠페인_일별.csv", "샘플_너른길기업교육_네이버검색_키워드_일별.csv"]);
}

#[test]
fn leap_days_and_year_ends_give_fourteen_months() {
    for end in ["2024-02-29", "2025-02-28", "2024-12-31"] {
        check_span(end.parse().expect("a date"));
    }
}

/// The last day is there, the first is fourteen months before, nothing lies outside, and the sums are those of the totals.
fn check_span(end: NaiveDate) {
    let agency = Agency::ending(end);
    let (mut first, mut last) = (NaiveDate::MAX, NaiveDate::MIN);
    let mut sum = Counts::default();
    for (_, rows) in of_kind(&agency, "캠페인_일별") {
        for row in rows {
            (first, last) = (first.min(row.date), last.max(row.date));
            sum += row.counts;
        }
    }
    assert_eq!(last, end);
    let after = end + Days::new(1);
    let months = Month::of(after).index() - Month::of(first).index();
    assert_eq!(months, 14, "{first} to {end}");
    assert_eq!(first.day(), after.day().min(Month::of(first).last_day().day()));
    let mut truth = Counts::default();
    for total in agency.totals() {
        truth += total.counts;
    }
    assert_eq!(sum, truth);
}

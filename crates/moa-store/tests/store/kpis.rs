//! KPIs in SQL and in Rust are the same numbers.

use moa_domain::Millionths;
use moa_kpi::{Exact, conversion_rate, cpa, cpc, cpm, ctr, roas, roi};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use rust_decimal::Decimal;

use crate::agency::on_each;

const CASES: usize = 600;
const NAMES: [&str; 7] = ["ctr", "cpc", "cpm", "conversion_rate", "cpa", "roas", "roi"];

/// Impressions, clicks, cost, conversions, revenue, the last three in millionths.
type Sums = [i64; 5];

/// Zeros, small counts whose ratios end in halves, amounts of every size, refunds.
fn sum(may_be_negative: bool) -> BoxedStrategy<i64> {
    let low = if may_be_negative { -1_000_000_000_000 } else { 0 };
    prop_oneof![
        3 => Just(0_i64),
        4 => 1..20_i64,
        2 => prop::sample::select(vec![1_000_000, 2_000_000, 8_000_000, 64_000_000, 3, 7, i64::MAX, i64::MAX - 1]),
        4 => low..1_000_000_000_000_i64,
        2 => 0..i64::MAX,
    ]
    .boxed()
}

fn cases() -> Vec<Sums> {
    let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::from_seed(RngAlgorithm::ChaCha, &[3; 32]));
    let one = [sum(false), sum(false), sum(true), sum(true), sum(true)];
    prop::collection::vec(one, CASES..=CASES).new_tree(&mut runner).expect("cases").current()
}

fn in_rust([impressions, clicks, cost, conversions, revenue]: Sums) -> [Option<Decimal>; 7] {
    let (cost, conversions, revenue) = (Exact::from_millionths(Millionths(cost)), Millionths(conversions), Millionths(revenue));
    [
        ctr::ctr(clicks, impressions),
        cpc::cpc(cost, clicks),
        cpm::cpm(cost, impressions),
        conversion_rate::conversion_rate(conversions, clicks),
        cpa::cpa(cost, conversions),
        roas::roas(revenue, cost),
        roi::roi(revenue, cost),
    ]
    .map(|kpi| kpi.map(Exact::rounded))
}

#[tokio::test]
async fn ratios_in_sql_equal_ratios_in_rust() {
    let cases = cases();
    // The cases are worth their name.
    assert!(cases.iter().any(|case| case[0] == 0) && cases.iter().any(|case| case[2] == 0) && cases.iter().any(|case| case[2] < 0));
    assert!(cases.iter().any(|case| case.contains(&i64::MAX)));
    on_each(async |database| {
        let mut sql = database.superuser().await;
        for case in &cases {
            let [impressions, clicks, cost, conversions, revenue] = *case;
            // As text: a decimal of the driver has no more places than 28.
            let told: (Vec<Option<String>>,) = sqlx::query_as(
                "select array[kpi_ctr($2, $1), kpi_cpc($3, $2), kpi_cpm($3, $1), kpi_conversion_rate($4, $2), kpi_cpa($3, $4), kpi_roas($5, $3),
                              kpi_roi($5, $3)]::text[]
                 from (select $1::bigint, $2::bigint, $3::bigint, $4::bigint, $5::bigint) _",
            )
            .bind(impressions)
            .bind(clicks)
            .bind(cost)
            .bind(conversions)
            .bind(revenue)
            .fetch_one(&mut sql)
            .await
            .expect("ratios");
            for ((name, in_sql), in_rust) in NAMES.iter().zip(&told.0).zip(in_rust(*case)) {
                let in_sql = in_sql.as_ref().map(|text| {
                    let places = text.split_once('.').map_or("", |(_, places)| places);
                    assert!(places.chars().skip(6).all(|digit| digit == '0'), "{name} of {case:?} has more than six places: {text}");
                    text.parse::<Decimal>().unwrap_or_else(|error| panic!("{name} of {case:?}: {text}: {error}")).normalize()
                });
                assert_eq!(in_sql, in_rust, "{name} of {case:?}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn halves_are_rounded_away_from_zero_once() {
    let halves: [(Sums, usize, &str); 5] = [
        ([64_000_000, 1, 0, 0, 0], 0, "0.000002"),
        ([0, 0, 2_000_000, 0, 1], 5, "0.000001"),
        ([0, 0, 2_000_000, 0, -1], 5, "-0.000001"),
        ([0, 2_000_000, 1_000_000, 0, 0], 1, "0.000001"),
        ([0, 0, 1_000_000, 3_000_000, 0], 4, "0.333333"),
    ];
    for (case, place, expected) in halves {
        let shown = in_rust(case)[place].map(|value| value.to_string());
        assert_eq!(shown.as_deref(), Some(expected), "{case:?}");
    }
    on_each(async |database| {
        let mut sql = database.superuser().await;
        let told: (String,) = sqlx::query_as(
            "select concat_ws(' ', trim_scale(kpi_ctr(1, 64000000)), trim_scale(kpi_roas(1, 2000000)), trim_scale(kpi_roas(-1, 2000000)),
               trim_scale(kpi_cpc(1000000, 2000000)), trim_scale(kpi_cpa(1000000, 3000000)))",
        )
        .fetch_one(&mut sql)
        .await
        .expect("ratios");
        assert_eq!(told.0, "0.000002 0.000001 -0.000001 0.000001 0.333333");
    })
    .await;
}

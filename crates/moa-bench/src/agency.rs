//! An agency of any size, made by the server itself from whole-number formulas that the peers repeat to the letter (see
//! `peers/questions_duckdb.py`), so that both sides' sums can be compared.

use chrono::{Days, NaiveDate};
use moa_domain::DateRange;
use sqlx::{AssertSqlSafe, Connection, Executor};

use crate::Outcome;
use crate::server::Server;

/// The last day with figures.
pub(crate) fn last_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap_or_default()
}

pub(crate) fn last(days: u64) -> DateRange {
    DateRange { from: last_day() - Days::new(days - 1), to: last_day() }
}

pub(crate) struct Size {
    pub(crate) clients: u32,
    pub(crate) campaigns: u32,
    pub(crate) days: u64,
    pub(crate) hourly_days: u64,
}

/// `{k}` the campaign's number, `{h}` a number that differs by campaign, day and hour.
const COUNTS: &str = "100 + {h} % 5000, 1 + {h} % 97, (1000 + {h} % 90000) * 1000000::bigint, ({h} % 7) * 1000000::bigint,
  ({h} % 7) * (20000 + {h} % 30000) * 1000000::bigint, ({h} % 7) * 1000000::bigint, ({h} % 7) * (20000 + {h} % 30000) * 1000000::bigint";

/// Clients, accounts, campaigns, figures; then the roll-ups, by the product's own function.
pub(crate) async fn make(server: &Server, size: &Size) -> Outcome {
    let Size { clients, campaigns, days, hourly_days } = size;
    server.store.ensure_partitions(last(*days)).await?;
    let mut admin = server.admin().await?;
    let day = "(g::date - date '2000-01-01')::bigint";
    let counts = |hash: &str| COUNTS.replace("{h}", hash);
    let (first, first_hourly, to) = (last(*days).from, last((*hourly_days).max(1)).from, last_day());
    let daily_hash = format!("((k.id * 7919::bigint + {day} * 104729) % 1000003)");
    let hourly_hash = format!("((k.id * 7919::bigint + {day} * 104729 + o * 15485863::bigint) % 1000003)");
    let mut statements = vec![
        format!("insert into clients (name) select '광고주 ' || g from generate_series(1, {clients}) g"),
        format!(
            "insert into marketing_accounts (platform, account_id, account_name, client_id, currency, vat_included, vat_rate)
             select p, p || '-' || c, c || ' ' || p, c, 'KRW', p in ('naver_ads', 'kakao'), 10
             from generate_series(1, {clients}) c, unnest(array['google_ads', 'meta_ads', 'naver_ads', 'kakao']) p"
        ),
        "insert into money_kinds (currency, vat_included, vat_rate) values ('KRW', false, 10), ('KRW', true, 10)".to_owned(),
        format!(
            "insert into campaigns (marketing_account_id, campaign_id, campaign_name, platform, status)
             select a.id, 'c' || k, '캠페인_' || k || '_상시', a.platform, 'active'
             from generate_series(1, {campaigns}) k
             join marketing_accounts a on a.client_id = 1 + k % {clients}
              and a.platform = (array['google_ads', 'meta_ads', 'naver_ads', 'kakao'])[1 + (k / {clients}) % 4] order by k"
        ),
        "create table bench_places as select k.id, kind.id as kind, (select array_agg(c.id order by c.id) from channels c
             join platforms p on p.family = c.platform where p.code = k.platform)[1 + k.id % 3] as channel
         from campaigns k join money_kinds kind on kind.vat_included = (k.platform in ('naver_ads', 'kakao'))"
            .to_owned(),
        format!(
            "insert into metric_daily (date, campaign_id, channel_id, money_kind_id, impressions, clicks, cost, conversions, revenue,
               conversions_all, revenue_all, run_id)
             select g::date, k.id, k.channel, k.kind, {}, 1 from generate_series(timestamp '{first}', '{to}', '1 day') g, bench_places k",
            counts(&daily_hash)
        ),
    ];
    if *hourly_days > 0 {
        statements.push(format!(
            "insert into metric_hourly (date, campaign_id, channel_id, money_kind_id, hour, impressions, clicks, cost, conversions, revenue,
               conversions_all, revenue_all, run_id)
             select g::date, k.id, k.channel, k.kind, o, {}, 1
             from generate_series(timestamp '{first_hourly}', '{to}', '1 day') g, bench_places k, generate_series(0, 23) o",
            counts(&hourly_hash)
        ));
    }
    statements.push("select rebuild_rollups()".to_owned());
    statements.push("vacuum analyze".to_owned());
    for statement in statements {
        admin.execute(AssertSqlSafe(statement)).await?;
    }
    admin.close().await?;
    Ok(())
}

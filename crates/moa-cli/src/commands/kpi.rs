use std::str::FromStr;

use chrono::{DateTime, Local};
use moa_api::dto::figures::{Change, Figures};
use moa_api::dto::period::Comparison;
use moa_api::{KpiAnswer, KpiBy, KpiQuestion, KpiRow, Moa, range};
use moa_domain::{Basis, Currency};
use moa_text::{Lang, Measure, basis_name, change, channel_name, date_time, platform_name, text};
use serde_json::Value;

use crate::args::{BasisArg, ByArg, CompareArg, KpiArgs};
use crate::console::Console;
use crate::failure::Failure;

pub(crate) async fn run(moa: &Moa, args: KpiArgs, console: &Console) -> Result<i32, Failure> {
    let basis = Basis::try_from(args.basis)?;
    let compare = args.compare;
    let question = KpiQuestion {
        client: args.client,
        range: range(args.from, args.to)?,
        by: args.by.into(),
        comparison: match compare {
            None => Comparison::None,
            Some(CompareArg::Previous) => Comparison::Previous,
            Some(CompareArg::Year) => Comparison::Year,
        },
        basis,
        platforms: Vec::new(),
    };
    let answer = moa.kpi(&question).await?;
    if console.json {
        console.document(&answer)?;
    } else {
        say(&answer, basis, compare, console);
    }
    Ok(0)
}

/// Takes one figure out of an answer.
type Pick = fn(&Figures) -> Option<&String>;
/// Takes its change out of an answer.
type PickChange = fn(&Change) -> Option<&String>;

const MEASURES: [(Measure, Pick, PickChange); 12] = [
    (Measure::Impressions, |f| Some(&f.impressions), |c| c.impressions.as_ref()),
    (Measure::Clicks, |f| Some(&f.clicks), |c| c.clicks.as_ref()),
    (Measure::Ctr, |f| f.ctr.as_ref(), |c| c.ctr.as_ref()),
    (Measure::Cost, |f| Some(&f.cost), |c| c.cost.as_ref()),
    (Measure::Cpc, |f| f.cpc.as_ref(), |c| c.cpc.as_ref()),
    (Measure::Cpm, |f| f.cpm.as_ref(), |c| c.cpm.as_ref()),
    (Measure::Conversions, |f| f.conversions.as_ref(), |c| c.conversions.as_ref()),
    (Measure::ConversionRate, |f| f.conversion_rate.as_ref(), |c| c.conversion_rate.as_ref()),
    (Measure::Cpa, |f| f.cpa.as_ref(), |c| c.cpa.as_ref()),
    (Measure::Revenue, |f| f.revenue.as_ref(), |c| c.revenue.as_ref()),
    (Measure::Roas, |f| f.roas.as_ref(), |c| c.roas.as_ref()),
    (Measure::Roi, |f| f.roi.as_ref(), |c| c.roi.as_ref()),
];

fn say(answer: &KpiAnswer, basis: Basis, compare: Option<CompareArg>, console: &Console) {
    let lang = console.lang();
    let client = answer.client.clone().unwrap_or_else(|| console.word("kpi.all_clients", &[]));
    console.line(&format!("{client} · {} ~ {} · {}", answer.from, answer.to, basis_name(lang, basis)));
    if answer.rows.is_empty() {
        console.line(&console.word("kpi.nothing", &[]));
    } else {
        let keys = key_names(answer);
        table(answer, &keys, console, |row, (measure, of, _), currency| measure.show(lang, number(of(&row.figures)), currency));
        if let Some(compare) = compare {
            let title = if compare == CompareArg::Year { "kpi.compared_year" } else { "kpi.compared_previous" };
            console.line(&format!("\n{}", console.word(title, &[])));
            table(answer, &keys, console, |row, (measure, of, change_of), currency| {
                let before = measure.show(lang, row.previous.as_ref().and_then(|figures| number(of(figures))), currency);
                match row.change.as_ref().and_then(|changes| number(change_of(changes))) {
                    Some(percent) => format!("{before} ({})", change(percent)),
                    None => before,
                }
            });
        }
    }
    for (platform, read_at) in &answer.as_of {
        let time = DateTime::parse_from_rfc3339(read_at.as_str().unwrap_or_default());
        let time = time.map(|time| date_time(lang, time.with_timezone(&Local).fixed_offset())).unwrap_or_default();
        console.line(&console.word("kpi.as_of", &[("platform", &platform_name(lang, platform)), ("time", &time)]));
    }
}

type OfMeasure<'a> = &'a (Measure, Pick, PickChange);

fn table(answer: &KpiAnswer, keys: &[String], console: &Console, cell: impl Fn(&KpiRow, OfMeasure<'_>, Currency) -> String) {
    let lang = console.lang();
    let key_headers = keys.iter().map(|key| key_header(key, answer.by, console));
    let headers: Vec<String> =
        key_headers.chain([console.column("currency")]).chain(MEASURES.iter().map(|(measure, ..)| measure.short_name(lang))).collect();
    let rows = answer.rows.iter().map(|row| {
        let currency = row.currency.parse().unwrap_or(Currency::KRW);
        let of_keys = keys.iter().map(|key| key_cell(key, row.keys.get(key), lang));
        of_keys.chain([row.currency.clone()]).chain(MEASURES.iter().map(|measure| cell(row, measure, currency))).collect()
    });
    console.table(&headers, keys.len() + 1, rows.collect());
}

/// The keys of the rows, from the wider to the finer.
fn key_names(answer: &KpiAnswer) -> Vec<String> {
    const ORDER: [&str; 12] = [
        "date",
        "week",
        "month",
        "weekday",
        "hour",
        "platform",
        "channel",
        "account_name",
        "account_id",
        "campaign_name",
        "campaign_id",
        "name",
    ];
    let Some(row) = answer.rows.first() else { return Vec::new() };
    ORDER.iter().filter(|key| row.keys.contains_key(**key)).map(|key| (*key).to_owned()).collect()
}

/// A `name` is that of an ad group, keyword or creative.
fn key_header(key: &str, by: &str, console: &Console) -> String {
    console.column(if key == "name" { by } else { key })
}

fn key_cell(key: &str, value: Option<&Value>, lang: Lang) -> String {
    match (key, value) {
        ("platform", Some(Value::String(code))) => platform_name(lang, code),
        ("channel", Some(Value::String(code))) => channel_name(lang, code),
        ("weekday", Some(day)) => text(lang, &format!("shared.weekday.{day}"), &[]),
        (_, Some(Value::String(value))) => value.clone(),
        ("account_name", _) => String::new(),
        (_, None | Some(Value::Null)) => text(lang, "shared.unassigned", &[]),
        (_, Some(other)) => other.to_string(),
    }
}

/// A figure of an answer as the number that moa-text writes.
fn number<N: FromStr>(value: Option<&String>) -> Option<N> {
    value.and_then(|value| value.parse().ok())
}

impl TryFrom<BasisArg> for Basis {
    type Error = Failure;

    fn try_from(basis: BasisArg) -> Result<Self, Failure> {
        match basis {
            BasisArg::Net => Ok(Self::Net),
            BasisArg::Gross => Ok(Self::Gross),
            BasisArg::Billed => Err(Failure::not_yet("--basis billed")),
        }
    }
}

impl From<ByArg> for KpiBy {
    fn from(by: ByArg) -> Self {
        match by {
            ByArg::Total => Self::Total,
            ByArg::Day => Self::Day,
            ByArg::Week => Self::Week,
            ByArg::Month => Self::Month,
            ByArg::Hour => Self::Hour,
            ByArg::Weekday => Self::Weekday,
            ByArg::Platform => Self::Platform,
            ByArg::Channel => Self::Channel,
            ByArg::Account => Self::Account,
            ByArg::Campaign => Self::Campaign,
            ByArg::AdGroup => Self::AdGroup,
            ByArg::Keyword => Self::Keyword,
            ByArg::Creative => Self::Creative,
        }
    }
}

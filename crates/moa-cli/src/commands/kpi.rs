use moa_api::dto::figures::Figures;
use moa_api::dto::period::Comparison;
use moa_api::{KpiAnswer, KpiBy, KpiQuestion, KpiRow, Moa, range};
use moa_domain::Basis;
use moa_text::Measure;

use crate::args::{BasisArg, ByArg, CompareArg, KpiArgs};
use crate::console::Console;
use crate::failure::Failure;

pub(crate) async fn run(moa: &Moa, args: KpiArgs, console: &Console) -> Result<i32, Failure> {
    let question = KpiQuestion {
        client: args.client,
        range: range(args.from, args.to)?,
        by: args.by.into(),
        comparison: match args.compare {
            None => Comparison::None,
            Some(CompareArg::Previous) => Comparison::Previous,
            Some(CompareArg::Year) => Comparison::Year,
        },
        basis: args.basis.into(),
        platforms: Vec::new(),
    };
    let answer = moa.kpi(&question).await?;
    if console.json {
        console.document(&answer)?;
    } else {
        say(&answer, console);
    }
    Ok(0)
}

/// Takes one figure out of an answer.
type Pick = fn(&Figures) -> Option<&String>;

const MEASURES: [(Measure, Pick); 12] = [
    (Measure::Impressions, |f| Some(&f.impressions)),
    (Measure::Clicks, |f| Some(&f.clicks)),
    (Measure::Ctr, |f| f.ctr.as_ref()),
    (Measure::Cost, |f| Some(&f.cost)),
    (Measure::Cpc, |f| f.cpc.as_ref()),
    (Measure::Cpm, |f| f.cpm.as_ref()),
    (Measure::Conversions, |f| f.conversions.as_ref()),
    (Measure::ConversionRate, |f| f.conversion_rate.as_ref()),
    (Measure::Cpa, |f| f.cpa.as_ref()),
    (Measure::Revenue, |f| f.revenue.as_ref()),
    (Measure::Roas, |f| f.roas.as_ref()),
    (Measure::Roi, |f| f.roi.as_ref()),
];

fn say(answer: &KpiAnswer, console: &Console) {
    let lang = console.lang();
    let keys: Vec<String> = answer.rows.first().map(|row| row.keys.keys().cloned().collect()).unwrap_or_default();
    let mut headers = keys.clone();
    headers.push("currency".to_owned());
    headers.extend(MEASURES.iter().map(|(measure, _)| measure.short_name(lang)));
    let rows = answer.rows.iter().map(|row| cells(row, &keys, lang)).collect();
    console.line(&format!("{} · {} ~ {} · {}", answer.client.as_deref().unwrap_or("*"), answer.from, answer.to, answer.basis));
    console.table(&headers, keys.len() + 1, rows);
    for (platform, read_at) in &answer.as_of {
        console.line(&format!("{platform}: {}", read_at.as_str().unwrap_or_default()));
    }
}

fn cells(row: &KpiRow, keys: &[String], lang: moa_text::Lang) -> Vec<String> {
    let text = |value: &serde_json::Value| match value {
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Null => "–".to_owned(),
        other => other.to_string(),
    };
    let mut cells: Vec<String> = keys.iter().map(|key| row.keys.get(key).map(text).unwrap_or_default()).collect();
    cells.push(row.currency.clone());
    let currency = row.currency.parse().unwrap_or(moa_domain::Currency::KRW);
    cells.extend(MEASURES.iter().map(|(measure, of)| measure.show(lang, of(&row.figures).and_then(|value| value.parse().ok()), currency)));
    cells
}

impl From<BasisArg> for Basis {
    fn from(basis: BasisArg) -> Self {
        match basis {
            BasisArg::Net => Self::Net,
            BasisArg::Gross => Self::Gross,
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

use std::collections::BTreeMap;
use std::sync::Arc;

use moa_api::dto::import::{DroppedLine, FieldColumn, FileOutcome, ImportAnswers, ImportedFile, KindTotals, NoteDto};
use moa_api::words::worded;
use moa_api::{ErrorDto, ImportFile, Moa, Progress};
use moa_domain::{Currency, VatBasis};
use moa_text::{Lang, Measure, platform_name, text, vat_name};
use serde_json::{Map, Value, json};
use tokio_util::sync::CancellationToken;

use crate::args::ImportArgs;
use crate::console::Console;
use crate::failure::Failure;

pub(crate) async fn run(moa: &Moa, args: ImportArgs, console: &Console) -> Result<i32, Failure> {
    let client = moa.client_by_name(&args.client).await?;
    let answers = ImportAnswers {
        client_id: client.id,
        platform: args.platform,
        account: args.account,
        currency: args.currency,
        vat: args.vat.map(|vat| vat.word().to_owned()),
        sheet: args.sheet,
        date_order: args.date_order,
        mapping: args.map.iter().map(|pair| mapping(pair, console)).collect::<Result<_, _>>()?,
    };
    let files: Vec<ImportFile> = args.files.into_iter().map(|path| ImportFile { path, answers: answers.clone() }).collect();
    let outcomes = if args.dry_run {
        moa.preview_import(files).await?
    } else {
        let progress: Progress = Arc::new(|_: usize, _: usize, _: &str| ());
        moa.import(files, &CancellationToken::new(), &progress).await?
    };
    answer(&outcomes, args.dry_run, console)
}

fn mapping(pair: &str, console: &Console) -> Result<FieldColumn, Failure> {
    let (field, column) = pair.split_once('=').ok_or_else(|| Failure::usage(console.word("usage.map_form", &[("pair", pair)])))?;
    Ok(FieldColumn { field: field.trim().to_owned(), column: column.trim().to_owned() })
}

/// Everything in: 0. Everything refused: the refusal. Some of several refused: 3, and the document says which.
fn answer(outcomes: &[FileOutcome], dry_run: bool, console: &Console) -> Result<i32, Failure> {
    let refused: Vec<(&FileOutcome, &ErrorDto)> = outcomes.iter().filter_map(|outcome| Some((outcome, outcome.error.as_ref()?))).collect();
    let done: Vec<(&FileOutcome, &ImportedFile)> = outcomes.iter().filter_map(|outcome| Some((outcome, outcome.done.as_ref()?))).collect();
    if done.is_empty() {
        let questions = refused.iter().all(|(outcome, error)| outcome.question.is_some() || moa_api::is_question(&error.code));
        let exit = if questions { 2 } else { 1 };
        let failures: Vec<(&str, Failure)> =
            refused.iter().map(|(outcome, error)| (outcome.file.as_str(), Failure { error: (*error).clone(), exit })).collect();
        return Ok(console.fail_all(&failures, exit));
    }
    if console.json {
        let mut document = json!({ "files": done.iter().map(|(outcome, file)| entry(&outcome.file, file)).collect::<Vec<_>>() });
        if dry_run {
            document["dry_run"] = json!(true);
        }
        if !refused.is_empty() {
            document["failed"] = refused.iter().map(|(outcome, error)| failed(outcome, error, console)).collect();
        }
        console.document(&document)?;
    } else {
        for (outcome, file) in &done {
            say(&outcome.file, file, console);
        }
        if dry_run {
            console.line(&console.word("import.dry_run", &[]));
        }
        for (outcome, error) in &refused {
            console.fail_about(&outcome.file, &Failure { error: (*error).clone(), exit: 3 });
        }
    }
    Ok(if refused.is_empty() { 0 } else { 3 })
}

fn failed(outcome: &FileOutcome, error: &ErrorDto, console: &Console) -> Value {
    let words = worded(console.lang(), error);
    json!({ "file": outcome.file, "error": { "code": error.code, "message": words.message, "hint": words.hint } })
}

fn entry(name: &str, file: &ImportedFile) -> Value {
    let mut entry = json!({
        "file": name, "platform": file.platform, "account": file.account, "from": file.from, "to": file.to,
        "rows_read": file.rows_read, "rows_written": file.rows_written, "rows_unchanged": file.rows_unchanged, "rows_restated": file.rows_restated,
        "dropped": file.dropped, "grain": file.grain, "dimensions": file.dimensions, "notes": file.notes, "encoding": file.encoding, "sheet": file.sheet,
        "currency": null, "vat": null, "totals": null,
    });
    match file.totals.as_slice() {
        [only] => {
            entry["currency"] = json!(only.currency);
            entry["vat"] = json!(only.vat);
            entry["totals"] = Value::Object(figures(only));
        }
        several => {
            entry["totals_by_kind"] = several
                .iter()
                .map(|totals| {
                    let mut kind = figures(totals);
                    kind.insert("currency".to_owned(), json!(totals.currency));
                    kind.insert("vat".to_owned(), json!(totals.vat));
                    Value::Object(kind)
                })
                .collect();
        }
    }
    entry
}

fn figures(totals: &KindTotals) -> Map<String, Value> {
    let pairs = [
        ("impressions", &totals.impressions),
        ("clicks", &totals.clicks),
        ("cost", &totals.cost),
        ("conversions", &totals.conversions),
        ("revenue", &totals.revenue),
    ];
    pairs.into_iter().map(|(name, value)| (name.to_owned(), json!(value))).collect()
}

fn say(name: &str, file: &ImportedFile, console: &Console) {
    let lang = console.lang();
    let dates = format!("{} ~ {}", file.from.as_deref().unwrap_or("?"), file.to.as_deref().unwrap_or("?"));
    console.line(&format!("{name}: {} · {} · {dates}", platform_name(lang, &file.platform), file.account));
    let rows = [
        ("read", file.rows_read.to_string()),
        ("written", file.rows_written.to_string()),
        ("unchanged", file.rows_unchanged.to_string()),
        ("restated", file.rows_restated.to_string()),
        ("dropped", file.dropped.len().to_string()),
    ];
    console.line(&console.word("import.rows", &rows.each_ref().map(|(name, value)| (*name, value.as_str()))));
    if !file.dropped.is_empty() {
        console.line(&console.word("import.dropped", &[("reasons", &dropped(&file.dropped, console))]));
    }
    for totals in &file.totals {
        let currency = totals.currency.parse().unwrap_or(Currency::KRW);
        let vat = if totals.vat == "included" { VatBasis::Included } else { VatBasis::Excluded };
        let shown = |measure: Measure, value: &str| measure.show(lang, value.parse().ok(), currency);
        let values = [
            ("currency", totals.currency.clone()),
            ("vat", vat_name(lang, vat)),
            ("impressions", shown(Measure::Impressions, &totals.impressions)),
            ("clicks", shown(Measure::Clicks, &totals.clicks)),
            ("cost", shown(Measure::Cost, &totals.cost)),
            ("conversions", shown(Measure::Conversions, &totals.conversions)),
            ("revenue", shown(Measure::Revenue, &totals.revenue)),
        ];
        console.line(&console.word("import.totals", &values.each_ref().map(|(name, value)| (*name, value.as_str()))));
    }
    for note in &file.notes {
        console.line(&format!("  {}", noted(note, lang)));
    }
}

/// How the file was read, in the window's words; codes among the values in their names.
fn noted(note: &NoteDto, lang: Lang) -> String {
    let named = |name: &str, value: &String| match (name, value.as_str()) {
        ("field", field) => text(lang, &format!("shared.kpi_short.{field}"), &[]),
        (_, "included") => vat_name(lang, VatBasis::Included),
        (_, "excluded") => vat_name(lang, VatBasis::Excluded),
        (_, value) => value.to_owned(),
    };
    let values: Vec<(&str, String)> = note.values.iter().map(|(name, value)| (name.as_str(), named(name, value))).collect();
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    text(lang, &format!("ui.import.note.{}", note.code), &values)
}

/// Reasons with how many rows and on which lines, the first few of them.
fn dropped(lines: &[DroppedLine], console: &Console) -> String {
    const NAMED_LINES: usize = 5;
    let mut by_reason: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    for dropped in lines {
        by_reason.entry(&dropped.reason).or_default().push(dropped.line);
    }
    let told = by_reason.into_iter().map(|(reason, lines)| {
        let first = lines.iter().take(NAMED_LINES).map(u32::to_string).collect::<Vec<_>>().join(", ");
        let named = if lines.len() > NAMED_LINES { console.word("import.more_lines", &[("lines", &first)]) } else { first };
        let reason = console.word(&format!("import.reason.{reason}"), &[]);
        console.word("import.dropped_reason", &[("reason", &reason), ("count", &lines.len().to_string()), ("lines", &named)])
    });
    told.collect::<Vec<_>>().join(" · ")
}

//! The first sheet: key figures with their change, charts, what is to be checked, and how everything is calculated.

use moa_domain::Currency;
use moa_text::{Measure, basis_name, date_time, platform_name, range, short_basis_name, text, vat_name};
use rust_decimal::Decimal;
use rust_xlsxwriter::{
    Chart, ChartAxisLabelPosition, ChartFont, ChartFormat, ChartLegendPosition, ChartLine, ChartPoint, ChartSolidFill, ChartType, Color,
    Workbook, Worksheet,
};

use super::formula::{Live, Over, RawColumn, Selection, change, gain, ratio};
use super::lists::{FIRST_ROW, daily_rows};
use super::plan::{Plan, RawSheet, Sums};
use super::styles::Styles;
use super::{cell_text, set_up};
use crate::clean;
use crate::document::{CurrencySection, ReportDocument};
use crate::error::ReportError;
use crate::layout::title;

const SHARE_COLORS: [u32; 8] = [0x17_45_A8, 0x1F_5A_D6, 0x4F_83_EA, 0x83_AA_F3, 0xB4_CB_F5, 0x7D_8B_A3, 0xA9_B4_C5, 0xD3_DA_E4];
/// A table of twelve figures with its heading and an empty row.
const TABLE_ROWS: u32 = 15;
/// Charts below a table, with an empty row.
const CHART_ROWS: u32 = 16;

/// Period, basis and currencies in one line.
pub(super) fn facts(document: &ReportDocument) -> String {
    let currencies: Vec<&str> = document.sections.iter().map(|section| section.currency.code()).collect();
    let mut parts = vec![range(document.lang, document.period.into()), basis_name(document.lang, document.basis)];
    if !currencies.is_empty() {
        parts.push(currencies.join(", "));
    }
    parts.join(" · ")
}

/// As of when each platform's figures stand.
pub(super) fn freshness(document: &ReportDocument) -> String {
    let lang = document.lang;
    let entries: Vec<String> = document
        .as_of
        .iter()
        .map(|entry| format!("{} {}", platform_name(lang, entry.platform.code()), date_time(lang, entry.read_at)))
        .collect();
    if entries.is_empty() { String::new() } else { format!("{}: {}", text(lang, "report.cover.as_of", &[]), entries.join(" · ")) }
}

pub(super) fn add(workbook: &mut Workbook, document: &ReportDocument, plan: &Plan, styles: &Styles) -> Result<(), ReportError> {
    let lang = document.lang;
    let sheet = workbook.add_worksheet();
    sheet.set_name(text(lang, "report.sheet.summary", &[]))?;
    set_up(sheet, 0, &freshness(document))?;
    for (column, width) in [(0, 26.0), (1, 19.0), (2, 31.0), (3, 12.0), (4, 2.0)] {
        sheet.set_column_width(column, width)?;
    }
    let heading = format!("{} · {}", clean::line(&document.client.name), title(document));
    sheet.write_string_with_format(0, 0, heading, &styles.title)?;
    sheet.write_string_with_format(1, 0, facts(document), &styles.quiet)?;
    sheet.write_string_with_format(2, 0, freshness(document), &styles.quiet)?;
    let mut row = 4;
    if let Some(note) = crate::layout::notes::in_part_note(document) {
        sheet.write_string_with_format(3, 0, note, &styles.warning)?;
        row += 1;
    }
    let held: Vec<String> = document.held.iter().map(|note| cell_text(note)).filter(|note| !note.is_empty()).collect();
    if !held.is_empty() {
        row = write_words(sheet, row, &text(lang, "report.workbook.notes", &[]), &held, styles, true)?;
    }
    if !document.restated.is_empty() {
        let notes = crate::layout::notes::restated_notes(document);
        row = write_words(sheet, row, &text(lang, "report.notes.restated", &[]), &notes, styles, false)?;
    }
    if document.sections.is_empty() {
        sheet.write_string_with_format(row, 0, text(lang, "report.empty.title", &[]), &styles.heading)?;
        row += 2;
    }
    for (index, section) in document.sections.iter().enumerate() {
        write_section(sheet, row, document, plan, styles, section)?;
        row += TABLE_ROWS;
        if add_charts(sheet, row, document, plan, section.currency, index)? {
            row += CHART_ROWS;
        }
    }
    let comment = document.comment.as_deref().map(clean::paragraphs).unwrap_or_default();
    if !comment.is_empty() {
        row = write_words(sheet, row, &text(lang, "report.workbook.comment", &[]), &comment, styles, false)?;
    }
    let basis = short_basis_name(lang, document.basis);
    let how = [text(lang, "report.workbook.how_cost", &[("basis", &basis)]), text(lang, "report.workbook.how_formulas", &[])];
    row = write_words(sheet, row, &text(lang, "report.workbook.how_title", &[]), &how, styles, false)?;
    write_kinds(sheet, row, document, plan, styles)
}

/// A heading and lines below it; gives the next free row.
fn write_words(
    sheet: &mut Worksheet,
    row: u32,
    heading: &str,
    lines: &[String],
    styles: &Styles,
    warning: bool,
) -> Result<u32, ReportError> {
    sheet.write_string_with_format(row, 0, heading, &styles.heading)?;
    let mut next = row + 1;
    for line in lines {
        sheet.write_string_with_format(next, 0, line, if warning { &styles.warning } else { &styles.text })?;
        next += 1;
    }
    Ok(next + 1)
}

/// Sums of all rows of a currency, with the ratios, in the order of [`Measure::ALL`]; `column` is the sheet's column they stand in.
fn figures(plan: &Plan, sheets: &[RawSheet], currency: Currency, sums: Option<&Sums>, column: char, first_row: u32) -> [Live; 12] {
    let over = Over { plan, sheets, currency, selection: Selection(vec![(RawColumn::Currency, format!("\"{}\"", currency.code()))]) };
    let sums = over.sums(sums);
    let cell = |measure: Measure| {
        let at = Measure::ALL.iter().position(|of| *of == measure).unwrap_or(0);
        format!("{column}{}", first_row + u32::try_from(at).unwrap_or(0) + 1)
    };
    let (impressions, clicks, cost) = (cell(Measure::Impressions), cell(Measure::Clicks), cell(Measure::Cost));
    let (conversions, revenue) = (cell(Measure::Conversions), cell(Measure::Revenue));
    [
        sums.impressions.clone(),
        sums.clicks.clone(),
        sums.cost.clone(),
        sums.conversions.clone(),
        sums.revenue.clone(),
        ratio((&clicks, &sums.clicks), (&impressions, &sums.impressions), 1),
        ratio((&cost, &sums.cost), (&clicks, &sums.clicks), 1),
        ratio((&cost, &sums.cost), (&impressions, &sums.impressions), 1000),
        ratio((&conversions, &sums.conversions), (&clicks, &sums.clicks), 1),
        ratio((&cost, &sums.cost), (&conversions, &sums.conversions), 1),
        ratio((&revenue, &sums.revenue), (&cost, &sums.cost), 1),
        gain((&revenue, &sums.revenue), (&cost, &sums.cost)),
    ]
}

fn write_section(
    sheet: &mut Worksheet,
    row: u32,
    document: &ReportDocument,
    plan: &Plan,
    styles: &Styles,
    section: &CurrencySection,
) -> Result<(), ReportError> {
    let lang = document.lang;
    let currency = section.currency;
    let heading = text(lang, "report.section.summary", &[]);
    let heading = text(lang, "report.section.with_currency", &[("section", &heading), ("currency", currency.code())]);
    sheet.write_string_with_format(row, 0, heading, &styles.heading)?;
    let header = row + 1;
    sheet.write_string_with_format(header, 0, text(lang, "report.workbook.figure", &[]), &styles.header)?;
    sheet.write_string_with_format(header, 1, text(lang, "report.workbook.current", &[]), &styles.header_right)?;
    let first = header + 1;
    let now = figures(plan, &plan.sheets, currency, plan.totals.get(&currency), 'B', first);
    let before = (!plan.compared_sheets.is_empty())
        .then(|| figures(plan, &plan.compared_sheets, currency, plan.compared_totals.get(&currency), 'C', first));
    let compares = before.is_some() || section.previous.is_some();
    if compares {
        let period = document.compared.map(|period| range(lang, period.into()));
        let words = text(lang, "report.workbook.previous", &[]);
        let words = period.map_or(words.clone(), |period| format!("{words} ({period})"));
        sheet.write_string_with_format(header, 2, words, &styles.header_right)?;
        sheet.write_string_with_format(header, 3, text(lang, "report.workbook.change", &[]), &styles.header_right)?;
    }
    for (index, measure) in Measure::ALL.into_iter().enumerate() {
        let at = first + u32::try_from(index).unwrap_or(0);
        let format = Styles::measure(measure, currency);
        sheet.write_string_with_format(at, 0, measure.name(lang), &styles.text)?;
        now[index].write(sheet, at, 1, &format)?;
        if !compares {
            continue;
        }
        let previous = match &before {
            Some(before) => {
                before[index].write(sheet, at, 2, &format)?;
                before[index].value
            }
            None => {
                let value = section.previous.as_ref().and_then(|figures| figures.get(measure)).map(|value| as_cell(measure, value));
                if let Some(value) = value.and_then(|value| rust_decimal::prelude::ToPrimitive::to_f64(&value)) {
                    sheet.write_number_with_format(at, 2, value, &format)?;
                }
                value
            }
        };
        let (current_cell, previous_cell) = (format!("B{}", at + 1), format!("C{}", at + 1));
        change((&current_cell, now[index].value), (&previous_cell, previous)).write(sheet, at, 3, &styles.change)?;
    }
    Ok(())
}

/// Percentages stand in cells as fractions.
fn as_cell(measure: Measure, value: Decimal) -> Decimal {
    match measure {
        Measure::Ctr | Measure::ConversionRate | Measure::Roi => value / Decimal::ONE_HUNDRED,
        _ => value,
    }
}

/// What is drawn for screens and fits a landscape page: the trend below the table, the shares beside it. False when there is nothing to
/// draw.
fn add_charts(
    sheet: &mut Worksheet,
    row: u32,
    document: &ReportDocument,
    plan: &Plan,
    currency: Currency,
    index: usize,
) -> Result<bool, ReportError> {
    let lang = document.lang;
    let mut drawn = false;
    let titled = |key: &str| text(lang, key, &[("currency", currency.code())]);
    let daily = text(lang, "report.sheet.daily", &[]);
    let (first, last) = daily_rows(document, index);
    if last > first {
        let mut chart = Chart::new(ChartType::Column);
        // The columns of cost and revenue on the daily sheet, behind date, weekday and currency.
        for (column, measure, color) in [(3, Measure::Cost, 0xB4_CB_F5), (12, Measure::Revenue, 0x10_1D_3A)] {
            chart
                .add_series()
                .set_categories((daily.as_str(), first, 0, last, 0))
                .set_values((daily.as_str(), first, column, last, column))
                .set_name(&measure.name(lang))
                .set_gap(60)
                .set_format(ChartFormat::new().set_solid_fill(ChartSolidFill::new().set_color(Color::RGB(color))));
        }
        chart.title().set_name(&titled("report.workbook.trend_chart")).set_font(&title_font());
        // Days below zero must not cover the dates.
        chart.x_axis().set_num_format("mm-dd").set_font(&label_font()).set_label_position(ChartAxisLabelPosition::Low);
        chart
            .y_axis()
            .set_num_format(axis_format(document, currency))
            .set_font(&label_font())
            .set_major_gridlines_line(ChartLine::new().set_color(Color::RGB(0xE1_E6_ED)));
        chart.legend().set_position(ChartLegendPosition::Bottom).set_font(&label_font());
        chart.set_width(620).set_height(300);
        sheet.insert_chart(row, 0, &chart)?;
        drawn = true;
    }
    let lines: Vec<usize> = plan.channels.iter().enumerate().filter(|(_, line)| line.currency == currency).map(|(at, _)| at).collect();
    if let (Some(first), Some(last), true) = (lines.first(), lines.last(), lines.len() > 1) {
        let at = |line: &usize| FIRST_ROW + u32::try_from(*line).unwrap_or(0);
        let channels = text(lang, "report.sheet.channels", &[]);
        let mut chart = Chart::new(ChartType::Doughnut);
        let points: Vec<ChartPoint> = (0..lines.len())
            .map(|index| {
                let color = SHARE_COLORS[index.min(SHARE_COLORS.len() - 1)];
                ChartPoint::new().set_format(ChartFormat::new().set_solid_fill(ChartSolidFill::new().set_color(Color::RGB(color))))
            })
            .collect();
        chart
            .add_series()
            .set_categories((channels.as_str(), at(first), 2, at(last), 2))
            .set_values((channels.as_str(), at(first), 4, at(last), 4))
            .set_points(&points);
        chart.title().set_name(&titled("report.workbook.share_chart")).set_font(&title_font());
        chart.legend().set_position(ChartLegendPosition::Right).set_font(&label_font());
        chart.set_width(400).set_height(300);
        sheet.insert_chart(row, if drawn { 4 } else { 0 }, &chart)?;
        drawn = true;
    }
    Ok(drawn)
}

fn title_font() -> ChartFont {
    ChartFont::new().set_size(11).set_bold().set_color(Color::RGB(0x14_1B_2B)).clone()
}

fn label_font() -> ChartFont {
    ChartFont::new().set_size(8).set_color(Color::RGB(0x5B_66_78)).clone()
}

/// Amounts on an axis, in thousands or millions where every label would end in zeros.
fn axis_format(document: &ReportDocument, currency: Currency) -> String {
    let days = document.sections.iter().filter(|section| section.currency == currency).flat_map(|section| &section.daily);
    let amounts = days.filter_map(|day| day.figures).flat_map(|figures| [Some(figures.cost), figures.revenue]).flatten();
    let largest = amounts.max().unwrap_or_default();
    let unit = |key: &str| text(document.lang, key, &[]);
    if largest >= Decimal::from(10_000_000) {
        format!("#,##0,,\"{}\"", unit("report.workbook.unit_million"))
    } else if largest >= Decimal::from(100_000) {
        format!("#,##0,\"{}\"", unit("report.workbook.unit_thousand"))
    } else {
        "#,##0".to_owned()
    }
}

/// The money kinds of the raw rows and what each is multiplied with.
fn write_kinds(sheet: &mut Worksheet, row: u32, document: &ReportDocument, plan: &Plan, styles: &Styles) -> Result<(), ReportError> {
    let lang = document.lang;
    if plan.kinds.is_empty() {
        return Ok(());
    }
    sheet.write_string_with_format(row, 0, text(lang, "report.workbook.kinds_title", &[]), &styles.heading)?;
    let header = [
        text(lang, "report.workbook.kind_number", &[]),
        text(lang, "report.workbook.vat", &[]),
        text(lang, "report.workbook.kind_factor", &[]),
    ];
    for (column, words) in (0..).zip(header) {
        sheet.write_string_with_format(row + 1, column, words, &styles.header)?;
    }
    for (index, kind) in plan.kinds.iter().enumerate() {
        let at = row + 2 + u32::try_from(index).unwrap_or(0);
        sheet.write_string_with_format(at, 0, (index + 1).to_string(), &styles.text)?;
        let words = format!("{} · {} · {}%", kind.currency, vat_name(lang, kind.vat), kind.vat_rate);
        sheet.write_string_with_format(at, 1, words, &styles.text)?;
        let factor =
            plan.factor(kind).map_or_else(|| "× 1".to_owned(), |(times, by)| format!("× {} ÷ {}", times.normalize(), by.normalize()));
        sheet.write_string_with_format(at, 2, factor, &styles.text)?;
    }
    Ok(())
}

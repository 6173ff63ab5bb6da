//! The sheets with one line per channel, campaign and day.

use moa_domain::{Currency, DateRange};
use moa_text::{Measure, channel_name, platform_name, text, weekday};
use rust_xlsxwriter::{Format, Workbook, Worksheet};

use super::formula::{Live, Over, RawColumn, Selection, SumFormulas, gain, ratio};
use super::plan::Plan;
use super::styles::Styles;
use super::{cell_text, excel_day, set_up};
use crate::document::ReportDocument;
use crate::error::ReportError;
use crate::xlsx::summary::{facts, freshness};

/// The header's row; above it stand the title and what the figures are.
pub(super) const HEADER_ROW: u32 = 3;
pub(super) const FIRST_ROW: u32 = HEADER_ROW + 1;

/// The figures of a line, in their order of columns.
const MEASURES: [Measure; 12] = [
    Measure::Cost,
    Measure::Impressions,
    Measure::Clicks,
    Measure::Ctr,
    Measure::Cpc,
    Measure::Cpm,
    Measure::Conversions,
    Measure::ConversionRate,
    Measure::Cpa,
    Measure::Revenue,
    Measure::Roas,
    Measure::Roi,
];

/// A sheet's leading columns: key of the title and width.
type Leading<'l> = &'l [(&'l str, f64)];

const CHANNEL_LEADING: Leading<'static> = &[
    ("report.workbook.number", 6.0),
    ("report.workbook.platform", 14.0),
    ("report.workbook.channel", 24.0),
    ("report.workbook.currency", 7.0),
];
const CAMPAIGN_LEADING: Leading<'static> = &[
    ("report.workbook.number", 6.0),
    ("report.workbook.platform", 14.0),
    ("report.workbook.account", 20.0),
    ("report.workbook.campaign_id", 14.0),
    ("report.workbook.campaign", 46.0),
    ("report.workbook.channels", 32.0),
    ("report.workbook.currency", 7.0),
];
const DAILY_LEADING: Leading<'static> =
    &[("report.workbook.date", 12.0), ("report.workbook.weekday", 7.0), ("report.workbook.currency", 7.0)];

/// Where the sums of a line stand, for charts.
pub(super) fn cost_column(leading: usize) -> u16 {
    u16::try_from(leading).unwrap_or(0)
}

/// The letter of a column; no sheet here is wider than the alphabet.
fn letter(column: u16) -> char {
    char::from(b'A' + u8::try_from(column).unwrap_or(25).min(25))
}

/// The formats of one currency's figures, in the order of [`MEASURES`].
fn formats(currency: Currency) -> Vec<Format> {
    MEASURES.iter().map(|measure| Styles::measure(*measure, currency)).collect()
}

fn start<'w>(
    workbook: &'w mut Workbook,
    document: &ReportDocument,
    styles: &Styles,
    key: &str,
    leading: Leading<'_>,
    with_share: bool,
    lines: usize,
) -> Result<&'w mut Worksheet, ReportError> {
    let lang = document.lang;
    let name = text(lang, key, &[]);
    let sheet = workbook.add_worksheet();
    sheet.set_name(&name)?;
    set_up(sheet, HEADER_ROW, &format!("{} · {}", facts(document), freshness(document)))?;
    sheet.write_string_with_format(0, 0, format!("{} · {name}", cell_text(&document.client.name)), &styles.title)?;
    sheet.write_string_with_format(1, 0, facts(document), &styles.quiet)?;
    sheet.write_string_with_format(2, 0, freshness(document), &styles.quiet)?;
    let mut column = 0;
    for (key, width) in leading {
        sheet.set_column_width(column, *width)?;
        sheet.write_string_with_format(HEADER_ROW, column, text(lang, key, &[]), &styles.header)?;
        column += 1;
    }
    for measure in MEASURES {
        let wide = matches!(measure, Measure::Cost | Measure::Revenue | Measure::Impressions);
        sheet.set_column_width(column, if wide { 15.0 } else { 11.0 })?;
        sheet.write_string_with_format(HEADER_ROW, column, measure.short_name(lang), &styles.header_right)?;
        column += 1;
    }
    if with_share {
        sheet.set_column_width(column, 11.0)?;
        sheet.write_string_with_format(HEADER_ROW, column, text(lang, "report.workbook.share", &[]), &styles.header_right)?;
        column += 1;
    }
    let last_row = FIRST_ROW + u32::try_from(lines.max(1)).unwrap_or(1) - 1;
    sheet.autofilter(HEADER_ROW, 0, last_row, column - 1)?;
    sheet.set_freeze_panes(FIRST_ROW, 0)?;
    Ok(sheet)
}

/// Writes the figures of one line from `column` on; the ratios refer to the sums' cells.
fn write_figures(sheet: &mut Worksheet, row: u32, column: u16, sums: &SumFormulas, formats: &[Format]) -> Result<(), ReportError> {
    let cell = |measure: Measure| {
        let at = MEASURES.iter().position(|of| *of == measure).unwrap_or(0);
        format!("{}{}", letter(column + u16::try_from(at).unwrap_or(0)), row + 1)
    };
    let (impressions, clicks, cost) = (cell(Measure::Impressions), cell(Measure::Clicks), cell(Measure::Cost));
    let (conversions, revenue) = (cell(Measure::Conversions), cell(Measure::Revenue));
    let lines: [Live; 12] = [
        sums.cost.clone(),
        sums.impressions.clone(),
        sums.clicks.clone(),
        ratio((&clicks, &sums.clicks), (&impressions, &sums.impressions), 1),
        ratio((&cost, &sums.cost), (&clicks, &sums.clicks), 1),
        ratio((&cost, &sums.cost), (&impressions, &sums.impressions), 1000),
        sums.conversions.clone(),
        ratio((&conversions, &sums.conversions), (&clicks, &sums.clicks), 1),
        ratio((&cost, &sums.cost), (&conversions, &sums.conversions), 1),
        sums.revenue.clone(),
        ratio((&revenue, &sums.revenue), (&cost, &sums.cost), 1),
        gain((&revenue, &sums.revenue), (&cost, &sums.cost)),
    ];
    for (index, (live, format)) in lines.iter().zip(formats).enumerate() {
        live.write(sheet, row, column + u16::try_from(index).unwrap_or(0), format)?;
    }
    Ok(())
}

/// The share of the line's cost in the cost of its currency on this sheet.
fn share(plan: &Plan, row: u32, lines: usize, currency_column: u16, cost_column: u16, currency: Currency, sums: &SumFormulas) -> Live {
    let last = FIRST_ROW as usize + lines;
    let (cost, of) = (letter(cost_column), letter(currency_column));
    let first = FIRST_ROW + 1;
    let whole = format!("SUMIFS(${cost}${first}:${cost}${last},${of}${first}:${of}${last},{of}{})", row + 1);
    let total = plan.totals.get(&currency).map(|sums| plan.cost(sums));
    let value = sums.cost.value.zip(total).and_then(|(part, whole)| part.checked_div(whole));
    Live { formula: format!("=IF({whole}=0,\"\",{cost}{}/{whole})", row + 1), value }
}

pub(super) fn add_channels(workbook: &mut Workbook, document: &ReportDocument, plan: &Plan, styles: &Styles) -> Result<(), ReportError> {
    let lines = plan.channels.len();
    let sheet = start(workbook, document, styles, "report.sheet.channels", CHANNEL_LEADING, true, lines)?;
    let (currency_column, first_figure) = (3, cost_column(CHANNEL_LEADING.len()));
    for (row, line) in (FIRST_ROW..).zip(&plan.channels) {
        sheet.write_number_with_format(row, 0, f64::from(line.number), &styles.number)?;
        sheet.write_string_with_format(row, 1, platform_name(document.lang, line.platform.code()), &styles.text)?;
        sheet.write_string_with_format(row, 2, channel_name(document.lang, &cell_text(&line.channel)), &styles.text)?;
        sheet.write_string_with_format(row, currency_column, line.currency.code(), &styles.text)?;
        let selection = Selection(vec![
            (RawColumn::ChannelNumber, format!("$A{}", row + 1)),
            (RawColumn::Currency, format!("${}{}", letter(currency_column), row + 1)),
        ]);
        let over = Over { plan, sheets: &plan.sheets, currency: line.currency, selection };
        let sums = over.sums(Some(&line.sums));
        write_figures(sheet, row, first_figure, &sums, &formats(line.currency))?;
        let column = first_figure + 12;
        share(plan, row, lines, currency_column, first_figure, line.currency, &sums).write(sheet, row, column, &styles.share)?;
    }
    Ok(())
}

pub(super) fn add_campaigns(workbook: &mut Workbook, document: &ReportDocument, plan: &Plan, styles: &Styles) -> Result<(), ReportError> {
    let lines = plan.campaigns.len();
    let sheet = start(workbook, document, styles, "report.sheet.campaigns", CAMPAIGN_LEADING, true, lines)?;
    let (currency_column, first_figure) = (6, cost_column(CAMPAIGN_LEADING.len()));
    for (row, line) in (FIRST_ROW..).zip(&plan.campaigns) {
        let channels: Vec<String> = line.channels.iter().map(|channel| channel_name(document.lang, channel)).collect();
        sheet.write_number_with_format(row, 0, f64::from(line.number), &styles.number)?;
        sheet.write_string_with_format(row, 1, platform_name(document.lang, line.campaign.platform.code()), &styles.text)?;
        sheet.write_string_with_format(row, 2, cell_text(&line.campaign.account), &styles.text)?;
        sheet.write_string_with_format(row, 3, cell_text(&line.campaign.id), &styles.text)?;
        sheet.write_string_with_format(row, 4, cell_text(&line.campaign.name), &styles.text)?;
        sheet.write_string_with_format(row, 5, cell_text(&channels.join(", ")), &styles.text)?;
        sheet.write_string_with_format(row, currency_column, line.currency.code(), &styles.text)?;
        let selection = Selection(vec![
            (RawColumn::CampaignNumber, format!("$A{}", row + 1)),
            (RawColumn::Currency, format!("${}{}", letter(currency_column), row + 1)),
        ]);
        let over = Over { plan, sheets: &plan.sheets, currency: line.currency, selection };
        let sums = over.sums(Some(&line.sums));
        write_figures(sheet, row, first_figure, &sums, &formats(line.currency))?;
        let column = first_figure + 12;
        share(plan, row, lines, currency_column, first_figure, line.currency, &sums).write(sheet, row, column, &styles.share)?;
    }
    Ok(())
}

/// The rows of a currency's days on the daily sheet, from 0.
pub(super) fn daily_rows(document: &ReportDocument, section: usize) -> (u32, u32) {
    let days = u32::try_from(DateRange::from(document.period).days()).unwrap_or(1);
    let first = FIRST_ROW + days * u32::try_from(section).unwrap_or(0);
    (first, first + days - 1)
}

/// Every day of the period for each currency; a day without rows is empty, not zero.
pub(super) fn add_daily(workbook: &mut Workbook, document: &ReportDocument, plan: &Plan, styles: &Styles) -> Result<(), ReportError> {
    let period = DateRange::from(document.period);
    let lines = document.sections.len() * usize::try_from(period.days()).unwrap_or(0);
    let sheet = start(workbook, document, styles, "report.sheet.daily", DAILY_LEADING, false, lines)?;
    let first_figure = cost_column(DAILY_LEADING.len());
    for (index, section) in document.sections.iter().enumerate() {
        let formats = formats(section.currency);
        let (first, _) = daily_rows(document, index);
        for (row, day) in (first..).zip(period.iter()) {
            sheet.write_number_with_format(row, 0, excel_day(day), &styles.date)?;
            sheet.write_string_with_format(row, 1, weekday(document.lang, day), &styles.text)?;
            sheet.write_string_with_format(row, 2, section.currency.code(), &styles.text)?;
            let selection = Selection(vec![(RawColumn::Date, format!("$A{}", row + 1)), (RawColumn::Currency, format!("$C{}", row + 1))]);
            let over = Over { plan, sheets: &plan.sheets, currency: section.currency, selection };
            let sums = plan.days.get(&(day, section.currency));
            let formulas = over.sums(sums).empty_without_rows(sums.is_some());
            write_figures(sheet, row, first_figure, &formulas, &formats)?;
        }
    }
    Ok(())
}

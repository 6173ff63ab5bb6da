//! The key figures as cards: four large ones, then the rest, each with its change and what it was before.

use moa_domain::Currency;
use moa_text::{Measure, change};
use rust_decimal::Decimal;

use super::compared_caption;
use super::flow::{Align, Flow};
use super::table::change_color;
use crate::display::{Item, Part, rounded};
use crate::document::CurrencySection;
use crate::fonts::Face;
use crate::shape::Style;

const LARGE: [Measure; 4] = [Measure::Cost, Measure::Revenue, Measure::Roas, Measure::Conversions];
const SMALL: [[Measure; 4]; 2] = [
    [Measure::Impressions, Measure::Clicks, Measure::Ctr, Measure::ConversionRate],
    [Measure::Cpc, Measure::Cpa, Measure::Cpm, Measure::Roi],
];
const GAP: f32 = 9.0;
const PADDING: f32 = 11.0;
const FULL_LINE: f32 = 9.0;
/// Above nine digits a large amount is shown in 억 or M, with the full amount below.
const LONGEST_FULL: i64 = 1_000_000_000;

pub(super) fn draw(flow: &mut Flow<'_, '_>, section: &CurrencySection) {
    let title = flow.section_title("report.section.summary", section.currency);
    let caption = compared_caption(flow);
    let heights = [94.0, 76.0, 76.0];
    flow.heading(&title, &caption, heights.iter().sum::<f32>() + 2.0 * (GAP + FULL_LINE));
    flow.y += 2.0;
    draw_row(flow, section, LARGE, 19.0, heights[0], true);
    for measures in SMALL {
        draw_row(flow, section, measures, 13.5, heights[1], false);
    }
}

fn shown(flow: &Flow<'_, '_>, measure: Measure, value: Option<Decimal>, currency: Currency) -> (String, Option<String>) {
    let full = measure.show(flow.lang(), value, currency);
    match value {
        Some(number) if number.abs() >= Decimal::from(LONGEST_FULL) => (measure.show_compact(flow.lang(), value, currency), Some(full)),
        _ => (full, None),
    }
}

fn draw_row(flow: &mut Flow<'_, '_>, section: &CurrencySection, measures: [Measure; 4], size: f32, height: f32, large: bool) {
    let theme = *flow.theme;
    let width = (theme.width() - 3.0 * GAP) / 4.0;
    let inner = width - 2.0 * PADDING;
    let values: Vec<_> = measures.iter().map(|measure| shown(flow, *measure, section.totals.get(*measure), section.currency)).collect();
    // One size for the row: the one at which its longest value fits.
    let style = Style::figures(Face::Bold, size);
    let size = values.iter().map(|(value, _)| flow.shaper.fitting(value, style, inner, 6.0)).fold(size, f32::min);
    // A small card is made for one line; the full amount below a shortened one needs its own.
    let height = if !large && values.iter().any(|(_, full)| full.is_some()) { height + FULL_LINE } else { height };
    let top = flow.y;
    for (index, (measure, (value, full))) in measures.iter().zip(&values).enumerate() {
        let x = theme.margin + index as f32 * (width + GAP);
        let path = rounded(x, top, width, height, 5.0);
        if large {
            flow.push(Item::Fill { path, color: theme.wash });
        } else {
            flow.push(Item::Outline { path, color: theme.hairline, width: 0.8 });
        }
        let left = x + PADDING;
        draw_label(flow, *measure, left, top + 17.0, inner);
        let value_baseline = top + if large { 43.0 } else { 36.0 };
        flow.text(value, style.sized(size), left, value_baseline, Align::Left, theme.ink);
        if let Some(full) = full {
            let style = Style::figures(Face::Regular, 7.2);
            let size = flow.shaper.fitting(full, style, inner, 4.5);
            flow.text(full, style.sized(size), left, value_baseline + 11.0, Align::Left, theme.muted);
        }
        draw_change(flow, section, *measure, left, top + height - 22.0, inner);
    }
    flow.mark(Part::Block, top, top + height);
    flow.y = top + height + GAP;
}

/// The full name where it fits, else the short one.
fn draw_label(flow: &mut Flow<'_, '_>, measure: Measure, x: f32, baseline: f32, width: f32) {
    let style = Style::new(Face::SemiBold, 8.0);
    let mut label = measure.name(flow.lang());
    if flow.shaper.width(&label, style) > width {
        label = measure.short_name(flow.lang());
    }
    let size = flow.shaper.fitting(&label, style, width, 5.0);
    let color = flow.theme.muted;
    flow.text(&label, style.sized(size), x, baseline, Align::Left, color);
}

fn draw_change(flow: &mut Flow<'_, '_>, section: &CurrencySection, measure: Measure, x: f32, baseline: f32, width: f32) {
    let theme = *flow.theme;
    let style = Style::figures(Face::SemiBold, 8.0);
    let quiet = Style::figures(Face::Regular, 7.2);
    let Some(previous) = &section.previous else {
        let none = flow.say("report.summary.no_previous", &[]);
        flow.text(&none, quiet, x, baseline + 10.0, Align::Left, theme.faint);
        return;
    };
    match section.change.as_ref().and_then(|changes| changes.get(measure)) {
        Some(percent) => {
            let words = change(percent);
            let size = flow.shaper.fitting(&words, style, width, 5.0);
            let color = change_color(flow, measure, percent);
            flow.text(&words, style.sized(size), x, baseline, Align::Left, color);
        }
        None => {
            let none = flow.say("report.summary.undefined_previous", &[]);
            flow.text(&none, quiet, x, baseline, Align::Left, theme.faint);
        }
    }
    let before = measure.show(flow.lang(), previous.get(measure), section.currency);
    let words = flow.say("report.summary.previous", &[("value", &before)]);
    let size = flow.shaper.fitting(&words, quiet, width, 4.5);
    flow.text(&words, quiet.sized(size), x, baseline + 11.0, Align::Left, theme.muted);
}

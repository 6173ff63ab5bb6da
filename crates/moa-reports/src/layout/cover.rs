//! Page 1: who, for whom, which period, and what must be known before reading on.

use moa_text::{basis_name, date, date_time, range_with_weekdays};
use rust_decimal::prelude::ToPrimitive;

use super::flow::{Align, Flow};
use super::{period_name, title};
use crate::display::{Item, Logo, Part};
use crate::document::{Party, Restated};
use crate::fonts::Face;
use crate::shape::Style;
use crate::theme::PAGE_WIDTH;

const BAND_TOP: f32 = 44.0;
const LOGO_HEIGHT: f32 = crate::logo::HEIGHT;
const PANEL_TOP: f32 = 104.0;
const PANEL_HEIGHT: f32 = 372.0;

pub(super) fn draw(flow: &mut Flow<'_, '_>) {
    let document = flow.document;
    let theme = *flow.theme;
    draw_party(flow, &document.agency, Logo::Agency, Align::Left);
    draw_party(flow, &document.client, Logo::Client, Align::Right);

    flow.rect(0.0, PANEL_TOP, PAGE_WIDTH, PANEL_HEIGHT, theme.panel);
    draw_days(flow);
    draw_title(flow);

    flow.y = PANEL_TOP + PANEL_HEIGHT + 30.0;
    draw_held(flow);
    draw_facts(flow);
}

/// A logo, or the name as a wordmark.
fn draw_party(flow: &mut Flow<'_, '_>, party: &Party, logo: Logo, align: Align) {
    let theme = *flow.theme;
    let most = theme.width() / 2.0 - 12.0;
    if let Some(image) = party.logo.as_deref().and_then(crate::logo::decode) {
        let (pixels_wide, pixels_high) = (image.width as f32, image.height as f32);
        let scale = (LOGO_HEIGHT / pixels_high).min(most.min(crate::logo::WIDTH) / pixels_wide);
        let (width, height) = (pixels_wide * scale, pixels_high * scale);
        let x = if align == Align::Right { theme.right() - width } else { theme.margin };
        flow.push(Item::Logo { logo, x, y: BAND_TOP + (LOGO_HEIGHT - height) / 2.0, width, height });
        return;
    }
    let style = Style::new(Face::Bold, 14.0);
    let size = flow.shaper.fitting(&party.name, style, most, 9.0);
    let lines = flow.shaper.wrap_at_most(&party.name, style.sized(size), most, 3);
    let mut baseline = BAND_TOP + LOGO_HEIGHT / 2.0 + size * 0.36 - (lines.len() as f32 - 1.0) * size * 0.6;
    let color = if align == Align::Right { theme.muted } else { theme.ink };
    for line in &lines {
        let x = if align == Align::Right { theme.right() - line.width(size) } else { theme.margin };
        flow.draw(line, x, baseline, size, color);
        baseline += size * 1.2;
    }
}

/// The period's own daily cost as a quiet skyline along the panel's lower edge.
fn draw_days(flow: &mut Flow<'_, '_>) {
    let theme = *flow.theme;
    let Some(section) = flow.document.sections.first() else { return };
    let costs: Vec<f32> =
        section.daily.iter().map(|day| day.figures.as_ref().and_then(|figures| figures.cost.to_f32()).unwrap_or(0.0).max(0.0)).collect();
    let highest = costs.iter().copied().fold(0.0_f32, f32::max);
    if highest <= 0.0 || costs.len() < 2 || costs.len() > 400 {
        return;
    }
    let slot = PAGE_WIDTH / costs.len() as f32;
    let bottom = PANEL_TOP + PANEL_HEIGHT;
    for (index, cost) in costs.iter().enumerate() {
        let height = 118.0 * cost / highest;
        if height > 0.0 {
            flow.rect(slot * (index as f32 + 0.14), bottom - height, slot * 0.72, height, theme.panel_raised);
        }
    }
}

fn draw_title(flow: &mut Flow<'_, '_>) {
    let theme = *flow.theme;
    let document = flow.document;
    let width = theme.width();
    let mut baseline = PANEL_TOP + 76.0;
    flow.rect(theme.margin, baseline - 34.0, 34.0, 3.0, theme.panel_accent);

    let client = Style::new(Face::SemiBold, 15.0);
    for line in flow.shaper.wrap_at_most(&document.client.name, client, width, 3) {
        flow.draw(&line, theme.margin, baseline, client.size, theme.panel_accent);
        baseline += 21.0;
    }
    let words = title(document);
    let style = Style::new(Face::Bold, 33.0);
    let size = flow.shaper.fitting(&words, style, width, 22.0);
    baseline += size * 0.75;
    for line in flow.shaper.wrap_at_most(&words, style.sized(size), width, 3) {
        flow.draw(&line, theme.margin, baseline, size, theme.white);
        baseline += size * 1.25;
    }
    let period = period_name(document);
    flow.text(&period, Style::new(Face::SemiBold, 17.0), theme.margin, baseline, Align::Left, theme.white);
    let days = range_with_weekdays(flow.lang(), document.period.into());
    if days != period {
        flow.text(&days, Style::figures(Face::Regular, 10.5), theme.margin, baseline + 20.0, Align::Left, theme.panel_text);
    }
}

/// Why the report should be checked first. What does not fit here stands in the notes, and the cover says so.
fn draw_held(flow: &mut Flow<'_, '_>) {
    let theme = *flow.theme;
    let document = flow.document;
    if document.held.is_empty() {
        return;
    }
    let style = Style::new(Face::Regular, 9.0);
    let (leading, inner) = (13.0, theme.width() - 40.0);
    let most_lines = 7;
    let mut shown = Vec::new();
    let mut lines_taken = 0;
    for note in &document.held {
        let lines = flow.shaper.wrap_at_most(note, style, inner, most_lines);
        if lines_taken + lines.len() > most_lines && !shown.is_empty() {
            break;
        }
        lines_taken += lines.len();
        shown.push(lines);
    }
    let left_out = document.held.len() - shown.len();
    let height = 32.0 + lines_taken as f32 * leading + if left_out > 0 { leading } else { 0.0 };
    let top = flow.y;
    flow.rect(theme.margin, top, theme.width(), height, theme.warning_wash);
    flow.rect(theme.margin, top, 3.0, height, theme.warning);
    let heading = flow.say("report.cover.held", &[]);
    flow.text(&heading, Style::new(Face::SemiBold, 9.5), theme.margin + 16.0, top + 18.0, Align::Left, theme.warning);
    let mut baseline = top + 33.0;
    for lines in shown {
        flow.push(Item::Rect { x: theme.margin + 17.0, y: baseline - 4.3, width: 2.4, height: 2.4, color: theme.warning });
        for line in lines {
            flow.draw(&line, theme.margin + 26.0, baseline, style.size, theme.ink);
            baseline += leading;
        }
    }
    if left_out > 0 {
        let more = flow.say("report.cover.held_more", &[("count", &left_out.to_string())]);
        flow.text(&more, style, theme.margin + 26.0, baseline, Align::Left, theme.muted);
    }
    flow.mark(Part::Block, top, top + height);
    flow.y = top + height + 24.0;
}

/// What the figures are: period, comparison, basis, currency, freshness.
fn draw_facts(flow: &mut Flow<'_, '_>) {
    let document = flow.document;
    let lang = flow.lang();
    let mut facts = vec![("report.cover.period", vec![range_with_weekdays(lang, document.period.into())])];
    if let Some(compared) = document.compared {
        facts.push(("report.cover.compared", vec![range_with_weekdays(lang, compared.into())]));
    }
    facts.push(("report.cover.basis", vec![basis_name(lang, document.basis)]));
    let currencies: Vec<&str> = document.sections.iter().map(|section| section.currency.code()).collect();
    if !currencies.is_empty() {
        facts.push(("report.cover.currency", vec![currencies.join(", ")]));
    }
    let as_of: Vec<String> = document
        .as_of
        .iter()
        .map(|entry| {
            let platform = moa_text::platform_name(lang, entry.platform.code());
            let read_at = date_time(lang, entry.read_at);
            match entry.last_day {
                Some(day) => flow.say(
                    "report.cover.as_of_entry_last_day",
                    &[("platform", &platform), ("read_at", &read_at), ("last_day", &moa_text::short_date(lang, day))],
                ),
                None => flow.say("report.cover.as_of_entry", &[("platform", &platform), ("read_at", &read_at)]),
            }
        })
        .collect();
    if !as_of.is_empty() {
        facts.push(("report.cover.as_of", as_of));
    }
    if !document.restated.is_empty() {
        let entry = |restated: &Restated| {
            let platform = moa_text::platform_name(lang, restated.platform.code());
            flow.say("report.cover.restated_entry", &[("platform", &platform), ("days", &restated.days.to_string())])
        };
        let entries: Vec<String> = document.restated.iter().map(entry).collect();
        facts.push(("report.cover.restated", vec![entries.join(" · ")]));
    }
    // A logo says who made the report to those who know it; the name says it to everybody.
    if !document.agency.name.is_empty() && document.agency.logo.is_some() {
        facts.push(("report.cover.prepared_by", vec![document.agency.name.clone()]));
    }
    facts.push(("report.cover.created_at", vec![date(lang, document.created_at.date_naive())]));

    let theme = *flow.theme;
    let (label_width, leading) = (92.0, 15.5);
    let style = Style::figures(Face::Regular, 9.4);
    for (key, values) in facts {
        let label = flow.say(key, &[]);
        let mut first = true;
        for value in values {
            for line in flow.shaper.wrap(&value, style, theme.width() - label_width) {
                flow.ensure(leading);
                if first {
                    let label_style = Style::new(Face::SemiBold, 8.6);
                    flow.text(&label, label_style, theme.margin, flow.y + 9.0, Align::Left, theme.faint);
                    first = false;
                }
                let top = flow.y;
                flow.draw(&line, theme.margin + label_width, top + 9.0, style.size, theme.ink);
                flow.mark(Part::Line, top, top + leading);
                flow.y += leading;
            }
        }
        flow.y += 2.0;
    }
}

//! Words around the figures: the comment, what is to be checked, what the figures mean; and the page of a period without any.

use moa_domain::DateRange;
use moa_text::{basis_name, date_time, platform_name, range, text};

use super::flow::{Align, Flow};
use crate::clean;
use crate::display::Part;
use crate::document::{ReportDocument, Restated};
use crate::fonts::Face;
use crate::shape::Style;

const BODY: Style = Style::new(Face::Regular, 9.4);
const LEADING: f32 = 15.0;

pub(super) fn draw_comment(flow: &mut Flow<'_, '_>) {
    let paragraphs = flow.document.comment.as_deref().map(clean::paragraphs).unwrap_or_default();
    if paragraphs.is_empty() {
        return;
    }
    let title = flow.say("report.section.comment", &[]);
    flow.heading(&title, "", 2.0 * LEADING);
    let theme = *flow.theme;
    for paragraph in paragraphs {
        flow.paragraph(&paragraph, BODY, theme.margin, theme.width(), LEADING, theme.ink);
        flow.y += 4.0;
    }
}

pub(super) fn draw(flow: &mut Flow<'_, '_>) {
    let lang = flow.lang();
    let document = flow.document;
    let title = flow.say("report.section.notes", &[]);
    flow.heading(&title, "", 4.0 * LEADING);
    if !document.held.is_empty() {
        let held = flow.say("report.notes.held", &[]);
        subheading(flow, &held);
        for note in &document.held {
            bullet(flow, note);
        }
        flow.y += 8.0;
    }
    if !document.restated.is_empty() {
        let restated = flow.say("report.notes.restated", &[]);
        subheading(flow, &restated);
        for note in restated_notes(document) {
            bullet(flow, &note);
        }
        flow.y += 8.0;
    }
    let mut notes = vec![flow.say("report.notes.basis", &[("basis", &basis_name(lang, document.basis))])];
    notes.push(flow.say("report.notes.ratios", &[]));
    notes.push(flow.say("report.notes.revenue", &[]));
    if document.sections.iter().any(|section| section.totals.conversions.is_none()) {
        notes.push(flow.say("report.notes.unknown", &[]));
    }
    if let Some(compared) = document.compared {
        let key = if super::has_previous(document) { "report.notes.change" } else { "report.notes.no_previous" };
        notes.push(flow.say(key, &[("range", &range(lang, compared.into()))]));
        notes.extend(in_part_note(document));
    }
    if document.sections.len() > 1 {
        notes.push(flow.say("report.notes.currencies", &[]));
    }
    let days = usize::try_from(DateRange::from(document.period).days()).unwrap_or(usize::MAX);
    let known = |section: &crate::document::CurrencySection| section.daily.iter().filter(|day| day.figures.is_some()).count();
    if document.sections.iter().any(|section| known(section) < days) {
        notes.push(flow.say("report.notes.gaps", &[]));
    }
    if days > 62 {
        notes.push(flow.say("report.notes.daily_in_workbook", &[]));
    }
    for note in notes {
        bullet(flow, &note);
    }
}

/// That the compared period is known in part only.
pub(crate) fn in_part_note(document: &ReportDocument) -> Option<String> {
    let (known, days) = document.compared_in_part()?;
    Some(text(document.lang, "report.notes.compared_in_part", &[("known", &known.to_string()), ("days", &days.to_string())]))
}

/// A sentence per platform whose figures changed after they had first been read.
pub(crate) fn restated_notes(document: &ReportDocument) -> Vec<String> {
    let lang = document.lang;
    let note = |entry: &Restated| {
        let values = [
            ("platform", platform_name(lang, entry.platform.code())),
            ("days", entry.days.to_string()),
            ("campaigns", entry.campaigns.to_string()),
            ("seen_at", date_time(lang, entry.seen_at)),
        ];
        text(lang, "report.notes.restated_entry", &values.each_ref().map(|(name, value)| (*name, value.as_str())))
    };
    document.restated.iter().map(note).collect()
}

fn subheading(flow: &mut Flow<'_, '_>, words: &str) {
    flow.ensure(2.0 * LEADING + 4.0);
    let theme = *flow.theme;
    let top = flow.y;
    flow.text(words, Style::new(Face::SemiBold, 9.4), theme.margin, top + 11.0, Align::Left, theme.warning);
    flow.mark(Part::GroupHeading, top, top + LEADING);
    flow.y += LEADING + 2.0;
}

fn bullet(flow: &mut Flow<'_, '_>, words: &str) {
    let theme = *flow.theme;
    flow.ensure(LEADING);
    let y = flow.y;
    flow.rect(theme.margin + 1.0, y + 6.4, 2.4, 2.4, theme.faint);
    flow.paragraph(words, BODY, theme.margin + 11.0, theme.width() - 11.0, LEADING, theme.ink);
    flow.y += 2.0;
}

/// The one page of a period without figures.
pub(super) fn draw_empty(flow: &mut Flow<'_, '_>) {
    let theme = *flow.theme;
    let title = flow.say("report.empty.title", &[]);
    flow.heading(&title, "", 3.0 * LEADING);
    let period = range(flow.lang(), flow.document.period.into());
    let body = flow.say("report.empty.body", &[("range", &period)]);
    flow.paragraph(&body, BODY, theme.margin, theme.width(), LEADING, theme.muted);
    draw_comment(flow);
}

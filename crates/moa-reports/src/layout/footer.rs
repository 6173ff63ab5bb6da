//! What stands on every page: the running title, and below a hairline the freshness, the currency and basis, and the page's number.

use std::sync::Arc;

use moa_text::{basis_name, date_time, platform_name, text};

use super::{period_name, title};
use crate::clean;
use crate::display::{Item, Page};
use crate::document::ReportDocument;
use crate::fonts::Face;
use crate::shape::{Run, Shaper, Style};
use crate::theme::{PAGE_HEIGHT, Theme};

const STYLE: Style = Style::figures(Face::Regular, 6.8);
const LEADING: f32 = 9.2;
/// Kept free at the right for the page's number.
const NUMBER_WIDTH: f32 = 52.0;

/// "Google Ads, Meta 2026. 11. 24. (화) 09:12 · 네이버 …": platforms read in the same minute share their time.
fn as_of(document: &ReportDocument) -> String {
    let lang = document.lang;
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    for entry in &document.as_of {
        let read_at = date_time(lang, entry.read_at);
        let platform = platform_name(lang, entry.platform.code());
        match groups.iter_mut().find(|(at, _)| *at == read_at) {
            Some((_, platforms)) => platforms.push(platform),
            None => groups.push((read_at, vec![platform])),
        }
    }
    let entries: Vec<String> = groups
        .iter()
        .map(|(at, platforms)| text(lang, "report.footer.as_of", &[("platform", &platforms.join(", ")), ("read_at", at)]))
        .collect();
    entries.join(" · ")
}

fn lines(document: &ReportDocument, theme: &Theme, shaper: &mut Shaper<'_>) -> Vec<Arc<Run>> {
    let lang = document.lang;
    let currencies: Vec<&str> = document.sections.iter().map(|section| section.currency.code()).collect();
    let basis = basis_name(lang, document.basis);
    let figures = if currencies.is_empty() {
        basis
    } else {
        text(lang, "report.footer.figures", &[("currency", &currencies.join(", ")), ("basis", &basis)])
    };
    let fresh = as_of(document);
    let whole = if fresh.is_empty() { figures } else { format!("{figures} · {} {fresh}", text(lang, "report.cover.as_of", &[])) };
    shaper.wrap(&whole, STYLE, theme.width() - NUMBER_WIDTH)
}

/// The height the footer's lines need.
pub(super) fn height(document: &ReportDocument, theme: &Theme, shaper: &mut Shaper<'_>) -> f32 {
    lines(document, theme, shaper).len() as f32 * LEADING + 8.0
}

pub(super) fn draw(document: &ReportDocument, theme: &Theme, shaper: &mut Shaper<'_>, pages: &mut [Page]) {
    let lines = lines(document, theme, shaper);
    let height = lines.len() as f32 * LEADING + 8.0;
    let rule = PAGE_HEIGHT - theme.foot - height;
    let count = pages.len();
    let head = Style::new(Face::Regular, 7.6);
    let name = clean::line(&document.client.name);
    let words = format!("{} · {}", title(document), period_name(document));
    for (index, page) in pages.iter_mut().enumerate() {
        let mut place = |run: Arc<Run>, x: f32, y: f32, size: f32, color| page.items.push(Item::Text { run, x, y, size, color });
        if index > 0 {
            let right = shaper.run(&words, head);
            let right_width = right.width(head.size);
            let style = Style::new(Face::SemiBold, head.size);
            let room = theme.width() - right_width - 20.0;
            place(shaper.one_line(&name, style, room), theme.margin, 44.0, style.size, theme.muted);
            place(right, theme.right() - right_width, 44.0, head.size, theme.faint);
        }
        let mut baseline = rule + 13.0;
        for line in &lines {
            place(Arc::clone(line), theme.margin, baseline, STYLE.size, theme.muted);
            baseline += LEADING;
        }
        let (page_number, pages) = ((index + 1).to_string(), count.to_string());
        let number = text(document.lang, "report.footer.page", &[("page", &page_number), ("pages", &pages)]);
        let number = shaper.run(&number, Style::figures(Face::SemiBold, 7.6));
        let width = number.width(7.6);
        place(number, theme.right() - width, rule + 13.0, 7.6, theme.ink);
        page.items.push(Item::Rect { x: theme.margin, y: rule, width: theme.width(), height: 0.6, color: theme.hairline });
    }
}

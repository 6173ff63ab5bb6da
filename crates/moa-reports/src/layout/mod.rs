//! From the document to pages of things drawn. Everything a reader of the PDF sees is decided here; the writer only copies it.

mod axis;
mod cards;
mod cover;
mod flow;
mod footer;
mod lists;
pub(crate) mod notes;
mod share;
mod table;
mod trend;

use moa_text::range;

use crate::clean;
use crate::display::Page;
use crate::document::{CurrencySection, ReportDocument};
use crate::shape::Shaper;
use crate::theme::Theme;
use flow::Flow;

/// Lays a document out: the cover, the sections of each currency, the notes; then titles and footers, once the pages are counted.
#[must_use]
pub fn layout(document: &ReportDocument, theme: &Theme, shaper: &mut Shaper<'_>) -> Vec<Page> {
    let document = &cleaned(document);
    let footer_height = footer::height(document, theme, shaper);
    let mut flow = Flow::new(document, theme, shaper, footer_height);
    cover::draw(&mut flow);
    flow.new_page();
    if document.sections.is_empty() {
        notes::draw_empty(&mut flow);
    }
    for (index, section) in document.sections.iter().enumerate() {
        if index > 0 {
            flow.new_page();
        }
        draw_section(&mut flow, section, index == 0);
    }
    notes::draw(&mut flow);
    let mut pages = flow.pages;
    footer::draw(document, theme, shaper, &mut pages);
    pages
}

fn draw_section(flow: &mut Flow<'_, '_>, section: &CurrencySection, first: bool) {
    cards::draw(flow, section);
    if first {
        notes::draw_comment(flow);
    }
    trend::draw(flow, section);
    let ring = share::draw(flow, section);
    lists::draw_channels(flow, section, ring);
    lists::draw_campaigns(flow, section);
    lists::draw_items(flow, section);
    lists::draw_daily(flow, section);
}

/// Whether the compared period has any figures.
fn has_previous(document: &ReportDocument) -> bool {
    document.sections.iter().any(|section| section.previous.is_some())
}

/// The compared period in words, or nothing.
fn compared_caption(flow: &Flow<'_, '_>) -> String {
    match flow.document.compared.filter(|_| has_previous(flow.document)) {
        Some(period) => {
            let words = range(flow.lang(), period.into());
            match flow.document.compared_in_part() {
                Some((known, days)) => flow.say(
                    "report.summary.compared_in_part",
                    &[("range", &words), ("known", &known.to_string()), ("days", &days.to_string())],
                ),
                None => flow.say("report.summary.compared_with", &[("range", &words)]),
            }
        }
        None => String::new(),
    }
}

/// The document with every text that came from outside fit to be drawn.
fn cleaned(document: &ReportDocument) -> ReportDocument {
    // The rows are the workbook's: not copying them keeps a large report small.
    let mut clean_document = clone_without_rows(document);
    for party in [&mut clean_document.agency, &mut clean_document.client] {
        party.name = clean::line(&party.name);
        party.logo = party.logo.take().filter(|png| crate::logo::decode(png).is_some());
    }
    clean_document.title = clean_document.title.as_deref().map(clean::line).filter(|title| !title.is_empty());
    clean_document.held = document.held.iter().map(|note| clean::line(note)).filter(|note| !note.is_empty()).collect();
    for section in &mut clean_document.sections {
        for channel in &mut section.channels {
            channel.channel = clean::line(&channel.channel);
        }
        for campaign in &mut section.campaigns {
            campaign.name = clean::line(&campaign.name);
            campaign.account = clean::line(&campaign.account);
            campaign.channels = campaign.channels.iter().map(|channel| clean::line(channel)).collect();
        }
        for item in section.keywords.iter_mut().chain(&mut section.creatives).chain(&mut section.ad_groups) {
            item.name = item.name.as_deref().map(clean::line);
            item.campaign = clean::line(&item.campaign);
            item.parent = item.parent.as_deref().map(clean::line);
        }
    }
    clean_document
}

fn clone_without_rows(document: &ReportDocument) -> ReportDocument {
    ReportDocument {
        lang: document.lang,
        cadence: document.cadence,
        title: document.title.clone(),
        agency: document.agency.clone(),
        client: document.client.clone(),
        period: document.period,
        compared: document.compared,
        compared_days: document.compared_days,
        basis: document.basis,
        as_of: document.as_of.clone(),
        created_at: document.created_at,
        held: document.held.clone(),
        restated: document.restated.clone(),
        comment: document.comment.clone(),
        sections: document.sections.clone(),
        rows: Vec::new(),
        compared_rows: Vec::new(),
    }
}

/// The title on the cover and in the file's properties.
pub(crate) fn title(document: &ReportDocument) -> String {
    use crate::document::Cadence;
    let key = match document.cadence {
        Cadence::Daily => "report.title.daily",
        Cadence::Weekly => "report.title.weekly",
        Cadence::Monthly => "report.title.monthly",
        Cadence::Custom => "report.title.custom",
    };
    let own = document.title.as_deref().map(clean::line).filter(|title| !title.is_empty());
    own.unwrap_or_else(|| moa_text::text(document.lang, key, &[]))
}

/// The period as its cadence names it: a month, a week of a month, a day.
pub(crate) fn period_name(document: &ReportDocument) -> String {
    use crate::document::Cadence;
    let (lang, period) = (document.lang, moa_domain::DateRange::from(document.period));
    let one_month = period.is_whole_months() && moa_domain::Month::of(period.from) == moa_domain::Month::of(period.to);
    match document.cadence {
        Cadence::Monthly if one_month => moa_text::month(lang, moa_domain::Month::of(period.from)),
        Cadence::Weekly if period == moa_domain::calendar::week_of(period.from) => moa_text::week_of_month(lang, period.from),
        Cadence::Daily | Cadence::Weekly | Cadence::Monthly | Cadence::Custom => range(lang, period),
    }
}

//! Where the next thing goes: a pen that moves down the page and starts a new one when something does not fit.

use std::sync::Arc;

use chrono::NaiveDate;
use moa_text::{Lang, text};

use crate::display::{Color, Item, Mark, Page, Part};
use crate::document::ReportDocument;
use crate::fonts::Face;
use crate::shape::{Run, Shaper, Style};
use crate::theme::{PAGE_HEIGHT, Theme};

/// Which edge of a text stands at `x`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    Left,
    Right,
    Center,
}

pub(crate) struct Flow<'a, 'f> {
    pub(crate) document: &'a ReportDocument,
    pub(crate) theme: &'a Theme,
    pub(crate) shaper: &'a mut Shaper<'f>,
    pub(crate) pages: Vec<Page>,
    /// The top of what comes next.
    pub(crate) y: f32,
    /// Nothing of the content goes below.
    pub(crate) bottom: f32,
}

const HEADING: Style = Style::new(Face::Bold, 15.0);
const CAPTION: Style = Style::figures(Face::Regular, 8.0);
const HEADING_HEIGHT: f32 = 30.0;
/// Space before a heading that does not stand at the top of a page.
const HEADING_SPACE: f32 = 22.0;

impl<'a, 'f> Flow<'a, 'f> {
    pub(crate) fn new(document: &'a ReportDocument, theme: &'a Theme, shaper: &'a mut Shaper<'f>, footer_height: f32) -> Self {
        let bottom = PAGE_HEIGHT - theme.foot - footer_height - 8.0;
        Self { document, theme, shaper, pages: vec![Page::default()], y: theme.top, bottom }
    }

    pub(crate) fn lang(&self) -> Lang {
        self.document.lang
    }

    pub(crate) fn say(&self, key: &str, values: &[(&str, &str)]) -> String {
        text(self.document.lang, key, values)
    }

    pub(crate) fn page(&mut self) -> &mut Page {
        if self.pages.is_empty() {
            self.pages.push(Page::default());
        }
        let last = self.pages.len() - 1;
        &mut self.pages[last]
    }

    pub(crate) fn push(&mut self, item: Item) {
        self.page().items.push(item);
    }

    pub(crate) fn mark(&mut self, part: Part, top: f32, bottom: f32) {
        self.page().marks.push(Mark { part, top, bottom });
    }

    pub(crate) fn new_page(&mut self) {
        self.pages.push(Page::default());
        self.y = self.theme.top;
    }

    pub(crate) fn at_top(&self) -> bool {
        self.y <= self.theme.top + 0.1
    }

    pub(crate) fn room(&self) -> f32 {
        self.bottom - self.y
    }

    /// Starts a new page unless `height` still fits; true when it did. What is higher than a page stays where it is.
    pub(crate) fn ensure(&mut self, height: f32) -> bool {
        if self.room() >= height || self.at_top() {
            return false;
        }
        self.new_page();
        true
    }

    pub(crate) fn draw(&mut self, run: &Arc<Run>, x: f32, baseline: f32, size: f32, color: Color) {
        if !run.text.is_empty() {
            self.push(Item::Text { run: Arc::clone(run), x, y: baseline, size, color });
        }
    }

    pub(crate) fn text(&mut self, text: &str, style: Style, x: f32, baseline: f32, align: Align, color: Color) -> f32 {
        let run = self.shaper.run(text, style);
        let width = run.width(style.size);
        let left = match align {
            Align::Left => x,
            Align::Right => x - width,
            Align::Center => x - width / 2.0,
        };
        self.draw(&run, left, baseline, style.size, color);
        width
    }

    pub(crate) fn rect(&mut self, x: f32, y: f32, width: f32, height: f32, color: Color) {
        self.push(Item::Rect { x, y, width, height, color });
    }

    /// A section's title with a quiet caption at the right. It never stands last on a page: `following` is what must fit below it.
    pub(crate) fn heading(&mut self, title: &str, caption: &str, following: f32) {
        let space = if self.at_top() { 0.0 } else { HEADING_SPACE };
        if !self.ensure(space + HEADING_HEIGHT + following) && !self.at_top() {
            self.y += HEADING_SPACE;
        }
        let top = self.y;
        let theme = *self.theme;
        let taken = self.text(title, HEADING, theme.margin, top + 14.0, Align::Left, theme.ink);
        if !caption.is_empty() {
            let size = self.shaper.fitting(caption, CAPTION, theme.width() - taken - 16.0, 6.0);
            self.text(caption, CAPTION.sized(size), theme.right(), top + 13.5, Align::Right, theme.muted);
        }
        self.rect(theme.margin, top + 21.0, theme.width(), 1.0, theme.ink);
        self.mark(Part::Heading(title.to_owned()), top, top + 22.0);
        self.y = top + HEADING_HEIGHT;
    }

    /// The title of a section, with the currency where the report has several.
    pub(crate) fn section_title(&self, key: &str, currency: moa_domain::Currency) -> String {
        let section = self.say(key, &[]);
        if self.document.sections.len() > 1 {
            self.say("report.section.with_currency", &[("section", &section), ("currency", currency.code())])
        } else {
            section
        }
    }

    /// Lines of one paragraph, breaking over pages between lines.
    pub(crate) fn paragraph(&mut self, text: &str, style: Style, x: f32, width: f32, leading: f32, color: Color) {
        for line in self.shaper.wrap(text, style, width) {
            self.ensure(leading);
            let top = self.y;
            self.draw(&line, x, top + leading * 0.74, style.size, color);
            self.mark(Part::Line, top, top + leading);
            self.y += leading;
        }
    }
}

/// Whether a day is a Saturday or a Sunday.
pub(crate) fn is_weekend(day: NaiveDate) -> bool {
    use chrono::Datelike;
    day.weekday().number_from_monday() > 5
}

//! Reading a display list: where each text stands, and the page as lines a person can review.

use std::fmt::Write as _;

use moa_reports::{Item, Page, Part};

/// One run of text on a page, in points from the top left corner.
#[derive(Debug, Clone)]
pub(crate) struct Placed {
    pub(crate) text: String,
    pub(crate) left: f32,
    pub(crate) right: f32,
    pub(crate) baseline: f32,
    pub(crate) size: f32,
}

pub(crate) fn texts(page: &Page) -> Vec<Placed> {
    page.items
        .iter()
        .filter_map(|item| match item {
            Item::Text { run, x, y, size, .. } => {
                Some(Placed { text: run.text.clone(), left: *x, right: x + run.width(*size), baseline: *y, size: *size })
            }
            _ => None,
        })
        .collect()
}

/// Every text of the pages in drawing order.
pub(crate) fn all_texts(pages: &[Page]) -> Vec<String> {
    pages.iter().flat_map(texts).map(|placed| placed.text).collect()
}

/// The page's parts from top to bottom, each with its texts: left edge, baseline, size, words.
pub(crate) fn dump(pages: &[Page]) -> String {
    let mut out = String::new();
    for (index, page) in pages.iter().enumerate() {
        let _ = writeln!(out, "== page {} of {}", index + 1, pages.len());
        let mut marks: Vec<_> = page.marks.iter().collect();
        marks.sort_by(|a, b| a.top.total_cmp(&b.top));
        let mut placed = texts(page);
        placed.sort_by(|a, b| a.baseline.total_cmp(&b.baseline).then(a.left.total_cmp(&b.left)));
        let mut marks = marks.into_iter().peekable();
        for text in placed {
            while let Some(mark) = marks.next_if(|mark| mark.top <= text.baseline) {
                let _ = writeln!(out, "-- {} {:.1}..{:.1}", name(&mark.part), mark.top, mark.bottom);
            }
            let _ = writeln!(out, "{:7.1} {:7.1} {:5.1}  {}", text.left, text.baseline, text.size, text.text);
        }
        let shapes = page.items.iter().filter(|item| !matches!(item, Item::Text { .. } | Item::Logo { .. })).count();
        let logos = page.items.iter().filter(|item| matches!(item, Item::Logo { .. })).count();
        let _ = writeln!(out, "-- {shapes} shapes, {logos} logos\n");
    }
    out
}

pub(crate) fn name(part: &Part) -> &'static str {
    match part {
        Part::Heading(_) => "heading",
        Part::GroupHeading => "group heading",
        Part::TableHead => "table head",
        Part::Row => "row",
        Part::Line => "line",
        Part::Block => "block",
    }
}

//! What must hold on every page of every report, whatever its names and however many campaigns it has.

mod support;

use std::collections::HashMap;

use moa_domain::Currency;
use moa_reports::{Fonts, PAGE_HEIGHT, PAGE_WIDTH, Page, Part, ReportDocument, Shaper, Theme, layout};
use moa_text::{Lang, Measure};
use proptest::prelude::*;
use rust_decimal::Decimal;
use support::Recipe;
use support::pages::{Placed, all_texts, texts};

fn pages_of(document: &ReportDocument, fonts: &Fonts) -> Vec<Page> {
    let mut shaper = Shaper::new(fonts).expect("the fonts");
    layout(document, &Theme::default(), &mut shaper)
}

fn needed_fonts() -> Fonts {
    support::fonts().expect("the package pretendard: run npm install")
}

/// Letters reach about so far above and below the baseline, in ems.
const ABOVE: f32 = 0.76;
const BELOW: f32 = 0.22;

fn assert_inside_margins(pages: &[Page]) {
    let theme = Theme::default();
    for (index, page) in pages.iter().enumerate() {
        for text in texts(page) {
            assert!(text.left >= theme.margin - 0.05, "page {}: {:?} starts left of the margin", index + 1, text);
            assert!(text.right <= theme.right() + 0.05, "page {}: {:?} reaches over the right margin", index + 1, text);
            assert!(text.baseline - ABOVE * text.size >= 24.0, "page {}: {:?} is too high", index + 1, text);
            assert!(text.baseline + BELOW * text.size <= PAGE_HEIGHT - 24.0, "page {}: {:?} is too low", index + 1, text);
            assert!(text.size >= 4.4, "page {}: {:?} is too small to read", index + 1, text);
        }
        assert!(page.marks.iter().all(|mark| mark.top >= 0.0 && mark.bottom <= PAGE_HEIGHT - theme.foot), "page {}", index + 1);
    }
}

fn overlap(a: &Placed, b: &Placed) -> bool {
    let wide = a.right.min(b.right) - a.left.max(b.left);
    let top = |text: &Placed| text.baseline - 0.66 * text.size;
    let high = a.baseline.min(b.baseline) - top(a).max(top(b));
    wide > 0.4 && high > 0.4
}

fn assert_nothing_overlaps(pages: &[Page]) {
    for (index, page) in pages.iter().enumerate() {
        let placed = texts(page);
        for (at, text) in placed.iter().enumerate() {
            if let Some(other) = placed[at + 1..].iter().find(|other| overlap(text, other)) {
                panic!("page {}: {text:?} and {other:?} lie over each other", index + 1);
            }
        }
        let mut marks: Vec<_> = page.marks.iter().collect();
        marks.sort_by(|a, b| a.top.total_cmp(&b.top));
        for pair in marks.windows(2) {
            assert!(pair[1].top >= pair[0].bottom - 0.1, "page {}: {:?} reaches into {:?}", index + 1, pair[0], pair[1]);
        }
    }
}

fn assert_no_heading_stands_last(pages: &[Page]) {
    for (index, page) in pages.iter().enumerate() {
        let lowest = page.marks.iter().max_by(|a, b| a.bottom.total_cmp(&b.bottom));
        if let Some(mark) = lowest {
            let heading = matches!(mark.part, Part::Heading(_) | Part::GroupHeading | Part::TableHead);
            assert!(!heading, "page {}: {:?} stands last", index + 1, mark.part);
        }
    }
}

/// On every page a table's rows stand below a header of columns.
fn assert_headers_are_repeated(pages: &[Page]) {
    for (index, page) in pages.iter().enumerate() {
        let mut under_head = false;
        for mark in &page.marks {
            match mark.part {
                Part::TableHead => under_head = true,
                Part::Heading(_) | Part::Block | Part::Line => under_head = false,
                Part::Row => assert!(under_head, "page {}: a row without a header above it at {}", index + 1, mark.top),
                Part::GroupHeading => {}
            }
        }
    }
}

fn assert_furniture(document: &ReportDocument, pages: &[Page]) {
    let basis = moa_text::basis_name(document.lang, document.basis);
    for (index, page) in pages.iter().enumerate() {
        let texts: Vec<String> = texts(page).into_iter().map(|placed| placed.text).collect();
        let number = format!("{} / {}", index + 1, pages.len());
        assert!(texts.contains(&number), "page {}: no {number:?} in {texts:?}", index + 1);
        let foot = texts.join("\n");
        assert!(foot.contains(&basis), "page {}: the basis is missing", index + 1);
        for section in &document.sections {
            assert!(foot.contains(section.currency.code()), "page {}: {} is missing", index + 1, section.currency);
        }
        for entry in &document.as_of {
            assert!(foot.contains(&moa_text::platform_name(document.lang, entry.platform.code())), "page {}: no {:?}", index + 1, entry);
        }
    }
}

fn assert_pages(document: &ReportDocument, pages: &[Page]) {
    assert_inside_margins(pages);
    assert_nothing_overlaps(pages);
    assert_no_heading_stands_last(pages);
    assert_headers_are_repeated(pages);
    assert_furniture(document, pages);
}

/// Columns of conversions show both places in every row.
fn in_a_column(document: &ReportDocument, currency: Currency, measure: Measure, value: Option<Decimal>) -> String {
    match value {
        Some(value) if measure == Measure::Conversions => moa_text::even_conversions(value),
        value => measure.show(document.lang, value, currency),
    }
}

/// Every campaign stands in the campaign table exactly once, with its figures in its row, and the total row holds the section's totals.
fn assert_every_row_once(document: &ReportDocument, pages: &[Page]) {
    let names = all_texts(pages);
    for section in &document.sections {
        for campaign in &section.campaigns {
            let found = names.iter().filter(|text| **text == campaign.name).count();
            assert_eq!(found, 1, "{:?} stands {found} times", campaign.name);
        }
    }
    let mut rows: HashMap<String, Vec<String>> = HashMap::new();
    for page in pages {
        let placed = texts(page);
        for mark in page.marks.iter().filter(|mark| mark.part == Part::Row) {
            let inside: Vec<String> = placed
                .iter()
                .filter(|text| text.baseline > mark.top && text.baseline <= mark.bottom)
                .map(|text| text.text.clone())
                .collect();
            rows.entry(inside.first().cloned().unwrap_or_default()).or_default().extend(inside);
        }
    }
    let shown = [Measure::Cost, Measure::Impressions, Measure::Clicks, Measure::Conversions, Measure::Revenue, Measure::Roas];
    for section in &document.sections {
        for campaign in &section.campaigns {
            let row = rows.get(&campaign.name).unwrap_or_else(|| panic!("no row of {:?}", campaign.name));
            for measure in shown {
                let value = in_a_column(document, section.currency, measure, campaign.figures.get(measure));
                assert!(row.contains(&value), "{:?}: {value} of {measure:?} is not in {row:?}", campaign.name);
            }
        }
        let total = &rows[&moa_text::text(document.lang, "report.table.total", &[])];
        for measure in shown {
            let value = in_a_column(document, section.currency, measure, section.totals.get(measure));
            assert!(total.contains(&value), "the total {value} of {measure:?} is not in {total:?}");
        }
    }
}

#[test]
fn pages_hold_for_any_number_of_campaigns() {
    let fonts = needed_fonts();
    for lang in Lang::ALL {
        for campaigns in [0, 1, 2, 40, 400] {
            let document = support::document(&Recipe { items: false, ..Recipe::month(lang, campaigns) });
            let pages = pages_of(&document, &fonts);
            assert_pages(&document, &pages);
            assert_every_row_once(&document, &pages);
        }
    }
}

#[test]
fn the_total_is_the_sum_of_the_rows() {
    let document = support::document(&Recipe::month(Lang::Ko, 400));
    for section in &document.sections {
        let sum = |measure: Measure| section.campaigns.iter().filter_map(|campaign| campaign.figures.get(measure)).sum();
        for measure in [Measure::Impressions, Measure::Clicks, Measure::Conversions, Measure::Revenue] {
            assert_eq!(section.totals.get(measure), Some(sum(measure)), "{measure:?}");
        }
        // Each campaign's cost is rounded to six places once it is converted.
        let apart: Decimal = section.totals.cost - sum(Measure::Cost);
        assert!(apart.abs() < Decimal::new(1, 3), "{apart}");
    }
}

#[test]
fn hostile_names_stay_in_their_place() {
    let fonts = needed_fonts();
    for lang in Lang::ALL {
        let names = support::hostile_names();
        let client = names[0].clone();
        let recipe = Recipe { names, client, dollars: true, held: vec!["x".repeat(400), "가".repeat(300)], ..Recipe::month(lang, 30) };
        let document = support::document(&recipe);
        assert_pages(&document, &pages_of(&document, &fonts));
    }
}

#[test]
fn unknown_conversions_and_adjustments_have_their_place() {
    let fonts = needed_fonts();
    for lang in Lang::ALL {
        let document = support::document(&Recipe { unknown: true, adjusted: true, ..Recipe::month(lang, 12).days(9) });
        let pages = pages_of(&document, &fonts);
        assert_pages(&document, &pages);
        let texts = all_texts(&pages);
        let undefined = moa_text::text(lang, "shared.undefined", &[]);
        assert!(document.sections[0].totals.conversions.is_none() && texts.contains(&undefined));
        let below_zero = document.sections[0].daily[2].figures.expect("figures").cost;
        assert!(texts.contains(&Measure::Cost.show(lang, Some(below_zero), document.sections[0].currency)));
    }
}

#[test]
fn large_amounts_are_not_cut() {
    let fonts = needed_fonts();
    for lang in Lang::ALL {
        let document = support::document(&Recipe { times: 500, dollars: true, ..Recipe::month(lang, 40) });
        let pages = pages_of(&document, &fonts);
        assert_pages(&document, &pages);
        let total = Measure::Cost.show(lang, document.sections.first().map(|section| section.totals.cost), document.sections[0].currency);
        assert!(all_texts(&pages).contains(&total), "{total} stands nowhere in full");
    }
}

#[test]
fn a_page_is_never_almost_empty_before_the_last() {
    let fonts = needed_fonts();
    for campaigns in [1, 5, 40, 400] {
        let document = support::document(&Recipe::month(Lang::Ko, campaigns));
        let pages = pages_of(&document, &fonts);
        for (index, page) in pages.iter().enumerate().take(pages.len() - 1).skip(1) {
            let filled = page.marks.iter().map(|mark| mark.bottom).fold(0.0_f32, f32::max) / PAGE_HEIGHT;
            assert!(filled > 0.55, "{campaigns} campaigns, page {}: only {:.0} % filled", index + 1, filled * 100.0);
        }
    }
}

/// The tables of a page: how many rows each has there, and whether it began on the page before.
fn tables(page: &Page) -> Vec<(usize, bool)> {
    let mut tables: Vec<(usize, bool)> = Vec::new();
    let mut begins = false;
    for mark in &page.marks {
        match mark.part {
            Part::Heading(_) | Part::Block => begins = true,
            Part::TableHead => tables.push((0, !std::mem::take(&mut begins))),
            Part::Row | Part::GroupHeading => {
                if let Some((rows, _)) = tables.last_mut() {
                    *rows += 1;
                }
            }
            Part::Line => {}
        }
    }
    tables
}

/// A table that goes on over a page's end leaves at least three rows behind and takes at least three with it.
#[test]
fn no_row_stands_alone() {
    let fonts = needed_fonts();
    for campaigns in 1..60 {
        let document = support::document(&Recipe::month(Lang::Ko, campaigns).days(1 + campaigns as u64 % 40));
        let pages = pages_of(&document, &fonts);
        for (index, pair) in pages.windows(2).enumerate() {
            // The ring of the channels may be the last thing on a page, and their table the first of the next.
            let continued = tables(&pair[1]).first().copied().filter(|(_, continued)| *continued && !ends_with_a_block(&pair[0]));
            if let Some((after, _)) = continued {
                let before = tables(&pair[0]).last().map_or(0, |(rows, _)| *rows);
                assert!(before >= 3 && after >= 3, "{campaigns} campaigns, page {}: {before} rows, then {after}", index + 1);
            }
        }
    }
}

fn ends_with_a_block(page: &Page) -> bool {
    page.marks.last().is_some_and(|mark| mark.part == Part::Block)
}

#[test]
fn shapes_stay_on_the_page() {
    let fonts = needed_fonts();
    let document = support::document(&Recipe { logos: true, restated: true, ..Recipe::month(Lang::Ko, 40) });
    for page in pages_of(&document, &fonts) {
        for item in &page.items {
            match item {
                moa_reports::Item::Rect { x, y, width, height, .. } | moa_reports::Item::Logo { x, y, width, height, .. } => {
                    assert!(*x >= -0.01 && x + width <= PAGE_WIDTH + 0.01 && *y >= 0.0 && y + height <= PAGE_HEIGHT, "{item:?}");
                }
                _ => {}
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn pages_hold_for_any_words(
        names in prop::collection::vec("\\PC{0,90}", 1..6),
        client in "\\PC{0,120}",
        comment in prop::option::of("\\PC{0,1500}"),
        held in prop::collection::vec("\\PC{1,200}", 0..12),
        campaigns in 0usize..25,
        days in 1u64..70,
        korean in any::<bool>(),
        flags in prop::array::uniform4(any::<bool>()),
    ) {
        let lang = if korean { Lang::Ko } else { Lang::En };
        let [dollars, items, compared, logos] = flags;
        let recipe = Recipe { names, client, comment, held, dollars, items, compared, logos, ..Recipe::month(lang, campaigns).days(days) };
        let document = support::document(&recipe);
        let fonts = needed_fonts();
        assert_pages(&document, &pages_of(&document, &fonts));
    }
}

#[test]
fn a_compared_period_known_in_part_is_said_beside_the_changes() {
    let mut document = support::document(&Recipe { compared: true, ..Recipe::month(Lang::Ko, 3) });
    let said = |document: &ReportDocument| all_texts(&pages_of(document, &needed_fonts())).join("\n");
    assert!(!said(&document).contains("6일만"));
    document.compared_days = Some(6);
    let in_part = said(&document);
    assert!(in_part.contains("일 중 6일만 수치 있음") && in_part.contains("6일만 수치가 있어"), "{in_part}");
}

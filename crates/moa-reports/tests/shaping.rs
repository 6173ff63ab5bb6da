//! Lines of text: nothing is lost by breaking them, nothing is wider than its place.

mod support;

use moa_reports::{Face, Fonts, Shaper, Style};
use proptest::prelude::*;

const STYLE: Style = Style::new(Face::Regular, 9.0);

fn needed_fonts() -> Fonts {
    support::fonts().expect("the package pretendard: run npm install")
}

fn without_spaces(text: &str) -> String {
    text.split_whitespace().collect()
}

#[test]
fn korean_breaks_at_spaces() {
    let fonts = needed_fonts();
    let mut shaper = Shaper::new(&fonts).expect("the fonts");
    let lines = shaper.wrap("브랜드 키워드 상시 캠페인", STYLE, 62.0);
    let lines: Vec<&str> = lines.iter().map(|run| run.text.as_str()).collect();
    assert_eq!(lines, ["브랜드 키워드", "상시 캠페인"]);
}

#[test]
fn a_long_word_breaks_behind_its_signs() {
    let fonts = needed_fonts();
    let mut shaper = Shaper::new(&fonts).expect("the fonts");
    let lines = shaper.wrap("Summer_Sale_Retargeting_Conversion", STYLE, 90.0);
    assert!(lines.len() > 1 && lines[..lines.len() - 1].iter().all(|run| run.text.ends_with('_')), "{lines:?}");
}

#[test]
fn what_does_not_fit_ends_with_an_ellipsis() {
    let fonts = needed_fonts();
    let mut shaper = Shaper::new(&fonts).expect("the fonts");
    let name = "가나다라마바사아자차카타파하".repeat(9);
    let line = shaper.one_line(&name, STYLE, 200.0);
    assert!(line.text.ends_with('…') && line.width(9.0) <= 200.0, "{line:?}");
    assert!(line.width(9.0) > 180.0, "it uses its room: {}", line.width(9.0));
    let lines = shaper.wrap_at_most(&name, STYLE, 200.0, 3);
    assert_eq!(lines.len(), 3);
    assert!(lines[2].text.ends_with('…') && !lines[1].text.ends_with('…'));
    assert_eq!(shaper.wrap_at_most("짧은 이름", STYLE, 200.0, 3)[0].text, "짧은 이름");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, max_shrink_iters: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn breaking_loses_nothing(text in "\\PC{0,300}", width in 20.0f32..400.0) {
        let fonts = needed_fonts();
        let mut shaper = Shaper::new(&fonts).expect("the fonts");
        let lines = shaper.wrap(&text, STYLE, width);
        let joined: String = lines.iter().map(|run| run.text.as_str()).collect();
        prop_assert_eq!(without_spaces(&joined), without_spaces(&text));
        for run in &lines {
            // One character may be wider than a narrow place.
            prop_assert!(run.width(9.0) <= width + 0.01 || run.text.chars().count() <= 1, "{:?} is {} wide", run.text, run.width(9.0));
        }
    }
}

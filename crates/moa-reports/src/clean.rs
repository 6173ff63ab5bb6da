//! Names come from consoles and files: composed for fonts that have no loose Jamo, and without characters that have no picture.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::is_nfc;

/// Characters that would reorder, hide or break a line of text and show nothing themselves.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{180E}'
            | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
            | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF9}'..='\u{FFFB}' | '\u{FFFE}' | '\u{FFFF}')
}

/// One line of text fit to be drawn or written to a cell: NFC, tabs and line breaks as spaces, invisible characters gone.
pub(crate) fn line(text: &str) -> String {
    if text.bytes().all(|byte| (b' '..0x7F).contains(&byte)) {
        return text.trim().to_owned();
    }
    let visible = text.chars().filter_map(|c| match c {
        '\t' | '\n' | '\r' | '\u{00A0}' | '\u{2007}' | '\u{202F}' | '\u{3000}' => Some(' '),
        c if is_invisible(c) => None,
        c => Some(c),
    });
    let cleaned: String = visible.collect();
    let composed = if is_nfc(&cleaned) { cleaned } else { cleaned.nfc().collect() };
    composed.trim().to_owned()
}

/// The paragraphs of a comment, each cleaned; empty ones are dropped.
pub(crate) fn paragraphs(text: &str) -> Vec<String> {
    text.split(['\n', '\r', '\u{2028}', '\u{2029}']).map(line).filter(|paragraph| !paragraph.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn composes_loose_jamo() {
        assert_eq!(line("\u{1112}\u{1161}\u{11ab}\u{1100}\u{1173}\u{11af}"), "한글");
    }

    #[test]
    fn drops_what_cannot_be_seen() {
        assert_eq!(line("a\u{0}b\u{202e}c\u{200b}d\u{feff}"), "abcd");
        assert_eq!(line("line\nbreak\ttab"), "line break tab");
        assert_eq!(line("<script>alert(1)</script>"), "<script>alert(1)</script>");
    }

    #[test]
    fn splits_paragraphs() {
        assert_eq!(paragraphs("하나\r\n\r\n둘"), ["하나", "둘"]);
    }
}

//! Hours of the day: `00시~01시`, `0`, `09`, `09:00`, `9 AM`, `오후 3시`.

/// The hour 0 to 23 a text names; of a span, the hour it starts with.
pub(crate) fn parse(text: &str) -> Option<u8> {
    let text = text.trim();
    let lower = text.to_lowercase();
    let morning = lower.contains("am") || lower.contains("오전") || lower.contains("a.m");
    let afternoon = lower.contains("pm") || lower.contains("오후") || lower.contains("p.m");
    let start = lower.find(|c: char| c.is_ascii_digit())?;
    if !lower[..start].chars().all(|c| c.is_whitespace() || matches!(c, '오' | '전' | '후')) {
        return None;
    }
    let rest = &lower[start..];
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let hour: u8 = rest[..end].parse().ok()?;
    let after = rest[end..].trim_start();
    let known =
        after.is_empty() || [":", "시", "h", "am", "pm", "a.m", "p.m", "~", "-", "–", ".0"].iter().any(|mark| after.starts_with(mark));
    if !known {
        return None;
    }
    match hour {
        12 if morning => Some(0),
        1..=11 if afternoon => Some(hour + 12),
        13.. if morning => None,
        0..=23 => Some(hour),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reads_every_spelling() {
        for (text, hour) in [
            ("00시~01시", 0),
            ("1시~2시", 1),
            ("0", 0),
            ("09", 9),
            ("09:00", 9),
            ("9 AM", 9),
            ("12 AM", 0),
            ("12 PM", 12),
            ("3 PM", 15),
            ("오후 3시", 15),
            ("오전 12시", 0),
            ("23:00:00 - 23:59:59", 23),
            ("14시", 14),
        ] {
            assert_eq!(parse(text), Some(hour), "{text:?}");
        }
        for text in ["", "24", "abc", "2026-09-30", "-1", "시", "99시"] {
            assert_eq!(parse(text), None, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC*") {
            prop_assert!(parse(&text).is_none_or(|h| h < 24));
        }
    }
}

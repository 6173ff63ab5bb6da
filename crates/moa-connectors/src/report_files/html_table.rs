//! Tables in HTML that call themselves `.xls`: every `<tr>` of the page, in order.

/// The rows of all tables of a page. Broken markup gives fewer rows, never an error.
pub(crate) fn rows(page: &str) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let mut row: Option<Vec<String>> = None;
    let mut cell: Option<(String, usize)> = None;
    let mut rest = page;
    while let Some(open) = rest.find('<') {
        if let Some((text, _)) = &mut cell {
            push_text(text, &rest[..open]);
        }
        rest = &rest[open..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.find("-->").map_or("", |end| &comment[end + 3..]);
            continue;
        }
        let Some(close) = rest.find('>') else { break };
        let tag = &rest[1..close];
        rest = &rest[close + 1..];
        let name_end = tag.find(|c: char| c.is_whitespace() || (c == '/' && !tag.starts_with('/'))).unwrap_or(tag.len());
        let name = tag[..name_end].trim_end_matches('/').to_ascii_lowercase();
        match name.as_str() {
            "script" | "style" => {
                let end_tag = format!("</{name}");
                rest = find_ignoring_case(rest, &end_tag).map_or("", |at| &rest[at..]);
            }
            "tr" => {
                finish_cell(&mut cell, &mut row);
                rows.extend(row.replace(Vec::new()));
            }
            "td" | "th" => {
                finish_cell(&mut cell, &mut row);
                row.get_or_insert_default();
                cell = Some((String::new(), column_span(tag)));
            }
            "/td" | "/th" => finish_cell(&mut cell, &mut row),
            "/tr" | "/table" => {
                finish_cell(&mut cell, &mut row);
                rows.extend(row.take());
            }
            "br" => {
                if let Some((text, _)) = &mut cell {
                    text.push(' ');
                }
            }
            _ => {}
        }
    }
    finish_cell(&mut cell, &mut row);
    rows.extend(row);
    rows
}

fn finish_cell(cell: &mut Option<(String, usize)>, row: &mut Option<Vec<String>>) {
    if let (Some((text, span)), Some(row)) = (cell.take(), row.as_mut()) {
        row.push(text.trim().to_owned());
        row.extend((1..span).map(|_| String::new()));
    }
}

fn column_span(tag: &str) -> usize {
    find_ignoring_case(tag, "colspan")
        .and_then(|at| {
            let value = tag[at + 7..].trim_start_matches(['=', ' ', '"', '\'']);
            let end = value.find(|c: char| !c.is_ascii_digit()).unwrap_or(value.len());
            value[..end].parse().ok()
        })
        .unwrap_or(1)
        .clamp(1, 256)
}

fn find_ignoring_case(text: &str, word: &str) -> Option<usize> {
    text.as_bytes().windows(word.len()).position(|w| w.eq_ignore_ascii_case(word.as_bytes()))
}

fn push_text(cell: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        cell.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.bytes().take(12).position(|b| b == b';');
        match end.and_then(|end| entity(&rest[1..end]).map(|c| (c, end))) {
            Some((c, end)) => {
                cell.push(c);
                rest = &rest[end + 1..];
            }
            None => {
                cell.push('&');
                rest = &rest[1..];
            }
        }
    }
    cell.push_str(rest);
}

fn entity(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        "middot" => '·',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reads_cells_spans_and_entities() {
        let page = "<html><style>td{x:<}</style><!-- <tr> --><table><tr><th colspan=2>제목</th></tr>\
                    <TR><TD>A&amp;B<TD x='1'>1,234&nbsp;<br/>원</TR><tr><td>&#44032;</td><td></td></tr></table>";
        assert_eq!(rows(page), vec![vec!["제목", ""], vec!["A&B", "1,234\u{a0} 원"], vec!["가", ""]]);
    }

    proptest! {
        #[test]
        fn any_page_is_read(page in "(<t[rdh]|</t[rd]|table|>|<|&#?x?[0-9]{0,6};?|colspan=|[가-힣a-z \"']){0,60}") {
            let _ = rows(&page);
        }
    }
}

//! From headers to a plan: which column gives which figure.

use moa_domain::{Currency, VatBasis};

use super::error::FileError;
use super::field::Field;
use super::header::{Header, HeaderNotes};
use super::report::{ColumnNote, ColumnUse, ReadOptions};

/// A column with a figure, and what its amounts are counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Figure {
    pub column: usize,
    pub scale: i64,
}

/// Columns by field, after aliases and a person's mapping.
#[derive(Debug, Clone, Default)]
pub(crate) struct Columns {
    pub headers: Vec<Header>,
    chosen: Vec<(Field, usize)>,
    pub breakdowns: Vec<usize>,
    mapped: Vec<usize>,
}

impl Columns {
    pub(crate) fn get(&self, field: Field) -> Option<usize> {
        self.chosen.iter().find(|(f, _)| *f == field).map(|(_, c)| *c)
    }

    pub(crate) fn has(&self, field: Field) -> bool {
        self.get(field).is_some()
    }

    pub(crate) fn figure(&self, field: Field) -> Option<Figure> {
        self.get(field).map(|column| Figure { column, scale: self.notes(column).scale })
    }

    pub(crate) fn notes(&self, column: usize) -> HeaderNotes {
        self.headers.get(column).map_or(HeaderNotes { scale: 1, ..HeaderNotes::default() }, Header::notes)
    }

    /// The header as the file writes it, or the column's letter.
    pub(crate) fn name(&self, column: usize) -> String {
        match self.headers.get(column) {
            Some(header) if !header.text.is_empty() => header.text.clone(),
            _ => letters(column),
        }
    }

    pub(crate) fn names(&self) -> Vec<String> {
        (0..self.headers.len()).map(|c| self.name(c)).collect()
    }

    /// Takes a field off a column, so that another meaning can have it.
    pub(crate) fn forget(&mut self, field: Field) {
        self.chosen.retain(|(f, _)| *f != field);
    }

    pub(crate) fn set(&mut self, field: Field, column: usize) {
        self.forget(field);
        self.chosen.push((field, column));
    }

    pub(crate) fn is_mapped(&self, column: usize) -> bool {
        self.mapped.contains(&column)
    }

    /// Columns that say nothing to Moa.
    pub(crate) fn unread(&self, options: &ReadOptions) -> Vec<usize> {
        let aliases = normal_aliases(options);
        (0..self.headers.len())
            .filter(|c| {
                !self.chosen.iter().any(|(_, used)| used == c)
                    && !self.breakdowns.contains(c)
                    && !self.headers[*c].matches(&aliases).iter().any(|a| a.field == Field::Ratio || a.field.is_metric())
            })
            .collect()
    }

    /// What became of each column.
    pub(crate) fn uses(&self, options: &ReadOptions) -> Vec<ColumnUse> {
        let aliases = normal_aliases(options);
        (0..self.headers.len())
            .map(|column| {
                let used = self.chosen.iter().find(|(_, c)| *c == column).map(|(f, _)| *f);
                let used = used.or_else(|| self.breakdowns.contains(&column).then_some(Field::Breakdown));
                let matches = self.headers[column].matches(&aliases);
                let (field, note) = match (used, matches.first().map(|a| a.field)) {
                    (Some(field), _) => (Some(field), if self.is_mapped(column) { ColumnNote::Mapped } else { ColumnNote::Used }),
                    (None, Some(Field::Ratio)) => (None, ColumnNote::Recomputed),
                    (None, Some(Field::Other)) => (None, ColumnNote::NotKept),
                    (None, Some(_)) => (None, ColumnNote::Spare),
                    (None, None) => (None, ColumnNote::Unknown),
                };
                ColumnUse { header: self.name(column), field, note }
            })
            .collect()
    }

    /// Currency and VAT basis as the headers of amounts say: the cost column first.
    ///
    /// # Errors
    /// [`FileError::CurrenciesDiffer`] when cost and revenue are in different currencies.
    pub(crate) fn money(&self) -> Result<(Option<Currency>, Option<VatBasis>), FileError> {
        let of = |field: Field| self.get(field).map(|c| self.notes(c)).unwrap_or_default();
        let (cost, revenue) = (of(Field::Cost), of(Field::Revenue));
        if let (Some(cost), Some(revenue)) = (cost.currency, revenue.currency)
            && cost != revenue
        {
            return Err(FileError::CurrenciesDiffer { cost, revenue });
        }
        let others = || self.headers.iter().map(Header::notes);
        let currency = cost.currency.or(revenue.currency).or_else(|| others().find_map(|n| n.currency));
        let vat = cost.vat.or_else(|| others().find_map(|n| n.vat));
        Ok((currency, vat))
    }
}

/// The user's extra headers in normal form.
pub(crate) fn normal_aliases(options: &ReadOptions) -> Vec<(Field, String)> {
    options.extra_aliases.iter().map(|(field, header)| (*field, super::header::normalise(header))).collect()
}

/// Chooses a column for every field.
///
/// # Errors
/// [`FileError::UnknownColumn`] when a mapping names a column that is not there.
pub(crate) fn choose(headers: Vec<Header>, options: &ReadOptions) -> Result<Columns, FileError> {
    let mut columns = Columns { headers, ..Columns::default() };
    for (field, wanted) in &options.mapping {
        let column = find_column(&columns.headers, wanted).ok_or_else(|| FileError::UnknownColumn {
            field: *field,
            wanted: wanted.clone(),
            columns: columns.names(),
        })?;
        columns.mapped.push(column);
        if *field == Field::Breakdown {
            columns.breakdowns.push(column);
        } else {
            columns.set(*field, column);
        }
    }
    let aliases = normal_aliases(options);
    let mut ranked: Vec<(Field, u32, usize)> = Vec::new();
    for (column, header) in columns.headers.iter().enumerate() {
        if columns.mapped.contains(&column) {
            continue;
        }
        ranked.extend(header.matches(&aliases).into_iter().map(|a| (a.field, a.rank, column)));
    }
    ranked.sort_by_key(|(_, rank, column)| (*rank, *column));
    for (field, _, column) in ranked {
        match field {
            Field::Ratio | Field::Other => {}
            Field::Breakdown => columns.breakdowns.push(column),
            _ if !columns.has(field) => columns.chosen.push((field, column)),
            _ => {}
        }
    }
    columns.breakdowns.sort_unstable();
    Ok(columns)
}

/// A letter such as `C` or a number from 1.
pub(crate) fn is_position(column: &str) -> bool {
    position(column).is_some()
}

fn position(column: &str) -> Option<usize> {
    let text = column.trim();
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return text.parse::<usize>().ok()?.checked_sub(1).filter(|c| *c < 16_384);
    }
    if text.len() <= 3 && !text.is_empty() && text.bytes().all(|b| b.is_ascii_uppercase()) {
        let number = text.bytes().fold(0usize, |n, b| n * 26 + usize::from(b - b'A') + 1);
        return number.checked_sub(1).filter(|c| *c < 16_384);
    }
    None
}

fn find_column(headers: &[Header], wanted: &str) -> Option<usize> {
    let normal = Header::new(wanted);
    headers
        .iter()
        .position(|h| h.text == wanted.trim() && !h.text.is_empty())
        .or_else(|| headers.iter().position(|h| h.full == normal.full && !h.full.is_empty()))
        .or_else(|| headers.iter().position(|h| h.bare == normal.full && !h.bare.is_empty()))
        .or_else(|| position(wanted).filter(|column| *column < headers.len()))
}

/// 0 is A, 26 is AA.
pub(crate) fn letters(column: usize) -> String {
    let mut number = column + 1;
    let mut text = Vec::new();
    while number > 0 {
        number -= 1;
        text.push(b'A' + u8::try_from(number % 26).unwrap_or(0));
        number /= 26;
    }
    text.reverse();
    String::from_utf8_lossy(&text).into_owned()
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    fn options(mapping: &[(Field, &str)]) -> ReadOptions {
        let mut options = ReadOptions::new(NaiveDate::from_ymd_opt(2026, 10, 1).expect("a day"));
        options.mapping = mapping.iter().map(|(f, c)| (*f, (*c).to_owned())).collect();
        options
    }

    fn headers(texts: &[&str]) -> Vec<Header> {
        texts.iter().map(|t| Header::new(t)).collect()
    }

    #[test]
    fn the_best_spelling_wins_and_the_rest_is_told() {
        let columns =
            choose(headers(&["일", "캠페인 이름", "클릭(전체)", "링크 클릭", "CTR(전체)", "메모"]), &options(&[])).expect("a plan");
        assert_eq!(columns.get(Field::Clicks), Some(3));
        let notes: Vec<ColumnNote> = columns.uses(&options(&[])).into_iter().map(|u| u.note).collect();
        use ColumnNote::{Recomputed, Spare, Unknown, Used};
        assert_eq!(notes, vec![Used, Used, Spare, Used, Recomputed, Unknown]);
    }

    #[test]
    fn a_mapping_names_headers_letters_or_numbers() {
        let texts = ["구분", "내역", "A", "집행"];
        for wanted in ["집행", "D", "4"] {
            let columns = choose(headers(&texts), &options(&[(Field::Cost, wanted)])).expect("a plan");
            assert_eq!(columns.get(Field::Cost), Some(3), "{wanted}");
        }
        // A header beats a letter.
        let columns = choose(headers(&texts), &options(&[(Field::Cost, "A")])).expect("a plan");
        assert_eq!(columns.get(Field::Cost), Some(2));
        assert!(matches!(choose(headers(&texts), &options(&[(Field::Cost, "없음")])), Err(FileError::UnknownColumn { .. })));
    }

    #[test]
    fn column_letters() {
        assert_eq!((letters(0), letters(25), letters(26), letters(701)), ("A".into(), "Z".into(), "AA".into(), "ZZ".into()));
    }
}

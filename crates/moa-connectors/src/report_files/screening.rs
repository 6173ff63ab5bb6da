//! Decides for each row under the header whether it is figures, something to drop, or damage.

use moa_domain::Millionths;

use super::drop::{self, Candidate};
use super::error::{Cut, FileError};
use super::field::Field;
use super::figures::{RowReader, is_nameless, is_null, read_number};
use super::plan::DaySource;
use super::report::{DropReason, Layout};
use super::row::{Cell, Row};
use super::values::date;
use super::values::number::Number;

impl RowReader<'_> {
    /// Takes, drops or refuses a row under the header.
    ///
    /// # Errors
    /// What is wrong with the row.
    pub(crate) fn visit(&mut self, row: &Row<'_>) -> Result<(), FileError> {
        self.sink.count()?;
        if row.is_blank() {
            self.sink.drop_row(row.line, DropReason::Blank);
            return Ok(());
        }
        if self.repeats_header(row) {
            self.sink.drop_row(row.line, DropReason::RepeatedHeader);
            return Ok(());
        }
        let first = row.text((0..row.len()).find(|cell| !row.get(*cell).is_blank()).unwrap_or(0));
        let has_figures = self.metric_columns().any(|c| !is_null(&row.get(c)));
        if !has_figures && drop::is_footnote_mark(&first) {
            self.sink.drop_row(row.line, DropReason::Footnote);
            return Ok(());
        }
        if has_figures && let Some(candidate) = self.total_candidate(row) {
            self.candidates.push(candidate);
            return Ok(());
        }
        self.check_width(row)?;
        if !has_figures {
            let label = drop::total_label(&first).is_some();
            self.sink.drop_row(row.line, if label { DropReason::Total } else { DropReason::Blank });
            return Ok(());
        }
        if self.is_meta_summary(row) {
            if let Some(candidate) = self.summary(row) {
                self.candidates.push(candidate);
            }
            self.sink.drop_row(row.line, DropReason::Summary);
            return Ok(());
        }
        self.take(row)
    }

    fn metric_columns(&self) -> impl Iterator<Item = usize> + use<> {
        let plan = &self.plan;
        let shared = plan.shared.unwrap_or((None, None));
        [
            plan.impressions,
            plan.clicks,
            plan.cost,
            plan.conversions,
            plan.revenue,
            plan.conversions_all,
            plan.revenue_all,
            plan.opens,
            plan.interactions,
            shared.0,
            shared.1,
        ]
        .into_iter()
        .flatten()
        .map(|f| f.column)
    }

    fn repeats_header(&self, row: &Row<'_>) -> bool {
        let mut compared = 0;
        for (column, header) in self.plan.columns.headers.iter().enumerate() {
            match row.get(column) {
                Cell::Text(text) if text.trim() == header.text => compared += usize::from(!header.text.is_empty()),
                Cell::Empty if header.text.is_empty() => {}
                _ => return false,
            }
        }
        compared > 1
    }

    /// Text lines must fit the header: a thousands comma without quotes would shift every figure behind it.
    fn check_width(&self, row: &Row<'_>) -> Result<(), FileError> {
        if !row.is_delimited() {
            return Ok(());
        }
        let columns = self.plan.columns.headers.len();
        if row.len() > columns && (columns..row.len()).any(|c| !row.get(c).is_blank()) {
            return Err(FileError::TooManyCells { line: row.line, cells: row.len(), columns });
        }
        if row.unterminated && row.len() < columns {
            let filled = (0..row.len()).filter(|c| !row.get(*c).is_blank()).count();
            let starts_like_data = self.name_column == Some(0) || date::parse(&row.text(0)).is_some();
            if filled > 1 || starts_like_data {
                return Err(FileError::Truncated { line: row.line, why: Cut::MissingCells });
            }
        }
        Ok(())
    }

    /// A total's label stands in the campaign's cell or in the first cell that holds anything.
    fn total_candidate(&self, row: &Row<'_>) -> Option<Candidate> {
        let label_of = |column: usize| match row.get(column) {
            Cell::Text(text) => drop::total_label(text),
            Cell::Empty | Cell::Number(_) | Cell::Moment(_) | Cell::Broken => None,
        };
        if let Some(label) = self.name_column.and_then(label_of) {
            return Some(self.candidate(row, label, true));
        }
        let first = (0..row.len()).find(|c| !row.get(*c).is_blank())?;
        label_of(first).map(|label| self.candidate(row, label, false))
    }

    fn candidate(&self, row: &Row<'_>, label: drop::TotalLabel, in_campaign_cell: bool) -> Candidate {
        let filled = |column: Option<usize>| column.is_some_and(|c| !is_nameless(&row.get(c)));
        let plan = &self.plan;
        let figures = [plan.impressions, plan.clicks, plan.cost, plan.conversions, plan.revenue];
        let stated = figures.map(|figure| {
            let figure = figure?;
            match read_number(&row.get(figure.column)) {
                Ok(Number::Value(value)) => value.0.checked_mul(figure.scale).map(Millionths),
                Ok(Number::Null | Number::Capped) | Err(_) => None,
            }
        });
        Candidate {
            line: row.line,
            label,
            in_campaign_cell,
            has_id: filled(self.id_column),
            has_campaign: filled(self.name_column),
            date: match plan.day {
                DaySource::Column(column) | DaySource::Pair(column, _) => self.plan.plain_day(&row.get(column)),
                DaySource::Fixed(day) => Some(day),
            },
            stated,
            cells: (0..row.len()).map(|i| row.text(i).into_owned()).collect(),
        }
    }

    fn is_meta_summary(&self, row: &Row<'_>) -> bool {
        if self.plan.layout != Layout::MetaAds || self.id_column.is_some_and(|c| !is_nameless(&row.get(c))) {
            return false;
        }
        let names = [Field::CampaignName, Field::AdGroup, Field::Creative];
        let mut columns = names.iter().filter_map(|f| self.plan.columns.get(*f)).peekable();
        columns.peek().is_some() && columns.all(|c| row.get(c).is_blank())
    }

    /// The summary row as a total to check against; it is dropped whatever comes of that.
    fn summary(&self, row: &Row<'_>) -> Option<Candidate> {
        (self.plan.result_kind.is_none()).then(|| Candidate {
            date: None,
            has_id: false,
            has_campaign: false,
            ..self.candidate(row, drop::TotalLabel::Sure, false)
        })
    }
}

//! One row of any source: a line of a text file, a row of a sheet, a row of an HTML table.

use std::borrow::Cow;

use calamine::DataRef;
use chrono::{Datelike, NaiveDateTime, Timelike};

use super::error::FileError;

/// What a reader does after a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flow {
    Continue,
    Stop,
}

/// Called with every row in order.
pub(crate) type Visit<'v> = dyn FnMut(&Row<'_>) -> Result<Flow, FileError> + 'v;

/// A row as its source gives it. Nothing is copied.
pub(crate) struct Row<'a> {
    /// Physical line of a text file, or row of a sheet or table, from 1.
    pub line: u64,
    pub cells: Cells<'a>,
    /// The line has no line end: it is the last one and may have been cut.
    pub unterminated: bool,
}

pub(crate) enum Cells<'a> {
    /// The fields stand one after the other in `text`; `ends` says where each ends.
    Delimited {
        text: &'a str,
        ends: &'a [usize],
    },
    Sheet(&'a [DataRef<'a>]),
    Texts(&'a [String]),
}

/// One cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Cell<'a> {
    Empty,
    Text(&'a str),
    Number(f64),
    Moment(NaiveDateTime),
    /// An Excel error such as `#REF!`.
    Broken,
}

impl<'a> Row<'a> {
    pub(crate) fn len(&self) -> usize {
        match &self.cells {
            Cells::Delimited { ends, .. } => ends.len(),
            Cells::Sheet(cells) => cells.len(),
            Cells::Texts(cells) => cells.len(),
        }
    }

    pub(crate) fn is_delimited(&self) -> bool {
        matches!(self.cells, Cells::Delimited { .. })
    }

    pub(crate) fn get(&self, index: usize) -> Cell<'a> {
        match &self.cells {
            Cells::Delimited { text, ends } => {
                let Some(end) = ends.get(index) else { return Cell::Empty };
                let start = if index == 0 { 0 } else { ends[index - 1] };
                text.get(start..*end).map_or(Cell::Empty, Cell::of_text)
            }
            Cells::Sheet(cells) => cells.get(index).map_or(Cell::Empty, Cell::of_data),
            Cells::Texts(cells) => cells.get(index).map_or(Cell::Empty, |t| Cell::of_text(t)),
        }
    }

    /// The cell as a person reads it.
    pub(crate) fn text(&self, index: usize) -> Cow<'a, str> {
        self.get(index).text()
    }

    pub(crate) fn is_blank(&self) -> bool {
        (0..self.len()).all(|i| self.get(i).is_blank())
    }
}

impl<'a> Cell<'a> {
    fn of_text(text: &'a str) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }

    fn of_data(data: &'a DataRef<'a>) -> Self {
        match data {
            DataRef::Int(n) => Self::Number(*n as f64),
            DataRef::Float(n) => Self::Number(*n),
            DataRef::String(t) | DataRef::DateTimeIso(t) | DataRef::DurationIso(t) => Self::of_text(t),
            DataRef::SharedString(t) => Self::of_text(t),
            DataRef::Bool(b) => Self::Text(if *b { "TRUE" } else { "FALSE" }),
            DataRef::DateTime(moment) => moment.as_datetime().map_or(Self::Number(moment.as_f64()), Self::Moment),
            DataRef::Error(_) => Self::Broken,
            DataRef::Empty => Self::Empty,
        }
    }

    pub(crate) fn is_blank(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.chars().all(|c| c.is_whitespace() || super::header::is_invisible(c)),
            Self::Number(_) | Self::Moment(_) | Self::Broken => false,
        }
    }

    pub(crate) fn text(&self) -> Cow<'a, str> {
        match self {
            Self::Empty => Cow::Borrowed(""),
            Self::Text(text) => Cow::Borrowed(text),
            Self::Number(n) => Cow::Owned(n.to_string()),
            Self::Moment(moment) => {
                let day = format!("{:04}-{:02}-{:02}", moment.year(), moment.month(), moment.day());
                Cow::Owned(if moment.num_seconds_from_midnight() == 0 { day } else { format!("{day} {}", moment.format("%H:%M:%S")) })
            }
            Self::Broken => Cow::Borrowed("#ERROR"),
        }
    }
}

//! Tables of figures: columns as wide as their widest value, right-aligned, the header repeated on every page, no row ever split.

use std::sync::Arc;

use moa_domain::Currency;
use moa_text::{Lang, Measure, change, even_conversions};
use rust_decimal::Decimal;

use super::flow::{Align, Flow};
use crate::display::{Color, Part};
use crate::figures::Figures;
use crate::fonts::Face;
use crate::shape::{Run, Shaper, Style};

/// A column of figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Column {
    /// Share of the section's cost, with a small bar.
    Share,
    Measure(Measure),
}

/// How a row stands out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Emphasis {
    Plain,
    /// A group's title with its sums; it stays with the row after it.
    Group,
    Total,
}

#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) name: String,
    /// Quiet text: at the right of a name across the page, below a name in a column.
    pub(crate) detail: String,
    /// `None`: a dash in every column (a day without figures).
    pub(crate) figures: Option<Figures>,
    /// Percent of the section's cost.
    pub(crate) share: Option<Decimal>,
    /// Draws a line of changes below the figures.
    pub(crate) previous: Option<Figures>,
    pub(crate) emphasis: Emphasis,
}

/// Where the names stand.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Names {
    /// Across the page, the figures on a line below: for names that may be long.
    Above,
    /// In a column at the left, at least so wide; longer names wrap.
    Beside { at_least: f32 },
}

pub(crate) struct Table<'t> {
    pub(crate) name_title: &'t str,
    pub(crate) names: Names,
    pub(crate) columns: &'t [Column],
    pub(crate) rows: &'t [Row],
    pub(crate) currency: Currency,
}

const HEAD_HEIGHT: f32 = 20.0;
const CONTINUED_HEIGHT: f32 = 15.5;
const SIZES: [f32; 6] = [7.8, 7.4, 7.0, 6.6, 6.2, 5.8];
const NAME: Style = Style::new(Face::Regular, 8.6);
const NAME_SMALLEST: f32 = 7.0;
const DETAIL: Style = Style::new(Face::Regular, 7.0);
/// Lines a name or its detail may take; the workbook has longer ones in full.
const MOST_LINES: usize = 8;
/// Space between two columns.
const GAP: f32 = 9.0;
const SHARE_BAR: f32 = 40.0;

/// Rows that stay together at the end of a table, its total among them, and behind its header.
const KEPT: usize = 3;

/// How the figures of a table are written: alike in all its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Notation {
    /// Amounts and counts in 억/만 or M/K.
    compact: bool,
    /// Some row has a fraction of a conversion: every row shows both places, so that the points stand below each other.
    fractions: bool,
}

/// The widths a table has settled on.
struct Fit {
    size: f32,
    notation: Notation,
    name_width: f32,
    /// The right edge of each column.
    edges: Vec<f32>,
}

/// A row with its lines broken.
struct Measured {
    names: Vec<Arc<Run>>,
    name_size: f32,
    details: Vec<Arc<Run>>,
    /// The detail stands on the name's line, at the right.
    detail_beside: bool,
    height: f32,
}

impl Column {
    fn title(self, lang: Lang, share: &str) -> String {
        match self {
            Self::Share => share.to_owned(),
            Self::Measure(measure) => measure.short_name(lang),
        }
    }

    fn value(self, lang: Lang, row: &Row, currency: Currency, notation: Notation) -> String {
        match self {
            Self::Share => row.share.map(percent_short).unwrap_or_default(),
            Self::Measure(measure) => match row.figures.as_ref().and_then(|figures| figures.get(measure)) {
                Some(value) if measure == Measure::Conversions && notation.fractions && !notation.compact => even_conversions(value),
                value if notation.compact => measure.show_compact(lang, value, currency),
                value => measure.show(lang, value, currency),
            },
        }
    }

    fn change(self, row: &Row) -> Option<Decimal> {
        match self {
            Self::Share => None,
            Self::Measure(measure) => {
                let (now, before) = (row.figures.as_ref()?.get(measure)?, row.previous.as_ref()?.get(measure)?);
                if before.is_zero() { None } else { (now - before).checked_mul(Decimal::ONE_HUNDRED)?.checked_div(before.abs()) }
            }
        }
    }
}

/// Whether a conversion count shows places behind the point.
fn has_fraction(conversions: Decimal) -> bool {
    !conversions.round_dp_with_strategy(2, rust_decimal::RoundingStrategy::MidpointAwayFromZero).fract().is_zero()
}

/// A share with one place.
pub(super) fn percent_short(value: Decimal) -> String {
    let rounded = value.round_dp_with_strategy(1, rust_decimal::RoundingStrategy::MidpointAwayFromZero);
    format!("{rounded:.1}%")
}

fn figure_style(size: f32, emphasis: Emphasis) -> Style {
    Style::figures(if emphasis == Emphasis::Plain { Face::Regular } else { Face::SemiBold }, size)
}

fn change_style(size: f32) -> Style {
    Style::figures(Face::Regular, (size - 1.2).max(5.6))
}

impl Table<'_> {
    /// The height of the header and the first rows: what must fit below a heading. A table of few rows stays whole.
    pub(crate) fn first_height(&self, flow: &mut Flow<'_, '_>) -> f32 {
        let fit = self.fit(flow);
        let whole = self.rows.len() <= 2 * KEPT;
        let kept = if whole { self.rows.len() } else { KEPT };
        HEAD_HEIGHT + self.rows.iter().take(kept).map(|row| self.measure(flow.shaper, &fit, row).height).sum::<f32>()
    }

    /// The last row that must stand on the page of this one: a group's title stays with its first row, the end of the table together.
    fn kept_with(&self, index: usize) -> usize {
        let last = self.rows.len() - 1;
        let end_starts = self.rows.len().saturating_sub(KEPT);
        let with = if self.rows[index].emphasis == Emphasis::Group { (index + 1).min(last) } else { index };
        if index <= end_starts && with >= end_starts { last } else { with }
    }

    pub(crate) fn draw(&self, flow: &mut Flow<'_, '_>) {
        let fit = self.fit(flow);
        let measured: Vec<Measured> = self.rows.iter().map(|row| self.measure(flow.shaper, &fit, row)).collect();
        let mut head_needed = true;
        let mut group: Option<&Row> = None;
        for (index, row) in self.rows.iter().enumerate() {
            let needed: f32 = measured[index..=self.kept_with(index)].iter().map(|row| row.height).sum();
            if flow.ensure(needed + if head_needed { HEAD_HEIGHT } else { 0.0 }) {
                head_needed = true;
            }
            if head_needed {
                self.draw_head(flow, &fit);
                if let Some(group) = group.filter(|_| row.emphasis == Emphasis::Plain) {
                    draw_continued(flow, &group.name);
                }
                head_needed = false;
            }
            group = match row.emphasis {
                Emphasis::Group => Some(row),
                Emphasis::Plain => group,
                Emphasis::Total => None,
            };
            self.draw_row(flow, &fit, row, &measured[index]);
        }
        flow.y += 4.0;
    }

    fn fit(&self, flow: &mut Flow<'_, '_>) -> Fit {
        let width = flow.theme.width();
        let lang = flow.lang();
        let share = flow.say("report.table.share", &[]);
        let least_name = match self.names {
            Names::Above => 0.0,
            Names::Beside { at_least } => at_least + GAP,
        };
        let mut chosen = None;
        let fraction = |row: &Row| row.figures.as_ref().and_then(|figures| figures.conversions).is_some_and(has_fraction);
        let fractions = self.rows.iter().any(fraction);
        'sizes: for compact in [false, true] {
            let notation = Notation { compact, fractions };
            for size in SIZES {
                let widths: Vec<f32> =
                    self.columns.iter().map(|column| self.column_width(flow.shaper, lang, *column, &share, size, notation)).collect();
                let fits = widths.iter().sum::<f32>() + least_name <= width;
                chosen = Some((size, notation, widths));
                if fits {
                    break 'sizes;
                }
            }
        }
        let (size, notation, widths) = chosen.unwrap_or((SIZES[0], Notation { compact: false, fractions }, Vec::new()));
        let taken: f32 = widths.iter().sum();
        let free = (width - least_name - taken).max(0.0);
        let (name_width, spread) = match self.names {
            // Names wrap before figures spread: a part of what is free loosens the columns.
            Names::Beside { at_least } => (at_least + free * 0.7, free * 0.3),
            Names::Above => (width - 10.0, free),
        };
        let count = widths.len().max(1) as f32;
        let mut edge = flow.theme.margin + if matches!(self.names, Names::Above) { 0.0 } else { name_width + GAP };
        let mut edges = Vec::with_capacity(widths.len());
        for (index, column) in widths.iter().enumerate() {
            let extra = match (self.names, index) {
                // The first column starts at the margin.
                (Names::Above, 0) => 0.0,
                (Names::Above, _) => spread / (count - 1.0).max(1.0),
                (Names::Beside { .. }, _) => spread / count,
            };
            edge += column + extra;
            edges.push(edge);
        }
        Fit { size, notation, name_width, edges }
    }

    fn column_width(&self, shaper: &mut Shaper<'_>, lang: Lang, column: Column, share: &str, size: f32, notation: Notation) -> f32 {
        let mut widest = shaper.width(&column.title(lang, share), Style::new(Face::SemiBold, 7.0));
        for row in self.rows {
            let value = column.value(lang, row, self.currency, notation);
            widest = widest.max(shaper.width(&value, figure_style(size, row.emphasis)));
            if let Some(percent) = column.change(row) {
                widest = widest.max(shaper.width(&change(percent), change_style(size)));
            }
        }
        widest + if column == Column::Share { SHARE_BAR + 6.0 } else { 0.0 } + GAP
    }

    fn measure(&self, shaper: &mut Shaper<'_>, fit: &Fit, row: &Row) -> Measured {
        let face = if row.emphasis == Emphasis::Plain { Face::Regular } else { Face::SemiBold };
        let style = Style { face, ..NAME };
        let style = if matches!(self.names, Names::Above) { style } else { style.sized(fit.size.max(7.0)) };
        match self.names {
            Names::Above => {
                let size = shaper.fitting(&row.name, style, fit.name_width, NAME_SMALLEST);
                let names = shaper.wrap_at_most(&row.name, style.sized(size), fit.name_width, MOST_LINES);
                let last = names.last().map_or(0.0, |run| run.width(size));
                let detail_width = shaper.width(&row.detail, DETAIL);
                let beside = names.len() == 1 && last + detail_width + 14.0 <= fit.name_width;
                let details = match row.detail.as_str() {
                    "" => Vec::new(),
                    detail => shaper.wrap_at_most(detail, DETAIL, fit.name_width, MOST_LINES),
                };
                let detail_lines = if beside { 0 } else { details.len() };
                let height =
                    10.0 + names.len() as f32 * 11.0 + detail_lines as f32 * 9.5 + 10.5 + if row.previous.is_some() { 9.5 } else { 0.0 };
                Measured { names, name_size: size, details, detail_beside: beside, height }
            }
            Names::Beside { .. } => {
                let names = shaper.wrap_at_most(&row.name, style, fit.name_width, MOST_LINES);
                let details = if row.detail.is_empty() {
                    Vec::new()
                } else {
                    shaper.wrap_at_most(&row.detail, DETAIL.sized(6.6), fit.name_width, MOST_LINES)
                };
                let height = 7.5 + names.len() as f32 * 10.5 + details.len() as f32 * 9.0;
                let height = if row.previous.is_some() { height.max(27.5) } else { height };
                Measured { names, name_size: style.size, details, detail_beside: false, height }
            }
        }
    }

    fn draw_head(&self, flow: &mut Flow<'_, '_>, fit: &Fit) {
        let theme = *flow.theme;
        let (lang, top) = (flow.lang(), flow.y);
        let share = flow.say("report.table.share", &[]);
        let style = Style::new(Face::SemiBold, 7.0);
        flow.rect(theme.margin, top, theme.width(), HEAD_HEIGHT - 3.0, theme.wash);
        let baseline = top + 11.2;
        if !self.columns.contains(&Column::Share) || !matches!(self.names, Names::Above) {
            flow.text(self.name_title, style, theme.margin + 5.0, baseline, Align::Left, theme.muted);
        }
        for (column, edge) in self.columns.iter().zip(&fit.edges) {
            if *column == Column::Share && matches!(self.names, Names::Above) {
                let title = format!("{} · {share}", self.name_title);
                flow.text(&title, style, theme.margin + 5.0, baseline, Align::Left, theme.muted);
            } else {
                let title = column.title(lang, &share);
                flow.text(&title, style, edge - 5.0, baseline, Align::Right, theme.muted);
            }
        }
        flow.mark(Part::TableHead, top, top + HEAD_HEIGHT - 3.0);
        flow.y = top + HEAD_HEIGHT;
    }

    fn draw_row(&self, flow: &mut Flow<'_, '_>, fit: &Fit, row: &Row, measured: &Measured) {
        let theme = *flow.theme;
        let top = flow.y;
        let left = theme.margin + 5.0;
        if row.emphasis != Emphasis::Plain {
            flow.rect(theme.margin, top, theme.width(), measured.height, theme.wash);
        }
        let name_color = if row.figures.is_some() || row.emphasis != Emphasis::Plain { theme.ink } else { theme.faint };
        let mut y = top;
        let figures_baseline;
        match self.names {
            Names::Above => {
                y += 4.0;
                for run in &measured.names {
                    flow.draw(run, left, y + 8.4, measured.name_size, name_color);
                    y += 11.0;
                }
                for run in &measured.details {
                    if measured.detail_beside {
                        let x = theme.right() - 5.0 - run.width(DETAIL.size);
                        flow.draw(run, x, y - 11.0 + 8.2, DETAIL.size, theme.muted);
                    } else {
                        flow.draw(run, left, y + 7.2, DETAIL.size, theme.muted);
                        y += 9.5;
                    }
                }
                figures_baseline = y + 8.6;
            }
            Names::Beside { .. } => {
                y += 3.0;
                figures_baseline = y + 8.0;
                for run in &measured.names {
                    flow.draw(run, left, y + 8.0, measured.name_size, name_color);
                    y += 10.5;
                }
                for run in &measured.details {
                    flow.draw(run, left, y + 7.0, 6.6, theme.muted);
                    y += 9.0;
                }
            }
        }
        self.draw_figures(flow, fit, row, figures_baseline);
        let bottom = top + measured.height;
        flow.rect(theme.margin, bottom - 0.5, theme.width(), 0.5, theme.hairline);
        flow.mark(if row.emphasis == Emphasis::Group { Part::GroupHeading } else { Part::Row }, top, bottom);
        flow.y = bottom;
    }

    fn draw_figures(&self, flow: &mut Flow<'_, '_>, fit: &Fit, row: &Row, baseline: f32) {
        let theme = *flow.theme;
        let lang = flow.lang();
        let style = figure_style(fit.size, row.emphasis);
        let color = if row.figures.is_some() { theme.ink } else { theme.faint };
        for (column, edge) in self.columns.iter().zip(&fit.edges) {
            let value = column.value(lang, row, self.currency, fit.notation);
            if *column == Column::Share {
                if matches!(self.names, Names::Above) {
                    draw_share_bar(flow, theme.margin + 5.0, baseline, row.share);
                    flow.text(&value, style, theme.margin + 5.0 + SHARE_BAR + 5.0, baseline, Align::Left, theme.muted);
                } else {
                    flow.text(&value, style, edge - 5.0, baseline, Align::Right, color);
                }
            } else {
                flow.text(&value, style, edge - 5.0, baseline, Align::Right, color);
            }
            if let (Column::Measure(measure), Some(percent)) = (column, column.change(row)) {
                // Colour only where it answers a question: is it worth more, does it cost less.
                let telling = matches!(measure, Measure::Conversions | Measure::Cpa | Measure::Revenue | Measure::Roas);
                let tone = if telling { change_color(flow, *measure, percent) } else { theme.muted };
                let text = change(percent);
                flow.text(&text, change_style(fit.size), edge - 5.0, baseline + 9.2, Align::Right, tone);
            }
        }
    }
}

/// Below a repeated header: whose rows go on.
fn draw_continued(flow: &mut Flow<'_, '_>, name: &str) {
    let theme = *flow.theme;
    let top = flow.y;
    let style = Style::new(Face::SemiBold, 7.4);
    let words = flow.say("report.table.continued", &[("name", name)]);
    let line = flow.shaper.one_line(&words, style, theme.width() - 10.0);
    flow.rect(theme.margin, top, theme.width(), CONTINUED_HEIGHT, theme.wash);
    flow.draw(&line, theme.margin + 5.0, top + 10.4, style.size, theme.muted);
    flow.rect(theme.margin, top + CONTINUED_HEIGHT - 0.5, theme.width(), 0.5, theme.hairline);
    flow.mark(Part::GroupHeading, top, top + CONTINUED_HEIGHT);
    flow.y = top + CONTINUED_HEIGHT;
}

fn draw_share_bar(flow: &mut Flow<'_, '_>, x: f32, baseline: f32, share: Option<Decimal>) {
    use rust_decimal::prelude::ToPrimitive;
    let theme = *flow.theme;
    let Some(share) = share.and_then(|share| share.to_f32()) else { return };
    flow.rect(x, baseline - 4.4, SHARE_BAR, 3.2, theme.hairline);
    let filled = SHARE_BAR * (share / 100.0).clamp(0.0, 1.0);
    if filled > 0.0 {
        flow.rect(x, baseline - 4.4, filled.max(0.6), 3.2, theme.accent);
    }
}

/// Better is the accent, worse is red, neither is grey.
pub(crate) fn change_color(flow: &Flow<'_, '_>, measure: Measure, percent: Decimal) -> Color {
    let rounded = percent.round_dp(1);
    match measure.more_is_better() {
        None => flow.theme.muted,
        Some(_) if rounded.is_zero() => flow.theme.muted,
        Some(more) if more == rounded.is_sign_positive() => flow.theme.accent,
        Some(_) => flow.theme.worse,
    }
}

/// The share of a part, in percent.
pub(crate) fn share_of(part: Decimal, whole: Decimal) -> Option<Decimal> {
    part.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(whole)
}

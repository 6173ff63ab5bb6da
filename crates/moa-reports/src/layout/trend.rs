//! The daily trend: cost as bars, and the outcome as a line over them. A day without figures is a gap, never a zero.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use moa_domain::DateRange;
use moa_text::{Measure, compact_money};
use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};

use super::axis::Axis;
use super::flow::{Align, Flow, is_weekend};
use crate::display::{Item, Part, Segment, circle};
use crate::document::CurrencySection;
use crate::figures::Figures;
use crate::fonts::Face;
use crate::shape::Style;

const PLOT_HEIGHT: f32 = 138.0;
const LEGEND_HEIGHT: f32 = 18.0;
const LABELS_HEIGHT: f32 = 18.0;
/// More days than this do not become readable bars.
const MOST_DAYS: i64 = 800;

/// The measure of the line: return where there is revenue, else conversions, else clicks.
fn line_measure(section: &CurrencySection) -> Measure {
    let any = |measure: Measure| {
        section
            .daily
            .iter()
            .filter_map(|day| day.figures.as_ref())
            .any(|figures| figures.get(measure).is_some_and(|value| !value.is_zero()))
    };
    if any(Measure::Revenue) {
        Measure::Roas
    } else if any(Measure::Conversions) {
        Measure::Conversions
    } else {
        Measure::Clicks
    }
}

fn number(figures: &Figures, measure: Measure) -> Option<f64> {
    figures.get(measure).and_then(|value| value.to_f64())
}

pub(super) fn draw(flow: &mut Flow<'_, '_>, section: &CurrencySection) {
    let period = DateRange::from(flow.document.period);
    if period.days() < 2 || period.days() > MOST_DAYS {
        return;
    }
    let title = flow.section_title("report.section.trend", section.currency);
    let height = LEGEND_HEIGHT + PLOT_HEIGHT + LABELS_HEIGHT;
    flow.heading(&title, "", height);
    let by_day: BTreeMap<NaiveDate, &Figures> =
        section.daily.iter().filter_map(|day| day.figures.as_ref().map(|figures| (day.date, figures))).collect();
    let days: Vec<NaiveDate> = period.iter().collect();
    let top = flow.y;
    if by_day.is_empty() {
        let theme = *flow.theme;
        let words = flow.say("report.chart.no_days", &[]);
        flow.text(&words, Style::new(Face::Regular, 9.0), theme.margin, top + 16.0, Align::Left, theme.muted);
        flow.mark(Part::Block, top, top + 24.0);
        flow.y = top + 24.0;
        return;
    }
    Chart { section, days: &days, by_day: &by_day, line: line_measure(section) }.draw(flow);
    flow.mark(Part::Block, top, top + height);
    flow.y = top + height;
}

struct Chart<'c> {
    section: &'c CurrencySection,
    days: &'c [NaiveDate],
    by_day: &'c BTreeMap<NaiveDate, &'c Figures>,
    line: Measure,
}

/// Where the chart draws.
struct Plot {
    left: f32,
    right: f32,
    top: f32,
    bars: Axis,
    line: Axis,
}

impl Plot {
    fn y(&self, axis: &Axis, value: f64) -> f32 {
        self.top + PLOT_HEIGHT * (1.0 - axis.place(value) as f32)
    }

    fn zero(&self) -> f32 {
        self.y(&self.bars, 0.0)
    }
}

const AXIS_TEXT: Style = Style::figures(Face::Regular, 7.0);

impl Chart<'_> {
    fn draw(&self, flow: &mut Flow<'_, '_>) {
        let theme = *flow.theme;
        let bounds =
            |values: &mut dyn Iterator<Item = f64>| values.fold((0.0_f64, 0.0_f64), |(low, high), value| (low.min(value), high.max(value)));
        let (low, high) = bounds(&mut self.by_day.values().filter_map(|figures| number(figures, Measure::Cost)));
        let mut bars = Axis::over(low, high);
        let (line_low, line_high) = bounds(&mut self.by_day.values().filter_map(|figures| number(figures, self.line)));
        if line_low < 0.0 && bars.below == 0 {
            bars.below = 1;
        }
        let line = bars.sharing(line_low, line_high);

        let left_labels: Vec<String> = bars.ticks().map(|tick| compact_money(flow.lang(), decimal(tick), self.section.currency)).collect();
        // Where only the bars go below zero, the line's axis says nothing there.
        let right_label = |tick: f64| match tick < 0.0 && line_low >= 0.0 {
            true => String::new(),
            false => self.line.show_compact(flow.lang(), Some(decimal(tick)), self.section.currency),
        };
        let right_labels: Vec<String> = line.ticks().map(right_label).collect();
        let widest = |flow: &mut Flow<'_, '_>, labels: &[String]| {
            labels.iter().map(|label| flow.shaper.width(label, AXIS_TEXT)).fold(0.0_f32, f32::max)
        };
        let (left_width, right_width) = (widest(flow, &left_labels), widest(flow, &right_labels));
        let plot = Plot {
            left: theme.margin + left_width + 7.0,
            right: theme.right() - right_width - 7.0,
            top: flow.y + LEGEND_HEIGHT,
            bars,
            line,
        };
        self.draw_legend(flow);
        self.draw_grid(flow, &plot, &left_labels, &right_labels);
        self.draw_bars(flow, &plot);
        self.draw_line(flow, &plot);
        self.draw_days(flow, &plot);
    }

    fn slot(&self, plot: &Plot) -> f32 {
        (plot.right - plot.left) / self.days.len() as f32
    }

    fn draw_legend(&self, flow: &mut Flow<'_, '_>) {
        let theme = *flow.theme;
        let style = Style::new(Face::Regular, 7.6);
        let baseline = flow.y + 8.0;
        let mut x = theme.margin;
        flow.rect(x, baseline - 5.6, 6.4, 6.4, theme.accent_soft);
        let cost = Measure::Cost.name(flow.lang());
        x += 10.0;
        x += flow.text(&cost, style, x, baseline, Align::Left, theme.muted) + 14.0;
        flow.push(Item::Stroke {
            path: vec![Segment::Move(x, baseline - 2.6), Segment::Line(x + 12.0, baseline - 2.6)],
            color: theme.panel,
            width: 1.5,
            dash: None,
        });
        x += 16.0;
        let line = self.line.name(flow.lang());
        x += flow.text(&line, style, x, baseline, Align::Left, theme.muted) + 14.0;
        if self.by_day.len() < self.days.len() {
            flow.push(Item::Stroke {
                path: vec![Segment::Move(x, baseline - 2.6), Segment::Line(x + 12.0, baseline - 2.6)],
                color: theme.warning,
                width: 1.0,
                dash: Some((1.5, 1.5)),
            });
            let gap = flow.say("report.chart.gap", &[]);
            flow.text(&gap, style, x + 16.0, baseline, Align::Left, theme.muted);
        }
    }

    fn draw_grid(&self, flow: &mut Flow<'_, '_>, plot: &Plot, left: &[String], right: &[String]) {
        let theme = *flow.theme;
        for (index, tick) in plot.bars.ticks().enumerate() {
            let y = plot.y(&plot.bars, tick);
            let color = if tick == 0.0 { theme.faint } else { theme.hairline };
            flow.rect(plot.left, y - 0.3, plot.right - plot.left, 0.6, color);
            if let (Some(left), Some(right)) = (left.get(index), right.get(index)) {
                flow.text(left, AXIS_TEXT, plot.left - 6.0, y + 2.5, Align::Right, theme.muted);
                flow.text(right, AXIS_TEXT, plot.right + 6.0, y + 2.5, Align::Left, theme.muted);
            }
        }
    }

    fn draw_bars(&self, flow: &mut Flow<'_, '_>, plot: &Plot) {
        let theme = *flow.theme;
        let slot = self.slot(plot);
        let width = (slot * 0.62).min(26.0);
        let zero = plot.zero();
        for (index, day) in self.days.iter().enumerate() {
            let center = plot.left + slot * (index as f32 + 0.5);
            match self.by_day.get(day).and_then(|figures| number(figures, Measure::Cost)) {
                Some(cost) => {
                    let y = plot.y(&plot.bars, cost);
                    let (top, height) = if cost < 0.0 { (zero, y - zero) } else { (y, zero - y) };
                    if height > 0.05 {
                        flow.rect(center - width / 2.0, top, width, height, theme.accent_soft);
                    }
                }
                None => flow.push(Item::Stroke {
                    path: vec![Segment::Move(center - slot * 0.36, zero - 1.6), Segment::Line(center + slot * 0.36, zero - 1.6)],
                    color: theme.warning,
                    width: 1.0,
                    dash: Some((1.5, 1.5)),
                }),
            }
        }
    }

    /// The line breaks where a day has no figures or no value.
    fn draw_line(&self, flow: &mut Flow<'_, '_>, plot: &Plot) {
        let color = flow.theme.panel;
        let white = flow.theme.white;
        let slot = self.slot(plot);
        let mut runs: Vec<Vec<(f32, f32)>> = vec![Vec::new()];
        for (index, day) in self.days.iter().enumerate() {
            match self.by_day.get(day).and_then(|figures| number(figures, self.line)) {
                Some(value) => {
                    let point = (plot.left + slot * (index as f32 + 0.5), plot.y(&plot.line, value));
                    if let Some(run) = runs.last_mut() {
                        run.push(point);
                    }
                }
                None => runs.push(Vec::new()),
            }
        }
        for run in runs.iter().filter(|run| run.len() > 1) {
            let path = run.iter().enumerate().map(|(index, (x, y))| if index == 0 { Segment::Move(*x, *y) } else { Segment::Line(*x, *y) });
            flow.push(Item::Stroke { path: path.collect(), color, width: 1.4, dash: None });
        }
        let dotted = self.days.len() <= 45;
        for run in &runs {
            for (x, y) in run {
                if dotted || run.len() == 1 {
                    flow.push(Item::Fill { path: circle(*x, *y, 2.1), color });
                    flow.push(Item::Fill { path: circle(*x, *y, 1.0), color: white });
                }
            }
        }
    }

    /// The days below the axis: every one when there is room, else the Mondays, else the first days of months.
    fn draw_days(&self, flow: &mut Flow<'_, '_>, plot: &Plot) {
        let theme = *flow.theme;
        let slot = self.slot(plot);
        let baseline = plot.top + PLOT_HEIGHT + 11.0;
        let label_width = flow.shaper.width(&moa_text::day_of_month(flow.lang(), self.days[0]), AXIS_TEXT).max(24.0) + 8.0;
        let every_day = slot >= label_width;
        let mondays = slot * 7.0 >= label_width;
        let mut free_from = f32::MIN;
        for (index, day) in self.days.iter().enumerate() {
            let due = if every_day {
                true
            } else if mondays {
                day.weekday().number_from_monday() == 1 || index == 0
            } else {
                day.day() == 1 || index == 0
            };
            let center = plot.left + slot * (index as f32 + 0.5);
            if due && center - label_width / 2.0 >= free_from {
                let label = moa_text::day_of_month(flow.lang(), *day);
                let color = if every_day && is_weekend(*day) { theme.worse } else { theme.muted };
                flow.rect(center - 0.3, plot.top + PLOT_HEIGHT, 0.6, 2.6, theme.faint);
                flow.text(&label, AXIS_TEXT, center, baseline, Align::Center, color);
                free_from = center + label_width / 2.0;
            }
        }
    }
}

fn decimal(value: f64) -> Decimal {
    Decimal::from_f64(value).unwrap_or_default()
}

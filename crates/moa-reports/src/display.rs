//! The display list: what is drawn where, in points from the top left corner, y down. It knows nothing of PDF, so tests can read it.

use std::sync::Arc;

use crate::shape::Run;

/// An opaque colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Color(pub u8, pub u8, pub u8);

/// A step of an outline.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Segment {
    Move(f32, f32),
    Line(f32, f32),
    /// Two control points and the end.
    Curve(f32, f32, f32, f32, f32, f32),
}

/// Something drawn.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    Rect {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
        color: Color,
    },
    /// A closed outline, filled.
    Fill {
        path: Vec<Segment>,
        color: Color,
    },
    /// An open line.
    Stroke {
        path: Vec<Segment>,
        color: Color,
        width: f32,
        dash: Option<(f32, f32)>,
    },
    /// A closed outline, drawn along.
    Outline {
        path: Vec<Segment>,
        color: Color,
        width: f32,
    },
    /// `y` is the baseline.
    Text {
        run: Arc<Run>,
        x: f32,
        y: f32,
        size: f32,
        color: Color,
    },
    /// One of the document's logos.
    Logo {
        logo: Logo,
        x: f32,
        y: f32,
        width: f32,
        height: f32,
    },
}

/// Whose logo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Logo {
    Agency,
    Client,
}

/// What a stretch of a page is for: read by the outline and by tests, never drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    pub part: Part,
    pub top: f32,
    pub bottom: f32,
}

/// A part of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// A section's title; it stands in the outline.
    Heading(String),
    /// The title of a group of rows.
    GroupHeading,
    TableHead,
    /// A row of a table.
    Row,
    /// A line of words.
    Line,
    Block,
}

/// One A4 page.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Page {
    pub items: Vec<Item>,
    pub marks: Vec<Mark>,
}

/// How far a control point lies from a corner for a quarter circle of radius 1.
const QUARTER: f32 = 0.552_285;

/// A rectangle with round corners.
pub(crate) fn rounded(x: f32, y: f32, width: f32, height: f32, radius: f32) -> Vec<Segment> {
    let r = radius.min(width / 2.0).min(height / 2.0);
    let k = r * (1.0 - QUARTER);
    let (right, bottom) = (x + width, y + height);
    vec![
        Segment::Move(x + r, y),
        Segment::Line(right - r, y),
        Segment::Curve(right - k, y, right, y + k, right, y + r),
        Segment::Line(right, bottom - r),
        Segment::Curve(right, bottom - k, right - k, bottom, right - r, bottom),
        Segment::Line(x + r, bottom),
        Segment::Curve(x + k, bottom, x, bottom - k, x, bottom - r),
        Segment::Line(x, y + r),
        Segment::Curve(x, y + k, x + k, y, x + r, y),
    ]
}

/// A full circle.
pub(crate) fn circle(cx: f32, cy: f32, radius: f32) -> Vec<Segment> {
    rounded(cx - radius, cy - radius, 2.0 * radius, 2.0 * radius, radius)
}

/// A point of a circle at a turn: 0 is up, 1 is a full turn, clockwise.
fn on_circle(cx: f32, cy: f32, radius: f32, turn: f32) -> (f32, f32) {
    let angle = turn * std::f32::consts::TAU;
    (cx + radius * angle.sin(), cy - radius * angle.cos())
}

/// Appends an arc in curves of at most a quarter turn; backwards when `to` is before `from`.
fn arc(path: &mut Vec<Segment>, center: (f32, f32), radius: f32, from: f32, to: f32) {
    let steps = ((to - from).abs() / 0.25).ceil().max(1.0);
    let step = (to - from) / steps;
    let handle = radius * 4.0 / 3.0 * (step * std::f32::consts::TAU / 4.0).tan();
    for index in 0..steps as usize {
        let (turn, next) = (from + step * index as f32, from + step * (index as f32 + 1.0));
        let (a, b) = (turn * std::f32::consts::TAU, next * std::f32::consts::TAU);
        let start = on_circle(center.0, center.1, radius, turn);
        let end = on_circle(center.0, center.1, radius, next);
        path.push(Segment::Curve(
            start.0 + handle * a.cos(),
            start.1 + handle * a.sin(),
            end.0 - handle * b.cos(),
            end.1 - handle * b.sin(),
            end.0,
            end.1,
        ));
    }
}

/// A ring's sector between two turns.
pub(crate) fn ring_sector(center: (f32, f32), outer: f32, inner: f32, from: f32, to: f32) -> Vec<Segment> {
    let start = on_circle(center.0, center.1, outer, from);
    let inward = on_circle(center.0, center.1, inner, to);
    let mut path = vec![Segment::Move(start.0, start.1)];
    arc(&mut path, center, outer, from, to);
    path.push(Segment::Line(inward.0, inward.1));
    arc(&mut path, center, inner, to, from);
    path
}

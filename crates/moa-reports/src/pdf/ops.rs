//! A page's display list as printpdf operations. Coordinates turn upside down and are rounded to hundredths of a point, which no eye and
//! no printer can tell, so that a last bit of a sine never changes a file.

use std::collections::BTreeMap;

use printpdf::{
    Codepoint, DictItem, Line, LineDashPattern, LinePoint, Op, PaintMode, PdfFontHandle, Point, Polygon, PolygonRing, Pt, Rect, Rgb,
    TextItem, TextMatrix, WindingOrder, XObjectTransform,
};

use super::embed::{UsedGlyphs, font_id};
use super::logo_id;
use crate::display::{Color, Item, Page, Segment};
use crate::fonts::Face;
use crate::shape::Run;
use crate::theme::PAGE_HEIGHT;

/// What the viewer still has set, so that nothing is said twice.
#[derive(Default)]
struct State {
    fill: Option<Color>,
    stroke: Option<Color>,
    width: Option<f32>,
    dash: Option<Option<(f32, f32)>>,
    font: Option<(Face, f32)>,
    in_text: bool,
}

struct Writer<'u> {
    ops: Vec<Op>,
    state: State,
    used: &'u UsedGlyphs,
}

fn hundredths(value: f32) -> f32 {
    (value * 100.0).round() / 100.0
}

fn point(x: f32, y: f32) -> Point {
    Point { x: Pt(hundredths(x)), y: Pt(hundredths(PAGE_HEIGHT - y)) }
}

fn color_of(color: Color) -> printpdf::Color {
    // Three places tell 256 steps apart.
    let part = |value: u8| (f32::from(value) / 255.0 * 1000.0).round() / 1000.0;
    printpdf::Color::Rgb(Rgb { r: part(color.0), g: part(color.1), b: part(color.2), icc_profile: None })
}

pub(super) fn of_page(page: &Page, used: &UsedGlyphs) -> Vec<Op> {
    let mut writer = Writer { ops: Vec::with_capacity(page.items.len() * 4), state: State::default(), used };
    for item in &page.items {
        writer.item(item);
    }
    writer.end_text();
    writer.ops
}

impl Writer<'_> {
    fn item(&mut self, item: &Item) {
        match item {
            Item::Rect { x, y, width, height, color } => {
                self.end_text();
                self.fill(*color);
                self.ops.push(Op::DrawRectangle {
                    rectangle: Rect {
                        x: Pt(hundredths(*x)),
                        y: Pt(hundredths(PAGE_HEIGHT - y - height)),
                        width: Pt(hundredths(*width)),
                        height: Pt(hundredths(*height)),
                        mode: Some(PaintMode::Fill),
                        winding_order: Some(WindingOrder::NonZero),
                    },
                });
            }
            Item::Fill { path, color } => {
                self.end_text();
                self.fill(*color);
                self.polygon(path, PaintMode::Fill);
            }
            Item::Outline { path, color, width } => {
                self.end_text();
                self.stroke(*color, *width, None);
                self.polygon(path, PaintMode::Stroke);
            }
            Item::Stroke { path, color, width, dash } => {
                self.end_text();
                self.stroke(*color, *width, *dash);
                self.ops.push(Op::DrawLine { line: Line { points: points(path), is_closed: false } });
            }
            Item::Text { run, x, y, size, color } => self.text(run, *x, *y, *size, *color),
            Item::Logo { logo, x, y, width, height } => {
                self.end_text();
                self.ops.push(Op::UseXobject {
                    id: logo_id(*logo),
                    transform: XObjectTransform {
                        translate_x: Some(Pt(hundredths(*x))),
                        translate_y: Some(Pt(hundredths(PAGE_HEIGHT - y - height))),
                        scale_x: Some(hundredths(*width)),
                        scale_y: Some(hundredths(*height)),
                        // The picture is a unit square; its size is the scale.
                        no_auto_scale: true,
                        ..XObjectTransform::default()
                    },
                });
            }
        }
    }

    fn fill(&mut self, color: Color) {
        if self.state.fill != Some(color) {
            self.state.fill = Some(color);
            self.ops.push(Op::SetFillColor { col: color_of(color) });
        }
    }

    fn stroke(&mut self, color: Color, width: f32, dash: Option<(f32, f32)>) {
        if self.state.stroke != Some(color) {
            self.state.stroke = Some(color);
            self.ops.push(Op::SetOutlineColor { col: color_of(color) });
        }
        if self.state.width != Some(width) {
            self.state.width = Some(width);
            self.ops.push(Op::SetOutlineThickness { pt: Pt(width) });
        }
        if self.state.dash != Some(dash) {
            self.state.dash = Some(dash);
            let dash = dash.map_or_else(LineDashPattern::solid, |(on, off)| LineDashPattern::new(0.0, &[on, off]));
            self.ops.push(Op::SetLineDashPattern { dash });
        }
    }

    fn polygon(&mut self, path: &[Segment], mode: PaintMode) {
        let rings = vec![PolygonRing { points: points(path) }];
        self.ops.push(Op::DrawPolygon { polygon: Polygon { rings, mode, winding_order: WindingOrder::NonZero } });
    }

    fn end_text(&mut self) {
        if self.state.in_text {
            self.state.in_text = false;
            self.ops.push(Op::EndTextSection);
        }
    }

    fn text(&mut self, run: &Run, x: f32, y: f32, size: f32, color: Color) {
        self.fill(color);
        if !self.state.in_text {
            self.state.in_text = true;
            self.ops.push(Op::StartTextSection);
        }
        let size = hundredths(size);
        if self.state.font != Some((run.face, size)) {
            self.state.font = Some((run.face, size));
            self.ops.push(Op::SetFont { font: PdfFontHandle::External(font_id(run.face)), size: Pt(size) });
        }
        let at = point(x, y);
        let spelled = self.used.spells(run);
        if !spelled {
            let mut utf16 = vec![0xFE, 0xFF];
            utf16.extend(run.text.encode_utf16().flat_map(u16::to_be_bytes));
            let text = DictItem::String { data: utf16, literal: false };
            let properties = DictItem::Dict { map: BTreeMap::from([("ActualText".to_owned(), text)]) };
            self.ops.push(Op::BeginMarkedContentWithProperties { tag: "Span".to_owned(), properties });
        }
        self.ops.push(Op::SetTextMatrix { matrix: TextMatrix::Translate(at.x, at.y) });
        self.ops.push(Op::ShowText { items: vec![TextItem::GlyphIds(self.glyphs(run))] });
        if !spelled {
            self.ops.push(Op::EndMarkedContentWithProperties);
        }
    }

    /// Each glyph with what it says, and the difference between the advance the shaper chose and the width the file states.
    fn glyphs(&self, run: &Run) -> Vec<Codepoint> {
        run.glyphs
            .iter()
            .map(|glyph| {
                let id = self.used.new_id(run.face, glyph);
                let adjust = self.used.width(run.face, id) - glyph.advance;
                Codepoint::with_cid(id, adjust as f32, self.used.text(run.face, id).to_owned())
            })
            .collect()
    }
}

fn points(path: &[Segment]) -> Vec<LinePoint> {
    let mut points = Vec::with_capacity(path.len());
    let mut push = |x: f32, y: f32, bezier: bool| points.push(LinePoint { p: point(x, y), bezier });
    for segment in path {
        match *segment {
            Segment::Move(x, y) | Segment::Line(x, y) => push(x, y, false),
            Segment::Curve(ax, ay, bx, by, x, y) => {
                push(ax, ay, true);
                push(bx, by, true);
                push(x, y, false);
            }
        }
    }
    points
}

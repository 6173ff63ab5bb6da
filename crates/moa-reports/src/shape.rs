//! Text into glyphs. One [`Shaper`] serves one report: it keeps every shaping plan and every finished run, because the same words and
//! figures come again and again, and because the run that was measured must be the run that is drawn.

use std::collections::HashMap;
use std::sync::Arc;

use rustybuzz::ttf_parser::{GlyphId, Tag};
use rustybuzz::{Direction, Feature, Script, ShapePlan, UnicodeBuffer};

use crate::error::ReportError;
use crate::fonts::{Face, Fonts};

/// Drawn where a font has no picture for a character.
const MISSING: char = '□';

/// How a text is set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Style {
    pub face: Face,
    /// Points.
    pub size: f32,
    /// Figures of equal width, for columns and axes.
    pub tabular: bool,
}

impl Style {
    #[must_use]
    pub const fn new(face: Face, size: f32) -> Self {
        Self { face, size, tabular: false }
    }

    #[must_use]
    pub const fn figures(face: Face, size: f32) -> Self {
        Self { face, size, tabular: true }
    }

    #[must_use]
    pub const fn sized(self, size: f32) -> Self {
        Self { size, ..self }
    }
}

/// One glyph of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glyph {
    pub id: u16,
    /// Thousandths of an em.
    pub advance: i32,
    /// The bytes of the run's text it stands for; empty for the later glyphs of one cluster.
    pub start: usize,
    pub end: usize,
    /// The font has no picture: a box is drawn.
    pub missing: bool,
}

/// A shaped line of text, without a size.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    pub text: String,
    pub face: Face,
    pub glyphs: Vec<Glyph>,
    /// Thousandths of an em.
    pub advance: i32,
}

impl Run {
    /// Points at a size.
    #[must_use]
    pub fn width(&self, size: f32) -> f32 {
        // Advances are far below 2^24, so the conversion is exact.
        self.advance as f32 * size / 1000.0
    }
}

struct LoadedFace<'f> {
    face: rustybuzz::Face<'f>,
    units_per_em: i32,
    missing: u16,
}

/// Shapes and measures; keeps what it has shaped.
pub struct Shaper<'f> {
    faces: [LoadedFace<'f>; 3],
    plans: HashMap<(Face, bool, Script), ShapePlan>,
    runs: [HashMap<String, Arc<Run>>; 6],
    buffer: UnicodeBuffer,
}

/// The letters are drawn as they were written: no arrows made of hyphens, no signs made of letters.
fn features(tabular: bool) -> Vec<Feature> {
    let off = |tag: &[u8; 4]| Feature::new(Tag::from_bytes(tag), 0, ..);
    let mut features = vec![off(b"calt"), off(b"liga"), off(b"clig"), off(b"dlig")];
    if tabular {
        features.push(Feature::new(Tag::from_bytes(b"tnum"), 1, ..));
    }
    features
}

fn load<'f>(fonts: &'f Fonts, face: Face) -> Result<LoadedFace<'f>, ReportError> {
    let parsed = rustybuzz::Face::from_slice(fonts.bytes(face), 0).ok_or(ReportError::FontBroken { face })?;
    // The writer embeds TrueType outlines, which hold the `glyf` table.
    if parsed.tables().glyf.is_none() {
        return Err(ReportError::FontBroken { face });
    }
    let missing = parsed.glyph_index(MISSING).unwrap_or(GlyphId(0)).0;
    Ok(LoadedFace { units_per_em: parsed.units_per_em(), missing, face: parsed })
}

impl<'f> Shaper<'f> {
    /// # Errors
    /// [`ReportError::FontBroken`] when a font is not TrueType.
    pub fn new(fonts: &'f Fonts) -> Result<Self, ReportError> {
        let [regular, semibold, bold] = Face::ALL;
        Ok(Self {
            faces: [load(fonts, regular)?, load(fonts, semibold)?, load(fonts, bold)?],
            plans: HashMap::new(),
            runs: std::array::from_fn(|_| HashMap::new()),
            buffer: UnicodeBuffer::new(),
        })
    }

    /// Shapes one line. The text is already clean (see `clean`).
    pub fn run(&mut self, text: &str, style: Style) -> Arc<Run> {
        let slot = style.face.index() * 2 + usize::from(style.tabular);
        if let Some(run) = self.runs[slot].get(text) {
            return Arc::clone(run);
        }
        let run = Arc::new(self.shape(text, style));
        self.runs[slot].insert(text.to_owned(), Arc::clone(&run));
        run
    }

    /// Points a text takes.
    pub fn width(&mut self, text: &str, style: Style) -> f32 {
        self.run(text, style).width(style.size)
    }

    fn shape(&mut self, text: &str, style: Style) -> Run {
        let loaded = &self.faces[style.face.index()];
        let mut buffer = std::mem::take(&mut self.buffer);
        buffer.push_str(text);
        buffer.guess_segment_properties();
        // No right-to-left script is in the fonts: such names become boxes, in the order they are stored.
        buffer.set_direction(Direction::LeftToRight);
        let script = buffer.script();
        let plan = self
            .plans
            .entry((style.face, style.tabular, script))
            .or_insert_with(|| ShapePlan::new(&loaded.face, Direction::LeftToRight, Some(script), None, &features(style.tabular)));
        let shaped = rustybuzz::shape_with_plan(&loaded.face, plan, buffer);

        let infos = shaped.glyph_infos();
        let to_thousandths = |units: i32| (units * 1000 + units.signum() * loaded.units_per_em / 2) / loaded.units_per_em;
        let mut glyphs: Vec<Glyph> = Vec::with_capacity(infos.len());
        for (index, (info, position)) in infos.iter().zip(shaped.glyph_positions()).enumerate() {
            let start = info.cluster as usize;
            let first_of_cluster = index == 0 || infos[index - 1].cluster != info.cluster;
            let next = infos[index + 1..].iter().map(|later| later.cluster as usize).find(|cluster| *cluster != start);
            let end = if first_of_cluster { next.unwrap_or(text.len()) } else { start };
            let id = u16::try_from(info.glyph_id).unwrap_or(0);
            if id == 0 {
                // One box for what a reader sees as one character.
                if first_of_cluster {
                    let advance = loaded.face.glyph_hor_advance(GlyphId(loaded.missing)).unwrap_or(500);
                    glyphs.push(Glyph { id: loaded.missing, advance: to_thousandths(i32::from(advance)), start, end, missing: true });
                }
            } else {
                glyphs.push(Glyph { id, advance: to_thousandths(position.x_advance), start, end, missing: false });
            }
        }
        self.buffer = shaped.clear();
        let advance = glyphs.iter().map(|glyph| glyph.advance).sum();
        Run { text: text.to_owned(), face: style.face, glyphs, advance }
    }

    /// Breaks a text into lines no wider than `width`. Korean and English break at spaces; a word that is wider than a line breaks behind
    /// its `_ - / |` and the like, else anywhere. Nothing is ever left out.
    pub fn wrap(&mut self, text: &str, style: Style, width: f32) -> Vec<Arc<Run>> {
        let whole = self.run(text, style);
        if whole.width(style.size) <= width {
            return vec![whole];
        }
        let mut lines = Vec::new();
        let mut line_start = 0;
        let mut pen = 0.0_f32;
        // The last places where this line may end: behind a space, behind a sign inside a word.
        let (mut after_space, mut after_sign) = (None, None);
        let mut index = 0;
        let glyphs = &whole.glyphs;
        while index < glyphs.len() {
            let glyph = &glyphs[index];
            let advance = glyph.advance as f32 * style.size / 1000.0;
            let part = &text[glyph.start..glyph.end];
            let is_space = part == " ";
            if pen + advance > width && !is_space && glyph.start > line_start && glyph.end > glyph.start {
                let end = after_space.or(after_sign).unwrap_or(glyph.start);
                let (line, end) = self.line(text, line_start, end, style, width);
                lines.push(line);
                line_start = end;
                (after_space, after_sign) = (None, None);
                pen = 0.0;
                index = glyphs.iter().position(|glyph| glyph.end > end && glyph.end > glyph.start).unwrap_or(glyphs.len());
                continue;
            }
            pen += advance;
            if is_space {
                after_space = Some(glyph.end);
            } else if part.ends_with(['_', '-', '/', '|', '\\', ',', ')', ']', '+', '&', '·', ':', '>', '=']) {
                after_sign = Some(glyph.end);
            }
            index += 1;
        }
        while !text[line_start..].trim_end().is_empty() {
            let (line, end) = self.line(text, line_start, text.len(), style, width);
            lines.push(line);
            line_start = end;
        }
        lines
    }

    /// A line and where it ends. Letters that join their neighbours may be wider apart from them: then the line ends earlier.
    fn line(&mut self, text: &str, start: usize, end: usize, style: Style, width: f32) -> (Arc<Run>, usize) {
        let mut end = end;
        loop {
            let run = self.run(text[start..end].trim_end(), style);
            match text[start..end].char_indices().next_back() {
                Some((shorter, _)) if shorter > 0 && run.width(style.size) > width => end = start + shorter,
                _ => return (run, end),
            }
        }
    }

    /// As [`Self::wrap`], but at most so many lines: what is left over is cut with an ellipsis. The workbook has every text in full.
    pub fn wrap_at_most(&mut self, text: &str, style: Style, width: f32, most: usize) -> Vec<Arc<Run>> {
        let mut lines = self.wrap(text, style, width);
        if lines.len() > most {
            lines.truncate(most);
            if let Some(last) = lines.pop() {
                let cut = self.cut(&last.text, style, width);
                lines.push(cut);
            }
        }
        lines
    }

    /// One line that fits: shortened with an ellipsis where it must be.
    pub fn one_line(&mut self, text: &str, style: Style, width: f32) -> Arc<Run> {
        let whole = self.run(text, style);
        if whole.width(style.size) <= width { whole } else { self.cut(text, style, width) }
    }

    /// The longest beginning of a text that fits with an ellipsis behind it.
    fn cut(&mut self, text: &str, style: Style, width: f32) -> Arc<Run> {
        let whole = self.run(text, style);
        let room = width - self.width("…", style);
        let mut end = 0;
        let mut pen = 0.0_f32;
        for glyph in &whole.glyphs {
            pen += glyph.advance as f32 * style.size / 1000.0;
            if pen > room {
                break;
            }
            end = end.max(glyph.end);
        }
        // A glyph after a mark may be kerned tighter than one before the ellipsis: measure what is drawn.
        loop {
            let run = self.shape(&format!("{}…", text[..end].trim_end()), style);
            let Some((shorter, _)) = text[..end].char_indices().next_back().filter(|_| run.width(style.size) > width) else {
                return Arc::new(run);
            };
            end = shorter;
        }
    }

    /// The largest size between `style.size` and `smallest` at which a text fits, stepping by a fifth of a point.
    pub fn fitting(&mut self, text: &str, style: Style, width: f32, smallest: f32) -> f32 {
        let natural = self.width(text, style);
        if natural <= width {
            return style.size;
        }
        let exact = style.size * width / natural;
        let stepped = (exact * 5.0).floor() / 5.0;
        stepped.max(smallest)
    }

    pub(crate) fn face(&self, face: Face) -> &rustybuzz::Face<'f> {
        &self.faces[face.index()].face
    }
}

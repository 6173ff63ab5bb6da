//! Which glyphs of which font the pages use, what each of them says, and the fonts cut down to them.

use std::collections::BTreeMap;

use printpdf::{FontId, FontMetrics, FontType, ParsedFont, PdfFontMetricsStub};
use subsetter::GlyphRemapper;

use crate::display::{Item, Page};
use crate::error::ReportError;
use crate::fonts::{Face, Fonts};
use crate::shape::{Glyph, Run, Shaper};

/// Per face, in the order of first use on the pages.
pub(super) struct UsedGlyphs {
    faces: [FaceGlyphs; 3],
}

#[derive(Default)]
struct FaceGlyphs {
    remapper: GlyphRemapper,
    /// By the new id, in thousandths of an em.
    widths: BTreeMap<u16, i32>,
    /// By the new id: what copying and searching finds. The first text wins; see [`UsedGlyphs::spells`].
    texts: BTreeMap<u16, String>,
}

fn text_of<'r>(run: &'r Run, glyph: &Glyph) -> &'r str {
    if glyph.missing { "□" } else { &run.text[glyph.start..glyph.end] }
}

pub(super) fn font_id(face: Face) -> FontId {
    FontId(face.font_name().to_owned())
}

impl UsedGlyphs {
    pub(super) fn of(pages: &[Page], shaper: &Shaper<'_>) -> Self {
        let mut faces: [FaceGlyphs; 3] = std::array::from_fn(|_| FaceGlyphs::default());
        for item in pages.iter().flat_map(|page| &page.items) {
            let Item::Text { run, .. } = item else { continue };
            let used = &mut faces[run.face.index()];
            for glyph in &run.glyphs {
                let id = used.remapper.remap(glyph.id);
                used.widths.entry(id).or_insert_with(|| stated_width(shaper.face(run.face), glyph.id));
                let text = text_of(run, glyph);
                if !text.is_empty() {
                    used.texts.entry(id).or_insert_with(|| text.to_owned());
                }
            }
        }
        Self { faces }
    }

    /// The id inside the cut font.
    pub(super) fn new_id(&self, face: Face, glyph: &Glyph) -> u16 {
        self.faces[face.index()].remapper.get(glyph.id).unwrap_or(0)
    }

    /// The width the file states for a glyph.
    pub(super) fn width(&self, face: Face, id: u16) -> i32 {
        self.faces[face.index()].widths.get(&id).copied().unwrap_or(0)
    }

    /// What the file says a glyph stands for.
    pub(super) fn text(&self, face: Face, id: u16) -> &str {
        self.faces[face.index()].texts.get(&id).map_or("", String::as_str)
    }

    /// Whether the glyphs of a run, read back one by one, spell its text. Not so where a character has no picture or two characters
    /// share one: then the text is written beside the glyphs.
    pub(super) fn spells(&self, run: &Run) -> bool {
        let mut rest = run.text.as_str();
        for glyph in &run.glyphs {
            let text = self.text(run.face, self.new_id(run.face, glyph));
            match rest.strip_prefix(text) {
                Some(after) => rest = after,
                None => return false,
            }
        }
        rest.is_empty()
    }

    /// The fonts as printpdf takes them: the cut program, and widths in thousandths of an em.
    pub(super) fn embed(&self, fonts: &Fonts, shaper: &Shaper<'_>) -> Result<Vec<(FontId, ParsedFont)>, ReportError> {
        let mut embedded = Vec::new();
        for face in Face::ALL {
            let used = &self.faces[face.index()];
            if used.texts.is_empty() {
                continue;
            }
            let program = subsetter::subset(fonts.bytes(face), 0, &used.remapper)
                .map_err(|error| ReportError::FontSubset { face, reason: error.to_string() })?;
            embedded.push((font_id(face), parsed(face, program, used, shaper)));
        }
        Ok(embedded)
    }
}

/// Thousandths of an em, nearest. printpdf would cut the fraction off.
fn thousandths(units: i32, units_per_em: i32) -> i32 {
    (units * 1000 + units.signum() * units_per_em / 2) / units_per_em
}

fn stated_width(font: &rustybuzz::Face<'_>, glyph: u16) -> i32 {
    let advance = font.glyph_hor_advance(rustybuzz::ttf_parser::GlyphId(glyph)).unwrap_or(0);
    thousandths(i32::from(advance), font.units_per_em())
}

fn parsed(face: Face, program: Vec<u8>, used: &FaceGlyphs, shaper: &Shaper<'_>) -> ParsedFont {
    let font = shaper.face(face);
    let to_i16 = |units: i16| i16::try_from(thousandths(i32::from(units), font.units_per_em())).unwrap_or(0);
    let widths = used.widths.iter().map(|(id, width)| (*id, u16::try_from(*width).unwrap_or(0))).collect();
    let bounds = font.global_bounding_box();
    ParsedFont {
        original_bytes: program,
        font_index: 0,
        // Six letters and a plus say that the program is a part of the font.
        font_name: Some(format!("MOAMOA+{}", face.font_name())),
        codepoint_to_glyph: BTreeMap::new(),
        glyph_widths: widths,
        units_per_em: 1000,
        font_metrics: FontMetrics { ascent: to_i16(font.ascender()), descent: to_i16(font.descender()) },
        font_type: FontType::TrueType,
        pdf_font_metrics: PdfFontMetricsStub {
            units_per_em: 1000,
            x_min: to_i16(bounds.x_min),
            y_min: to_i16(bounds.y_min),
            x_max: to_i16(bounds.x_max),
            y_max: to_i16(bounds.y_max),
            caret_slope_rise: 1,
            caret_slope_run: 0,
            us_weight_class: match face {
                Face::Regular => 400,
                Face::SemiBold => 600,
                Face::Bold => 700,
            },
        },
    }
}

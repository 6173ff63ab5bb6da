//! The PDF writer: copies a display list into a file, with the fonts cut down to the glyphs used.
//!
//! printpdf names fonts and pictures at random and gives each file a random id. Here every name is ours, and the id is made from what the
//! file holds, so the same document gives the same bytes.

mod embed;
mod finish;
mod ops;

use printpdf::{Mm, PdfDocument, PdfPage, PdfSaveOptions, PdfWarnMsg, Pt, XObject, XObjectId};

use crate::display::{Item, Logo, Page};
use crate::document::ReportDocument;
use crate::error::ReportError;
use crate::fonts::Fonts;
use crate::layout::layout;
use crate::shape::Shaper;
use crate::theme::{PAGE_HEIGHT, PAGE_WIDTH, Theme};
use embed::UsedGlyphs;

/// Lays a document out and writes it.
///
/// # Errors
/// [`ReportError`] when a font cannot be read or cut; never because of a figure or a name.
pub fn render(document: &ReportDocument, fonts: &Fonts) -> Result<Vec<u8>, ReportError> {
    let mut shaper = Shaper::new(fonts)?;
    let pages = layout(document, &Theme::default(), &mut shaper);
    write(&pages, document, fonts, &shaper)
}

/// Writes pages that were laid out from `document` with `shaper`.
///
/// # Errors
/// [`ReportError`] when a font cannot be cut or the file cannot be put together.
pub fn write(pages: &[Page], document: &ReportDocument, fonts: &Fonts, shaper: &Shaper<'_>) -> Result<Vec<u8>, ReportError> {
    let used = UsedGlyphs::of(pages, shaper);
    let mut pdf = PdfDocument::new("");
    for (id, font) in used.embed(fonts, shaper)? {
        pdf.resources.fonts.map.insert(id, printpdf::PdfFont::new(font));
    }
    add_logos(&mut pdf, pages, document);
    pdf.pages = pages
        .iter()
        .map(|page| {
            let mut written = PdfPage::new(Mm(0.0), Mm(0.0), ops::of_page(page, &used));
            for page_box in [&mut written.media_box, &mut written.trim_box, &mut written.crop_box] {
                (page_box.width, page_box.height) = (Pt(PAGE_WIDTH), Pt(PAGE_HEIGHT));
            }
            written
        })
        .collect();
    let mut warnings = Vec::new();
    let options = PdfSaveOptions { optimize: true, subset_fonts: false, secure: true, image_optimization: None };
    let written = pdf.to_lopdf_document(&options, &mut warnings);
    refuse_errors(&warnings)?;
    finish::to_bytes(written, document, pages)
}

fn logo_id(logo: Logo) -> XObjectId {
    XObjectId(match logo {
        Logo::Agency => "LogoAgency".to_owned(),
        Logo::Client => "LogoClient".to_owned(),
    })
}

fn add_logos(pdf: &mut PdfDocument, pages: &[Page], document: &ReportDocument) {
    for (logo, party) in [(Logo::Agency, &document.agency), (Logo::Client, &document.client)] {
        let drawn = pages.iter().flat_map(|page| &page.items).any(|item| matches!(item, Item::Logo { logo: of, .. } if *of == logo));
        if let Some(image) = party.logo.as_deref().filter(|_| drawn).and_then(crate::logo::decode) {
            pdf.resources.xobjects.map.insert(logo_id(logo), XObject::Image(image));
        }
    }
}

/// printpdf reports what it could not write in a list that is easily overlooked.
fn refuse_errors(warnings: &[PdfWarnMsg]) -> Result<(), ReportError> {
    match warnings.iter().find(|warning| warning.severity == printpdf::PdfParseErrorSeverity::Error) {
        Some(error) => Err(ReportError::Pdf { reason: error.msg.clone() }),
        None => Ok(()),
    }
}

//! What printpdf leaves open or to chance: the file's id, its language, properties, outline and packing.

use lopdf::{Dictionary, Document, Object, SaveOptions, StringFormat, dictionary};
use moa_text::range;
use sha2::{Digest, Sha256};

use crate::clean;
use crate::display::{Page, Part};
use crate::document::ReportDocument;
use crate::error::ReportError;
use crate::layout::title;
use crate::theme::PAGE_HEIGHT;

pub(super) fn to_bytes(mut pdf: Document, document: &ReportDocument, pages: &[Page]) -> Result<Vec<u8>, ReportError> {
    "1.7".clone_into(&mut pdf.version);
    let info = pdf.add_object(info(document));
    pdf.trailer.set("Info", info);
    let outlines = add_outline(&mut pdf, pages);
    let catalog = pdf.catalog_mut().map_err(|error| ReportError::Pdf { reason: error.to_string() })?;
    catalog.set("Lang", text(document.lang.code()));
    catalog.set("ViewerPreferences", dictionary! { "DisplayDocTitle" => true });
    catalog.set("PageLayout", "OneColumn");
    if let Some(outlines) = outlines {
        catalog.set("Outlines", outlines);
    }
    pdf.prune_objects();
    pdf.renumber_objects();
    // printpdf leaves the colours of pictures as they are. What has a filter is not packed again.
    for object in pdf.objects.values_mut() {
        if let Object::Stream(stream) = object {
            stream.allows_compression = true;
        }
    }
    pdf.compress();
    let id = Object::String(content_id(&pdf).to_vec(), StringFormat::Hexadecimal);
    pdf.trailer.set("ID", vec![id.clone(), id]);
    let mut bytes = Vec::new();
    let options = SaveOptions::builder().use_object_streams(true).use_xref_streams(true).compression_level(6).build();
    pdf.save_with_options(&mut bytes, options).map_err(|error| ReportError::Pdf { reason: error.to_string() })?;
    Ok(bytes)
}

/// 16 bytes that name this very file: made from its properties, pages, fonts and pictures.
fn content_id(pdf: &Document) -> [u8; 16] {
    let mut hash = Sha256::new();
    for object in pdf.objects.values() {
        match object {
            Object::Stream(stream) => hash.update(&stream.content),
            Object::Dictionary(dictionary) => {
                for value in dictionary.iter().filter_map(|(_, value)| value.as_str().ok()) {
                    hash.update(value);
                }
            }
            _ => {}
        }
    }
    let mut id = [0; 16];
    id.copy_from_slice(&hash.finalize()[..16]);
    id
}

/// A text string: UTF-16 with its mark, which every viewer reads.
fn text(words: &str) -> Object {
    if words.is_ascii() {
        return Object::String(words.as_bytes().to_vec(), StringFormat::Literal);
    }
    let mut bytes = vec![0xFE, 0xFF];
    bytes.extend(words.encode_utf16().flat_map(u16::to_be_bytes));
    Object::String(bytes, StringFormat::Hexadecimal)
}

fn info(document: &ReportDocument) -> Dictionary {
    let client = clean::line(&document.client.name);
    let period = range(document.lang, document.period.into());
    let subject = moa_text::text(document.lang, "report.document.subject", &[("client", &client), ("range", &period)]);
    let creator = moa_text::text(document.lang, "report.document.creator", &[]);
    let offset = document.created_at.format("%z").to_string();
    let (hours, minutes) = offset.split_at(offset.len().min(3));
    let created = format!("D:{}{hours}'{minutes}'", document.created_at.format("%Y%m%d%H%M%S"));
    dictionary! {
        "Title" => text(&format!("{client} {}", title(document))),
        "Author" => text(&clean::line(&document.agency.name)),
        "Subject" => text(&subject),
        "Creator" => text(&creator),
        "Producer" => text(&creator),
        "CreationDate" => text(&created),
        "ModDate" => text(&created),
    }
}

/// One entry per section, to its place on its page.
fn add_outline(pdf: &mut Document, pages: &[Page]) -> Option<Object> {
    let page_ids: Vec<lopdf::ObjectId> = pdf.get_pages().into_values().collect();
    let entries: Vec<(String, lopdf::ObjectId, f32)> = pages
        .iter()
        .zip(page_ids)
        .flat_map(|(page, id)| {
            page.marks.iter().filter_map(move |mark| match &mark.part {
                Part::Heading(title) => Some((title.clone(), id, PAGE_HEIGHT - mark.top + 8.0)),
                _ => None,
            })
        })
        .collect();
    if entries.is_empty() {
        return None;
    }
    let root = pdf.new_object_id();
    let ids: Vec<lopdf::ObjectId> = entries.iter().map(|_| pdf.new_object_id()).collect();
    for (index, (title, page, top)) in entries.iter().enumerate() {
        let mut entry = dictionary! {
            "Title" => text(title),
            "Parent" => root,
            "Dest" => vec![Object::from(*page), Object::from("XYZ"), Object::Null, Object::Real(top.round()), Object::Null],
        };
        if index > 0 {
            entry.set("Prev", ids[index - 1]);
        }
        if let Some(next) = ids.get(index + 1) {
            entry.set("Next", *next);
        }
        pdf.set_object(ids[index], entry);
    }
    let count = i64::try_from(entries.len()).unwrap_or(i64::MAX);
    pdf.set_object(root, dictionary! { "Type" => "Outlines", "First" => ids[0], "Last" => ids[ids.len() - 1], "Count" => count });
    Some(Object::from(root))
}

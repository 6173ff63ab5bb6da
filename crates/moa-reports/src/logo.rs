//! Logos: PNG bytes from people, which may be anything.

use printpdf::RawImage;

/// Most pixels a logo may have; a larger one is left out like one that cannot be read.
const MOST_PIXELS: u64 = 8_000_000;

/// Width and height out of the header, when this is a PNG of a sane size.
fn size(png: &[u8]) -> Option<(u32, u32)> {
    let header = png.get(..24).filter(|header| header.starts_with(b"\x89PNG\r\n\x1a\n") && &header[12..16] == b"IHDR")?;
    let number = |at: usize| header[at..at + 4].try_into().ok().map(u32::from_be_bytes);
    let (width, height) = (number(16)?, number(20)?);
    (width > 0 && height > 0 && u64::from(width) * u64::from(height) <= MOST_PIXELS).then_some((width, height))
}

/// The pixels, or `None` when the bytes are no PNG that can be shown.
pub(crate) fn decode(png: &[u8]) -> Option<RawImage> {
    size(png)?;
    RawImage::decode_from_bytes(png, &mut Vec::new()).ok()
}

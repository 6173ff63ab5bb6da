//! Logos: PNG bytes from people, which may be anything.

use printpdf::{RawImage, RawImageData, RawImageFormat};

/// Most pixels a logo may have; a larger one is left out like one that cannot be read.
const MOST_PIXELS: u64 = 8_000_000;
/// How large logos are drawn at most, in points.
pub(crate) const HEIGHT: f32 = 34.0;
pub(crate) const WIDTH: f32 = 243.0;
/// Dots per inch; more are averaged, since no printer shows them and every reader would have to load them.
const DENSEST: f32 = 400.0;

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
    let image = RawImage::decode_from_bytes(png, &mut Vec::new()).ok()?;
    let points_per_pixel = (HEIGHT / image.height as f32).min(WIDTH / image.width as f32);
    let factor = (72.0 / points_per_pixel / DENSEST) as usize;
    Some(averaged(image, factor))
}

/// Squares of `factor` pixels become one. Formats that are not bytes stay as they are.
fn averaged(image: RawImage, factor: usize) -> RawImage {
    let (colors, has_alpha) = match image.data_format {
        RawImageFormat::R8 => (1, false),
        RawImageFormat::RG8 => (1, true),
        RawImageFormat::RGB8 | RawImageFormat::BGR8 => (3, false),
        RawImageFormat::RGBA8 | RawImageFormat::BGRA8 => (3, true),
        _ => return image,
    };
    let factor = factor.min(image.width).min(image.height);
    let channels = colors + usize::from(has_alpha);
    let RawImageData::U8(pixels) = &image.pixels else { return image };
    if factor < 2 || pixels.len() != image.width * image.height * channels {
        return image;
    }
    let (width, height) = (image.width / factor, image.height / factor);
    let byte = |value: u64| u8::try_from(value).unwrap_or(u8::MAX);
    let mut smaller = Vec::with_capacity(width * height * channels);
    for (row, column) in (0..height).flat_map(|row| (0..width).map(move |column| (row, column))) {
        let (mut sums, mut opacity) = ([0_u64; 3], 0_u64);
        for (y, x) in (0..factor).flat_map(|y| (0..factor).map(move |x| (y, x))) {
            let at = ((row * factor + y) * image.width + column * factor + x) * channels;
            let pixel = &pixels[at..at + channels];
            // What cannot be seen does not colour what can.
            let alpha = if has_alpha { u64::from(pixel[colors]) } else { 255 };
            for (sum, value) in sums.iter_mut().zip(&pixel[..colors]) {
                *sum += u64::from(*value) * alpha;
            }
            opacity += alpha;
        }
        smaller.extend(sums[..colors].iter().map(|sum| byte((sum + opacity / 2) / opacity.max(1))));
        if has_alpha {
            smaller.push(byte(opacity / (factor * factor) as u64));
        }
    }
    RawImage { pixels: RawImageData::U8(smaller), width, height, ..image }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_are_averaged_by_what_can_be_seen() {
        // Two by two: opaque red, opaque red, invisible white, invisible white.
        let pixels = vec![200, 0, 0, 255, 200, 0, 0, 255, 255, 255, 255, 0, 255, 255, 255, 0];
        let image = RawImage { pixels: RawImageData::U8(pixels), width: 2, height: 2, data_format: RawImageFormat::RGBA8, tag: Vec::new() };
        let smaller = averaged(image, 2);
        assert_eq!((smaller.width, smaller.height), (1, 1));
        assert_eq!(smaller.pixels, RawImageData::U8(vec![200, 0, 0, 127]));
    }

    #[test]
    fn small_pictures_stay_as_they_are() {
        let image =
            RawImage { pixels: RawImageData::U8(vec![7; 12]), width: 2, height: 2, data_format: RawImageFormat::RGB8, tag: Vec::new() };
        assert_eq!(averaged(image.clone(), 1), image);
    }

    #[test]
    fn what_is_no_png_is_left_out() {
        assert!(decode(b"<svg/>").is_none());
        assert!(decode(&[]).is_none());
    }
}

//! Sizes and colours of the pages: quiet greys, one accent.

use crate::display::Color;

/// A4 in points.
pub const PAGE_WIDTH: f32 = 595.276;
pub const PAGE_HEIGHT: f32 = 841.89;

/// How pages look. The layout takes every colour and margin from here.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Theme {
    /// Left and right.
    pub margin: f32,
    /// Where the content of a page starts, below the running title.
    pub top: f32,
    /// From the page's lower edge to the lowest line of the footer.
    pub foot: f32,
    pub ink: Color,
    pub muted: Color,
    pub faint: Color,
    pub hairline: Color,
    pub wash: Color,
    pub accent: Color,
    pub accent_soft: Color,
    pub panel: Color,
    pub panel_raised: Color,
    pub panel_accent: Color,
    pub panel_text: Color,
    pub white: Color,
    pub worse: Color,
    pub warning: Color,
    pub warning_wash: Color,
    /// From the largest share to the smallest; the last is "other".
    pub shares: [Color; 8],
}

impl Default for Theme {
    fn default() -> Self {
        Self {
            margin: 42.0,
            top: 72.0,
            foot: 34.0,
            ink: Color(0x14, 0x1B, 0x2B),
            muted: Color(0x5B, 0x66, 0x78),
            faint: Color(0x96, 0xA0, 0xB0),
            hairline: Color(0xE1, 0xE6, 0xED),
            wash: Color(0xF5, 0xF7, 0xFA),
            accent: Color(0x1F, 0x5A, 0xD6),
            accent_soft: Color(0xB4, 0xCB, 0xF5),
            panel: Color(0x10, 0x1D, 0x3A),
            panel_raised: Color(0x1B, 0x2D, 0x55),
            panel_accent: Color(0x8F, 0xB3, 0xFA),
            panel_text: Color(0xD5, 0xDE, 0xEF),
            white: Color(0xFF, 0xFF, 0xFF),
            worse: Color(0xC2, 0x3B, 0x22),
            warning: Color(0xC7, 0x7A, 0x0A),
            warning_wash: Color(0xFE, 0xF7, 0xE8),
            shares: [
                Color(0x17, 0x45, 0xA8),
                Color(0x1F, 0x5A, 0xD6),
                Color(0x4F, 0x83, 0xEA),
                Color(0x83, 0xAA, 0xF3),
                Color(0xB4, 0xCB, 0xF5),
                Color(0x7D, 0x8B, 0xA3),
                Color(0xA9, 0xB4, 0xC5),
                Color(0xD3, 0xDA, 0xE4),
            ],
        }
    }
}

impl Theme {
    /// Width between the margins.
    #[must_use]
    pub const fn width(&self) -> f32 {
        PAGE_WIDTH - 2.0 * self.margin
    }

    /// The right margin's x.
    #[must_use]
    pub const fn right(&self) -> f32 {
        PAGE_WIDTH - self.margin
    }
}

//! The three weights every page is set in. Pretendard is bundled as files; nothing is compiled in.

use std::path::Path;

use crate::error::ReportError;

/// A weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Face {
    Regular,
    SemiBold,
    Bold,
}

impl Face {
    pub const ALL: [Self; 3] = [Self::Regular, Self::SemiBold, Self::Bold];

    /// The name inside the PDF and of the file.
    #[must_use]
    pub const fn font_name(self) -> &'static str {
        match self {
            Self::Regular => "Pretendard-Regular",
            Self::SemiBold => "Pretendard-SemiBold",
            Self::Bold => "Pretendard-Bold",
        }
    }

    pub(crate) const fn index(self) -> usize {
        match self {
            Self::Regular => 0,
            Self::SemiBold => 1,
            Self::Bold => 2,
        }
    }
}

/// The bytes of the three TrueType files.
#[derive(Debug, Clone)]
pub struct Fonts {
    pub regular: Vec<u8>,
    pub semibold: Vec<u8>,
    pub bold: Vec<u8>,
}

impl Fonts {
    /// Reads `Pretendard-Regular.ttf`, `-SemiBold.ttf` and `-Bold.ttf` of a folder.
    ///
    /// # Errors
    /// [`ReportError::FontFile`] when one cannot be read.
    pub fn load(folder: &Path) -> Result<Self, ReportError> {
        let read = |face: Face| {
            let path = folder.join(format!("{}.ttf", face.font_name()));
            std::fs::read(&path).map_err(|source| ReportError::FontFile { path, source })
        };
        Ok(Self { regular: read(Face::Regular)?, semibold: read(Face::SemiBold)?, bold: read(Face::Bold)? })
    }

    pub(crate) fn bytes(&self, face: Face) -> &[u8] {
        match face {
            Face::Regular => &self.regular,
            Face::SemiBold => &self.semibold,
            Face::Bold => &self.bold,
        }
    }
}

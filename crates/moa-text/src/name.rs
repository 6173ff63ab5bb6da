//! What platforms, channels and bases are called. A code nobody has named yet is shown as it is.

use moa_domain::{Basis, Dimension, VatBasis};

use crate::Lang;
use crate::locale::{has_text, text};

fn named(lang: Lang, group: &str, code: &str) -> String {
    let key = format!("shared.{group}.{code}");
    if has_text(lang, &key) { text(lang, &key, &[]) } else { code.to_owned() }
}

/// A platform (매체) by its code: `naver_ads` is 네이버.
#[must_use]
pub fn platform_name(lang: Lang, code: &str) -> String {
    named(lang, "platform", code)
}

/// A channel (채널) by its code: `google_search` is Google 검색광고.
#[must_use]
pub fn channel_name(lang: Lang, code: &str) -> String {
    named(lang, "channel", code)
}

/// How cost is shown: 공급가(VAT 제외), VAT 포함.
#[must_use]
pub fn basis_name(lang: Lang, basis: Basis) -> String {
    named(lang, "basis", basis.as_str())
}

/// The basis where space is short.
#[must_use]
pub fn short_basis_name(lang: Lang, basis: Basis) -> String {
    named(lang, "basis_short", basis.as_str())
}

/// Whether a stored amount holds VAT.
#[must_use]
pub fn vat_name(lang: Lang, vat: VatBasis) -> String {
    named(
        lang,
        "vat",
        match vat {
            VatBasis::Included => "included",
            VatBasis::Excluded => "excluded",
        },
    )
}

/// Ad group, keyword, creative …
#[must_use]
pub fn dimension_name(lang: Lang, dimension: Dimension) -> String {
    named(lang, "dimension", dimension.as_str())
}

#[cfg(test)]
mod tests {
    use moa_domain::Platform;

    use super::*;

    #[test]
    fn every_platform_and_its_unspecified_channel_have_a_name() {
        for lang in Lang::ALL {
            for platform in Platform::CONNECTED {
                assert!(has_text(lang, &format!("shared.platform.{}", platform.code())));
                assert!(has_text(lang, &format!("shared.channel.{}", platform.unspecified_channel())));
            }
            for basis in [Basis::Net, Basis::Gross, Basis::Billed] {
                assert!(has_text(lang, &format!("shared.basis.{}", basis.as_str())));
            }
            for dimension in Dimension::ALL {
                assert!(has_text(lang, &format!("shared.dimension.{}", dimension.as_str())));
            }
        }
    }

    #[test]
    fn an_unknown_code_is_shown_as_it_is() {
        assert_eq!(channel_name(Lang::Ko, "버스_광고"), "버스_광고");
    }
}

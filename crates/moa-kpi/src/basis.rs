//! From the stored money kind to the shown basis.
//!
//! Applied to sums per money kind, never to rows, and never written back: dividing each row by 1.1 and rounding would lose won.

use moa_domain::{Basis, Millionths, MoneyKind, VatBasis};

use crate::Exact;

const HUNDRED_PERCENT: i64 = 100_000_000;

/// A summed amount of one money kind in the asked basis. `billed` equals `gross` here: markup is added where fees are known.
#[must_use]
pub fn in_basis(sum: Millionths, kind: MoneyKind, basis: Basis) -> Exact {
    let amount = Exact::from_millionths(sum);
    let with_vat = HUNDRED_PERCENT + kind.vat_rate.0;
    match (kind.vat, basis) {
        (VatBasis::Included, Basis::Net) => amount.times(HUNDRED_PERCENT, with_vat),
        (VatBasis::Excluded, Basis::Gross | Basis::Billed) => amount.times(with_vat, HUNDRED_PERCENT),
        (VatBasis::Included, Basis::Gross | Basis::Billed) | (VatBasis::Excluded, Basis::Net) => amount,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use moa_domain::Currency;

    const INCLUDED: MoneyKind = MoneyKind::new(Currency::KRW, VatBasis::Included, 10);
    const EXCLUDED: MoneyKind = MoneyKind::new(Currency::KRW, VatBasis::Excluded, 10);
    const ZERO_RATED: MoneyKind = MoneyKind::new(Currency::KRW, VatBasis::Included, 0);

    fn shown(won: i64, kind: MoneyKind, basis: Basis) -> String {
        in_basis(Millionths::from_whole(won), kind, basis).rounded().to_string()
    }

    #[test]
    fn takes_vat_out_and_puts_it_in() {
        assert_eq!(shown(1100, INCLUDED, Basis::Net), "1000");
        assert_eq!(shown(100, INCLUDED, Basis::Net), "90.909091");
        assert_eq!(shown(1000, EXCLUDED, Basis::Gross), "1100");
        assert_eq!(shown(1000, EXCLUDED, Basis::Net), "1000");
        assert_eq!(shown(1000, ZERO_RATED, Basis::Net), "1000");
    }
}

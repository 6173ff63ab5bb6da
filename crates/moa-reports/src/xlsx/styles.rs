//! Cell formats. 맑은 고딕 by name: every Korean Windows has it, and other systems put their own in its place.

use moa_domain::Currency;
use moa_text::{Measure, symbol};
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

const FONT: &str = "맑은 고딕";

pub(super) struct Styles {
    pub(super) title: Format,
    pub(super) quiet: Format,
    pub(super) heading: Format,
    pub(super) header: Format,
    pub(super) header_right: Format,
    pub(super) text: Format,
    pub(super) warning: Format,
    pub(super) date: Format,
    pub(super) time: Format,
    pub(super) number: Format,
    pub(super) change: Format,
    pub(super) share: Format,
    pub(super) vat_rate: Format,
}

fn base() -> Format {
    Format::new().set_font_name(FONT).set_font_size(10)
}

fn figure(number_format: &str) -> Format {
    base().set_num_format(number_format).set_align(FormatAlign::Right)
}

impl Styles {
    pub(super) fn new() -> Self {
        let header = base()
            .set_bold()
            .set_font_color(Color::RGB(0x5B_66_78))
            .set_background_color(Color::RGB(0xF0_F3_F8))
            .set_border_bottom(FormatBorder::Thin)
            .set_border_bottom_color(Color::RGB(0x14_1B_2B))
            .set_align(FormatAlign::VerticalCenter);
        Self {
            title: base().set_bold().set_font_size(16).set_font_color(Color::RGB(0x14_1B_2B)),
            quiet: base().set_font_size(9).set_font_color(Color::RGB(0x5B_66_78)),
            heading: base().set_bold().set_font_size(12).set_font_color(Color::RGB(0x14_1B_2B)),
            header_right: header.clone().set_align(FormatAlign::Right),
            header,
            text: base(),
            warning: base().set_font_color(Color::RGB(0xC7_7A_0A)),
            date: base().set_num_format("yyyy-mm-dd").set_align(FormatAlign::Left),
            time: base().set_num_format("yyyy-mm-dd hh:mm").set_align(FormatAlign::Left),
            number: base().set_num_format("0").set_align(FormatAlign::Center),
            change: figure("\"▲ +\"0.0%;\"▼ -\"0.0%;0.0%"),
            share: figure("0.0%"),
            vat_rate: figure("0.##\"%\""),
        }
    }

    /// An amount of a currency.
    pub(super) fn money(currency: Currency) -> Format {
        let decimals = match currency.decimals() {
            0 => String::new(),
            places => format!(".{}", "0".repeat(places as usize)),
        };
        let sign = match currency.code() {
            "KRW" => "[$₩-412]".to_owned(),
            "USD" => "[$$-409]".to_owned(),
            _ => format!("\"{}\"", symbol(currency)),
        };
        figure(&format!("{sign}#,##0{decimals};-{sign}#,##0{decimals}"))
    }

    /// The stored amount, with all the places it may have.
    pub(super) fn stored() -> Format {
        figure("#,##0.######")
    }

    /// How a measure is shown. Percentages are stored as fractions, as Excel has them.
    pub(super) fn measure(measure: Measure, currency: Currency) -> Format {
        match measure {
            Measure::Impressions | Measure::Clicks => figure("#,##0"),
            Measure::Conversions => figure("#,##0.00"),
            Measure::Cost | Measure::Revenue | Measure::Cpc | Measure::Cpm | Measure::Cpa => Self::money(currency),
            Measure::Ctr | Measure::ConversionRate => figure("0.00%"),
            Measure::Roas | Measure::Roi => figure("#,##0%"),
        }
    }
}

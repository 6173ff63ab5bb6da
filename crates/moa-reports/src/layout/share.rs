//! The channels' shares of cost: a ring and its key.

use moa_text::{Measure, channel_name, compact_money};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::compared_caption;
use super::flow::{Align, Flow};
use super::table::{percent_short, share_of};
use crate::display::{Color, Item, Part, ring_sector};
use crate::document::CurrencySection;
use crate::fonts::Face;
use crate::shape::Style;

const RING: f32 = 62.0;
const HOLE: f32 = 41.0;
const KEY_LEADING: f32 = 16.0;

struct Slice {
    name: String,
    cost: Decimal,
    share: Decimal,
    color: Color,
}

/// False when there is nothing to share out and nothing was drawn.
pub(super) fn draw(flow: &mut Flow<'_, '_>, section: &CurrencySection) -> bool {
    let Some(slices) = slices(flow, section) else { return false };
    let title = flow.section_title("report.section.channels", section.currency);
    let height = (2.0 * RING + 12.0).max(slices.len() as f32 * KEY_LEADING + 8.0);
    let caption = compared_caption(flow);
    flow.heading(&title, &caption, height);
    let theme = *flow.theme;
    let top = flow.y;
    let center = (theme.margin + RING + 18.0, top + height / 2.0);

    let mut turn = 0.0_f32;
    for slice in &slices {
        let part = slice.share.to_f32().unwrap_or(0.0) / 100.0;
        let next = (turn + part).min(1.0);
        // A hair of white between the sectors.
        let gap = if slices.len() > 1 && next - turn > 0.012 { 0.0022 } else { 0.0 };
        if next - turn > 0.0005 {
            flow.push(Item::Fill { path: ring_sector(center, RING, HOLE, turn + gap, next - gap), color: slice.color });
        }
        turn = next;
    }
    let label = flow.say("report.chart.total_cost", &[]);
    flow.text(&label, Style::new(Face::Regular, 7.4), center.0, center.1 - 6.0, Align::Center, theme.muted);
    let total = compact_money(flow.lang(), section.totals.cost, section.currency);
    let style = Style::figures(Face::Bold, 14.0);
    let size = flow.shaper.fitting(&total, style, HOLE * 2.0 - 12.0, 6.0);
    flow.text(&total, style.sized(size), center.0, center.1 + 10.0, Align::Center, theme.ink);

    let left = theme.margin + 2.0 * RING + 56.0;
    let mut y = top + (height - slices.len() as f32 * KEY_LEADING) / 2.0;
    for slice in &slices {
        let baseline = y + 10.5;
        flow.rect(left, baseline - 6.6, 7.0, 7.0, slice.color);
        let cost = Measure::Cost.show(flow.lang(), Some(slice.cost), section.currency);
        let figures = Style::figures(Face::Regular, 8.4);
        let cost_width = flow.text(&cost, figures, theme.right(), baseline, Align::Right, theme.muted);
        let share_right = theme.right() - cost_width.max(86.0) - 14.0;
        let share = percent_short(slice.share);
        let share_width = flow.text(&share, Style::figures(Face::SemiBold, 8.8), share_right, baseline, Align::Right, theme.ink);
        let name_style = Style::new(Face::Regular, 8.8);
        let room = share_right - share_width - 10.0 - (left + 13.0);
        let name = flow.shaper.one_line(&slice.name, name_style, room);
        flow.draw(&name, left + 13.0, baseline, name_style.size, theme.ink);
        flow.rect(left, y + KEY_LEADING - 0.5, theme.right() - left, 0.5, theme.hairline);
        y += KEY_LEADING;
    }
    flow.mark(Part::Block, top, top + height);
    flow.y = top + height + 12.0;
    true
}

/// The largest seven and the rest; `None` where a ring would say nothing.
fn slices(flow: &Flow<'_, '_>, section: &CurrencySection) -> Option<Vec<Slice>> {
    let total = section.totals.cost;
    let negative = section.channels.iter().any(|channel| channel.figures.cost.is_sign_negative() && !channel.figures.cost.is_zero());
    if section.channels.len() < 2 || negative || total <= Decimal::ZERO {
        return None;
    }
    let colors = flow.theme.shares;
    let most = if section.channels.len() <= colors.len() { colors.len() } else { colors.len() - 1 };
    let mut slices: Vec<Slice> = Vec::new();
    for (channel, color) in section.channels.iter().take(most).zip(colors) {
        let cost = channel.figures.cost;
        slices.push(Slice { name: channel_name(flow.lang(), &channel.channel), cost, share: share_of(cost, total)?, color });
    }
    let rest: Decimal = section.channels.iter().skip(most).map(|channel| channel.figures.cost).sum();
    if section.channels.len() > most {
        let name = flow.say("report.chart.other", &[]);
        slices.push(Slice { name, cost: rest, share: share_of(rest, total)?, color: colors[colors.len() - 1] });
    }
    Some(slices)
}

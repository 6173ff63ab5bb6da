import type {
  CampaignRef,
  Change,
  ClientDto,
  Compared,
  Comparison,
  CurrencySection,
  Dashboard,
  DashboardQuestion,
  Figures,
  FinerRow,
  PeriodChoice,
  ShownBasis,
} from "./types";

/** The morning the fake stands on: a Tuesday. */
export const TODAY = "2026-11-24";
export const FIRST_DAY = "2025-10-01";
export const LAST_DAY = "2026-11-23";

const utc = (day: string) => new Date(`${day}T00:00:00Z`);
const addDays = (day: string, days: number) =>
  new Date(utc(day).getTime() + days * 86_400_000).toISOString().slice(0, 10);
const daysBetween = (from: string, to: string) => (utc(to).getTime() - utc(from).getTime()) / 86_400_000 + 1;
const weekdayOf = (day: string) => utc(day).getUTCDay() || 7;

interface FakeCampaign extends CampaignRef {
  client: number;
  channel: string;
  currency: string;
  dailyCost: number;
  cpm: number;
  ctr: number;
  conversionRate: number;
  basket: number;
  drift: number;
}

export interface FakeClient extends ClientDto {
  campaigns: FakeCampaign[];
}

interface Sums {
  impressions: number;
  clicks: number;
  cost: number;
  conversions: number;
  revenue: number;
}

/** A number between 0 and 1 that is always the same for the same words. */
function chance(...seed: (string | number)[]): number {
  let hash = 2166136261;
  for (const letter of seed.join("|")) hash = Math.imul(hash ^ letter.charCodeAt(0), 16777619);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 2246822507);
  hash ^= hash >>> 13;
  return (hash >>> 0) / 4294967296;
}

const channels: Record<string, readonly (readonly [string, number, number, number])[]> = {
  // channel, cost of a thousand impressions, click-through rate, conversion rate
  google_ads: [
    ["google_search", 21_000, 0.046, 0.034],
    ["google_pmax", 5_200, 0.012, 0.021],
    ["youtube", 3_900, 0.006, 0.007],
  ],
  meta_ads: [
    ["instagram", 6_800, 0.014, 0.019],
    ["facebook", 5_400, 0.011, 0.015],
  ],
  naver_ads: [
    ["naver_search", 26_000, 0.038, 0.041],
    ["naver_shopping", 14_500, 0.024, 0.036],
    ["naver_brand", 31_000, 0.11, 0.062],
  ],
  kakao: [
    ["kakao_bizboard", 2_600, 0.0085, 0.009],
    ["kakao_message", 9_800, 0.031, 0.018],
  ],
};

const themes = [
  "브랜드",
  "신상품",
  "겨울이불",
  "여름침구",
  "리타겟팅",
  "장바구니",
  "전환",
  "도달",
  "쇼핑",
  "카탈로그",
  "기획전",
  "블랙프라이데이",
];
const shapes: Record<string, string> = {
  google_search: "검색",
  google_pmax: "PMax",
  youtube: "유튜브_인스트림",
  instagram: "릴스",
  facebook: "피드",
  naver_search: "파워링크",
  naver_shopping: "쇼핑검색",
  naver_brand: "브랜드검색",
  kakao_bizboard: "비즈보드",
  kakao_message: "친구톡",
};

function makeClient(
  id: number,
  name: string,
  options: { platforms: string[]; count: number; scale: number; drift: number; usd?: string },
): FakeClient {
  const campaigns: FakeCampaign[] = [];
  for (let index = 0; index < options.count; index += 1) {
    const platform = options.platforms[index % options.platforms.length] ?? "naver_ads";
    const kinds = channels[platform] ?? [];
    const [channel, cpm, ctr, rate] = kinds[Math.floor(index / options.platforms.length) % kinds.length] ?? [
      "naver_search",
      20_000,
      0.03,
      0.03,
    ];
    const currency = options.usd === platform ? "USD" : "KRW";
    const size = 0.25 + chance(id, index, "size") ** 2 * 2.2;
    const campaignName = `${themes[index % themes.length]}_${shapes[channel] ?? channel}${index >= themes.length ? `_${Math.floor(index / themes.length) + 1}` : ""}`;
    campaigns.push({
      id: id * 10_000 + index + 1,
      campaign_id: `${platform === "naver_ads" ? "cmp-a001-02-" : ""}${Math.floor(chance(id, index, "id") * 9e9 + 1e9)}`,
      campaign_name: campaignName,
      platform,
      account_name: `${name} ${platform === "naver_ads" ? "검색광고" : "광고계정"}`,
      status:
        chance(id, index, "status") < 0.72 ? "active" : chance(id, index, "ended") < 0.6 ? "paused" : "ended",
      client: id,
      channel,
      currency,
      dailyCost: (options.scale * size) / (currency === "USD" ? 1_380 : 1),
      cpm: (cpm * (0.75 + chance(id, index, "cpm") * 0.5)) / (currency === "USD" ? 1_380 : 1),
      ctr: ctr * (0.7 + chance(id, index, "ctr") * 0.6),
      conversionRate: rate * (0.55 + chance(id, index, "cvr") * 0.9),
      basket: (38_000 + chance(id, "basket") * 42_000) / (currency === "USD" ? 1_380 : 1),
      drift: options.drift,
    });
  }
  return {
    id,
    public_id: `01933d1c-0000-7000-8000-${String(id).padStart(12, "0")}`,
    name,
    currency: "KRW",
    vat_rate: "10",
    is_sample: true,
    campaigns,
  };
}

export type Scenario =
  "usual" | "first" | "one" | "many" | "long" | "empty" | "error" | "slow" | "boot-error";

export function makeAgency(scenario: Scenario): FakeClient[] {
  const all = ["naver_ads", "google_ads", "meta_ads", "kakao"];
  if (scenario === "first") return [];
  if (scenario === "one")
    return [makeClient(1, "한빛리빙", { platforms: ["naver_ads"], count: 1, scale: 240_000, drift: 0.1 })];
  if (scenario === "empty")
    return [
      { ...makeClient(1, "새광고주", { platforms: [], count: 0, scale: 0, drift: 0 }), is_sample: false },
    ];
  const usual = [
    makeClient(1, "한빛리빙", {
      platforms: all,
      count: scenario === "many" ? 200 : 26,
      scale: 310_000,
      drift: 0.18,
    }),
    makeClient(2, "모아핏", {
      platforms: ["meta_ads", "google_ads"],
      count: 12,
      scale: 420_000,
      drift: -0.22,
      usd: "meta_ads",
    }),
    makeClient(3, "북촌한과", { platforms: ["naver_ads", "kakao"], count: 9, scale: 90_000, drift: 0.05 }),
  ];
  if (scenario === "long") {
    const [first] = usual;
    if (first) {
      first.name =
        "주식회사 한빛리빙앤라이프스타일코리아 온라인사업본부 공식 자사몰 및 오픈마켓 통합 퍼포먼스 마케팅";
      first.campaigns.forEach((campaign, index) => {
        if (index % 3 === 0)
          campaign.campaign_name = `2026FW_겨울이불_기획전_신규고객_구매최적화_전국_2559_여성_관심사_유사타깃_확장소재A_B테스트_${index}`;
      });
    }
  }
  if (scenario === "many") {
    for (let id = 4; id <= 40; id += 1) {
      usual.push(
        makeClient(id, `광고주 ${String(id).padStart(2, "0")}호점`, {
          platforms: all.slice(id % 3, (id % 3) + 2),
          count: 4,
          scale: 60_000 + chance(id, "scale") * 300_000,
          drift: 0,
        }),
      );
    }
  }
  return usual;
}

function sumsOf(campaign: FakeCampaign, day: string): Sums | null {
  if (day < FIRST_DAY || day > LAST_DAY) return null;
  const age = daysBetween(FIRST_DAY, day) / daysBetween(FIRST_DAY, LAST_DAY);
  const weekday = [1.08, 1.1, 1.04, 1.0, 0.92, 0.82, 1.02][weekdayOf(day) - 1] ?? 1;
  const pay = 1 + 0.25 * Math.max(0, Math.sin(((Number(day.slice(8)) - 10) / 30) * Math.PI * 2));
  const noise = 0.82 + chance(campaign.id, day) * 0.36;
  const cost = campaign.dailyCost * weekday * pay * noise * (1 + campaign.drift * age);
  const scale = campaign.currency === "USD" ? 100 : 1;
  const impressions = Math.round((cost / campaign.cpm) * 1000 * (0.9 + chance(campaign.id, day, "i") * 0.2));
  const clicks = Math.round(impressions * campaign.ctr * (0.85 + chance(campaign.id, day, "c") * 0.3));
  const conversions = Math.round(
    clicks * campaign.conversionRate * (0.6 + chance(campaign.id, day, "v") * 0.8),
  );
  const revenue =
    Math.round(conversions * campaign.basket * (0.85 + chance(campaign.id, day, "r") * 0.3) * scale) / scale;
  return { impressions, clicks, cost: Math.round(cost * scale) / scale, conversions, revenue };
}

function add(list: readonly (Sums | null)[]): Sums | null {
  const known = list.filter((sums) => sums !== null);
  if (known.length === 0) return null;
  const total: Sums = { impressions: 0, clicks: 0, cost: 0, conversions: 0, revenue: 0 };
  for (const sums of known) for (const key of Object.keys(total) as (keyof Sums)[]) total[key] += sums[key];
  return total;
}

const text = (value: number) =>
  Number.isInteger(value) ? String(value) : value.toFixed(6).replace(/\.?0+$/, "");
const ratio = (top: number, bottom: number) => (bottom === 0 ? null : text(top / bottom));

function figuresOf(sums: Sums, basis: ShownBasis): Figures {
  const cost = basis === "gross" ? sums.cost * 1.1 : sums.cost;
  const { impressions, clicks, conversions, revenue } = sums;
  return {
    impressions: text(impressions),
    clicks: text(clicks),
    cost: text(cost),
    conversions: text(conversions),
    revenue: text(revenue),
    ctr: ratio(clicks * 100, impressions),
    cpc: ratio(cost, clicks),
    cpm: ratio(cost * 1000, impressions),
    conversion_rate: ratio(conversions * 100, clicks),
    cpa: ratio(cost, conversions),
    roas: ratio(revenue, cost),
    roi: ratio((revenue - cost) * 100, cost),
  };
}

function compare(now: Sums, before: Sums | null, basis: ShownBasis): Compared {
  const figures = figuresOf(now, basis);
  if (!before) return { figures, previous: null, change: null };
  const previous = figuresOf(before, basis);
  const change = Object.fromEntries(
    (Object.keys(figures) as (keyof Figures)[]).map((key) => {
      const [a, b] = [figures[key], previous[key]];
      return [key, a === null || b === null ? null : ratio((Number(a) - Number(b)) * 100, Number(b))];
    }),
  ) as Change;
  return { figures, previous, change };
}

export function comparedRange(
  from: string,
  to: string,
  comparison: Comparison,
): [string, string] | undefined {
  const length = daysBetween(from, to);
  const shift = (day: string, months: number) => {
    const [year = 0, month = 0, date = 0] = day.split("-").map(Number);
    const last = new Date(Date.UTC(year, month - 1 + months + 1, 0)).getUTCDate();
    return new Date(Date.UTC(year, month - 1 + months, Math.min(date, last))).toISOString().slice(0, 10);
  };
  switch (comparison) {
    case "none":
      return undefined;
    case "previous":
      return [addDays(from, -length), addDays(from, -1)];
    case "previous_month":
      return [shift(from, -1), shift(to, -1)];
    case "year":
      return [shift(from, -12), shift(to, -12)];
  }
}

const daysOf = (from: string, to: string) =>
  Array.from({ length: Math.max(0, daysBetween(from, to)) }, (_, index) => addDays(from, index));

export function compareCampaigns(
  campaigns: readonly FakeCampaign[],
  from: string,
  to: string,
  comparison: Comparison,
  basis: ShownBasis,
): Compared | null {
  const over = (range: [string, string] | undefined) =>
    range ? add(daysOf(...range).flatMap((day) => campaigns.map((campaign) => sumsOf(campaign, day)))) : null;
  const now = over([from, to]);
  return now && compare(now, over(comparedRange(from, to, comparison)), basis);
}

export function dailyCost(campaigns: readonly FakeCampaign[], from: string, to: string): (string | null)[] {
  return daysOf(from, to).map((day) => {
    const sums = add(campaigns.map((campaign) => sumsOf(campaign, day)));
    return sums && text(sums.cost);
  });
}

export const asOfPlatforms = (client: FakeClient) =>
  [...new Set(client.campaigns.map(({ platform }) => platform))].map((platform, index) => ({
    platform,
    read_at: `2026-11-24T08:${String(12 + index * 3).padStart(2, "0")}:00+09:00`,
    last_day: platform === "kakao" ? "2026-11-22" : LAST_DAY,
  }));

const finerNames: Record<"ad_groups" | "keywords" | "creatives", readonly string[]> = {
  ad_groups: ["01_메인", "02_확장", "03_브랜드", "모바일", "PC", "신규고객"],
  keywords: [
    "겨울이불",
    "극세사이불",
    "호텔이불",
    "알레르기케어 이불",
    "차렵이불 세트",
    "구스이불",
    "신혼이불",
    "이불 추천",
    "혼수이불",
    "침구세트",
  ],
  creatives: ["영상_15초_A", "영상_6초_B", "이미지_할인율", "이미지_리뷰", "카탈로그_자동", "슬라이드_신상"],
};

function finer(
  level: keyof typeof finerNames,
  campaigns: readonly FakeCampaign[],
  from: string,
  to: string,
  basis: ShownBasis,
): FinerRow[] {
  const fits = (campaign: FakeCampaign) =>
    level === "keywords"
      ? campaign.channel === "naver_search" || campaign.channel === "google_search"
      : level === "creatives"
        ? campaign.platform === "meta_ads"
        : true;
  return campaigns.filter(fits).flatMap((campaign): FinerRow[] => {
    const total = add(daysOf(from, to).map((day) => sumsOf(campaign, day)));
    if (!total) return [];
    const names = [...finerNames[level].filter((name) => chance(campaign.id, name) < 0.5), null];
    const weights = names.map((name) => (name === null ? 0.08 : 0.1 + chance(campaign.id, level, name)));
    const whole = weights.reduce((sum, weight) => sum + weight, 0);
    return names.map((name, index) => {
      const part = (weights[index] ?? 0) / whole;
      const sums: Sums = {
        impressions: Math.round(total.impressions * part),
        clicks: Math.round(total.clicks * part),
        cost: Math.round(total.cost * part),
        conversions: name === null ? 0 : Math.round(total.conversions * part),
        revenue: name === null ? 0 : Math.round(total.revenue * part),
      };
      return {
        name,
        parent: level === "ad_groups" ? null : "01_메인",
        campaign_name: campaign.campaign_name,
        platform: campaign.platform,
        figures: figuresOf(sums, basis),
      };
    });
  });
}

export function answerDashboard(client: FakeClient, question: DashboardQuestion): Dashboard {
  const { from, to, comparison, basis, platforms, campaign_id } = question;
  const before = comparedRange(from, to, comparison);
  const campaigns = client.campaigns.filter(
    (campaign) =>
      (platforms.length === 0 || platforms.includes(campaign.platform)) &&
      (campaign_id == null || campaign.id === campaign_id),
  );
  const currencies = [...new Set(campaigns.map(({ currency }) => currency))].sort(
    (a, b) => Number(b === client.currency) - Number(a === client.currency),
  );
  const sections = currencies.flatMap((currency): CurrencySection[] => {
    const own = campaigns.filter((campaign) => campaign.currency === currency);
    const total = compareCampaigns(own, from, to, comparison, basis);
    if (!total) return [];
    const groups = <K extends "channel" | "platform">(key: K) => [
      ...new Set(own.map((campaign) => campaign[key])),
    ];
    const group = (fits: (campaign: FakeCampaign) => boolean) =>
      compareCampaigns(own.filter(fits), from, to, comparison, basis);
    const hoursKnown = from >= addDays(TODAY, -90) && own.some(({ platform }) => platform !== "kakao");
    return [
      {
        currency,
        stored_kinds: [{ vat: "excluded", vat_rate: "10" }],
        total,
        days: daysOf(from, to).map((date, index) => {
          const previousDate =
            before && addDays(before[0], index) <= before[1] ? addDays(before[0], index) : null;
          const sums = add(own.map((campaign) => sumsOf(campaign, date)));
          const earlier =
            previousDate === null ? null : add(own.map((campaign) => sumsOf(campaign, previousDate)));
          return {
            date,
            figures: sums && figuresOf(sums, basis),
            previous_date: previousDate,
            previous: earlier && figuresOf(earlier, basis),
          };
        }),
        channels: groups("channel").flatMap((channel) => {
          const compared = group((campaign) => campaign.channel === channel);
          return compared
            ? [
                {
                  channel,
                  display_name: channel,
                  platform: own.find((campaign) => campaign.channel === channel)?.platform ?? "",
                  compared,
                },
              ]
            : [];
        }),
        platforms: groups("platform").flatMap((platform) => {
          const compared = group((campaign) => campaign.platform === platform);
          return compared ? [{ platform, compared }] : [];
        }),
        campaigns: own.flatMap(({ id, campaign_id: code, campaign_name, platform, account_name, status }) => {
          const compared = group((other) => other.id === id);
          return compared
            ? [
                {
                  campaign: { id, campaign_id: code, campaign_name, platform, account_name, status },
                  compared,
                },
              ]
            : [];
        }),
        ad_groups: finer("ad_groups", own.slice(0, 12), from, to, basis),
        keywords: finer("keywords", own.slice(0, 24), from, to, basis),
        creatives: finer("creatives", own.slice(0, 24), from, to, basis),
        hours: hoursKnown ? hoursOf(total.figures, basis) : [],
      },
    ];
  });
  const campaign = client.campaigns.find(({ id }) => id === campaign_id);
  const { campaigns: _, ...dto } = client;
  return {
    client: dto,
    from,
    to,
    compared_from: before?.[0] ?? null,
    compared_to: before?.[1] ?? null,
    basis,
    as_of: asOfPlatforms(client),
    campaign: campaign
      ? {
          id: campaign.id,
          campaign_id: campaign.campaign_id,
          campaign_name: campaign.campaign_name,
          platform: campaign.platform,
          account_name: campaign.account_name,
          status: campaign.status,
        }
      : null,
    currencies: sections,
    first_day: client.campaigns.length === 0 ? null : FIRST_DAY,
    last_day: client.campaigns.length === 0 ? null : LAST_DAY,
  };
}

function hoursOf(total: Figures, basis: ShownBasis) {
  return Array.from({ length: 7 * 24 }, (_, index) => {
    const [weekday, hour] = [Math.floor(index / 24) + 1, index % 24];
    const evening =
      Math.exp(-(((hour - 21) / 3.2) ** 2)) + 0.75 * Math.exp(-(((hour - 12.5) / 2.6) ** 2)) + 0.07;
    const part = (evening * (weekday >= 6 ? 0.85 : 1) * (0.85 + chance("hour", weekday, hour) * 0.3)) / 62;
    const take = (value: string | null) => Math.round(Number(value ?? 0) * part);
    const sums = {
      impressions: take(total.impressions),
      clicks: take(total.clicks),
      cost: take(total.cost),
      conversions: take(total.conversions),
      revenue: take(total.revenue),
    };
    return { weekday, hour, figures: figuresOf(sums, basis) };
  });
}

const choice = (
  name: PeriodChoice["name"],
  from: string,
  to: string,
  week?: [string, number],
): PeriodChoice => ({
  name,
  from,
  to,
  week_of_month: week ? { month: week[0], week: week[1] } : null,
});

export const PERIOD_CHOICES: PeriodChoice[] = [
  choice("yesterday", "2026-11-23", "2026-11-23"),
  choice("last7_days", "2026-11-17", "2026-11-23"),
  choice("last30_days", "2026-10-25", "2026-11-23"),
  choice("this_week", "2026-11-23", "2026-11-23"),
  choice("last_week", "2026-11-16", "2026-11-22"),
  choice("this_month", "2026-11-01", "2026-11-23"),
  choice("last_month", "2026-10-01", "2026-10-31"),
  choice("week_of_month", "2026-11-16", "2026-11-22", ["2026-11", 3]),
  choice("week_of_month", "2026-11-09", "2026-11-15", ["2026-11", 2]),
  choice("week_of_month", "2026-11-02", "2026-11-08", ["2026-11", 1]),
  choice("week_of_month", "2026-10-26", "2026-11-01", ["2026-10", 5]),
  choice("week_of_month", "2026-10-19", "2026-10-25", ["2026-10", 4]),
  choice("week_of_month", "2026-10-12", "2026-10-18", ["2026-10", 3]),
];

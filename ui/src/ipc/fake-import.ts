import type { FileOutcome, ImportedFile, ImportQuestion } from "./types";

interface GivenAnswers {
  platform?: string | null;
  account?: string | null;
  currency?: string | null;
  vat?: string | null;
  sheet?: string | null;
  mapping: { field: string; column: string }[];
  date_order?: string | null;
}

export const FAKE_FILES = [
  "C:\\Users\\agency\\Downloads\\캠페인보고서_한빛리빙_202611.csv",
  "C:\\Users\\agency\\Downloads\\Meta-광고-보고서-2026-11-17-2026-11-23.csv",
  "C:\\Users\\agency\\Downloads\\GFA_성과_1123.csv",
  "C:\\Users\\agency\\Downloads\\11월 통합 마스터.xlsx",
  "C:\\Users\\agency\\Downloads\\사진.csv",
];

const nameOf = (path: string) => path.split(/[\\/]/).at(-1) ?? path;

function imported(part: Partial<ImportedFile>): ImportedFile {
  return {
    platform: "naver_ads",
    account: "hanbit_ad",
    from: "2026-11-17",
    to: "2026-11-23",
    grain: "daily",
    dimensions: ["keyword"],
    rows_read: 1_284,
    rows_written: 1_172,
    rows_unchanged: 0,
    rows_restated: 112,
    dropped: [
      { line: 1, reason: "summary" },
      { line: 1_287, reason: "total" },
    ],
    totals: [
      {
        currency: "KRW",
        vat: "included",
        impressions: "1284011",
        clicks: "31022",
        cost: "18402330",
        conversions: "1204",
        revenue: "96221000",
      },
    ],
    campaigns: 14,
    columns: [
      { header: "일별", field: "date" },
      { header: "캠페인유형", field: "campaign_type" },
      { header: "캠페인", field: "campaign" },
      { header: "키워드", field: "keyword" },
      { header: "노출수", field: "impressions" },
      { header: "클릭수", field: "clicks" },
      { header: "클릭률(%)", field: "ratio" },
      { header: "총비용(VAT포함,원)", field: "cost" },
      { header: "구매완료 전환수", field: "conversions" },
      { header: "구매완료 전환매출액(원)", field: "revenue" },
      { header: "평균노출순위", field: null },
    ],
    notes: [],
    encoding: "CP949",
    sheet: null,
    ...part,
  };
}

/** What a dry run says about a file, by its name and the answers given so far. */
export function previewFile(path: string, answers: GivenAnswers): FileOutcome {
  const file = nameOf(path);
  const outcome: FileOutcome = { file, path, done: null, question: null, error: null };
  // As in Rust, a question comes with the error it is instead of.
  const asks = (code: string, question: ImportQuestion): FileOutcome => ({
    ...outcome,
    question,
    error: { code: `file_${code}`, values: {} },
  });
  if (/사진|garbage/.test(file)) {
    return { ...outcome, error: { code: "file_binary", values: { file, what: "JPEG" } } };
  }
  if (/gfa/i.test(file) && answers.vat == null) return asks("needs_vat", { kind: "vat" });
  if (/마스터|master/.test(file)) {
    if (answers.sheet == null)
      return asks("unknown_sheet", { kind: "sheet", sheets: ["요약", "11월 RAW", "10월 RAW"] });
    if (answers.platform == null)
      return asks("needs_platform", { kind: "platform", candidates: ["kakao", "naver_ads"] });
    if (answers.mapping.length === 0) {
      return asks("needs_mapping", {
        kind: "mapping",
        missing: ["date", "campaign", "cost"],
        columns: ["집행일", "구분", "상품/캠페인", "노출", "클릭", "소진(원)", "구매", "구매액", "메모"],
        sample: [
          ["2026-11-17", "검색", "겨울이불_파워링크", "17001", "377", "255420", "7", "903000", ""],
          [
            "2026-11-18",
            "검색",
            "겨울이불_파워링크",
            "18342",
            "412",
            "286110",
            "9",
            "1273000",
            "입찰가 조정",
          ],
          ["2026-11-19", "DA", "비즈보드_가을이불_전환", "210344", "1820", "412300", "19", "1544000", ""],
        ],
      });
    }
  }
  if (/date/.test(file) && !answers.date_order) return asks("needs_date_order", { kind: "date_order" });
  if (/currency/.test(file) && answers.currency == null) return asks("needs_currency", { kind: "currency" });
  if (/meta/i.test(file)) {
    return {
      ...outcome,
      done: imported({
        platform: "meta_ads",
        account: "한빛리빙 광고계정",
        dimensions: ["ad_group", "creative"],
        rows_read: 412,
        rows_written: 0,
        rows_restated: 0,
        rows_unchanged: 412,
        dropped: [],
        encoding: "UTF-8 (BOM)",
        campaigns: 8,
        totals: [
          {
            currency: "KRW",
            vat: "excluded",
            impressions: "4021100",
            clicks: "51244",
            cost: "9804110",
            conversions: "611.5",
            revenue: "48990120",
          },
        ],
      }),
    };
  }
  return {
    ...outcome,
    done: imported(answers.platform ? { platform: answers.platform, sheet: answers.sheet ?? null } : {}),
  };
}

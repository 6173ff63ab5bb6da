// The main job in the real window: first run → sample agency → figures → import → report, a kill, and everything still there.
import assert from "node:assert/strict";
import { readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { beside, pdfText, workbook } from "./documents.mjs";
import { eventually } from "./person.mjs";
import { inWorkspace } from "./workspace.mjs";

const CLIENT = "샘플 · 한빛이불";
const COUNTS = ["impressions", "clicks", "conversions", "revenue"];

test("from the first run to a report that can be sent, and through a kill", async (t) => {
  await inWorkspace(t, async ({ folder, files, moa, open, step }) => {
    let { app, person } = await open();
    const kpi = async (from, to, ...more) => {
      const { rows } = await moa("kpi", "--client", CLIENT, "--from", from, "--to", to, ...more);
      return rows;
    };
    /** The key figures on the screen are those of the command line, to the last digit. */
    const equalsCommandLine = async (from, to, ...more) => {
      const [row] = await kpi(from, to, ...more);
      const shown = await person.figures();
      const expected = Object.fromEntries(Object.keys(shown).map((metric) => [metric, row[metric]]));
      assert.deepEqual(shown, expected);
      return row;
    };

    await step("the first run offers the sample agency and fills it", async () => {
      await person.sees("welcome");
      await app.screenshot("first-run");
      await person.clicks("load-sample");
      await person.sees("toast-sample", 90_000);
      const { clients } = await moa("clients", "list");
      assert.equal(clients.length, 3);
      const rows = await person.rows("clients-table");
      // A client that pays in two currencies has a line for each.
      const names = new Set(rows.map(({ cells }) => cells.name.split("\n")[0]));
      assert.deepEqual([...names].sort(), clients.map(({ name }) => name).sort());
    });

    await step("a client is one click away and shows what the command line says", async () => {
      const { clients } = await moa("clients", "list");
      const { id } = clients.find(({ name }) => name === CLIENT);
      await person.clicks(`client-row-${id}`);
      await person.waitsForFigures();
      assert.equal(await person.text("page-title"), CLIENT);
      const { from, to } = await person.period();
      assert.deepEqual([from, to], ["2026-11-18", "2026-11-24"]);
      await equalsCommandLine(from, to);
      const unit = await person.text("unit");
      assert.match(unit, /KRW/);
      assert.match(unit, /공급가/);
      for (const platform of Object.keys(
        (await moa("kpi", "--client", CLIENT, "--from", from, "--to", to)).as_of,
      )) {
        await person.sees(`as-of-${platform}`);
      }
    });

    await step("periods as agencies say them", async () => {
      const expected = {
        yesterday: ["2026-11-24", "2026-11-24"],
        last_week: ["2026-11-16", "2026-11-22"],
        this_month: ["2026-11-01", "2026-11-24"],
        last_month: ["2026-10-01", "2026-10-31"],
        "week_of_month-2026-11-3": ["2026-11-16", "2026-11-22"],
        "week_of_month-2026-10-1": ["2026-09-28", "2026-10-04"],
      };
      for (const [id, [from, to]] of Object.entries(expected)) {
        assert.deepEqual(await person.choosesPeriod(id), { from, to });
        await equalsCommandLine(from, to);
      }
      assert.deepEqual(await person.choosesDays("2026-10-07", "2026-11-05"), {
        from: "2026-10-07",
        to: "2026-11-05",
      });
      await equalsCommandLine("2026-10-07", "2026-11-05");
    });

    await step("this month beside the same days of the month before", async () => {
      await person.choosesPeriod("this_month");
      await person.chooses("comparison", "전월 동기");
      const [before] = await kpi("2026-10-01", "2026-10-24");
      await eventually(async () => {
        const shown = await person.figures("data-previous");
        assert.deepEqual(
          shown,
          Object.fromEntries(Object.keys(shown).map((metric) => [metric, before[metric]])),
        );
      });
      await person.chooses("comparison", "직전 기간");
      await person.waitsForFigures();
    });

    await step("campaigns are sorted, filtered and found", async () => {
      const campaigns = await kpi("2026-11-01", "2026-11-24", "--by", "campaign");
      const exact = (rows) => rows.map(({ cells }) => [cells.name, cells.cost, cells.clicks, cells.roas]);
      const of = (rows) => rows.map((row) => [row.campaign_name, row.cost, row.clicks, row.roas]);
      const by = (metric) => (a, b) => Number(b[metric]) - Number(a[metric]);
      const names = ({ cells }) => cells.name.split("\n")[0];
      const table = async () =>
        (await person.rows("campaigns-table")).map((row) => ({
          ...row,
          cells: { ...row.cells, name: names(row) },
        }));

      assert.deepEqual(exact(await table()), of(campaigns.toSorted(by("cost"))));
      await person.sortsBy("campaigns-table", "클릭");
      await eventually(async () =>
        assert.deepEqual(exact(await table()), of(campaigns.toSorted(by("clicks")))),
      );

      await person.chooses("campaign-platform", "네이버");
      const naver = campaigns.filter(({ platform }) => platform === "naver_ads");
      await eventually(async () => assert.deepEqual(exact(await table()), of(naver.toSorted(by("clicks")))));
      await person.chooses("campaign-platform", "모든 매체");

      await person.writes("campaign-search", "브랜드");
      const found = campaigns.filter(({ campaign_name: name }) => name.includes("브랜드"));
      assert.ok(found.length > 0 && found.length < campaigns.length);
      await eventually(async () => assert.deepEqual(exact(await table()), of(found.toSorted(by("clicks")))));
      await person.writes("campaign-search", "그런 캠페인은 없다");
      await person.sees("campaigns-none");
      await person.writes("campaign-search", "");
      await eventually(async () => assert.equal((await table()).length, campaigns.length));
    });

    await step("one campaign, and back", async () => {
      const [row] = await person.rows("campaigns-table");
      await person.clicks(row.id);
      await eventually(async () =>
        assert.equal(await person.text("page-title"), row.cells.name.split("\n")[0]),
      );
      const shown = await person.figures();
      assert.equal(shown.cost, row.cells.cost);
      assert.equal(shown.clicks, row.cells.clicks);
      await app.browser.back();
      await eventually(async () => assert.equal(await person.text("page-title"), CLIENT));
      await person.waitsForFigures();
    });

    await step("keywords, creatives, and the hours of the week", async () => {
      for (const level of ["keywords", "creatives"]) {
        const rows = await kpi("2026-11-01", "2026-11-24", "--by", level.slice(0, -1));
        await person.clicks(`tab-${level}`);
        const shown = await person.rows(`${level}-table`);
        assert.ok(shown.length > 5, `${level}: ${shown.length}`);
        assert.equal(
          total(shown.map(({ cells }) => cells.cost)),
          total(rows.map(({ cost }) => cost)),
          "the finer rows and the unassigned line equal the whole",
        );
      }
      const said = await app.browser.execute(() =>
        [...document.querySelectorAll('[data-testid="heat-map"] [data-cell$="-14"]')].map(
          (cell) => cell.ariaLabel,
        ),
      );
      assert.match(said[1], /^화 14시 · 클릭 [\d,]+$/);
      const clicks = said.reduce(
        (sum, words) => sum + Number(/클릭 ([\d,]+)/.exec(words)[1].replaceAll(",", "")),
        0,
      );
      const hours = await kpi("2026-11-01", "2026-11-24", "--by", "hour");
      assert.equal(clicks, Number(hours.find(({ hour }) => hour === 14).clicks));
    });

    await step("another basis changes amounts and no counts", async () => {
      const net = await equalsCommandLine("2026-11-01", "2026-11-24");
      await person.clicks("basis-gross");
      await eventually(async () => assert.notEqual((await person.figures()).cost, net.cost));
      const gross = await equalsCommandLine("2026-11-01", "2026-11-24", "--basis", "gross");
      for (const metric of COUNTS) assert.equal(gross[metric], net[metric], metric);
      assert.ok(Math.abs(Number(gross.cost) / Number(net.cost) - 1.1) < 1e-6);
      assert.match(await person.text("unit"), /VAT 포함/);
      await app.screenshot("dashboard-gross");
      await person.clicks("basis-net");
      await eventually(async () => assert.equal((await person.figures()).cost, net.cost));
    });

    await step("English and dark, at once and without asking again", async () => {
      await person.clicks("nav-settings");
      await person.clicks("lang-en");
      await eventually(async () => assert.equal(await person.text("page-title"), "Settings"));
      await person.clicks("theme-dark");
      const theme = () => app.browser.execute(() => document.documentElement.dataset.theme);
      await eventually(async () => assert.equal(await theme(), "dark"));
      await app.browser.back();
      await equalsCommandLine("2026-11-01", "2026-11-24");
      await app.screenshot("dashboard-english-dark");
      await person.clicks("nav-settings");
      await person.clicks("lang-ko");
      await eventually(async () => assert.equal(await person.text("page-title"), "설정"));
      await person.clicks("theme-light");
      await eventually(async () => assert.equal(await theme(), "light"));
      await app.browser.back();
      await person.waitsForFigures();
    });

    await step("a dropped file is previewed, asks what it cannot know, and is imported once", async () => {
      const before = await equalsCommandLine("2026-11-01", "2026-11-24");
      const file = join(files, "당근_11월.csv");
      writeFileSync(file, DAANGN);
      await person.drops(file);
      await person.sees("question-platform");
      await app.screenshot("import-question");
      await person.clicks("answer-platform-daangn");
      await person.sees("question-vat");
      await person.clicks("answer-vat-included");
      await eventually(async () =>
        assert.equal(await person.attribute("total-cost", "data-value"), "363000"),
      );
      assert.equal(await person.attribute("file-changes", "data-written"), "2");
      await app.screenshot("import-preview");
      assert.deepEqual(await kpi("2026-11-01", "2026-11-24"), [before], "a preview changes nothing");

      await person.clicks("import-start");
      await person.sees("import-result");
      await person.clicks("open-dashboard");
      await person.waitsForFigures();
      const after = await equalsCommandLine("2026-11-01", "2026-11-24");
      assert.equal(Number(after.clicks), Number(before.clicks) + 330);
      assert.equal(
        total([after.cost]),
        total([before.cost, "330000"]),
        "net: 363,000 with VAT is 330,000 without",
      );

      await person.drops(file);
      await eventually(async () =>
        assert.equal(await person.attribute("file-changes", "data-unchanged"), "2"),
      );
      assert.equal(await person.attribute("file-changes", "data-written"), "0");
      await app.browser.back();
      await person.waitsForFigures();
    });

    await step("PDF and workbook say what the window says", async () => {
      await person.clicks("report-button");
      await person.clicks("report-monthly");
      await person.clicks("report-make");
      await person.sees("toast-report", 60_000);
      await app.screenshot("report-made");
      const names = readdirSync(join(folder, "reports")).sort();
      assert.deepEqual(names, [
        "샘플 · 한빛이불_2026-10_월간리포트.pdf",
        "샘플 · 한빛이불_2026-10_월간리포트.xlsx",
      ]);
      const [pdf, xlsx] = names.map((name) => join(folder, "reports", name));
      for (const file of [pdf, xlsx]) assert.ok(statSync(file).size > 10_000);

      await person.presses("Escape");
      await person.choosesPeriod("last_month");
      const row = await equalsCommandLine("2026-10-01", "2026-10-31");
      // PDF: rounded for reading; workbook: every digit, as a live formula.
      const text = pdfText(pdf);
      const read = (metric, digits = 0) =>
        new Intl.NumberFormat("ko-KR", { maximumFractionDigits: digits }).format(Number(row[metric]));
      const printed = [
        `₩${read("cost")}`,
        `₩${read("revenue")}`,
        `₩${read("cpa")}`,
        read("impressions"),
        read("clicks"),
        read("conversions", 2),
        `${Number(row.ctr).toFixed(2)}%`,
        `${Math.round(Number(row.roas) * 100)}%`,
      ];
      for (const figure of printed) assert.ok(text.includes(figure), `the PDF does not say ${figure}`);
      const summary = workbook(xlsx).get("요약");
      for (const [label, metric, scale] of SUMMARY) {
        const cell = beside(summary, label);
        assert.ok(cell.formula, `${label} is a live formula`);
        assert.equal((Number(cell.value) * scale).toFixed(6), Number(row[metric]).toFixed(6), label);
      }
    });

    await step("after a kill everything is there", async () => {
      const before = await person.figures();
      await app.kill();
      ({ app, person } = await open());
      await person.sees("clients-table");
      const { clients } = await moa("clients", "list");
      const { id } = clients.find(({ name }) => name === CLIENT);
      await person.clicks(`nav-client-${id}`);
      await person.waitsForFigures();
      await person.choosesPeriod("last_month");
      assert.deepEqual(await person.figures(), before);
      await person.clicks("report-button");
      await eventually(async () => assert.match(await person.text("report-popover"), /월간 · 2026\.10\.0?1/));
    });
  });
});

/** What the summary sheet calls a figure, and how much smaller it is there: percent are fractions in a workbook. */
const SUMMARY = [
  ["노출", "impressions", 1],
  ["클릭", "clicks", 1],
  ["비용", "cost", 1],
  ["전환", "conversions", 1],
  ["매출", "revenue", 1],
  ["클릭률(CTR)", "ctr", 100],
  ["클릭당 비용(CPC)", "cpc", 1],
  ["전환율(CVR)", "conversion_rate", 100],
  ["전환당 비용(CPA)", "cpa", 1],
  ["광고수익률(ROAS)", "roas", 1],
];

const DAANGN = [
  "캠페인,날짜,노출,클릭,비용,전환,매출",
  "당근_동네이웃,2026-11-20,12000,150,165000,3,210000",
  "당근_동네이웃,2026-11-21,15500,180,198000,5,340000",
  "",
].join("\n");

/** The exact sum of decimal texts, in millionths. */
function total(decimals) {
  return decimals.reduce((sum, text) => sum + millionths(text), 0n);
}

function millionths(text) {
  const [, sign, whole, fraction = ""] = /^(-?)(\d+)(?:\.(\d{1,6}))?$/.exec(text);
  const value = BigInt(whole + fraction.padEnd(6, "0"));
  return sign === "-" ? -value : value;
}

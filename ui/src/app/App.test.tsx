import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { openApp } from "../test/app";

const kpi = (metric: string) => screen.findByTestId(`kpi-${metric}`);

describe("the first run", () => {
  it("fills the sample agency and goes to the clients", async () => {
    const { user } = openApp({ scenario: "first" });
    await user.click(await screen.findByTestId("load-sample"));
    expect(await screen.findByTestId("client-row-1")).toBeTruthy();
    expect(await screen.findByTestId("toast-sample")).toBeTruthy();
  });

  it("makes a first client and opens its empty dashboard", async () => {
    const { user, fake } = openApp({ scenario: "first" });
    await user.click(await screen.findByTestId("first-client"));
    await user.click(await screen.findByTestId("client-save"));
    expect(await screen.findByText("이름을 입력하세요.")).toBeTruthy();
    await user.type(screen.getByTestId("client-name"), " 새봄가구 ");
    await user.click(screen.getByTestId("client-save"));
    expect(await screen.findByTestId("dashboard-empty")).toBeTruthy();
    expect(fake.calls.find(({ command }) => command === "addClient")?.args).toEqual([
      { name: "새봄가구", currency: "KRW", vat_rate: "10" },
    ]);
  });

  it("speaks the language that is chosen", async () => {
    const { user } = openApp({ scenario: "first" });
    await user.click(await screen.findByTestId("lang-en"));
    expect(await screen.findByText("Create the first client")).toBeTruthy();
  });
});

describe("a database that does not open", () => {
  it("is tried again, and the one at hand can be chosen instead", async () => {
    const { user, fake } = openApp({
      failing: { workspace: { code: "database.refused", values: { host: "db.example.com" } } },
    });
    const problem = await screen.findByTestId("boot-problem");
    await user.click(within(problem).getByRole("button"));
    await waitFor(() =>
      expect(fake.calls.filter(({ command }) => command === "workspace").length).toBeGreaterThan(1),
    );
    await user.click(await screen.findByTestId("use-embedded"));
    await waitFor(() => expect(fake.calls.at(-1)).toEqual({ command: "useDatabase", args: [null] }));
  });
});

describe("the dashboard", () => {
  it("shows figures with their currency, basis, period and as-of", async () => {
    openApp({}, "/clients/1");
    const cost = await kpi("cost");
    expect(cost.dataset["value"]).toMatch(/^\d+(\.\d+)?$/);
    expect((await screen.findByTestId("unit")).textContent).toContain("금액 단위 KRW · 공급가");
    expect(screen.getByTestId("as-of-kakao").textContent).toContain("11.22까지만");
    expect(screen.getByTestId("period-picker").dataset).toMatchObject({
      from: "2026-11-17",
      to: "2026-11-23",
    });
  });

  it("switches the basis: cost changes, counts do not", async () => {
    const { user } = openApp({}, "/clients/1");
    const net = Number((await kpi("cost")).dataset["value"]);
    const clicks = (await kpi("clicks")).dataset["value"];
    await user.click(screen.getByTestId("basis-gross"));
    await waitFor(async () => expect(Number((await kpi("cost")).dataset["value"])).toBeCloseTo(net * 1.1, 3));
    expect((await kpi("clicks")).dataset["value"]).toBe(clicks);
  });

  it("asks for the period that is chosen and remembers it by name", async () => {
    const { user, fake } = openApp({}, "/clients/1");
    await kpi("cost");
    await user.click(screen.getByTestId("period-picker"));
    await user.click(await screen.findByTestId("period-week_of_month-2026-10-5"));
    await waitFor(() =>
      expect(fake.calls.filter(({ command }) => command === "dashboard").at(-1)?.args[0]).toMatchObject({
        from: "2026-10-26",
        to: "2026-11-01",
      }),
    );
    expect(JSON.parse(localStorage.getItem("moa.view") ?? "{}")).toMatchObject({
      period: { name: "week_of_month", month: "2026-10", week: 5 },
    });
  });

  it("goes from a campaign in the table into it, and back", async () => {
    const { user } = openApp({}, "/clients/3");
    const row = await screen.findByTestId("campaign-30001");
    await user.click(row);
    await waitFor(() => expect(screen.getByTestId("page-title").textContent).toBe("브랜드_파워링크"));
    expect(window.location.hash).toBe("#/clients/3/campaigns/30001");
    await user.click(within(screen.getByTestId("page-head")).getByRole("link", { name: "북촌한과" }));
    expect(await screen.findByTestId("campaigns-table")).toBeTruthy();
  });

  it("searches campaigns and sums only what may be added", async () => {
    const { user } = openApp({}, "/clients/3");
    await screen.findByTestId("campaigns-table");
    await user.type(screen.getByTestId("campaign-search"), "브랜드");
    const total = await screen.findByTestId("campaigns-table-total");
    await waitFor(() => expect(total.textContent).toContain("검색 결과"));
    expect(within(total).getAllByTitle(/비율은 더할 수 없어/).length).toBeGreaterThan(0);
    await user.clear(screen.getByTestId("campaign-search"));
    await user.type(screen.getByTestId("campaign-search"), "없는 이름");
    expect(await screen.findByTestId("campaigns-none")).toBeTruthy();
  });

  it("keeps currencies apart", async () => {
    const { user } = openApp({}, "/clients/2");
    const won = (await kpi("cost")).dataset["value"];
    await user.click(screen.getByTestId("currency-USD"));
    await waitFor(() => expect(screen.getByTestId("unit").textContent).toContain("USD"));
    expect((await kpi("cost")).dataset["value"]).not.toBe(won);
  });

  it("words an error by its code and asks again", async () => {
    const { user, fake } = openApp(
      { failing: { dashboard: { code: "database.gone", values: {} } } },
      "/clients/1",
    );
    const problem = await screen.findByTestId("dashboard-problem");
    expect(problem.dataset["code"]).toBe("database.gone");
    const before = fake.calls.length;
    await user.click(within(problem).getByRole("button"));
    await waitFor(() => expect(fake.calls.length).toBeGreaterThan(before));
  });

  it("shows an error that has no words rather than nothing", async () => {
    openApp({ failing: { dashboard: { code: "brand_new", values: { line: "7" } } } }, "/clients/1");
    const problem = await screen.findByTestId("dashboard-problem");
    expect(problem.textContent).toContain("brand_new");
    expect(problem.textContent).toContain("7");
  });
});

describe("reports", () => {
  it("makes a PDF and a workbook in two clicks and offers to open them", async () => {
    const { user, fake } = openApp({}, "/clients/1");
    await user.click(await screen.findByTestId("report-button"));
    await user.click(await screen.findByTestId("report-monthly"));
    await user.click(screen.getByTestId("report-make"));
    await user.click(await screen.findByTestId("toast-open-pdf"));
    expect(fake.calls.find(({ command }) => command === "startReport")?.args[0]).toEqual({
      client_id: 1,
      period: "monthly",
      from: "2026-10-01",
      to: "2026-10-31",
      basis: "net",
      folder: null,
      pdf: true,
      xlsx: true,
      comment: null,
      lang: "ko",
    });
    expect(fake.calls.at(-1)).toMatchObject({ command: "openPath", args: [expect.stringMatching(/\.pdf$/)] });
    expect(screen.getByTestId("toast-report")).toBeTruthy();
  });
});

describe("importing", () => {
  it("previews dropped files, asks, and imports what is ready", async () => {
    const { user, fake } = openApp({}, "/clients/1");
    await kpi("cost");
    fake.drag({ kind: "over" });
    expect(await screen.findByTestId("drop-veil")).toBeTruthy();
    fake.drag({ kind: "dropped", paths: ["/files/naver.csv", "/files/GFA_1123.csv", "/files/garbage.csv"] });
    await waitFor(() => expect(screen.getAllByTestId("import-file")).toHaveLength(3));
    expect(screen.queryByTestId("drop-veil")).toBeNull();
    expect(screen.getByTestId("file-problem").dataset["code"]).toBe("file_binary");
    await user.click(screen.getByTestId("answer-vat-excluded"));
    await waitFor(() => expect(screen.getByTestId("import-start").textContent).toContain("2"));
    await user.click(screen.getByTestId("import-start"));
    const result = await screen.findByTestId("import-result");
    expect(within(result).getAllByTestId("imported-file")).toHaveLength(2);
    expect(fake.calls.find(({ command }) => command === "startImport")?.args[0]).toMatchObject([
      { path: "/files/naver.csv", answers: { client_id: 1, vat: null } },
      { path: "/files/GFA_1123.csv", answers: { client_id: 1, vat: "excluded" } },
    ]);
    await user.click(screen.getByTestId("open-dashboard"));
    expect(await kpi("cost")).toBeTruthy();
  });

  it("maps the columns of an unknown sheet", async () => {
    const { user, fake } = openApp({}, "/clients/1");
    await kpi("cost");
    fake.drag({ kind: "dropped", paths: ["/files/master.xlsx"] });
    await user.click(await screen.findByRole("button", { name: "11월 RAW" }));
    await user.click(await screen.findByTestId("answer-platform-kakao"));
    const apply = await screen.findByTestId("map-apply");
    expect(apply).toHaveProperty("disabled", true);
    for (const [field, column] of [
      ["date", "집행일"],
      ["campaign", "상품/캠페인"],
      ["cost", "소진(원)"],
    ] as const) {
      await user.click(screen.getByTestId(`map-${field}`));
      await user.click(await screen.findByRole("option", { name: column }));
    }
    await user.click(screen.getByTestId("map-apply"));
    expect((await screen.findByTestId("found-platform")).dataset["platform"]).toBe("kakao");
    expect(fake.calls.filter(({ command }) => command === "previewImport").at(-1)?.args[0]).toMatchObject([
      {
        answers: {
          sheet: "11월 RAW",
          platform: "kakao",
          mapping: [
            { field: "date", column: "집행일" },
            { field: "campaign", column: "상품/캠페인" },
            { field: "cost", column: "소진(원)" },
          ],
        },
      },
    ]);
  });

  it("asks whose files they are when several clients could be meant", async () => {
    const { fake } = openApp({}, "/import");
    await screen.findByTestId("drop-zone");
    fake.drag({ kind: "dropped", paths: ["/files/naver.csv"] });
    expect(await screen.findByTestId("import-needs-client")).toBeTruthy();
    expect(fake.calls.some(({ command }) => command === "previewImport")).toBe(false);
  });
});

describe("jobs", () => {
  const interrupted = {
    id: "job-1",
    kind: "import",
    state: "failed",
    percent: null,
    detail: "naver.csv",
    started_at: "2026-11-23T18:02:00+09:00",
    finished_at: null,
    error: { code: "job_interrupted", values: {} },
    result: null,
  } as const;

  it("that a killed program left unfinished are told, once", async () => {
    const first = openApp({ earlierJobs: [interrupted] });
    const toast = await screen.findByTestId("toast-job-failed");
    expect(toast.textContent).toContain("파일 가져오기 작업이 끝나지 못했습니다");
    expect(toast.textContent).toContain("작업 도중 프로그램이 종료되었습니다");
    await first.user.click(within(toast).getByRole("button", { name: "닫기" }));
    first.close();
    openApp({ earlierJobs: [interrupted] });
    await screen.findByTestId("client-row-1");
    expect(screen.queryByTestId("toast-job-failed")).toBeNull();
  });
});

describe("clients", () => {
  it("are removed only when their name is typed", async () => {
    const { user, fake } = openApp();
    await user.click(await screen.findByTestId("client-menu-3"));
    await user.click(await screen.findByTestId("menu-remove"));
    const confirm = await screen.findByTestId("remove-confirm");
    expect(confirm).toHaveProperty("disabled", true);
    await user.type(screen.getByTestId("remove-name"), "북촌한과");
    await user.click(confirm);
    await waitFor(() => expect(screen.queryByTestId("client-row-3")).toBeNull());
    expect(fake.calls.find(({ command }) => command === "removeClient")?.args).toEqual([3]);
  });

  it("are found with the keyboard by their first consonants", async () => {
    const { user } = openApp();
    await screen.findByTestId("client-row-1");
    await user.keyboard("{Control>}k{/Control}");
    await user.type(await screen.findByTestId("search-input"), "ㅂㅊ");
    await user.keyboard("{Enter}");
    await waitFor(() => expect(window.location.hash).toBe("#/clients/3"));
    expect(screen.queryByTestId("search")).toBeNull();
  });
});

describe("settings", () => {
  it("are saved when chosen, and when a field is left", async () => {
    const { user, fake } = openApp({}, "/settings");
    await user.click(await screen.findByTestId("theme-dark"));
    await waitFor(() => expect(document.documentElement.dataset["theme"]).toBe("dark"));
    const agency = screen.getByTestId("settings-agency");
    await user.clear(agency);
    await user.type(agency, "강변기획");
    await user.tab();
    await waitFor(() =>
      expect(fake.calls.filter(({ command }) => command === "saveSettings").at(-1)?.args[0]).toMatchObject({
        agency_name: "강변기획",
        theme: "dark",
      }),
    );
  });

  it("try a server before it is used", async () => {
    const { user, fake } = openApp({}, "/settings");
    await user.click(await screen.findByTestId("database-shared"));
    await user.type(screen.getByTestId("database-url"), "postgres://wrong@db.example.com/moa");
    await user.click(screen.getByTestId("database-test"));
    expect((await screen.findByTestId("database-problem")).dataset["code"]).toBe("database.refused");
    expect(screen.queryByTestId("database-use")).toBeNull();
    await user.clear(screen.getByTestId("database-url"));
    await user.type(screen.getByTestId("database-url"), "postgres://moa@db.example.com/moa");
    await user.click(screen.getByTestId("database-test"));
    await user.click(await screen.findByTestId("database-use"));
    expect(fake.calls.at(-1)).toEqual({
      command: "useDatabase",
      args: ["postgres://moa@db.example.com/moa"],
    });
  });
});

// What can go wrong around the window: files that cannot be read, a database that stops, a program that is killed or started twice.
import assert from "node:assert/strict";
import { mkdirSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { eventually } from "./person.mjs";
import { inWorkspace, runningServer } from "./workspace.mjs";

const root = resolve(new URL("..", import.meta.url).pathname);
const CLIENT = "한강전자";
const HEADER = "campaign,date,currency,vat,impressions,clicks,cost,conversions,revenue";

const NAVER =
  '일별,캠페인유형,캠페인,노출수,클릭수,클릭률(%),"평균클릭비용(VAT포함,원)","총비용(VAT포함,원)",구매완료 전환수,구매완료 전환매출액(원)';

const write = (folder, name, ...lines) => {
  const file = join(folder, name);
  writeFileSync(file, lines.join("\n"));
  return file;
};

test("files that cannot be read say so, and are no harm to those that can", async (t) => {
  await inWorkspace(t, async ({ files, moa, open, step }) => {
    const { app, person } = await open();
    await step("a first client, by hand", async () => {
      await person.clicks("first-client");
      await person.writes("client-name", CLIENT);
      await person.clicks("client-save");
      await person.sees("dashboard-empty");
      await app.screenshot("client-without-figures");
    });

    await step("each refused file has its sentence, and the good one is imported", async () => {
      const naver = (...rows) => ["캠페인보고서(2026.11.20.~2026.11.21.),강변_광고", NAVER, ...rows];
      const day = "2026.11.20.,파워링크,브랜드_파워링크,1000,10,1,550,5500,1,20000";
      const good = write(files, "좋은파일.csv", ...naver(day));
      const negative = write(
        files,
        "음수.csv",
        ...naver(day, day.replace("20.,", "21.,").replace("1000", "-3")),
      );
      const later = write(files, "미래.csv", ...naver(day.replace("2026.11.20", "2062.01.05")));
      const empty = write(files, "빈파일.csv");
      const binary = join(files, "사진.csv");
      writeFileSync(
        binary,
        Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0x00, 0x10, 0x4a, 0x46, 0x49, 0x46, 0x00, 0x01]),
      );
      await person.drops(good, negative, later, empty, binary);
      await eventually(async () => assert.equal((await person.ids("file-problem")).length, 4));
      const said = await app.browser.execute(() =>
        Object.fromEntries(
          [...document.querySelectorAll('[data-testid="import-file"]')].map((card) => [
            card.dataset.file,
            card.querySelector('[data-testid="file-problem"]')?.innerText ?? "",
          ]),
        ),
      );
      assert.equal(said["좋은파일.csv"], "");
      assert.match(said["음수.csv"], /4행 '노출수' 열이 음수\(-3\)입니다/);
      assert.match(said["미래.csv"], /3행 '일별' 열의 날짜 2062/);
      assert.match(said["빈파일.csv"], /파일이 비어 있습니다/);
      assert.match(said["사진.csv"], /표가 아닌 파일입니다/);
      for (const text of Object.values(said))
        assert.doesNotMatch(text, /--|\{\w+\}/, "no option and no gap in a sentence");
      await app.screenshot("import-refused");
    });

    await step("only the good file is written", async () => {
      await eventually(async () => assert.match(await person.text("import-start"), /1개 파일 가져오기/));
      await person.clicks("import-start");
      await person.sees("import-result");
      const { rows } = await moa(
        "kpi",
        "--client",
        CLIENT,
        "--from",
        "2026-11-01",
        "--to",
        "2026-11-24",
        "--by",
        "day",
      );
      assert.deepEqual(
        rows.map(({ date, cost }) => [date, cost]),
        [["2026-11-20", "5000"]], // 5,500 with VAT
      );
    });
  });
});

test("a database that stops under the window, a kill in the midst of work, and a second start", async (t) => {
  await inWorkspace(t, async ({ folder, files, moa, open, step }) => {
    // The shipped files by another name, so that the database can be kept from starting again.
    const shipped = join(files, "shipped");
    mkdirSync(shipped);
    for (const name of ["postgres", "fonts"])
      symlinkSync(join(root, "target", "moa-resources", name), join(shipped, name));
    const env = { MOA_RESOURCES: shipped };

    await moa("clients", "add", CLIENT);
    const lines = (day) =>
      Array.from(
        { length: 30 },
        (_, n) => `캠페인 ${n},${day},KRW,excluded,1000,${n + 1},${5000 + n},1,20000`,
      );
    const first = write(files, "첫날.csv", HEADER, ...lines("2026-11-20"));
    await moa("import", first, "--client", CLIENT, "--platform", "naver_ads");
    const { clients } = await moa("clients", "list");
    let { app, person } = await open({ env });

    await step("the second start shows the first window and ends", async () => {
      await person.sees(`client-row-${clients[0].id}`);
      assert.equal(await app.startAgain(), 0);
      await person.clicks(`client-row-${clients[0].id}`);
      await person.waitsForFigures();
    });

    await step("a server that was stopped is started again, unnoticed", async () => {
      const before = runningServer(folder);
      await moa("doctor", "--stop-server");
      await person.choosesPeriod("this_month");
      await person.waitsForFigures();
      assert.equal((await person.figures()).clicks, String((30 * 31) / 2));
      assert.notEqual(runningServer(folder).postgres_pid, before.postgres_pid);
    });

    await step("one that cannot start is said in words, and asked again it is back", async () => {
      await moa("doctor", "--stop-server");
      renameSync(join(shipped, "postgres"), join(shipped, "away"));
      await person.choosesPeriod("last30_days");
      await person.sees("dashboard-problem", 60_000);
      const words = await person.text("dashboard-problem");
      assert.match(words, /파일이 없습니다|시작하지 못했습니다|연결할 수 없습니다/);
      assert.doesNotMatch(words, /moa doctor|--data-dir/);
      await app.screenshot("database-stopped");
      renameSync(join(shipped, "away"), join(shipped, "postgres"));
      await eventually(async () => {
        if (await person.isThere("dashboard-problem"))
          await app.browser.$('[data-testid="dashboard-problem"] button').click();
        assert.ok(await person.isThere("kpi-cost"));
      });
      await person.waitsForFigures();
    });

    await step(
      "work that a kill cut short is told at the next start, and what was there is there",
      async () => {
        const many = Array.from({ length: 400 }, (_, n) =>
          write(files, `큰파일_${n}.csv`, HEADER, ...lines("2026-11-21")),
        );
        await app.browser.execute(
          (paths, client) =>
            window.__TAURI_INTERNALS__.invoke("start_import", {
              files: paths.map((path) => ({
                path,
                answers: {
                  client_id: client,
                  platform: "naver_ads",
                  account: null,
                  currency: null,
                  vat: null,
                  sheet: null,
                  date_order: null,
                  mapping: [],
                },
              })),
            }),
          many,
          clients[0].id,
        );
        await eventually(async () => assert.equal(await person.attribute("jobs", "data-running"), "1"));
        await app.kill();
        ({ app, person } = await open({ env }));
        await person.sees("toast-job-failed");
        assert.match(await person.text("toast-job-failed"), /파일 가져오기 작업이 끝나지 못했습니다/);
        await app.screenshot("interrupted");
        assert.equal(await person.attribute("jobs", "data-running"), "0");
        const { rows } = await moa("kpi", "--client", CLIENT, "--from", "2026-11-20", "--to", "2026-11-20");
        assert.equal(rows[0].clicks, String((30 * 31) / 2));
      },
    );
  });
});

// `npm run bench`: the shipped code paths beside their peers, on the same data, in one run. Prints medians and ratios.
//
// Usage: npm run bench [-- writes|sync|questions|pdf|workbook|month-end|window …] [-- --full]
//
// The peers (DuckDB, XlsxWriter, openpyxl, WeasyPrint) are installed into target/bench by this script; Chromium and a
// display server are used where the machine has them. CPU seconds are steadier than wall time: both are shown.
import { existsSync, mkdirSync } from "node:fs";
import { availableParallelism, cpus, totalmem } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ask, duration, exe, isWindows, main, must, root, run } from "./run.mjs";
import { preparePackages, prepareMachine, say, stageResources } from "./setup.mjs";

const folder = join(root, "target", "bench");
const PEERS = ["duckdb==1.5.3", "xlsxwriter", "openpyxl", "weasyprint"];
const peer = (name) => join(root, "crates", "moa-bench", "peers", name);
const program = join(root, "target", "release", exe("moa-bench"));
const python = join(folder, "venv", isWindows ? "Scripts" : "bin", exe("python"));

const benches = { writes, sync, questions, pdf, workbook, "month-end": monthEnd, window };

await main(async () => {
  const { values, positionals } = parseArgs({
    options: { full: { type: "boolean" } },
    allowPositionals: true,
  });
  const chosen = positionals.length > 0 ? positionals : Object.keys(benches);
  const begun = Date.now();
  await prepareMachine(["build"]);
  await preparePackages();
  await stageResources({ forTests: false });
  mkdirSync(folder, { recursive: true });
  say("Building the measured programs in release (the first time: about 10 minutes)");
  await must("Building", "cargo", ["build", "--release", "--locked", "-p", "moa-bench"]);
  await installPeers();
  const [processor] = cpus();
  console.log(
    `\n${processor?.model.trim()}, ${availableParallelism()} processors, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform}`,
  );
  for (const name of chosen) {
    if (!(name in benches))
      throw new Error(`no measurement is called ${name}: ${Object.keys(benches).join(", ")}`);
    await benches[name](values.full ?? false);
  }
  console.log(`\n${chosen.length} measurements in ${duration(Date.now() - begun)}`);
  return 0;
});

async function installPeers() {
  if (existsSync(python) && ask(python, "-c", "import duckdb, xlsxwriter, openpyxl, weasyprint") !== null)
    return;
  say("Installing the peers");
  await must("Making a Python environment", isWindows ? "python" : "python3", [
    "-m",
    "venv",
    join(folder, "venv"),
  ]);
  await must("Installing the peers", python, ["-m", "pip", "install", "--quiet", ...PEERS]);
}

/** The JSON lines a program prints. */
async function measured(command, args) {
  const { code, output } = await run(command, args, { show: false, env: { MOA_KEYCHAIN: "file" } });
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} failed:\n${output}`);
  return output
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line));
}

function table(title, heads, rows) {
  console.log(`\n## ${title}\n`);
  const cells = [
    heads,
    ...rows.map((row) => row.map((cell) => (cell === undefined || cell === null ? "–" : String(cell)))),
  ];
  const widths = heads.map((_, column) => Math.max(...cells.map((row) => [...row[column]].length)));
  const line = (row) =>
    `| ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]))).join(" | ")} |`;
  console.log(line(cells[0]));
  console.log(`|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`);
  for (const row of cells.slice(1)) console.log(line(row));
}

const fixed = (value, digits = 2) =>
  value === null || value === undefined ? undefined : value.toFixed(digits);
const ratio = (ours, theirs) => (ours && theirs ? `${fixed(ours / theirs, 3)} ×` : undefined);

async function writes() {
  const answers = await measured(program, ["writes", "1000000"]);
  const perRow = ({ rows }, seconds) => fixed((seconds * 1e6) / rows);
  const rows = answers.map((answer) => [
    answer.case,
    perRow(answer, answer.cpu_s ?? NaN),
    perRow(answer, answer.server_cpu_s ?? NaN),
    perRow(answer, answer.wall_s),
    answer.hourly && answer.hourly.new + answer.daily.new + answer.hourly.restated + answer.daily.restated,
  ]);
  table(
    "Writes: µs a row of 1 M daily and hourly rows, 17.7 % changed (goal: ≤ 5, with roll-ups and revisions ≤ 7)",
    ["case", "CPU", "of the server", "wall", "rows written"],
    rows,
  );
}

async function sync(full) {
  const [accounts, campaigns, days] = [40, 50, full ? 135 : 28];
  const answers = await measured(program, ["sync", String(accounts), String(campaigns), String(days)]);
  const raw = answers.at(-1);
  const perRow = ({ rows }, seconds) => (seconds * 1e6) / rows;
  table(
    `Sync: ${accounts} accounts × ${campaigns} campaigns × ${days} days by day and hour, from the platform's answers to the commit`,
    ["case", "rows", "MB read", "requests", "rows a second", "CPU µs a row", "beside COPY", "peak MiB"],
    answers.map((answer) => [
      answer.case,
      answer.rows,
      answer.bytes && fixed(answer.bytes / 1e6, 0),
      answer.requests,
      fixed(answer.rows / answer.wall_s, 0),
      fixed(perRow(answer, answer.cpu_s ?? NaN)),
      answer === raw ? undefined : ratio(perRow(answer, answer.cpu_s ?? NaN), perRow(raw, raw.cpu_s ?? NaN)),
      fixed(answer.peak_mib, 0),
    ]),
  );
}

async function questions(full) {
  const rows = [];
  for (const campaigns of full ? [600, 5000, 20000] : [600, 5000]) {
    const args = [String(campaigns), "20"];
    const ours = await measured(program, ["questions", ...args]);
    const theirs = await measured(python, [
      peer("questions_duckdb.py"),
      ...args,
      join(folder, "questions.duckdb"),
    ]);
    for (const answer of ours.filter((answer) => answer.question)) {
      const same = theirs.find((other) => other.question === answer.question && other.scope === answer.scope);
      if (same.cost !== answer.cost || same.clicks !== answer.clicks) {
        throw new Error(`the sums differ: ${JSON.stringify(answer)} and ${JSON.stringify(same)}`);
      }
      rows.push([
        `${campaigns} ${answer.scope} ${answer.question}`,
        fixed(answer.cpu_ms),
        fixed(same.cpu_ms),
        ratio(answer.cpu_ms, same.cpu_ms),
        fixed(answer.wall_ms),
        fixed(same.wall_ms),
      ]);
    }
  }
  table(
    "Dashboard questions, ms, beside DuckDB on its own file (goal: client ≤ 0.15 ×, agency ≤ 0.05 ×, campaign table ≤ 0.5 ×)",
    ["question", "CPU", "DuckDB", "ratio", "wall", "DuckDB wall"],
    rows,
  );
}

async function pdf() {
  const ours = await measured(program, ["pdf", "230", "20", folder]);
  const chromium = ["chromium", "chromium-browser", "google-chrome"].find(
    (name) => ask(name, "--version") !== null,
  );
  if (!chromium) say("Chromium is not installed, so it is not compared");
  const theirs = await measured(python, [
    peer("report_pages.py"),
    folder,
    "3",
    ...(chromium ? [chromium] : []),
  ]);
  const pages = ask("pdfinfo", join(folder, "report.pdf"))?.match(/Pages: +(\d+)/)?.[1] ?? "?";
  const [{ cpu_ms }] = ours;
  table(
    `PDF of ${pages} Korean pages, warm (goal: ≤ 90 ms, ≥ 20 × under Chromium, ≤ 150 KB, ≤ 32 MB)`,
    ["writer", "CPU ms", "wall ms", "ours / theirs", "KB", "peak MiB"],
    [...ours, ...theirs].map((answer) => [
      answer.peer ?? "Moa",
      fixed(answer.cpu_ms, 1),
      fixed(answer.wall_ms, 1),
      answer.peer && ratio(cpu_ms, answer.cpu_ms),
      fixed(answer.bytes / 1000, 0),
      fixed(answer.peak_mib, 0),
    ]),
  );
}

async function workbook(full) {
  const rows = 200_000;
  const ours = await measured(program, ["workbook", String(rows)]);
  // The peers' time grows with the rows; a tenth tells it.
  const theirs = [];
  const part = full ? rows : rows / 10;
  for (const name of ["xlsxwriter", "openpyxl"]) {
    theirs.push(
      ...(await measured(python, [
        peer("workbook_xlsxwriter.py"),
        name,
        String(part),
        join(folder, `${name}.xlsx`),
      ])),
    );
  }
  table(
    "Workbook: raw rows × 20 columns with formulas and charts (goal: 200,000 rows in ≤ 10 s and ≤ 64 MB)",
    ["writer", "rows", "CPU s", "s per 200,000", "wall s", "peak MiB", "of it the document"],
    [...ours, ...theirs].map((answer) => [
      answer.peer ?? "Moa",
      answer.rows,
      fixed(answer.cpu_s),
      fixed((answer.cpu_s * rows) / answer.rows),
      fixed(answer.wall_s),
      fixed(answer.peak_mib, 0),
      fixed(answer.document_mib, 0),
    ]),
  );
}

async function monthEnd() {
  const [answer] = await measured(program, ["month-end", "50", "400", join(folder, "month-end")]);
  table(
    "Month end: PDF and workbook of 50 clients, 400 campaigns × 31 days each, two at a time (goal: under 15 s on two idle cores)",
    ["clients", "CPU s", "wall s", "peak MiB"],
    [[answer.clients, fixed(answer.cpu_s), fixed(answer.wall_s), fixed(answer.peak_mib, 0)]],
  );
}

async function window() {
  if (
    process.platform !== "linux" ||
    ask("Xvfb", "-help") === null ||
    ask("WebKitWebDriver", "--version") === null
  ) {
    return say("window: left out, it needs Xvfb and WebKitWebDriver");
  }
  const { compareWindows } = await import("./bench-window.mjs");
  const rows = await compareWindows();
  table(
    "Window: from the start of the process to what is seen, and memory after it (goal: first figures ≤ 1.3 ×, first run ≤ 2.5 ×, + 60 MB)",
    ["case", "seconds", "ratio", "memory MiB"],
    rows,
  );
}

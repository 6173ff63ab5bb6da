// Starts Moa's window and an empty Tauri window in turn, both built in release, and compares when something can be read and how much memory
// is held. For `npm run bench -- window`; Linux with Xvfb and WebKitWebDriver only.
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startDisplay } from "../e2e/display.mjs";
import { must, root } from "./run.mjs";
import { buildInterface, say } from "./setup.mjs";

const RUNS = 5;
const NOW = "2026-11-24T09:50:00+09:00";
const release = (name) => join(root, "target", "release", name);

/** Rows of the table: case, median seconds, ratio to the empty window, MiB. */
export async function compareWindows() {
  await buildInterface();
  say("Building both windows in release (the first time: about 15 minutes)");
  const features = ["--features", "moa-desktop/custom-protocol"];
  await must("Building", "cargo", [
    "build",
    "--release",
    "--locked",
    ...features,
    "-p",
    "moa-desktop",
    "-p",
    "moa-cli",
    "--bins",
    "--example",
    "empty_window",
  ]);
  const display = await startDisplay();
  process.env.DISPLAY = display.name;
  const folders = [];
  const work = mkdtempSync(join(tmpdir(), "moa-bench-window-"));
  try {
    const filled = mkdtempSync(join(tmpdir(), "moa-bench-data-"));
    folders.push(filled);
    const env = { MOA_NOW: NOW, MOA_KEYCHAIN: "file", MOA_DATA_DIR: filled, MOA_KEEPER_IDLE_SECONDS: "0" };
    await must("Making the sample agency", release("moa"), ["demo"], { env });
    const empty = [];
    const figures = [];
    const warm = [];
    const first = [];
    for (let run = 0; run < RUNS; run += 1) {
      empty.push(await visit(work, release("examples/empty_window"), undefined, "#empty"));
      await must("Stopping the server", release("moa"), ["doctor", "--stop-server"], { env });
      figures.push(await visit(work, release("moa-desktop"), filled, "first-figures"));
      warm.push(await visit(work, release("moa-desktop"), filled, "first-figures"));
      const fresh = mkdtempSync(join(tmpdir(), "moa-bench-data-"));
      folders.push(fresh);
      first.push(await visit(work, release("moa-desktop"), fresh, "first-screen"));
    }
    const seconds = (visits) => median(visits.map((each) => each.seconds));
    const memory = (visits) => median(visits.map((each) => each.mib));
    const base = seconds(empty);
    const row = (name, visits) => [
      name,
      seconds(visits).toFixed(2),
      visits === empty ? undefined : `${(seconds(visits) / base).toFixed(2)} ×`,
      memory(visits).toFixed(0),
    ];
    return [
      row("an empty Tauri window", empty),
      row("Moa, first figures, database stopped before", figures),
      row("Moa, first figures, database running", warm),
      row("Moa, first run with initdb, first screen", first),
    ];
  } finally {
    display.stop();
    for (const folder of [work, ...folders]) rmSync(folder, { recursive: true, force: true });
  }
}

/** Opens the program, waits for an element or a mark of the page, and closes it. */
async function visit(work, program, dataFolder, awaited) {
  const stamp = join(work, "started");
  const wrapper = join(work, "program");
  writeFileSync(wrapper, `#!/bin/sh\ndate +%s%N > '${stamp}'\nexec '${program}' "$@"\n`);
  chmodSync(wrapper, 0o755);
  process.env.MOA_E2E_PROGRAM = wrapper;
  const { openApp } = await import("../e2e/app.mjs");
  const app = await openApp({ dataFolder, now: NOW });
  try {
    const seen = await app.browser.executeAsync((what, done) => {
      const look = () => {
        const mark = performance.getEntriesByName(what)[0]?.startTime;
        const element =
          what.startsWith("#") && document.querySelector(what) ? performance.timing.loadEventEnd : 0;
        if (mark !== undefined) done(performance.timeOrigin + mark);
        else if (element > 0) done(element);
        else setTimeout(look, 5);
      };
      look();
    }, awaited);
    const started = Number(readFileSync(stamp, "utf8")) / 1e6;
    return { seconds: (seen - started) / 1000, mib: memoryOf(program, app.dataFolder) };
  } finally {
    await app.close();
  }
}

/** Proportional memory of the program, its web view's processes, and the keeper with its server. */
function memoryOf(program, dataFolder) {
  const processes = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const parent = /\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, "utf8"))?.[1];
        return [{ pid, parent, command: readFileSync(`/proc/${pid}/cmdline`, "utf8") }];
      } catch {
        return []; // it has just ended
      }
    });
  const isOurs = ({ command }) =>
    command.startsWith(program) || (dataFolder !== undefined && command.includes(dataFolder));
  const ours = new Set(processes.filter(isOurs).map(({ pid }) => pid));
  for (let before = -1; before !== ours.size;) {
    before = ours.size;
    for (const { pid, parent } of processes) if (ours.has(parent)) ours.add(pid);
  }
  let kib = 0;
  for (const pid of ours) {
    try {
      kib += Number(/^Pss: +(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))?.[1] ?? 0);
    } catch {
      // it has just ended
    }
  }
  return kib / 1024;
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

// `npm test`: every check there is but the one for Windows, which is asked for by name, in an order that fails early. The last line says how many tests and checks passed.
//
// Usage: npm test [-- --only NAME,…] [-- --skip NAME,…] [-- --list]      a NAME is a step or a group
import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs, stripVTControlCharacters } from "node:util";
import { ask, built, duration, exe, main, root, run, Stop } from "./run.mjs";
import {
  buildInterface,
  buildForEndToEnd,
  cargoBuild,
  FEATURES,
  preparePackages,
  prepareMachine,
  stageResources,
} from "./setup.mjs";
import { canCheckWindows } from "./check-windows.mjs";

const node = (script, ...args) => ["node", [script, ...args]];
const npx = (...args) => ["npx", ["--no-install", ...args]];
const hasNextest = () => ask("cargo", "nextest", "--version") !== null;

/** A step runs `command`, or `body`; `tests` reads how many tests its output counts. */
const steps = [
  { name: "format", group: "ui", command: npx("prettier", "--check", "--log-level", "warn", ".") },
  { name: "lint", group: "ui", command: npx("eslint", "--max-warnings", "0", ".") },
  { name: "types", group: "ui", command: npx("tsc", "--project", "ui/tsconfig.json") },
  { name: "translations", group: "ui", command: node("scripts/check-translations.mjs") },
  { name: "paths", group: "ui", command: node("scripts/check-paths.mjs") },
  {
    name: "ui",
    group: "ui",
    command: npx("vitest", "run", "--config", "ui/vite.config.ts"),
    tests: vitestCount,
  },
  { name: "rustfmt", group: "rust", command: ["cargo", ["fmt", "--all", "--check"]] },
  {
    name: "clippy",
    group: "rust",
    command: [
      "cargo",
      ["clippy", "--locked", "--workspace", "--all-targets", ...FEATURES, "--", "-D", "warnings"],
    ],
  },
  { name: "build", group: "rust", body: buildEverything },
  { name: "layering", group: "rust", body: () => xtask("layering") },
  { name: "licences", group: "rust", body: licences },
  { name: "notices", group: "rust", body: () => xtask("notices", "--check") },
  { name: "rust", group: "rust", body: rustTests, tests: rustCount },
  { name: "e2e", group: "e2e", needs: buildForEndToEnd, command: node("e2e/run.mjs"), tests: nodeCount },
  // Half an hour from nothing, so only when it is named: npm test -- --only windows
  {
    name: "windows",
    group: "windows",
    onRequest: true,
    unless: canCheckWindows,
    command: node("scripts/check-windows.mjs"),
  },
];

await main(async () => {
  const { values } = parseArgs({
    options: { only: { type: "string" }, skip: { type: "string" }, list: { type: "boolean" } },
  });
  if (values.list) {
    for (const { name, group } of steps) console.log(`${name.padEnd(14)}${group}`);
    return 0;
  }
  const chosen = choose(values);

  await prepareMachine(["build", "test"]);
  await preparePackages();
  const needsRust = chosen.some((step) => step.group !== "ui");
  if (needsRust) {
    requireComponents();
    await stageResources({ forTests: true });
    await buildInterface();
  }

  const results = [];
  for (const step of chosen) results.push(await runStep(step));
  return summary(results);
});

function choose({ only, skip }) {
  const named = (list) => list.split(",").map((name) => name.trim());
  const is = (names) => (step) => names.includes(step.name) || names.includes(step.group);
  const known = steps.flatMap((step) => [step.name, step.group]);
  for (const name of [only, skip].filter(Boolean).flatMap(named)) {
    if (!known.includes(name))
      throw new Stop(`There is no step or group “${name}”. See: npm test -- --list`, 2);
  }
  return steps
    .filter(only ? is(named(only)) : (step) => !step.onRequest)
    .filter(skip ? (step) => !is(named(skip))(step) : () => true);
}

function requireComponents() {
  if (ask("cargo", "fmt", "--version") !== null && ask("cargo", "clippy", "--version") !== null) return;
  if (ask("rustup", "component", "add", "rustfmt", "clippy") === null) {
    throw new Stop(
      "rustfmt or clippy is missing. Install them with:\n\n    rustup component add rustfmt clippy\n",
      2,
    );
  }
}

async function runStep(step) {
  const begun = Date.now();
  const left = await step.unless?.();
  if (left) {
    console.log(`\n── ${step.name}: left out, ${left}`);
    return { step, state: "left out", passed: 0, failed: 0, ms: 0 };
  }
  console.log(`\n── ${step.name}`);
  let outcome;
  try {
    await step.needs?.();
    outcome = await (step.body ? step.body() : run(...step.command));
  } catch (error) {
    console.error(error instanceof Stop ? error.message : error);
    outcome = { code: 1, output: "" };
  }
  const counted = step.tests?.(stripVTControlCharacters(outcome.output));
  let { passed, failed } =
    counted ?? (outcome.code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 });
  // A step that ends badly has failed even where no test says so.
  if (outcome.code !== 0 && failed === 0) failed = 1;
  return { step, state: failed === 0 ? "passed" : "FAILED", passed, failed, ms: Date.now() - begun };
}

function summary(results) {
  console.log("\n" + "step".padEnd(14) + "result".padEnd(11) + "tests".padStart(7) + "time".padStart(14));
  for (const { step, state, passed, failed, ms } of results) {
    const tests = step.tests && state !== "left out" ? String(passed + failed) : "";
    console.log(step.name.padEnd(14) + state.padEnd(11) + tests.padStart(7) + duration(ms).padStart(14));
  }
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  console.log(`\n${sum("passed")} passed, ${sum("failed")} failed`);
  return sum("failed") === 0 ? 0 : 1;
}

/** With the same choice of packages and features as the tests, so that these find everything compiled. */
async function buildEverything() {
  await cargoBuild(["--workspace", "--all-targets"], "Building the program and its tests");
  return { code: 0, output: "" };
}

/** Runs a copy, because the tests may build xtask anew and Windows does not replace a program that runs. */
async function xtask(...args) {
  if (ask(built("xtask"), "--version") === null) await cargoBuild(["-p", "xtask"], "Building the checks");
  const copy = join(root, "target", "moa-xtask", exe("xtask"));
  mkdirSync(join(root, "target", "moa-xtask"), { recursive: true });
  copyFileSync(built("xtask"), copy);
  return run(copy, args);
}

/** cargo-deny where it is installed, since it also knows advisories' sources and bans; else our own reading of its list. */
async function licences() {
  if (ask("cargo", "deny", "--version") !== null) {
    const { code, output } = await run("cargo", [
      "deny",
      "--all-features",
      "check",
      "licenses",
      "bans",
      "sources",
    ]);
    if (code !== 0) return { code, output };
  }
  return xtask("licences");
}

/** All Rust tests, against the oldest and the newest Postgres. */
function rustTests() {
  const scope = ["--locked", "--workspace", "--all-targets", ...FEATURES];
  const command = hasNextest()
    ? ["cargo", "nextest", "run", "--no-fail-fast", "--status-level", "fail", ...scope]
    : ["cargo", "test", "--no-fail-fast", ...scope];
  // The bindings are compared, not written: see the test in src-tauri/src/lib.rs.
  process.env.MOA_CHECK_BINDINGS = "1";
  return xtask("with-postgres", "--", ...command);
}

function rustCount(output) {
  const nextest = /Summary \[.*\] +\d+.* tests? run: (.*)/.exec(output);
  if (nextest)
    return { passed: number(/(\d+) passed/, nextest[1]), failed: number(/(\d+) failed/, nextest[1]) };
  const results = [...output.matchAll(/^test result: \w+\. (\d+) passed; (\d+) failed/gm)];
  if (results.length === 0) return undefined;
  const sum = (index) => results.reduce((total, match) => total + Number(match[index]), 0);
  return { passed: sum(1), failed: sum(2) };
}

function vitestCount(output) {
  const line = /^ *Tests +(.*)$/m.exec(output)?.[1];
  return line && { passed: number(/(\d+) passed/, line), failed: number(/(\d+) failed/, line) };
}

function nodeCount(output) {
  const passed = /^\S+ pass (\d+)$/m.exec(output);
  return passed && { passed: Number(passed[1]), failed: number(/^\S+ fail (\d+)$/m, output) };
}

function number(pattern, text) {
  return Number(pattern.exec(text)?.[1] ?? 0);
}

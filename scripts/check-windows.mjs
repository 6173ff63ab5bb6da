// `npm run check:windows` on Linux: the whole app type-checks for Windows, and the command line runs there, as far as
// Debian's cross compiler and wine can show it. Left out where these packages are not installed:
//
//     apt-get install gcc-mingw-w64-x86-64 g++-mingw-w64-x86-64 rustc-web cargo-web rust-web-src wine
//
// They bring a toolchain of their own with the sources of Rust's standard library, which is built for Windows first.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ask, built, duration, main, must, root, Stop } from "./run.mjs";
import {
  buildInterface,
  buildPrograms,
  preparePackages,
  prepareMachine,
  say,
  stageResources,
} from "./setup.mjs";

const TARGET = "x86_64-pc-windows-gnu";
const TOOLS = [
  "/usr/bin/x86_64-w64-mingw32-gcc",
  "/usr/bin/x86_64-w64-mingw32-g++",
  "/usr/bin/rustc",
  "/usr/bin/cargo",
];
const folder = join(root, "target", "windows");

/** Why it cannot be done here, or nothing. */
export function canCheckWindows() {
  const missing = TOOLS.filter((tool) => !existsSync(tool));
  if (ask("wine", "--version") === null) missing.push("wine");
  if (process.platform !== "linux") return "it cross-compiles on Linux only";
  return missing.length > 0 ? `not installed: ${missing.join(", ")}` : undefined;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(check);

async function check() {
  const reason = canCheckWindows();
  if (reason) {
    console.log(`check:windows is left out: ${reason}`);
    return 0;
  }
  await prepareMachine(["build"]);
  await preparePackages();
  await stageResources({ forTests: false });
  await buildInterface();

  const begun = Date.now();
  say("Type-checking the whole app for Windows (the first time: about 10 minutes)");
  await cargo(
    "check",
    "--package",
    "moa-desktop",
    "--package",
    "moa-cli",
    "--features",
    "moa-desktop/custom-protocol",
  );
  say(`It does (${duration(Date.now() - begun)}). Building the command line for Windows`);
  await cargo("build", "--package", "moa-cli");
  await runUnderWine();
  console.log(`check:windows: in order (${duration(Date.now() - begun)})`);
  return 0;
}

/** Debian's own toolchain, whose standard library can be built for another system. */
function cargo(command, ...args) {
  const env = {
    PATH: "/usr/bin:/bin",
    RUSTC: "/usr/bin/rustc",
    RUSTC_BOOTSTRAP: "1",
    CARGO_TARGET_DIR: folder,
    CARGO_TERM_COLOR: "never",
    RUSTUP_TOOLCHAIN: "",
    // printpdf also builds itself as a library for other languages; told nothing, the linker exports every symbol of it, which are too many.
    CARGO_TARGET_X86_64_PC_WINDOWS_GNU_RUSTFLAGS: "-C link-arg=-Wl,--exclude-all-symbols",
  };
  const options = ["--locked", "-Zbuild-std=std,panic_abort", "--target", TARGET];
  return must(`cargo ${command} for Windows`, "/usr/bin/cargo", [command, ...options, ...args], { env });
}

/** The Windows program does the main job on a Postgres of this machine, and its figures are those of the Linux program. */
async function runUnderWine() {
  const programs = join(folder, TARGET, "debug");
  await replaceMissingLibrary(programs);
  await buildPrograms();
  await must("Building the test server", "cargo", ["build", "--locked", "-p", "xtask"]);
  const work = mkdtempSync(join(tmpdir(), "moa-windows-"));
  try {
    const script = join(work, "compare.mjs");
    writeFileSync(script, comparison(join(programs, "moa.exe"), work));
    const servers = ["with-postgres", "--only", "18", "--", process.execPath, script];
    process.stdout.write(await must("The Windows command line under wine", built("xtask"), servers));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function comparison(windowsProgram, work) {
  const quote = JSON.stringify;
  return `
import { execFileSync } from "node:child_process";
const url = process.env.MOA_TEST_POSTGRES_URLS.trim();
const env = { ...process.env, WINEPREFIX: ${quote(join(work, "wine"))}, WINEDEBUG: "-all", MOA_DATABASE_URL: url, MOA_KEYCHAIN: "file" };
const options = { env, encoding: "utf8", maxBuffer: 1 << 26 };
const onWindows = (...args) => execFileSync("wine", [${quote(windowsProgram)}, ...args], options).replaceAll("\\r", "");
const onLinux = (...args) => execFileSync(${quote(built("moa"))}, ["--data-dir", ${quote(join(work, "data"))}, ...args], options);
console.log(onWindows("--version").trim());
console.log(onWindows("demo").trim());
const { clients } = JSON.parse(onWindows("clients", "list", "--json"));
const question = ["kpi", "--client", clients[0].name, "--from", "2026-01-01", "--to", "2026-12-31", "--by", "month", "--json"];
const [there, here] = [JSON.parse(onWindows(...question)), JSON.parse(onLinux(...question))];
if (JSON.stringify(there) !== JSON.stringify(here)) throw new Error("the figures differ between Windows and Linux");
if (here.rows.length === 0) throw new Error("there are no figures to compare");
console.log("the same " + here.rows.length + " months of " + clients[0].name + " on Windows and Linux");
`;
}

/** Wine 8 lacks bcryptprimitives.dll, which Rust's standard library asks for random numbers. */
async function replaceMissingLibrary(programs) {
  mkdirSync(programs, { recursive: true });
  const source = join(programs, "bcryptprimitives.c");
  writeFileSync(
    source,
    `#include <windows.h>
#include <ntsecapi.h>
BOOL WINAPI ProcessPrng(PBYTE bytes, SIZE_T count) { return RtlGenRandom(bytes, (ULONG)count); }
`,
  );
  const library = join(programs, "bcryptprimitives.dll");
  await must("Building a stand-in for a library wine lacks", TOOLS[0], [
    "-shared",
    "-o",
    library,
    source,
    "-ladvapi32",
  ]);
  if (!existsSync(library)) throw new Stop("The stand-in library was not written.");
}

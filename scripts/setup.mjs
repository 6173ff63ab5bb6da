// Makes a machine ready to build and test Moa, and builds what `npm start` and `npm test` need. Every step looks first
// and does nothing when nothing has changed.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ask, duration, must, reachCargo, root, Stop } from "./run.mjs";

/** The same in Cargo.toml (`rust-version`) and package.json (`engines`). */
const NODE = 20;
const RUST = [1, 95];

/** What Debian and Ubuntu call what a build needs; GTK, librsvg and D-Bus come along with WebKitGTK. The indicator is the tray. */
const APT = {
  build: ["build-essential", "pkg-config", "libwebkit2gtk-4.1-dev", "libayatana-appindicator3-dev"],
  // A window without a screen, its driver, and readers for the documents it writes.
  test: ["webkit2gtk-driver", "xvfb", "dbus", "poppler-utils"],
};

const OTHER_LINUX = {
  dnf: "sudo dnf install -y gcc gcc-c++ make pkgconf-pkg-config webkit2gtk4.1-devel libayatana-appindicator-gtk3-devel",
  pacman: "sudo pacman -S --needed --noconfirm base-devel pkgconf webkit2gtk-4.1 libayatana-appindicator",
  zypper:
    "sudo zypper install -y gcc gcc-c++ make pkg-config webkit2gtk3-devel libayatana-appindicator3-devel",
};

export const say = (text) => console.log(`• ${text}`);

/** The toolchains and system libraries. `needs` are keys of the list above. */
export async function prepareMachine(needs) {
  const node = Number(process.versions.node.split(".")[0]);
  if (node < NODE) {
    throw new Stop(
      `Moa needs Node ${NODE} or later; this is ${process.versions.node}. https://nodejs.org`,
      2,
    );
  }
  reachCargo();
  requireRust();
  if (process.platform === "linux") await prepareLinux(needs);
  if (process.platform === "darwin" && ask("xcode-select", "-p") === null) {
    throw new Stop(
      "Apple's command line tools are missing. Install them with:\n\n    xcode-select --install\n",
      2,
    );
  }
  if (process.platform === "win32") requireWindowsTools();
}

function requireRust() {
  const version = ask("rustc", "--version");
  const wanted = RUST.join(".");
  if (version === null || ask("cargo", "--version") === null) {
    const how =
      process.platform === "win32"
        ? "winget install --id Rustlang.Rustup"
        : "curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y";
    throw new Stop(`The Rust toolchain is missing. Install it with:\n\n    ${how}\n`, 2);
  }
  const [major, minor] = (/(\d+)\.(\d+)/.exec(version) ?? []).slice(1).map(Number);
  if (major < RUST[0] || (major === RUST[0] && minor < RUST[1])) {
    throw new Stop(
      `Moa needs Rust ${wanted} or later; this is ${version}. Update it with:\n\n    rustup update stable\n`,
      2,
    );
  }
}

function requireWindowsTools() {
  const finder = join(
    process.env["ProgramFiles(x86)"] ?? "C:\\Program Files (x86)",
    "Microsoft Visual Studio",
    "Installer",
    "vswhere.exe",
  );
  const compiler =
    existsSync(finder) &&
    ask(
      finder,
      "-products",
      "*",
      "-requires",
      "Microsoft.VisualStudio.Component.VC.Tools.x86.x64",
      "-property",
      "installationPath",
    );
  if (!compiler) {
    const options =
      '--override "--passive --wait --add Microsoft.VisualStudio.Workload.VCTools --includeRecommended"';
    throw new Stop(
      `The C++ build tools of Visual Studio are missing. Install them with:\n\n    winget install --id Microsoft.VisualStudio.2022.BuildTools ${options}\n`,
      2,
    );
  }
  const key = "Microsoft\\EdgeUpdate\\Clients\\{F3017226-FE2A-4295-8BDF-00C3A9A7E4C5}";
  const places = [`HKLM\\SOFTWARE\\WOW6432Node\\${key}`, `HKLM\\SOFTWARE\\${key}`, `HKCU\\Software\\${key}`];
  if (places.every((place) => ask("reg", "query", place, "/v", "pv") === null)) {
    throw new Stop(
      "Microsoft's WebView2 is missing. Install it with:\n\n    winget install --id Microsoft.EdgeWebView2Runtime\n",
      2,
    );
  }
}

async function prepareLinux(needs) {
  if (ask("apt-get", "--version") === null || ask("dpkg-query", "--version") === null)
    return requireOnOtherLinux();
  const missing = needs.flatMap((need) => APT[need]).filter((name) => !isInstalled(name));
  if (missing.length === 0) return;
  const isRoot = process.getuid?.() === 0;
  const canBecomeRoot = isRoot || ask("sudo", "-n", "true") !== null;
  if (!canBecomeRoot) {
    throw new Stop(
      `Some system packages are missing, and installing them needs an administrator. Run this once, then start again:\n\n` +
        `    sudo apt-get update && sudo apt-get install -y --no-install-recommends ${missing.join(" ")}\n`,
      2,
    );
  }
  say(`Installing system packages (${missing.join(", ")}); this takes a minute or two`);
  const apt = (...args) => {
    const quiet = [
      "env",
      "DEBIAN_FRONTEND=noninteractive",
      "apt-get",
      "-o",
      "DPkg::Lock::Timeout=300",
      ...args,
    ];
    const [program, ...rest] = isRoot ? quiet : ["sudo", "-n", ...quiet];
    return must("Installing system packages", program, rest);
  };
  await apt("update");
  await apt("install", "-y", "--no-install-recommends", ...missing);
}

function isInstalled(name) {
  return ask("dpkg-query", "-W", "-f=${Status}", name)?.endsWith(" installed") ?? false;
}

function requireOnOtherLinux() {
  if (ask("pkg-config", "--exists", "webkit2gtk-4.1") !== null && ask("cc", "--version") !== null) return;
  const manager = Object.keys(OTHER_LINUX).find((name) => ask(name, "--version") !== null);
  throw new Stop(
    manager
      ? `WebKitGTK 4.1 or a C compiler is missing. Run this once, then start again:\n\n    ${OTHER_LINUX[manager]}\n`
      : "WebKitGTK 4.1 with its development files (webkit2gtk-4.1), pkg-config and a C compiler are missing. Install them and start again.",
    2,
  );
}

/** The JavaScript packages, when what is installed is not what the lock file says. */
export async function preparePackages() {
  if (packagesAreCurrent()) return;
  say("Installing JavaScript packages (the first time: about a minute)");
  await must("Installing JavaScript packages", "npm", ["ci", "--no-audit", "--no-fund"]);
}

function packagesAreCurrent() {
  const installedFile = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(installedFile)) return false;
  const read = (file) => JSON.parse(readFileSync(file, "utf8")).packages;
  const wanted = Object.entries(read(join(root, "package-lock.json"))).filter(([path]) => path !== "");
  const installed = read(installedFile);
  return wanted.every(([path, entry]) => {
    const found = installed[path];
    if (found === undefined) return entry.optional === true;
    return found.version === entry.version && (found.inBundle || existsSync(join(root, path)));
  });
}

/** Postgres and the fonts, put where the build looks for them. */
export async function stageResources({ forTests }) {
  const node = process.execPath;
  await must("Unpacking Postgres", node, [
    "scripts/stage-postgres.mjs",
    ...(forTests ? [] : ["--without-tests"]),
  ]);
  await must("Staging fonts", node, ["scripts/stage-fonts.mjs"]);
}

/** The user interface, when one of its files has changed since it was built. */
export async function buildInterface() {
  const stampFile = join(root, "target", "moa-stamps", "ui");
  const stamp = fingerprint(["ui", "locales", "package-lock.json"], ["dist"]);
  const isThere = existsSync(join(root, "ui", "dist", "index.html"));
  if (isThere && existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp) return;
  say("Building the user interface");
  await must("Building the user interface", "npm", ["run", "--silent", "ui:build"]);
  mkdirSync(join(root, "target", "moa-stamps"), { recursive: true });
  writeFileSync(stampFile, stamp);
}

/** Changes with any file's path, size or time of change. */
function fingerprint(paths, leaveOut) {
  const hash = createHash("sha256");
  const visit = (path) => {
    const { size, mtimeMs } = statSync(join(root, path));
    hash.update(`${path}\n${size}\n${mtimeMs}\n`);
  };
  for (const path of paths) {
    if (statSync(join(root, path)).isFile()) {
      visit(path);
      continue;
    }
    for (const entry of readdirSync(join(root, path), { recursive: true, withFileTypes: true })) {
      const inside = join(entry.parentPath ?? entry.path, entry.name).slice(root.length + 1);
      if (entry.isFile() && !leaveOut.some((folder) => inside.startsWith(join(path, folder)))) visit(inside);
    }
  }
  return hash.digest("hex");
}

/**
 * What carries the user interface inside the program. Everything is built with the same choice, so that lints, tests
 * and the window share what they compile.
 */
export const FEATURES = ["--features", "moa-desktop/custom-protocol"];

/** Builds Rust programs and tells now and then how far it has come. */
export async function cargoBuild(args, what) {
  const begun = Date.now();
  const packages = (readFileSync(join(root, "Cargo.lock"), "utf8").match(/^name = /gm) ?? []).length;
  let compiled = 0;
  let said = Date.now();
  const announce = setTimeout(() => say(`${what} (the first time: 10 to 20 minutes)`), 3000);
  const onLine = (line) => {
    if (!/^\s*Compiling /.test(line)) return;
    compiled += 1;
    if (Date.now() - said > 20_000) {
      said = Date.now();
      say(`  … ${compiled} packages done of at most ${packages}, ${duration(Date.now() - begun)}`);
    }
  };
  try {
    await must(what, "cargo", ["build", "--locked", ...FEATURES, ...args], {
      onLine,
      env: { CARGO_TERM_COLOR: "never" },
    });
  } finally {
    clearTimeout(announce);
  }
}

/** The window and the command line. */
export const buildPrograms = () => cargoBuild(["-p", "moa-desktop", "-p", "moa-cli"], "Building the program");
/** The same with the sandbox of platforms, which end-to-end tests connect to. */
export const buildForEndToEnd = () =>
  cargoBuild(
    ["-p", "moa-desktop", "-p", "moa-cli", "-p", "moa-sandbox"],
    "Building the program and the sandbox",
  );

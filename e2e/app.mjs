// One window of Moa under test: its own data folder, its own session bus, its own driver.
//
// WebKitGTK's WebDriver is spoken to directly. It starts the program it is told to, and TAURI_WEBVIEW_AUTOMATION makes
// the program's web view accept it; nothing else is needed between the two.
import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { remote } from "webdriverio";

const root = resolve(new URL("..", import.meta.url).pathname);
const PROGRAM = process.env.MOA_E2E_PROGRAM ?? join(root, "target", "debug", "moa-desktop");
/** Pictures of what was on the screen, kept after the run. */
const SHOTS = process.env.MOA_E2E_SCREENSHOTS ?? join(root, "target", "e2e");
const START_LIMIT_MS = 60_000;

/**
 * Opens the window on a data folder; without one, on a folder that goes with the window.
 *
 * `language`: of the operating system, `ko_KR` or `en_US`; `now`: stops the program's clock at an RFC 3339 time;
 * `env`: anything else.
 */
export async function openApp({ dataFolder: named, language = "ko_KR", now, env = {} }) {
  if (!existsSync(PROGRAM)) throw new Error(`${PROGRAM} is not built. Run: npm test -- --only e2e`);
  const work = mkdtempSync(join(tmpdir(), "moa-e2e-app-"));
  const dataFolder = named ?? join(work, "data");
  const pidFile = join(work, "pid");
  const logFile = join(work, "log");
  const launcher = join(work, "moa");
  writeFileSync(launcher, `#!/bin/sh\necho $$ > '${pidFile}'\nexec '${PROGRAM}' > '${logFile}' 2>&1\n`);
  chmodSync(launcher, 0o755);

  // A window that has just closed still answers on the session bus for a moment, so every window gets a bus of its own.
  const bus = await startBus();
  const port = await freePort();
  const environment = {
    ...process.env,
    TAURI_WEBVIEW_AUTOMATION: "true",
    MOA_DATA_DIR: dataFolder,
    MOA_KEYCHAIN: "file",
    MOA_KEEPER_IDLE_SECONDS: "5",
    LANG: `${language}.UTF-8`,
    LANGUAGE: language,
    LC_ALL: "C.UTF-8",
    TZ: "Asia/Seoul",
    DBUS_SESSION_BUS_ADDRESS: bus.address,
    NO_AT_BRIDGE: "1",
    // What the web view remembers lies beside the data, so that no scenario sees what another has chosen.
    XDG_DATA_HOME: join(dataFolder, "..", "xdg", "data"),
    XDG_CACHE_HOME: join(dataFolder, "..", "xdg", "cache"),
    XDG_CONFIG_HOME: join(dataFolder, "..", "xdg", "config"),
    ...(now ? { MOA_NOW: now } : {}),
    ...env,
  };
  const driver = spawn("WebKitWebDriver", [`--port=${port}`, "--host=127.0.0.1"], {
    stdio: ["ignore", "pipe", "pipe"],
    env: environment,
  });
  let driverLog = "";
  for (const stream of [driver.stdout, driver.stderr]) stream.on("data", (bytes) => (driverLog += bytes));
  const log = () => (existsSync(logFile) ? readFileSync(logFile, "utf8") : "");

  let browser;
  try {
    await untilListening(port);
    browser = await remote({
      hostname: "127.0.0.1",
      port,
      logLevel: "error",
      connectionRetryCount: 0,
      connectionRetryTimeout: START_LIMIT_MS,
      capabilities: {
        "webkitgtk:browserOptions": { binary: launcher, args: [] },
        "wdio:enforceWebDriverClassic": true,
      },
    });
    await browser.setTimeout({ script: 60_000, pageLoad: 60_000, implicit: 0 });
  } catch (error) {
    driver.kill();
    bus.stop();
    throw new Error(`The window did not open: ${error.message}\n${driverLog}\n${log()}`, { cause: error });
  }

  let ended = false;
  const end = async (how) => {
    if (ended) return;
    ended = true;
    await how();
    await endDriver(driver);
    bus.stop();
    rmSync(work, { recursive: true, force: true });
  };
  return {
    browser,
    dataFolder,
    log,
    /** Saves what is on the screen as target/e2e/<name>.png. */
    async screenshot(name) {
      mkdirSync(SHOTS, { recursive: true });
      const file = join(SHOTS, `${name}.png`);
      // What has just changed is on the screen two frames later, when what moves has come to rest.
      await browser.execute(async () => {
        const frame = () => new Promise((done) => requestAnimationFrame(done));
        await frame();
        const ending = document
          .getAnimations()
          .filter(({ effect }) => Number.isFinite(effect.getComputedTiming().endTime));
        await Promise.allSettled(ending.map(({ finished }) => finished));
        await frame();
        return null;
      });
      await browser.saveScreenshot(file);
      return file;
    },
    /** Keeps what is on the screen and what the program said, for whoever looks into a failure. */
    async keepEvidence(name, error) {
      if (ended) return;
      mkdirSync(SHOTS, { recursive: true });
      writeFileSync(join(SHOTS, `${name}.log`), `${error.stack ?? error}\n\n${log()}`);
      await this.screenshot(name).catch((problem) => console.error(`no screenshot: ${problem.message}`));
    },
    /** Starts the program once more on the same session, as a second click on its icon does; its exit code. */
    async startAgain() {
      const again = spawn(PROGRAM, [], { stdio: "ignore", env: environment });
      return new Promise((done, failed) => {
        again.on("error", failed);
        again.on("exit", (code) => done(code));
      });
    },
    /** Ends the program as a power cut would. */
    kill: () => end(async () => process.kill(Number(readFileSync(pidFile, "utf8")), "SIGKILL")),
    /** Closes the window. */
    close: () => end(() => browser.deleteSession().catch(() => undefined)),
  };
}

/** A session bus for one window. */
function startBus() {
  const daemon = spawn("dbus-daemon", ["--session", "--nofork", "--print-address=3"], {
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  return new Promise((done, failed) => {
    daemon.on("error", (error) => failed(new Error(`dbus-daemon could not be started: ${error.message}`)));
    daemon.stdio[3].once("data", (bytes) => {
      done({ address: String(bytes).trim(), stop: () => daemon.kill() });
    });
  });
}

async function endDriver(driver) {
  if (driver.exitCode !== null) return;
  const ended = new Promise((done) => driver.once("exit", done));
  driver.kill();
  await Promise.race([ended, wait(5000).then(() => driver.kill("SIGKILL"))]);
}

function freePort() {
  return new Promise((done, failed) => {
    const server = createServer();
    server.on("error", failed);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

async function untilListening(port) {
  const limit = Date.now() + 10_000;
  for (;;) {
    try {
      const answer = await fetch(`http://127.0.0.1:${port}/status`, { signal: AbortSignal.timeout(1000) });
      if (answer.ok) return;
    } catch (error) {
      if (Date.now() > limit)
        throw new Error(`WebKitWebDriver does not answer: ${error.message}`, { cause: error });
    }
    await wait(50);
  }
}

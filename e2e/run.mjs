// Runs the end-to-end tests: the real window on a display of its own, driven by WebKitGTK's own WebDriver.
//
// Usage: node e2e/run.mjs [FILE…]        default: every e2e/*.test.mjs
// The window is built with `npm test -- --only build` or by `npm run e2e`, which also prepares the machine.
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { startDisplay } from "./display.mjs";

const here = import.meta.dirname ?? resolve(new URL(".", import.meta.url).pathname);
const named = process.argv.slice(2).map((file) => resolve(file));
const files =
  named.length > 0
    ? named
    : readdirSync(here)
        .filter((name) => name.endsWith(".test.mjs"))
        .map((name) => join(here, name));

const display = await startDisplay();
const args = ["--test", "--test-concurrency=1", "--test-reporter=spec", "--test-timeout=300000", ...files];
const tests = spawn(process.execPath, args, {
  stdio: "inherit",
  env: { ...process.env, DISPLAY: display.name, WAYLAND_DISPLAY: "" },
});
tests.on("close", (code) => {
  display.stop();
  process.exitCode = code ?? 1;
});

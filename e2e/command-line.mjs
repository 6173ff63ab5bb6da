// The command line beside the window, on the same data folder: what it says must be what the window shows.
import { execFile } from "node:child_process";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

const root = resolve(new URL("..", import.meta.url).pathname);
const PROGRAM = process.env.MOA_E2E_COMMAND ?? join(root, "target", "debug", "moa");
const run = promisify(execFile);

/** `moa` with a data folder and a clock; gives its JSON document. */
export function commandLine({ dataFolder, now }) {
  return async (...args) => {
    const env = { ...process.env, MOA_KEYCHAIN: "file", MOA_KEEPER_IDLE_SECONDS: "5", TZ: "Asia/Seoul" };
    if (now) env.MOA_NOW = now;
    const { stdout } = await run(PROGRAM, ["--data-dir", dataFolder, "--json", ...args], {
      env,
      maxBuffer: 64 * 1024 * 1024,
    });
    return JSON.parse(stdout);
  };
}

// Starting other programs, for the scripts of this folder. Node's own modules only: it runs before `npm ci`.
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { homedir } from "node:os";
import { fileURLToPath } from "node:url";

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
export const isWindows = process.platform === "win32";
export const exe = (name) => (isWindows ? `${name}.exe` : name);

/** Where `cargo build` puts a program. */
export const built = (name) => join(root, "target", "debug", exe(name));

/** An end that needs no stack: what happened and what to do are in the message. */
export class Stop extends Error {
  constructor(message, code = 1) {
    super(message);
    this.code = code;
  }
}

/** A fresh rustup does not reach the terminals that are already open. */
export function reachCargo() {
  const folder = join(process.env.CARGO_HOME ?? join(homedir(), ".cargo"), "bin");
  const path = process.env.PATH ?? "";
  if (existsSync(folder) && !path.split(delimiter).includes(folder)) {
    process.env.PATH = `${path}${delimiter}${folder}`;
  }
}

/** npm and npx are scripts on Windows, and those need a shell there. */
function command(program, args) {
  const isScript = isWindows && ["npm", "npx"].includes(program);
  return isScript ? [`${program}.cmd`, args, { shell: true }] : [program, args, {}];
}

/** What a program says, or `null` when it is missing or fails. */
export function ask(program, ...args) {
  const [name, rest, options] = command(program, args);
  const { status, stdout } = spawnSync(name, rest, { cwd: root, encoding: "utf8", ...options });
  return status === 0 ? stdout.trim() : null;
}

/**
 * Runs a program to its end. Its output is shown as it comes (`show`, the default), or kept and shown only when it
 * fails; it is returned either way.
 */
export function run(program, args, { env = {}, show = true, onLine = () => {} } = {}) {
  const [name, rest, options] = command(program, args);
  return new Promise((done, failed) => {
    const child = spawn(name, rest, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
      ...options,
    });
    let output = "";
    let line = "";
    const take = (stream) => (bytes) => {
      const text = bytes.toString("utf8");
      output += text;
      if (show) stream.write(text);
      const lines = (line + text).split("\n");
      line = lines.pop() ?? "";
      for (const each of lines) onLine(each);
    };
    child.stdout.on("data", take(process.stdout));
    child.stderr.on("data", take(process.stderr));
    child.on("error", (error) => failed(new Stop(`${program} could not be started: ${error.message}`)));
    child.on("close", (code, signal) => done({ code: code ?? 1, signal, output }));
  });
}

/** As `run`, quietly; a failure shows the end of what was said. */
export async function must(what, program, args, options = {}) {
  const { code, output } = await run(program, args, { show: false, ...options });
  if (code !== 0) {
    process.stderr.write(`${output.split("\n").slice(-60).join("\n")}\n`);
    throw new Stop(`${what} failed (${program} ${args.join(" ")}).`);
  }
  return output;
}

/** `75 s`, `2 min 05 s`. */
export function duration(ms) {
  const seconds = Math.round(ms / 1000);
  if (seconds < 100) return ms < 9950 ? `${(ms / 1000).toFixed(1)} s` : `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")} s`;
}

/** Runs a script's main function: a `Stop` ends it with its sentence, everything else with its stack. */
export async function main(body) {
  try {
    process.exitCode = (await body()) ?? 0;
  } catch (error) {
    console.error(error instanceof Stop ? `\n${error.message}` : error);
    process.exitCode = error instanceof Stop ? error.code : 1;
  }
}

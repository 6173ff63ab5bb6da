// A screen that exists in memory only.
import { spawn } from "node:child_process";

/** Starts Xvfb; it chooses its number itself, so several may run side by side. */
export function startDisplay({ width = 1440, height = 960 } = {}) {
  const args = ["-displayfd", "3", "-screen", "0", `${width}x${height}x24`, "-nolisten", "tcp", "-noreset"];
  const server = spawn("Xvfb", args, { stdio: ["ignore", "ignore", "pipe", "pipe"] });
  let said = "";
  server.stderr.on("data", (bytes) => (said += bytes));
  return new Promise((done, failed) => {
    server.on("error", (error) => failed(new Error(`Xvfb could not be started: ${error.message}`)));
    server.on("exit", (code) => failed(new Error(`Xvfb ended with ${code}: ${said}`)));
    server.stdio[3].once("data", (bytes) => {
      done({ name: `:${String(bytes).trim()}`, stop: () => server.kill() });
    });
  });
}

// `npm run dev` and `npm run build`: the Tauri CLI on a prepared machine.
//
// Usage: node scripts/tauri.mjs dev|build [arguments of the Tauri CLI]
import { spawn } from "node:child_process";
import { join } from "node:path";
import { main, root } from "./run.mjs";
import { preparePackages, prepareMachine, stageResources } from "./setup.mjs";

await main(async () => {
  const [command, ...rest] = process.argv.slice(2);
  await prepareMachine(["build"]);
  await preparePackages();
  await stageResources({ forTests: command === "dev" });
  // The other Linux formats fetch their tools from the network while they pack.
  const bundles =
    command === "build" && process.platform === "linux" && rest.length === 0 ? ["--bundles", "deb"] : [];
  const cli = join(root, "node_modules", "@tauri-apps", "cli", "tauri.js");
  const child = spawn(process.execPath, [cli, command, ...bundles, ...rest], { cwd: root, stdio: "inherit" });
  process.on("SIGINT", () => {});
  return new Promise((done) => child.on("close", (code) => done(code ?? 1)));
});

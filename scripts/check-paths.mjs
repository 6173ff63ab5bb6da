// Nothing in the repository may name a folder of the machine it was written on: it would work there only.
//
// Usage: node scripts/check-paths.mjs
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { ask, main, root, Stop } from "./run.mjs";

/** `/home/<name>/…`, `/Users/<name>/…`, `C:\Users\<name>\…` with a real name, and this machine's own folders. */
const patterns = [
  /(?<![\w.~-])\/(?:home|Users)\/(?!user\b|name\b|you\b|agency\b|\.|<|\$|\{)[\w.-]+\//,
  /(?<![\w.~-])\/root\//,
  /\b[A-Z]:\\{1,2}Users\\{1,2}(?!user\b|name\b|agency\b|<|%)[\w.-]+/,
];
const text =
  /\.(c?js|cjs|css|csv|html|json|lock|md|mjs|rs|sh|sql|svg|toml|ts|tsx|txt|ya?ml)$|(^|\/)(\.[a-z]+|run|LICENSE|NOTICE)$/;

await main(() => {
  const listed = ask("git", "ls-files", "--cached", "--others", "--exclude-standard");
  if (listed === null) throw new Stop("This check reads git's list of files, and there is none.");
  const here = [root, homedir()].filter((folder) => folder.split(/[\\/]/).filter(Boolean).length > 1);
  const problems = [];
  for (const file of listed.split("\n").filter((name) => text.test(name) && !name.includes("/fixtures/"))) {
    let content;
    try {
      content = readFileSync(join(root, file), "utf8");
    } catch (error) {
      if (error.code === "ENOENT") continue; // removed, and not yet committed so
      throw error;
    }
    content.split("\n").forEach((line, index) => {
      const hit =
        here.find((folder) => line.includes(folder)) ?? patterns.find((pattern) => pattern.test(line));
      if (hit) problems.push(`${file}:${index + 1}: ${line.trim().slice(0, 120)}`);
    });
  }
  if (problems.length > 0) {
    throw new Stop(
      `Folders of one machine are named here:\n${problems.map((each) => `  ${each}`).join("\n")}`,
    );
  }
  console.log("paths: in order");
});

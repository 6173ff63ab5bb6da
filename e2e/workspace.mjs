// A workspace for one scenario: a data folder of its own, the window on it, and the command line beside it.
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openApp } from "./app.mjs";
import { commandLine } from "./command-line.mjs";
import { personAt } from "./person.mjs";

/** A Wednesday morning: the day all scenarios play on. */
export const NOW = "2026-11-25T09:10:00+09:00";

/**
 * Plays a scenario in a workspace and clears everything away after it, the database included.
 *
 * `play` gets `{ folder, files, moa, open, step }`: the data folder, a folder for files, the command line, a function that
 * opens the window and gives `{ app, person }`, and one that plays a named part of the scenario. After a part has failed,
 * what follows is skipped: it builds on it.
 */
export async function inWorkspace(t, play) {
  const base = mkdtempSync(join(tmpdir(), "moa-e2e-"));
  // Postgres runs as another user when the tests run as root, and that user must be able to pass.
  chmodSync(base, 0o755);
  const folder = join(base, "자료 폴더");
  const moa = commandLine({ dataFolder: folder, now: NOW });
  const opened = [];
  const open = async (options = {}) => {
    const app = await openApp({ dataFolder: folder, now: NOW, ...options });
    opened.push(app);
    return { app, person: personAt(app) };
  };
  let broken = false;
  const step = (name, part) =>
    t.test(name, { skip: broken && "an earlier part failed" }, async () => {
      try {
        await part();
      } catch (error) {
        broken = true;
        for (const [index, app] of opened.entries()) await app.keepEvidence(`failed-${index}`, error);
        throw error;
      }
    });
  try {
    await play({ folder, files: base, moa, open, step });
  } finally {
    for (const app of opened) await app.close();
    await moa("doctor", "--stop-server");
    rmSync(base, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

/** What the keeper says about the running server of a data folder. */
export function runningServer(folder) {
  return JSON.parse(readFileSync(join(folder, "db", "run.json"), "utf8"));
}

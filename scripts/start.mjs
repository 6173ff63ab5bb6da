// `npm start`: from a fresh clone to the open window; without a display, to a finished report by the command line.
// Node's own modules only, because nothing is installed yet.
//
// Usage: npm start [-- --no-window]
import { spawn } from "node:child_process";
import { ask, built, duration, main, root, Stop } from "./run.mjs";
import {
  buildInterface,
  buildPrograms,
  preparePackages,
  prepareMachine,
  say,
  stageResources,
} from "./setup.mjs";

/** A window that ends sooner than this, with an error, did not reach the display. */
const SHORTEST_VISIT_MS = 20_000;

await main(async () => {
  const begun = Date.now();
  await prepareMachine(["build"]);
  await preparePackages();
  await stageResources({ forTests: false });
  await buildInterface();
  await buildPrograms();
  say(`Everything is ready (${duration(Date.now() - begun)})`);

  if (hasDisplay() && !process.argv.includes("--no-window")) {
    const code = await openWindow();
    if (code !== null) return code;
    say("The display cannot be used, so the command line does the same work");
  } else {
    say("No display: the command line does the same work");
  }
  return workWithoutWindow();
});

function hasDisplay() {
  return process.platform !== "linux" || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

/** The program's exit code, or `null` when there was no display to open on. */
function openWindow() {
  say("Opening Moa. It offers a sample agency at the first start. Close the window or press Ctrl+C to end");
  const begun = Date.now();
  return new Promise((done) => {
    const child = spawn(built("moa-desktop"), [], { cwd: root, stdio: "inherit" });
    // Ctrl+C reaches the window too; this script ends after it.
    process.on("SIGINT", () => {});
    child.on("error", (error) => {
      console.error(error.message);
      done(1);
    });
    child.on("close", (code, signal) => {
      if (signal === "SIGINT" || signal === "SIGTERM") return done(0);
      const failedAtOnce =
        code !== 0 && process.platform === "linux" && Date.now() - begun < SHORTEST_VISIT_MS;
      done(failedAtOnce ? null : (code ?? 1));
    });
  });
}

/** The main job: sample agency, one client's month, PDF and workbook. */
function workWithoutWindow() {
  const moa = (...args) => {
    const answer = ask(built("moa"), ...args);
    if (answer === null)
      throw new Stop(`The command failed; run it to see why:\n\n    ${built("moa")} ${args.join(" ")}\n`);
    return answer;
  };
  say("Filling an empty workspace with the sample agency");
  console.log(moa("demo"));
  const client = JSON.parse(moa("clients", "list", "--json")).clients[0]?.name;
  if (client === undefined)
    throw new Stop("The workspace has no client, and the sample agency was not added.");

  const made = JSON.parse(moa("report", "--client", client, "--period", "monthly", "--json")).reports[0];
  say(`${client}, ${made.from} to ${made.to}, cost without VAT, compared with the month before`);
  console.log(
    moa(
      "kpi",
      "--client",
      client,
      "--from",
      made.from,
      "--to",
      made.to,
      "--by",
      "platform",
      "--compare",
      "previous",
    ),
  );
  console.log(moa("kpi", "--client", client, "--from", made.from, "--to", made.to, "--compare", "previous"));
  console.log(`\nPDF:      ${made.pdf}\nWorkbook: ${made.xlsx}`);
  console.log(`\nMore by the command line: ${built("moa")} --help`);
  return 0;
}

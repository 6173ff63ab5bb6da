// Connecting in the real window, against the sandbox of platforms: keys → accounts → figures by themselves, and a login that ends.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { eventually } from "./person.mjs";
import { inWorkspace, NOW } from "./workspace.mjs";

const root = resolve(new URL("..", import.meta.url).pathname);
const SANDBOX = process.env.MOA_E2E_SANDBOX ?? join(root, "target", "debug", "moa-sandbox");

test("an account is connected once and its figures arrive by themselves", async (t) => {
  await inWorkspace(t, async ({ files, moa, open, step }) => {
    const endpoints = join(files, "endpoints.toml");
    const sandbox = await startSandbox(endpoints);
    try {
      await moa("clients", "add", "한빛침구");
      const { app, person } = await open({ env: { MOA_ENDPOINTS: endpoints } });

      await step("nothing is connected yet, and the screen says what connecting brings", async () => {
        await person.clicks("nav-connections");
        await person.sees("connections-empty");
        await app.screenshot("connections-empty");
      });

      await step("a wrong secret is refused in words, the right one shows the accounts", async () => {
        await person.clicks("connect");
        await person.sees("connect-naver_ads");
        await app.screenshot("connect-platforms");
        await person.clicks("connect-naver_ads");
        await person.writes("keys-license", sandbox.license);
        await person.writes("keys-customers", "3100001 3100002");
        await person.writes("keys-secret", "not-the-secret");
        await person.clicks("keys-test");
        await person.sees("sign-in-problem");
        assert.equal(await person.attribute("sign-in-problem", "data-code"), "sign_in.keys_refused");
        await app.screenshot("connect-refused");
        await person.writes("keys-secret", sandbox.secret);
        await person.clicks("keys-test");
        await person.sees("reachable");
        await app.screenshot("connect-accounts");
      });

      await step("accounts are given to a client and everything is synced", async () => {
        await person.clicks("choose-3100001");
        await person.clicks("choose-3100002");
        await person.chooses("connect-client", "한빛침구");
        await person.clicks("connect-save");
        await person.sees("connected");
        await person.clicks("connect-sync");
        await person.noLongerSees("connect-dialog");
        await eventually(async () => {
          const { accounts } = await moa("accounts", "list");
          assert.deepEqual(
            accounts.map(({ health }) => health),
            ["fresh", "fresh"],
          );
        }, 120_000);
        await eventually(async () => {
          const shown = await person.attribute(`health-${(await firstAccount(moa)).id}`, "data-health");
          assert.equal(shown, "fresh");
        }, 30_000);
        await app.screenshot("connections-fresh");
      });

      await step("the dashboard shows what the command line says, and where it comes from", async () => {
        const { clients } = await moa("clients", "list");
        await person.clicks(`nav-client-${clients[0].id}`);
        await person.waitsForFigures();
        const { from, to } = await person.period();
        const { rows } = await moa("kpi", "--client", "한빛침구", "--from", from, "--to", to);
        const shown = await person.figures();
        assert.deepEqual(
          shown,
          Object.fromEntries(Object.keys(shown).map((metric) => [metric, rows[0][metric]])),
        );
        await person.clicks("figure-sources");
        await person.sees("source-3100001");
        await person.clicks("reconcile");
        await person.sees("reconciled", 60_000);
        await app.screenshot("figure-sources");
        // What lies on top goes first: the message, then the dialog.
        await person.presses("Escape");
        await person.presses("Escape");
        await person.noLongerSees("source-3100001");
      });

      await step("the secrets are sealed with a new key, and the next sync goes on with them", async () => {
        await person.clicks("nav-settings");
        await person.clicks("reseal");
        await person.sees("resealed");
        assert.match(await person.text("resealed"), /1/);
        await app.screenshot("settings-resealed");
        const { runs } = await moa("--endpoints", endpoints, "sync");
        assert.deepEqual(
          runs.map(({ status }) => status),
          ["success", "success"],
        );
        // The next step comes to the settings anew, from their top.
        await person.clicks("nav-connections");
        await person.sees("connect");
      });

      await step("in English and dark, every screen of connecting is whole", async () => {
        await person.clicks("nav-settings");
        await person.clicks("lang-en");
        await person.clicks("theme-dark");
        await person.clicks("nav-connections");
        await eventually(async () => assert.equal(await person.text("page-title"), "Connections"));
        await person.sees("connect");
        await app.screenshot("connections-english-dark");
        await person.clicks("connect");
        await person.sees("connect-google_ads");
        await person.clicks("connect-google_ads");
        await app.screenshot("connect-google-english-dark");
      });
    } finally {
      sandbox.stop();
    }
  });
});

const firstAccount = async (moa) => (await moa("accounts", "list")).accounts[0];

/** The sandbox on a free port, with what has to be entered for Naver. */
async function startSandbox(endpoints) {
  const port = await freePort();
  const program = spawn(SANDBOX, [String(port), endpoints], {
    env: { ...process.env, MOA_NOW: NOW },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  program.stdout.on("data", (bytes) => (said += bytes));
  await eventually(() => assert.ok(existsSync(endpoints) && said.includes("kakao"), "the sandbox is not up"));
  const [, license, secret] = /^naver_ads .*--api-key (\S+) --secret-stdin +(\S+)$/m.exec(said) ?? [];
  return { license, secret, stop: () => program.kill() };
}

function freePort() {
  return new Promise((done, failed) => {
    const server = createServer();
    server.once("error", failed);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

import { screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";
import { openApp } from "../../test/app";

it("says how every account fares and what to do, the gravest first", async () => {
  openApp({}, "/connections");
  const table = await screen.findByTestId("accounts-table");
  const rows = within(table).getAllByTestId(/^account-row-/);
  expect(rows.map((row) => row.dataset["testid"])).toEqual([
    "account-row-2",
    "account-row-3",
    "account-row-1",
    "account-row-4",
  ]);
  const health = within(rows[0]!).getByTestId("health-2");
  expect(health.dataset["health"]).toBe("needs_login");
  expect(health.textContent).toContain("다시 연결하면");
  expect(await screen.findByText("3개 중 1개 최신")).toBeTruthy();
});

it("connects by keys: a refusal is worded, the secret is gone after sending, and everything is synced", async () => {
  const { fake, user } = openApp({}, "/connections");
  await user.click(await screen.findByTestId("connect"));
  await user.click(await screen.findByTestId("connect-naver_ads"));
  await user.type(await screen.findByTestId("keys-license"), "0100aa");
  await user.type(screen.getByTestId("keys-secret"), "wrong");
  await user.type(screen.getByTestId("keys-customers"), "3100003, 3100001");
  await user.click(screen.getByTestId("keys-test"));
  expect((await screen.findByTestId("sign-in-problem")).dataset["code"]).toBe("sign_in.keys_refused");

  await user.clear(screen.getByTestId("keys-secret"));
  await user.type(screen.getByTestId("keys-secret"), "s3cret");
  await user.click(screen.getByTestId("keys-test"));
  await screen.findByTestId("reachable");
  expect(
    fake.calls.find(({ command, args }) => command === "signInWithKeys" && args[3] === "s3cret")?.args[1],
  ).toEqual(["3100003", "3100001"]);
  expect(document.body.innerHTML).not.toContain("s3cret");

  // The one that is not connected yet is chosen already.
  await user.click(screen.getByTestId("connect-client"));
  await user.click(await screen.findByRole("option", { name: "새 광고주" }));
  await user.type(screen.getByTestId("connect-new-client"), "모아핏 주식회사");
  await user.click(screen.getByTestId("connect-save"));
  await screen.findByTestId("connected");
  await user.click(screen.getByTestId("connect-sync"));
  await waitFor(() => expect(screen.queryByTestId("connect-dialog")).toBeNull());
  const sync = fake.calls.findLast(({ command }) => command === "startSync");
  expect(sync?.args[0]).toMatchObject({ what: "full" });
});

it("signs in with the browser after the app is registered", async () => {
  const { fake, user } = openApp({}, "/connections");
  await user.click(await screen.findByTestId("connect"));
  await user.click(await screen.findByTestId("connect-google_ads"));
  await user.type(await screen.findByTestId("app-id"), "123.apps.googleusercontent.com");
  await user.type(screen.getByTestId("app-secret"), "s3cret");
  await user.click(screen.getByTestId("sign-in"));
  await screen.findByTestId("reachable");
  expect(
    fake.calls
      .filter(({ command }) => command === "setApp" || command === "signIn")
      .map(({ command }) => command),
  ).toEqual(["setApp", "signIn"]);
  expect(document.body.innerHTML).not.toContain("s3cret");
});

it("brings an imported account and its connected twin together once a person says so", async () => {
  const { fake, user } = openApp({}, "/connections");
  await user.click(await screen.findByTestId("claim-4"));
  await waitFor(() => expect(screen.queryByTestId("claims")).toBeNull());
  expect(fake.calls.find(({ command }) => command === "claimAccount")?.args).toEqual([4, 1]);
});

it("syncs all and says which account failed", async () => {
  const { user } = openApp({}, "/connections");
  await user.click(await screen.findByTestId("sync-all"));
  const toast = await screen.findByTestId("toast-sync");
  expect(toast.textContent).toContain("3개 중 1개");
  expect(toast.textContent).toContain("3100002");
});

it("tells an empty workspace how figures arrive by themselves", async () => {
  openApp({ scenario: "empty" }, "/connections");
  expect(await screen.findByTestId("connections-empty")).toBeTruthy();
});

it("chooses which conversions a client counts, where its figures are explained", async () => {
  const { fake, user } = openApp({}, "/clients/1");
  await user.click(await screen.findByTestId("figure-sources"));
  await screen.findByTestId("source-3100001");
  await user.click(await screen.findByTestId("kind-meta_ads-sign_up"));
  await user.click(screen.getByTestId("kinds-save-meta_ads"));
  await waitFor(() => expect(screen.queryByTestId("kinds-save-meta_ads")).toBeNull());
  expect(fake.calls.find(({ command }) => command === "chooseConversionKinds")?.args).toEqual([
    1,
    "meta_ads",
    ["sign_up"],
  ]);
});

import { act, renderHook, waitFor } from "@testing-library/react";
import { QueryClientProvider } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { expect, it } from "vitest";
import { makeQueryClient } from "../app/App";
import { CACHE_TAGS } from "./bindings";
import { call, connectBackend, IpcError } from "./client";
import { createFake } from "./fake";
import { useLiveUpdates, useRead, useWrite } from "./queries";

function setUp() {
  const fake = createFake({ jobTime: 0 });
  connectBackend(fake);
  const client = makeQueryClient();
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={client}>{children}</QueryClientProvider>
  );
  const asked = (command: string) => fake.calls.filter((made) => made.command === command).length;
  return { fake, wrapper, asked };
}

const ignore = () => undefined;

it("refreshes exactly what a change touches, by the tags declared in Rust", async () => {
  const { wrapper, asked } = setUp();
  const { result } = renderHook(
    () => {
      useLiveUpdates(ignore);
      return {
        clients: useRead("clientList", []),
        periods: useRead("periodChoices", []),
        add: useWrite("addClient"),
      };
    },
    { wrapper },
  );
  await waitFor(() => expect(result.current.clients.data).toHaveLength(3));
  act(() => result.current.add.mutate([{ name: "새광고주", currency: "KRW", vat_rate: "10" }]));
  await waitFor(() => expect(result.current.clients.data).toHaveLength(4));
  expect(asked("clientList")).toBe(2);
  expect(asked("periodChoices")).toBe(1);
});

it("declares tags for every command that is read and kept", () => {
  for (const command of [
    "workspace",
    "clientList",
    "clientsOverview",
    "dashboard",
    "revisions",
    "reports",
    "jobs",
    "job",
  ]) {
    expect(
      Object.keys(CACHE_TAGS).map((name) =>
        name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
      ),
    ).toContain(command);
  }
});

it("keeps the progress of a job in step without asking again", async () => {
  const { wrapper, asked } = setUp();
  const seen: string[] = [];
  const onJob = (job: { state: string }) => void seen.push(job.state);
  const { result } = renderHook(
    () => {
      useLiveUpdates(onJob);
      return { jobs: useRead("jobs", []), load: useWrite("loadSample") };
    },
    { wrapper },
  );
  await waitFor(() => expect(result.current.jobs.data).toEqual([]));
  act(() => result.current.load.mutate([]));
  await waitFor(() => expect(result.current.jobs.data?.[0]?.state).toBe("done"));
  expect(seen).toEqual(["running", "done"]);
  expect(asked("jobs")).toBe(1);
});

it("turns a refusal into an error with its code and values", async () => {
  setUp();
  const refusal = call("job", "nowhere");
  await expect(refusal).rejects.toBeInstanceOf(IpcError);
  await expect(refusal).rejects.toMatchObject({ dto: { code: "unknown_job", values: { id: "nowhere" } } });
});

import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { App } from "../app/App";
import { connectBackend } from "../ipc/client";
import { createFake } from "../ipc/fake";

/** The whole window on a fake program, at an address. */
export function openApp(options: Parameters<typeof createFake>[0] = {}, address = "/") {
  const fake = createFake({ jobTime: 0, ...options });
  connectBackend(fake);
  window.location.hash = address;
  const { unmount: close } = render(<App />);
  return { fake, close, user: userEvent.setup({ pointerEventsCheck: 0 }) };
}

import { cleanup, configure } from "@testing-library/react";
import { afterEach, vi } from "vitest";

// A chart is looked at, not read by tests; its library needs a real browser.
vi.mock("../charts/use-echarts", () => ({ useEcharts: () => undefined }));

configure({ asyncUtilTimeout: 10_000 });

// What Radix asks of a browser and happy-dom does not have.
Object.assign(Element.prototype, {
  hasPointerCapture: () => false,
  setPointerCapture: () => undefined,
  releasePointerCapture: () => undefined,
  scrollIntoView: () => undefined,
});

afterEach(() => {
  cleanup();
  localStorage.clear();
  window.location.hash = "";
});

// One file: it is there before the first paint, where the 92 subsets came one by one after it.
import "pretendard/dist/web/variable/pretendardvariable.css";
import "./app/tokens.css";
import "./app/base.css";
import { createRoot } from "react-dom/client";
import { App } from "./app/App";
import { applyTheme, rememberedTheme } from "./app/theme";
import { connectBackend } from "./ipc/client";

async function start() {
  applyTheme(rememberedTheme());
  // In a plain browser there is no program behind the window; the fake never reaches a production bundle.
  if (import.meta.env.MODE === "fake") connectBackend((await import("./ipc/fake")).fakeFromAddress());
  else connectBackend((await import("./ipc/tauri")).tauri);
  const root = document.getElementById("root");
  if (!root) throw new Error("index.html has no #root");
  createRoot(root).render(<App />);
}

void start();

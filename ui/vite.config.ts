import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here("."),
  // The window loads the files from its own scheme, so every address is relative to the page.
  base: "./",
  plugins: [react()],
  server: {
    port: 1420,
    strictPort: true,
    // The words live beside the Rust crates, in locales/.
    fs: { allow: [here("..")] },
  },
  build: {
    outDir: here("dist"),
    emptyOutDir: true,
    // WebView2 is Chromium; the oldest engines that count are WebKitGTK 2.50 and Safari of macOS 13.
    target: ["es2022", "safari16.4", "chrome111"],
    // The content policy allows fonts from 'self' only, so nothing may become a data: address.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
  },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: [here("src/test/setup.ts")],
    env: { TZ: "Asia/Seoul" },
    restoreMocks: true,
    // A busy machine is slow, not wrong.
    testTimeout: 30_000,
  },
});

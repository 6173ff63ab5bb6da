import js from "@eslint/js";
import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";
import { layers } from "./scripts/lint/ui-layers.js";

export default tseslint.config(
  { ignores: ["target/", "gen/", "**/dist/", "ui/src/ipc/bindings.ts", "crates/", "ui/*.ts"] },
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  js.configs.recommended,
  {
    files: ["scripts/**/*.{js,mjs}", "e2e/**/*.mjs", "*.js"],
    languageOptions: {
      globals: {
        AbortSignal: "readonly",
        Buffer: "readonly",
        clearTimeout: "readonly",
        console: "readonly",
        fetch: "readonly",
        process: "readonly",
        setTimeout: "readonly",
        URL: "readonly",
      },
    },
  },
  {
    // These hold functions that run in the page under measurement.
    files: ["scripts/bench-window.mjs", "e2e/**/*.mjs"],
    languageOptions: {
      globals: {
        document: "readonly",
        performance: "readonly",
        requestAnimationFrame: "readonly",
        window: "readonly",
      },
    },
  },
  {
    files: ["ui/src/**/*.{ts,tsx}"],
    extends: [tseslint.configs.recommendedTypeChecked, reactHooks.configs.flat["recommended-latest"]],
    languageOptions: {
      parserOptions: { project: "./ui/tsconfig.json", tsconfigRootDir: import.meta.dirname },
    },
    plugins: { moa: { rules: { layers } } },
    rules: {
      "moa/layers": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-non-null-assertion": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      eqeqeq: ["error", "always", { null: "ignore" }],
      "no-console": "error",
    },
  },
  {
    // What Tauri gives is named in one folder, so that everything else runs in a test and in a plain browser.
    files: ["ui/src/**/*.{ts,tsx}"],
    ignores: ["ui/src/ipc/**"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            { group: ["@tauri-apps/*"], message: "Only ui/src/ipc talks to Tauri." },
            { group: ["**/ipc/bindings"], message: "Import from ui/src/ipc/client or queries instead." },
          ],
        },
      ],
    },
  },
  {
    // Every word on the screen comes from locales/.
    files: ["ui/src/**/*.tsx"],
    ignores: ["**/*.test.tsx", "ui/src/test/**"],
    rules: {
      "no-restricted-syntax": [
        "error",
        {
          selector: "JSXText[value=/\\p{L}/u]",
          message: "Words belong into locales/: use t(…).",
        },
        {
          selector:
            "JSXAttribute[name.name=/^(title|alt|placeholder|label|aria-label|aria-description|aria-roledescription)$/] > Literal[value=/\\p{L}/u]",
          message: "Words belong into locales/: use t(…).",
        },
      ],
    },
  },
  {
    files: ["ui/src/**/*.test.{ts,tsx}", "ui/src/test/**/*.{ts,tsx}"],
    rules: {
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/unbound-method": "off",
    },
  },
);

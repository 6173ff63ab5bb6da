// The words in locales/: both languages say the same things, every text the program asks for exists, and none is left over.
//
// Usage: node scripts/check-translations.mjs
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { main, root, Stop } from "./run.mjs";

const LANGUAGES = ["ko", "en"];
/** Read by path at run time; keys that are put together are judged by their beginning. */
const SOURCES = [
  { folder: "ui/src", extension: /\.tsx?$/ },
  { folder: "crates", extension: /\.rs$/ },
  { folder: "src-tauri/src", extension: /\.rs$/ },
];

await main(() => {
  const problems = [];
  const files = Object.fromEntries(
    LANGUAGES.map((lang) => [
      lang,
      readdirSync(join(root, "locales", lang)).filter((name) => name.endsWith(".json")),
    ]),
  );
  const texts = {};
  for (const lang of LANGUAGES) {
    for (const other of LANGUAGES) {
      for (const name of files[other].filter((each) => !files[lang].includes(each))) {
        problems.push(`locales/${lang}/${name} is missing: ${other} has it`);
      }
    }
    texts[lang] = new Map(
      files[lang].flatMap((name) => flatten(name.replace(/\.json$/, ""), read(lang, name), problems)),
    );
  }
  compare(texts, problems);

  const sources = SOURCES.flatMap(({ folder, extension }) => listed(folder, extension));
  asked(texts.ko, sources, problems);
  leftOver(texts.ko, sources, problems);

  if (problems.length > 0)
    throw new Stop(`${problems.join("\n")}\n\ntranslations: ${problems.length} to mend`);
  console.log(`translations: ${texts.ko.size} texts in ${LANGUAGES.length} languages, in order`);
});

function read(lang, name) {
  try {
    return JSON.parse(readFileSync(join(root, "locales", lang, name), "utf8"));
  } catch (error) {
    throw new Stop(`locales/${lang}/${name}: ${error.message}`);
  }
}

/** `[["ui.common.cancel", "취소"], …]` */
function flatten(path, value, problems) {
  if (typeof value === "string") {
    if (value.trim() === "") problems.push(`${path} is empty`);
    return [[path, value]];
  }
  return Object.entries(value).flatMap(([key, inner]) => flatten(`${path}.${key}`, inner, problems));
}

/** `{name}` and the name of `{count|row|rows}`. */
function placeholders(text) {
  return [...new Set([...text.matchAll(/\{(\w+)(?:\|[^}]*)?\}/g)].map((match) => match[1]))]
    .sort()
    .join(", ");
}

function compare(texts, problems) {
  const [first, second] = LANGUAGES;
  for (const [key, text] of texts[first]) {
    const other = texts[second].get(key);
    if (other === undefined) problems.push(`${key}: only ${first} has it`);
    else if (placeholders(text) !== placeholders(other)) {
      problems.push(`${key}: ${first} fills {${placeholders(text)}}, ${second} {${placeholders(other)}}`);
    }
  }
  for (const key of texts[second].keys())
    if (!texts[first].has(key)) problems.push(`${key}: only ${second} has it`);
}

function listed(folder, extension) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && extension.test(entry.name))
    .map((entry) => {
      const path = join(entry.parentPath ?? entry.path, entry.name);
      return { path: path.slice(root.length + 1), text: readFileSync(path, "utf8") };
    });
}

/** Keys the screens ask for by `t("…")`; in Rust by `text(lang, "report.…", …)`. A test may ask for a key that is not there. */
function asked(texts, sources, problems) {
  for (const { path, text } of sources) {
    if (/\.test\.tsx?$/.test(path)) continue;
    const product = text.split("#[cfg(test)]")[0];
    const calls = path.startsWith("ui")
      ? [...product.matchAll(/\bt\(\s*"([\w.]+)"/g)].map((match) => `ui.${match[1]}`)
      : [...product.matchAll(/\btext\(\s*[\w.()]+,\s*"(\w+\.[\w.]+)"/g)].map((match) => match[1]);
    for (const key of calls)
      if (!texts.has(key)) problems.push(`${path}: ${key} is asked for, and no locale has it`);
  }
}

/**
 * A text is in use when its key, or the last part of its key, or the beginning of its key stands in a source as a
 * literal. That lets some leftovers pass and never blames a text that is used.
 */
function leftOver(texts, sources, problems) {
  const literals = new Set(
    sources.flatMap(({ text }) =>
      [...text.matchAll(/["'`]([\w.]+?)\.?(?:["'`]|\$\{|\{)/g)].map((match) => match[1]),
    ),
  );
  const isUsed = (key) => {
    const parts = key.split(".");
    const steps = parts.slice(1);
    return (
      literals.has(key) ||
      literals.has(steps.join(".")) ||
      literals.has(parts.at(-1)) ||
      // An error's sentence and hint are found by its code, and a code is a literal in Rust.
      (parts.length > 2 && ["message", "hint"].includes(parts.at(-1)) && literals.has(parts.at(-2))) ||
      steps.some((_, index) => index > 0 && literals.has(steps.slice(0, index).join(".")))
    );
  };
  for (const key of texts.keys()) if (!isUsed(key)) problems.push(`${key}: nothing asks for it`);
}

// The import table of ui/src as a lint rule; ARCHITECTURE.md shows it. Types count as imports: who names a type knows its owner.
import { dirname, relative, resolve, sep } from "node:path";

/** What the files of a folder may import besides their own folder. `app` puts everything together. */
const mayImport = {
  app: ["features", "charts", "components", "format", "i18n", "ipc"],
  features: ["charts", "components", "format", "i18n", "ipc"],
  charts: ["components", "format", "i18n"],
  components: ["format", "i18n"],
  format: ["i18n", "ipc"],
  i18n: ["ipc"],
  ipc: [],
};

export const layers = {
  meta: {
    type: "problem",
    docs: { description: "Data flows one way through the folders of ui/src, and no feature knows another." },
    schema: [],
    messages: {
      feature:
        "The feature “{{from}}” must not import the feature “{{to}}”: move what both need into components/ or ipc/.",
      layer: "{{from}}/ must not import {{to}}/. It may import: {{allowed}}.",
    },
  },
  create(context) {
    const source = resolve(import.meta.dirname, "..", "..", "ui", "src");
    const place = (file) => relative(source, file).split(sep);
    const here = place(context.filename);
    const allowed = mayImport[here[0]];
    if (!allowed || /\.test\.tsx?$/.test(context.filename)) return {};

    const check = (node) => {
      const specifier = node.source?.value;
      if (typeof specifier !== "string" || !specifier.startsWith(".")) return;
      const there = place(resolve(dirname(context.filename), specifier));
      if (!(there[0] in mayImport)) return;
      if (there[0] !== here[0] && !allowed.includes(there[0])) {
        const data = { from: here[0], to: there[0], allowed: allowed.join(", ") || "nothing of ours" };
        context.report({ node, messageId: "layer", data });
      } else if (here[0] === "features" && there[0] === "features" && here[1] !== there[1]) {
        context.report({ node, messageId: "feature", data: { from: here[1], to: there[1] } });
      }
    };
    return {
      ImportDeclaration: check,
      ExportAllDeclaration: check,
      ExportNamedDeclaration: check,
      ImportExpression: check,
    };
  },
};

// Reads the documents that the window makes, with nothing of Moa: pdftotext for the PDF, and the workbook's own XML.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { inflateRawSync } from "node:zlib";

/** The text of all pages, each line as it stands on the page. */
export function pdfText(file) {
  return execFileSync("pdftotext", ["-layout", file, "-"], { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
}

/** The sheets of a workbook by name; each a map from cell address to `{ value, formula }`. */
export function workbook(file) {
  const parts = unzip(readFileSync(file));
  const text = (name) => parts.get(name)?.toString("utf8") ?? "";
  const strings = [...text("xl/sharedStrings.xml").matchAll(/<si>(.*?)<\/si>/gs)].map(([, entry]) =>
    [...entry.matchAll(/<t(?: [^>]*)?>(.*?)<\/t>/gs)].map(([, part]) => decoded(part)).join(""),
  );
  const targets = new Map(
    [...text("xl/_rels/workbook.xml.rels").matchAll(/<Relationship ([^>]*)\/>/g)].map(([, attributes]) => [
      attribute(attributes, "Id"),
      attribute(attributes, "Target"),
    ]),
  );
  const sheets = new Map();
  for (const [, attributes] of text("xl/workbook.xml").matchAll(/<sheet ([^>]*)\/>/g)) {
    const cells = new Map();
    const xml = text(`xl/${targets.get(attribute(attributes, "r:id"))}`);
    for (const [, head, body] of xml.matchAll(/<c ([^>]*?)(?:\/>|>(.*?)<\/c>)/gs)) {
      const raw = /<v>(.*?)<\/v>/s.exec(body ?? "")?.[1];
      const inline = /<t(?: [^>]*)?>(.*?)<\/t>/s.exec(body ?? "")?.[1];
      const value = attribute(head, "t") === "s" ? strings[Number(raw)] : decoded(raw ?? inline ?? "");
      const formula = /<f(?: [^>]*)?>(.*?)<\/f>/s.exec(body ?? "")?.[1];
      cells.set(attribute(head, "r"), { value, ...(formula && { formula: decoded(formula) }) });
    }
    sheets.set(attribute(attributes, "name"), cells);
  }
  return sheets;
}

/** The cell to the right of the one that says `label`. */
export function beside(cells, label) {
  const found = [...cells].find(([, { value }]) => value === label)?.[0];
  if (found === undefined) throw new Error(`No cell says “${label}”`);
  const [, column, row] = /^([A-Z]+)(\d+)$/.exec(found);
  const next = String.fromCharCode(column.charCodeAt(0) + 1);
  return cells.get(`${next}${row}`);
}

/** The files of a ZIP archive by name, from its central directory. */
function unzip(bytes) {
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0) throw new Error("not a ZIP archive");
  const files = new Map();
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    const [method, packed] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20)];
    const [nameLength, extra, comment] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset));
    const name = bytes.toString("utf8", at + 46, at + 46 + nameLength);
    const local = bytes.readUInt32LE(at + 42);
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const content = bytes.subarray(start, start + packed);
    files.set(name, method === 0 ? content : inflateRawSync(content));
    at += 46 + nameLength + extra + comment;
  }
  return files;
}

function attribute(text, name) {
  return decoded(new RegExp(`(?:^| )${name}="([^"]*)"`).exec(text)?.[1] ?? "");
}

function decoded(text) {
  return text.replace(
    /&(amp|lt|gt|quot|apos);/g,
    (_, name) => ({ amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" })[name],
  );
}

// Puts the typeface of reports, Pretendard (SIL Open Font License 1.1), where the build looks for it: target/moa-resources/fonts/.
// Each file is compared with its SHA-256 first, because the bytes of a report depend on the bytes of its font.
//
// Usage: node scripts/stage-fonts.mjs
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const destination = join(root, "target", "moa-resources", "fonts");

// pretendard 1.3.9
const files = {
  "public/static/alternative/Pretendard-Regular.ttf":
    "6d0af5258997aec7354a6e340fc2325ba321c410ca48b3af858c8c3d6e92a324",
  "public/static/alternative/Pretendard-SemiBold.ttf":
    "5e1c548732af70873103066c16e1369b9a8a871f0b38c321a1d5bc73e43cea2d",
  "public/static/alternative/Pretendard-Bold.ttf":
    "c16b88c670d23e83fa1170c954cbc4822d3b8dad3c3cde15d798a94b43d97985",
  "LICENSE.txt": "b04538c9abec39a3db75108cf0af0fd9c77032fe8aa2cf38345b4d250e98e38e",
};

let copied = 0;
mkdirSync(destination, { recursive: true });
for (const [path, wanted] of Object.entries(files)) {
  const target = join(destination, basename(path));
  if (existsSync(target) && sha256(readFileSync(target)) === wanted) continue;
  const source = join(root, "node_modules", "pretendard", "dist", path);
  if (!existsSync(source)) fail(`${path} of the package pretendard is missing. Run: npm install`);
  const bytes = readFileSync(source);
  const found = sha256(bytes);
  if (found !== wanted)
    fail(
      `${path} has the SHA-256 ${found}, not ${wanted}: another version of pretendard is installed. Run: npm install`,
    );
  writeFileSync(`${target}.staging-${process.pid}`, bytes);
  renameSync(`${target}.staging-${process.pid}`, target);
  copied += 1;
}
console.log(
  copied === 0
    ? "fonts: target/moa-resources/fonts is up to date"
    : `fonts: ${copied} files staged in target/moa-resources/fonts`,
);

function sha256(bytes) {
  return createHash("sha256").update(bytes).digest("hex");
}

function fail(message) {
  console.error(`fonts: ${message}`);
  process.exit(1);
}

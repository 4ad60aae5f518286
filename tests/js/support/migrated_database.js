// @ts-check
// An empty database is made once for all test files: making it takes longer than most of them do.
import { createHash, randomUUID } from "node:crypto";
import { copyFile, mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";

const CACHE = "node_modules/.cache/talk2me";
// What an empty database depends on: migrations call code of the apps.
const APPS = ["keys", "messaging", "operators", "talk2me"];
const PACKAGES = "requirements.txt";

/**
 * Puts a database with empty tables at `path`.
 * @param {string} root the project's folder
 * @param {string} path where nothing is yet
 * @param {(path: string) => Promise<void>} migrate makes one
 */
export async function put_migrated(root, path, migrate) {
  const folder = join(root, CACHE);
  const name = `${await digest_of(root)}.sqlite3`;
  const made = join(folder, name);
  if (await copied(made, path)) return;
  await mkdir(folder, { recursive: true });
  const own = `${made}.${randomUUID()}`;
  await migrate(own);
  // Two test files may be here at once: each puts the same in place.
  await rename(own, made);
  await copyFile(made, path);
  for (const other of await readdir(folder)) if (!other.startsWith(name)) await rm(join(folder, other), { force: true });
}

/** @param {string} from @param {string} to @returns {Promise<boolean>} whether it was there */
async function copied(from, to) {
  try {
    await copyFile(from, to);
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "ENOENT") return false;
    throw error;
  }
}

/** @param {string} root @returns {Promise<string>} */
async function digest_of(root) {
  const hash = createHash("sha256");
  for (const name of [PACKAGES, ...(await Promise.all(APPS.map((app) => python_of(root, app)))).flat()]) {
    hash.update(`${name}\n`).update(await readFile(join(root, name)));
  }
  return hash.digest("hex").slice(0, 32);
}

/** @param {string} root @param {string} app @returns {Promise<string[]>} */
async function python_of(root, app) {
  const names = await readdir(join(root, app), { recursive: true });
  return names.filter((name) => name.endsWith(".py")).sort().map((name) => join(app, name));
}

// @ts-check
// An empty database is made once for all test files: making it takes longer than most of them do.
import { createHash, randomUUID } from "node:crypto";
import { copyFile, mkdir, readdir, readFile, rename } from "node:fs/promises";
import { join } from "node:path";

const CACHE = "node_modules/.cache/talk2me";
// What an empty database depends on.
const MADE_OF = ["keys/migrations", "messaging/migrations", "operators/migrations", "requirements.txt"];

/**
 * Puts a database with empty tables at `path`.
 * @param {string} root the project's folder
 * @param {string} path where nothing is yet
 * @param {(path: string) => Promise<void>} migrate makes one
 */
export async function put_migrated(root, path, migrate) {
  const made = join(root, CACHE, `${await digest_of(root)}.sqlite3`);
  if (await copied(made, path)) return;
  await mkdir(join(root, CACHE), { recursive: true });
  const own = `${made}.${randomUUID()}`;
  await migrate(own);
  // Two test files may be here at once: each puts the same in place.
  await rename(own, made);
  await copyFile(made, path);
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
  for (const place of MADE_OF) {
    const names = place.includes(".") ? [""] : (await readdir(join(root, place))).filter((name) => name.endsWith(".py")).sort();
    for (const name of names) hash.update(`${place}/${name}\n`).update(await readFile(join(root, place, name)));
  }
  return hash.digest("hex").slice(0, 32);
}

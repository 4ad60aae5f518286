// @ts-check
// What a browser keeps, to be compared before and after something that is to leave nothing.
import { createHash } from "node:crypto";
import { pack } from "../../../static/js/codec/msgpack.js";

/** @import { Device } from "../../../static/js/session/device.js" */

/** What a lie could put there: not cursors and outbox, which move on by themselves. */
export const OF_PEOPLE = /** @type {const} */ (["messages", "conversations", "contacts", "groups"]);

/**
 * @param {Device} device
 * @param {readonly string[]} [names] of stores
 * @returns {Promise<Record<string, { id: string, value: any }[]>>} every record, opened
 */
export async function stored_in({ store }, names = OF_PEOPLE) {
  const rows = await Promise.all(names.map((name) => store.list(name, { prefix: "" })));
  return Object.fromEntries(names.map((name, at) => [name, rows[at]]));
}

/** @param {Device} device @param {readonly string[]} [names] of stores @returns {Promise<Record<string, string>>} a digest of each */
export async function digest_of(device, names) {
  const stored = await stored_in(device, names);
  return Object.fromEntries(Object.entries(stored).map(([name, rows]) => [name, createHash("sha256").update(pack(plain(rows))).digest("hex")]));
}

/** @param {any} value @returns {any} what `pack` takes */
function plain(value) {
  if (value === undefined) return null;
  if (value === null || typeof value !== "object" || value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value.map(plain);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
}

/** @param {Device} device @returns {Promise<string[]>} names of the records that make a browser a device of an account */
export async function traces_of_account(device) {
  const { meta, ...others } = await stored_in(device, ["meta", ...OF_PEOPLE, "cursors", "outbox", "transcripts", "key_packages"]);
  // Keys of its own that a browser has made for the day on which it joins, and the server's log, say nothing of any account.
  const kept = meta.filter(({ id }) => id !== "joining" && id !== "key_log").map(({ id }) => `meta/${id}`);
  return [...kept, ...Object.entries(others).flatMap(([name, rows]) => rows.map(({ id }) => `${name}/${id}`))];
}

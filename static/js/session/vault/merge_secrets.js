// @ts-check
// Of two statements of two devices about one device, recovery key or archive the later one counts.
import { equal } from "../../codec/bytes.js";

/** @import { ArchiveKey, DeviceEntry, RecoveryEntry, Secrets } from "../records.js" */

const MOST_ARCHIVE_KEYS = 64;

/**
 * @param {DeviceEntry[]} mine
 * @param {DeviceEntry[]} theirs
 * @returns {DeviceEntry[]}
 */
export function merge_devices(mine, theirs) {
  const links = (/** @type {DeviceEntry} */ { device }) =>
    Math.max(0, ...[...mine, ...theirs].filter((entry) => equal(entry.device, device)).map((entry) => entry.links));
  // Links are only added.
  return merge(mine, theirs, ({ device }) => device, ({ time }) => time).map((entry) => ({ ...entry, links: links(entry) }));
}

/**
 * Links are counted anew in each archive.
 * @param {DeviceEntry[]} entries
 * @param {Secrets["archive"]} said for which they were counted
 * @param {Secrets["archive"]} now
 * @returns {DeviceEntry[]}
 */
export function with_links_of(entries, { mailbox: said }, { mailbox: now }) {
  const is_same = said !== null && now !== null && equal(said, now);
  return is_same ? entries : entries.map((entry) => ({ ...entry, links: 0 }));
}

/** @param {RecoveryEntry[]} mine @param {RecoveryEntry[]} theirs @returns {RecoveryEntry[]} */
export function merge_recovery(mine, theirs) {
  return merge(mine, theirs, ({ key }) => key, ({ created }) => created);
}

/**
 * The mailbox is that of the newest key; what the server has had first counts where two devices made one at the same time.
 * @param {Secrets["archive"]} mine
 * @param {Secrets["archive"]} theirs
 * @returns {Secrets["archive"]}
 */
export function merge_archive(mine, theirs) {
  const others = mine.keys.filter(({ generation }) => !theirs.keys.some((key) => key.generation === generation));
  const keys = [...theirs.keys, ...others].sort((a, b) => b.generation - a.generation);
  const mailbox = newest(theirs.keys) >= newest(mine.keys) ? theirs.mailbox : mine.mailbox;
  return { mailbox, keys: keys.slice(0, MOST_ARCHIVE_KEYS) };
}

/**
 * @param {Secrets["archive"]} archive
 * @param {Uint8Array<ArrayBuffer>} key the newest from now on
 * @returns {Secrets["archive"]} of the same mailbox
 */
export function add_archive_key({ mailbox, keys }, key) {
  return { mailbox, keys: [{ generation: newest(keys) + 1, key }, ...keys].slice(0, MOST_ARCHIVE_KEYS) };
}

/** @param {ArchiveKey[]} keys */
const newest = (keys) => Math.max(0, ...keys.map(({ generation }) => generation));

/**
 * @template T
 * @param {T[]} mine
 * @param {T[]} theirs
 * @param {(entry: T) => Uint8Array} id
 * @param {(entry: T) => number} time
 * @returns {T[]}
 */
function merge(mine, theirs, id, time) {
  const merged = mine.map((entry) => {
    const other = theirs.find((candidate) => equal(id(candidate), id(entry)));
    return other && time(other) > time(entry) ? other : entry;
  });
  return [...merged, ...theirs.filter((other) => !mine.some((entry) => equal(id(entry), id(other))))];
}

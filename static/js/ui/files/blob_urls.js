// @ts-check
// Addresses of opened files within this page. Those used last are held; the others are given back, and all once the page locks.

/** @import { Session } from "../session_types.js" */

const MOST = 64;
/** @type {Map<string, string>} by the place of the file in its message (file_item.js); the one used last is the last */
const urls = new Map();
/** @type {WeakSet<Session>} */
const followed = new WeakSet();

/** @param {Session} session @param {string} name @returns {string | undefined} */
export function held_url(session, name) {
  const url = urls.get(name);
  if (url === undefined) return undefined;
  return hold(session, name, url);
}

/** @param {Session} session @param {string} name @param {Blob} blob with its type @returns {string} */
export function make_url(session, name, blob) {
  return held_url(session, name) ?? hold(session, name, URL.createObjectURL(blob));
}

/** @param {Session} session @param {string} name @param {string} url */
function hold(session, name, url) {
  give_back_when_locked(session);
  urls.delete(name);
  urls.set(name, url);
  const [oldest] = urls.keys();
  if (urls.size > MOST) give_back(oldest);
  return url;
}

/** @param {string} name */
function give_back(name) {
  URL.revokeObjectURL(urls.get(name) ?? "");
  urls.delete(name);
}

/** @param {Session} session */
function give_back_when_locked(session) {
  if (followed.has(session)) return;
  followed.add(session);
  session.on("locked", ({ locked }) => {
    if (locked) for (const name of [...urls.keys()]) give_back(name);
  });
}

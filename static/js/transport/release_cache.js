// @ts-check
// The files of one release, kept for when there is no network, and for a start that waits for none. It keeps what the server gave and answers with
// nothing else: a cache, no safeguard (docs/offline.md). Each release has a worker of its own; the one of a new release fills its cache, and waits
// until no page of the old one is open or somebody wants it now.
import { CACHES, TAKE_OVER } from "./release_names.js";

const PAGE = "/";

/**
 * Has to be called while the worker's script runs for the first time.
 * @param {any} worker the service worker's global object
 * @param {{ base: string, files: string[] }} release `base`: what the addresses of its files begin with; `files`: those that are kept from the
 *   start. Others of it are kept once they were asked for.
 */
export function keep_release(worker, { base, files }) {
  const name = CACHES + base;
  worker.addEventListener("install", (/** @type {any} */ event) => event.waitUntil(fill(worker, { name, base, files })));
  worker.addEventListener("activate", (/** @type {any} */ event) => event.waitUntil(begin(worker, name)));
  worker.addEventListener("message", (/** @type {any} */ event) => {
    if (event.data === TAKE_OVER) event.waitUntil(worker.skipWaiting());
  });
  worker.addEventListener("fetch", (/** @type {any} */ event) => {
    const place = new URL(event.request.url);
    if (event.request.method !== "GET" || place.origin !== worker.location.origin) return;
    if (event.request.mode === "navigate" && place.pathname === PAGE) event.respondWith(answer_page(worker, name));
    else if (place.pathname.startsWith(base)) event.respondWith(answer_file(worker, name, event.request));
  });
}

/** @param {any} worker @param {{ name: string, base: string, files: string[] }} release @throws {Error} and the browser tries again later */
async function fill(worker, { name, base, files }) {
  const cache = await worker.caches.open(name);
  try {
    await Promise.all([keep_page(worker, cache, base), ...files.map((file) => keep(worker, cache, file))]);
  } catch (error) {
    await worker.caches.delete(name);
    throw error;
  }
}

/** Of several workers of a server, one may still have the release before. @param {any} worker @param {any} cache @param {string} base */
async function keep_page(worker, cache, base) {
  const page = await worker.fetch(PAGE, { cache: "no-cache" });
  if (!page.ok || !(await page.clone().text()).includes(`src="${base}js/app.js"`)) throw new Error("not the page of this release");
  await cache.put(PAGE, page);
}

/** @param {any} worker @param {any} cache @param {string} file */
async function keep(worker, cache, file) {
  const found = await worker.fetch(file);
  if (!found.ok) throw new Error("a file of this release is missing");
  await cache.put(file, found);
}

/** @param {any} worker @param {string} name */
async function begin(worker, name) {
  const others = (await worker.caches.keys()).filter((/** @type {string} */ one) => one.startsWith(CACHES) && one !== name);
  await Promise.all(others.map((/** @type {string} */ one) => worker.caches.delete(one)));
  await worker.clients.claim();
}

/** @param {any} worker @param {string} name */
async function answer_page(worker, name) {
  return (await find(worker, name, PAGE)) ?? worker.fetch(PAGE, { cache: "no-cache" });
}

/** @param {any} worker @param {string} name @param {any} request */
async function answer_file(worker, name, request) {
  const kept = await find(worker, name, request.url);
  if (kept) return kept;
  const found = await worker.fetch(request);
  if (found.ok) await add(worker, name, request.url, found.clone()).catch(() => undefined);
  return found;
}

/** Makes no cache where there is none: this browser may have been erased. @param {any} worker @param {string} name @param {string} url */
function find(worker, name, url) {
  return worker.caches.match(url, { cacheName: name, ignoreVary: true });
}

/** @param {any} worker @param {string} name @param {string} url @param {any} answer */
async function add(worker, name, url, answer) {
  if (await worker.caches.has(name)) await (await worker.caches.open(name)).put(url, answer);
}

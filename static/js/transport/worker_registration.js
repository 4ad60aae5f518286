// @ts-check
// The browser's service worker: it keeps the files of a release, and is woken by pushes.
import { TAKE_OVER } from "./release_names.js";

/** Served there, so that it answers for all of the origin (talk2me/views.py). */
const SCRIPT = "/service_worker.js";
const SCOPE = "/";
const POLICY = "talk2me-service-worker";
// Every cache of this origin.
const OURS = "talk2me ";
const LOOK_AGAIN_MS = 3_600_000;

/** @typedef {"ready" | "taken"} ReleaseState `ready`: a newer release waits; `taken`: it has begun, and this page is of the one before */

/** @type {unknown} made once: browsers refuse a second one of this name */
let address = null;

/** The one script address that is ever made from a string here. @param {any} platform */
function script_address({ trustedTypes }) {
  if (!trustedTypes) return SCRIPT;
  address ??= trustedTypes.createPolicy(POLICY, { createScriptURL: () => SCRIPT }).createScriptURL("");
  return address;
}

/**
 * Doing it again is harmless, and brings the worker of this release.
 * @param {any} platform the global object
 * @returns {Promise<any>} its registration @throws where there are no workers, or none that load modules
 */
export async function register_worker(platform) {
  return platform.navigator.serviceWorker.register(script_address(platform), { type: "module", scope: SCOPE });
}

/** @param {any} platform @returns {Promise<any>} its registration, if there is one */
export async function find_worker(platform) {
  return platform.navigator?.serviceWorker?.getRegistration(SCOPE).catch(() => undefined);
}

/** @type {WeakMap<any, any>} by platform: the registration that is watched there, null before there is one */
const watched = new WeakMap();

/**
 * Keeps this release in this browser, and says when there is another. Without service workers it does nothing. Each time that somebody comes in
 * it is called again: whoever listened first goes on to.
 * @param {any} platform
 * @param {(state: ReleaseState) => void} on_release
 */
export async function keep_release(platform, on_release) {
  const workers = platform.navigator?.serviceWorker;
  if (!workers) return;
  if (!watched.has(platform)) watch(platform, on_release);
  const registration = await register_worker(platform).catch(() => null);
  if (!registration) return;
  const look = () => {
    if (registration.waiting && workers.controller) on_release("ready");
  };
  // Another one than before where this browser was erased meanwhile.
  if (watched.get(platform) !== registration) {
    watched.set(platform, registration);
    registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", look));
  }
  look();
}

/** @param {any} platform @param {(state: ReleaseState) => void} on_release */
function watch(platform, on_release) {
  watched.set(platform, null);
  const workers = platform.navigator.serviceWorker;
  // Of the first one that this browser ever has, nobody needs to be told.
  let controlled = Boolean(workers.controller);
  workers.addEventListener("controllerchange", () => {
    if (controlled) on_release("taken");
    controlled = true;
  });
  // A page that stays open for days hears of a release too. Without a network it is as before.
  platform.setInterval(() => void watched.get(platform)?.update().catch(() => undefined), LOOK_AGAIN_MS);
}

/** The release that waits begins, in every tab. @param {any} platform @returns {Promise<boolean>} whether there is one */
export async function take_release(platform) {
  const waiting = (await find_worker(platform))?.waiting;
  waiting?.postMessage(TAKE_OVER);
  return Boolean(waiting);
}

/** Nothing of any release is left in this browser, nor what pages have left word of. @param {any} platform */
export async function forget_releases(platform) {
  await (await find_worker(platform))?.unregister();
  const names = (await platform.caches?.keys().catch(() => [])) ?? [];
  await Promise.all(names.filter((/** @type {string} */ name) => name.startsWith(OURS)).map((/** @type {string} */ name) => platform.caches.delete(name)));
}

// @ts-check
// The browser's side of push: the address that its push service gives out.
import { find_worker, register_worker } from "./worker_registration.js";

/** @import { Bytes } from "../codec/bytes.js" */

// A browser that never gets its worker going shall not keep a person waiting.
const READY_WAIT = 10_000;

/** @param {any} platform the global object @returns {boolean} */
export function can_push(platform) {
  return Boolean(platform.navigator?.serviceWorker && platform.PushManager && platform.Notification);
}

/**
 * Doing it again is harmless.
 * @param {any} platform
 * @param {Bytes} key the server's
 * @returns {Promise<string | null>} where to push to; null in a browser that can't, or isn't let
 */
export async function subscribe(platform, key) {
  if (!can_push(platform)) return null;
  try {
    await register_worker(platform);
    const { pushManager } = await in_time(platform.navigator.serviceWorker.ready);
    const present = await pushManager.getSubscription();
    if (present && !is_key(present.options?.applicationServerKey, key)) await present.unsubscribe();
    const { endpoint } = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
    return endpoint;
  } catch {
    // Without a push service, in a private window, or with modules that its workers can't load: then it is told in the page only.
    return null;
  }
}

/** @param {any} platform */
export async function unsubscribe(platform) {
  const present = await (await find_worker(platform))?.pushManager?.getSubscription().catch(() => null);
  await present?.unsubscribe().catch(() => false);
}

/** @param {ArrayBuffer | null | undefined} held @param {Bytes} key */
function is_key(held, key) {
  if (!held) return false;
  const bytes = new Uint8Array(held);
  return bytes.length === key.length && bytes.every((byte, at) => byte === key[at]);
}

/** @template T @param {Promise<T>} wanted @returns {Promise<T>} */
function in_time(wanted) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("not ready")), READY_WAIT);
    void wanted.then((value) => {
      clearTimeout(timer);
      resolve(value);
    }, reject);
  });
}

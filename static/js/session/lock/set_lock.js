// @ts-check
// What the owner does about the lock; the person was asked in the tab where it is.
import { Talk2meError } from "../../errors.js";
import { read_lock } from "../../store/unlock_store.js";
import { pause } from "../pause.js";

/** @import { NewLock } from "../../store/lock_key.js" */
/** @import { Store } from "../../store/store.js" */
/** @import { Device } from "../device.js" */
/** @import { Session } from "../open_session.js" */

/** Minutes; 0: only by hand. */
const TIMEOUTS = [0, 1, 5, 15, 60];
const TIMEOUT = 15;
const SIGN_OUT_WAIT = 3_000;

/** @param {unknown} timeout @throws {Talk2meError} `bad_request` */
export function check_timeout(timeout) {
  if (!TIMEOUTS.includes(/** @type {number} */ (timeout))) throw new Talk2meError("bad_request");
}

/** Sealed, so that nobody lengthens it while it is locked. @param {Store} store @returns {Promise<number>} minutes */
export async function read_timeout(store) {
  return (await store.get("meta", "lock"))?.timeout ?? 0;
}

/** @param {Device} device @param {{ lock: NewLock, timeout?: number }} wish @param {Session} session */
export async function set_lock(device, { lock, timeout = TIMEOUT }, session) {
  check_timeout(timeout);
  await device.store.transaction((changes) => changes.put("meta", "lock", { timeout }));
  await session.lock.change(device.store, lock);
}

/** @param {Device} device @param {unknown} _args @param {Session} session */
export async function remove_lock(device, _args, session) {
  if (!(await read_lock(device.store))) throw new Talk2meError("lock_missing");
  await session.lock.change(device.store, null);
}

/** @param {Device} device @param {{ timeout: number }} wish @param {Session} session */
export async function set_lock_timeout(device, { timeout }, session) {
  check_timeout(timeout);
  if (!(await read_lock(device.store))) throw new Talk2meError("lock_missing");
  await device.store.transaction((changes) => changes.put("meta", "lock", { timeout }));
  await session.lock.tell_timeout();
}

/** The lock, and no token left at the server. @param {Device} device @param {unknown} _args @param {Session} session */
export async function sign_out(device, _args, session) {
  if (!(await read_lock(device.store))) throw new Talk2meError("lock_missing");
  // A server that is away, or slow, keeps nobody from locking: a token ends by itself.
  if (device.online) await Promise.race([device.api.sign_out(), pause(SIGN_OUT_WAIT)]).catch(() => undefined);
  await session.lock.lock_all();
}

// @ts-check
import { Talk2meError } from "../errors.js";

/** @import { Device } from "./device.js" */

const RETRY = 5_000;
// The server has answered, wrongly or with no: it will hardly say something else in a moment.
const SLOW_RETRY = 60_000;
const SLOW = new Set(["not_found", "chain_invalid", "key_log_invalid", "bad_request"]);
// Trying again would change nothing, or is not this page's any more.
const FINAL = new Set([
  "not_owner",
  "mailbox_unknown",
  "device_revoked",
  "account_missing",
  "storage_damaged",
  "key_log_broken",
  "vault_conflict",
  "vault_invalid",
]);

/**
 * Does something that the connection asks for. One that fails does not keep others from being tried; it is tried again for as
 * long as the socket is up, and the next connection begins with it anyway.
 * @param {Device} device
 * @param {() => Promise<unknown>} work
 */
export async function try_until_done(device, work) {
  try {
    await work();
  } catch (error) {
    device.tell_failure(error);
    if (!(error instanceof Talk2meError) || FINAL.has(error.code)) return;
    const least = SLOW.has(error.code) ? SLOW_RETRY : RETRY;
    const wait = Math.max(least, Number(error.details.retry_after ?? 0) * 1000);
    device.later(wait, async () => (device.online ? try_until_done(device, work) : undefined));
  }
}

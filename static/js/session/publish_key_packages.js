// @ts-check
// Keeps key packages of this device on the server: enough of them, of each suite, none that is about to expire.
import { from_base64url, to_base64url } from "../codec/base64url.js";
import { create_key_package, LONGEST_LIFETIME_DAYS, SUITE_CLASSIC, SUITE_XWING } from "../protocol/mls.js";

/** @import { Device } from "./device.js" */
/** @import { KeyPackage } from "./records.js" */

export const SUITES = Object.freeze([SUITE_XWING, SUITE_CLASSIC]);
const BATCH = 20;
const LOW_MARK = 5;
const DAY = 86_400_000;
// The last resort is replaced this long before it expires; single-use ones are forgotten this long after.
const ROTATE_BEFORE = 30 * DAY;
const FORGET_AFTER = 7 * DAY;

/**
 * @param {{ remaining: number, has_last_resort: boolean, newest_last_resort_ends: number, now: number }} state unix ms
 * @returns {{ single: number, last_resort: boolean }} how many to make
 */
export function plan_key_packages({ remaining, has_last_resort, newest_last_resort_ends, now }) {
  return {
    single: remaining < LOW_MARK ? BATCH - remaining : 0,
    last_resort: !has_last_resort || newest_last_resort_ends - now < ROTATE_BEFORE,
  };
}

/** @param {Device} device @param {{ at_most?: number }} [options] single-use ones to make for each suite */
export function publish_key_packages(device, { at_most = BATCH } = {}) {
  return device.mutexes.run("key_packages", async () => {
    const { remaining, last_resort } = await device.api.count_key_packages();
    const held = await list_key_packages(device);
    const now = device.now();
    await forget_expired(device, held);
    for (const suite of SUITES) {
      const of_suite = held.filter(({ value }) => value.suite === suite);
      const ends = of_suite.filter(({ value }) => value.last_resort).map(({ value }) => value.not_after);
      // Those whose private part is not here would be of no use to whoever claims them.
      const usable = of_suite.some(({ value }) => !value.last_resort) ? (remaining[suite] ?? 0) : 0;
      const plan = plan_key_packages({
        remaining: usable,
        has_last_resort: Boolean(last_resort[suite]) && ends.length > 0,
        newest_last_resort_ends: Math.max(0, ...ends),
        now,
      });
      await publish(device, suite, { ...plan, single: Math.min(plan.single, at_most) });
    }
  });
}

/** @param {Device} device @returns {Promise<{ id: string, value: KeyPackage }[]>} */
export function list_key_packages(device) {
  return device.store.list("key_packages", { prefix: "" });
}

/** @param {Device} device @param {number} suite @param {{ single: number, last_resort: boolean }} plan */
async function publish(device, suite, { single, last_resort }) {
  if (single === 0 && !last_resort) return;
  /** @type {KeyPackage[]} */
  const made = [];
  for (let count = 0; count < single; count += 1) made.push(await make(device, suite, false));
  const resort = last_resort ? await make(device, suite, true) : null;
  // Stored first: a welcome may come the moment that the server has them.
  await device.store.transaction((changes) => {
    for (const record of resort ? [...made, resort] : made) {
      changes.put("key_packages", to_base64url(record.reference), record);
    }
  });
  await device.api.publish_key_packages({
    suite,
    key_packages: made.map(({ key_package }) => key_package),
    ...(resort ? { last_resort: resort.key_package } : {}),
  });
}

/** @param {Device} device @param {number} suite @param {boolean} last_resort @returns {Promise<KeyPackage>} */
async function make(device, suite, last_resort) {
  const now = device.now();
  const made = await create_key_package({
    suite,
    account: from_base64url(device.own.account),
    device: from_base64url(device.own.device),
    signature_key: device.signature_key,
    now,
    lifetime_days: LONGEST_LIFETIME_DAYS,
    last_resort,
  });
  return { ...made, suite, created: now, not_after: now + LONGEST_LIFETIME_DAYS * DAY, last_resort };
}

/** @param {Device} device @param {{ id: string, value: KeyPackage }[]} held */
async function forget_expired(device, held) {
  const expired = held.filter(({ value }) => value.not_after + FORGET_AFTER < device.now());
  await device.store.transaction((changes) => {
    for (const { id } of expired) changes.delete("key_packages", id);
  });
}

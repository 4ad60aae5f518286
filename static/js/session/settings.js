// @ts-check
// The settings that all devices of the account share: of two values of one, the later counts.

/** @import { Changes } from "../store/changes.js" */
/** @import { Store } from "../store/store.js" */
/** @typedef {boolean | number | string} Value */
/** @typedef {Record<string, { value: Value, time: number }>} TimedSettings `time` in unix ms; 0 for one that nobody has set */

/** @param {Store | Changes} store @returns {Promise<Record<string, any>>} */
export async function get_settings(store) {
  return (await store.get("meta", "settings")) ?? {};
}

/** The caller marks the vault. @param {Changes} changes @param {string} name @param {Value} value @param {number} now */
export async function put_setting(changes, name, value, now) {
  changes.put("meta", "settings", { ...(await get_settings(changes)), [name]: value });
  const times = (await changes.get("meta", "settings_times")) ?? {};
  // A clock that was put back must not make what is set now older than what was set before.
  changes.put("meta", "settings_times", { ...times, [name]: Math.max(now, (times[name] ?? 0) + 1) });
}

/** @param {Store | Changes} store @returns {Promise<TimedSettings>} */
export async function timed_settings(store) {
  const settings = await get_settings(store);
  const times = (await store.get("meta", "settings_times")) ?? {};
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, { value, time: times[name] ?? 0 }]));
}

/**
 * Of two that were set in the same millisecond one counts, the same for every device.
 * @param {TimedSettings[string]} one
 * @param {TimedSettings[string]} other
 */
export function is_later_setting(one, other) {
  return one.time > other.time || (one.time === other.time && String(one.value) > String(other.value));
}

/** @param {Changes} changes @param {TimedSettings} theirs */
export async function absorb_settings(changes, theirs) {
  const mine = await timed_settings(changes);
  /** @type {Map<string, { value: Value, time: number }>} */
  const merged = new Map(Object.entries(mine));
  for (const [name, entry] of Object.entries(theirs)) {
    const held = merged.get(name);
    if (!held || is_later_setting(entry, held)) merged.set(name, entry);
  }
  const entries = [...merged];
  changes.put("meta", "settings", Object.fromEntries(entries.map(([name, { value }]) => [name, value])));
  changes.put("meta", "settings_times", Object.fromEntries(entries.map(([name, { time }]) => [name, time])));
}

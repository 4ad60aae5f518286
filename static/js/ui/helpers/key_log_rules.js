// @ts-check
// What follows from the state of the key log for the page (docs/key_log.md 6).

/** @import { KeyLog } from "../session_types.js" */

/** @typedef {Exclude<KeyLog["state"], "ok"> | "clock"} Banner */

/**
 * One banner at a time: first what keeps messages waiting, then a clock that only confuses.
 * @param {Pick<KeyLog, "state" | "clock">} log
 * @returns {Banner | null}
 */
export function banner_for({ state, clock }) {
  if (state !== "ok") return state;
  return clock === 0 ? null : "clock";
}

/**
 * @param {Pick<KeyLog, "state" | "alarm">} log
 * @returns {boolean} whether there is something that takes the whole screen until it is answered
 */
export function is_new_alarm({ state, alarm }) {
  return state === "broken" && alarm !== null && !alarm.seen;
}

/**
 * @param {string} witnesses as typed, one a line
 * @param {number} quorum as typed, NaN for nothing
 * @returns {{ witnesses: string, quorum: number } | null} as they are saved; null when so many can't be asked for
 */
export function tidy_witnesses(witnesses, quorum) {
  const lines = witnesses.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  if (lines.length === 0) return { witnesses: "", quorum: 0 };
  if (!Number.isInteger(quorum) || quorum < 1 || quorum > lines.length) return null;
  return { witnesses: lines.join("\n"), quorum };
}

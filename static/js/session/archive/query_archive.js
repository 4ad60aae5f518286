// @ts-check
import { get_state, is_archive_on } from "./archive_state.js";
import { NOTED } from "./note_archive.js";

/** @import { Store } from "../../store/store.js" */
/** @import { ArchiveState } from "./archive_state.js" */

/**
 * @param {Store} store
 * @param {unknown} _of
 * @param {number} now
 */
export async function query_archive(store, _of, now) {
  const [on, state] = [await is_archive_on(store), await get_state(store)];
  const waiting = on ? await store.count("outbox", NOTED) : 0;
  const restore = on ? state?.restore : null;
  return {
    on,
    state: on ? state_of(state, waiting) : "off",
    done: restore ? restore.top + 1 - restore.before : 0,
    total: restore?.top ?? 0,
    bytes: restore?.bytes ?? 0,
    bytes_total: restore?.bytes_total ?? 0,
    seconds_left: restore ? seconds_left(restore, now) : null,
    waiting,
    missing: state?.missing ?? 0,
  };
}

/** @param {ArchiveState | undefined} state @param {number} waiting */
function state_of(state, waiting) {
  if (state?.restore) return "restoring";
  if (state?.full) return "full";
  return waiting > 0 || state?.backfill ? "writing" : "idle";
}

/** @param {import("./archive_state.js").Restore} restore @param {number} now @returns {number | null} null while nobody can tell */
function seconds_left({ before, began_at, started }, now) {
  const read = began_at - before;
  if (read <= 0 || now <= started) return null;
  return Math.ceil(((now - started) / read) * (before - 1) / 1000);
}

// @ts-check
// Sends what is noted for the archive: several at a time, under ids that make sending again harmless.
import { concat } from "../../codec/bytes.js";
import { Talk2meError } from "../../errors.js";
import { get_state, tell_archive, update_state } from "./archive_state.js";
import { backfill_some } from "./backfill_archive.js";
import { NOTED } from "./note_archive.js";
import { note_lost, open_archive } from "./open_archive.js";
import { seal_noted } from "./seal_noted.js";
import { send_entry } from "./send_entry.js";
import { link_due, write_link } from "./write_link.js";

/** @import { Bytes } from "../../codec/bytes.js" */
/** @import { Device } from "../device.js" */
/** @import { Noted } from "./note_archive.js" */
/** @import { Archive } from "./open_archive.js" */

const IN_FLIGHT = 32;
const LOOKED_AT = 256;
const RETRY = 5_000;
const FULL_RETRY = 600_000;
// A clock that was put back makes nothing wait for longer.
const LONGEST_WAIT = 60_000;
const LATER = new Set(["storage_failed", "rate_limited", "internal", "answer_invalid", "id_conflict"]);

/** @param {Device} device */
export function write_archive(device) {
  return device.mutexes.run("archive write", async () => {
    try {
      while (device.online && (await write_some(device)));
    } catch (error) {
      await handle_failure(device, error);
    }
  });
}

/** @param {Device} device @returns {Promise<boolean>} whether there may be more to do now */
async function write_some(device) {
  const archive = await open_archive(device);
  if (!archive) return false;
  if ((await device.store.get("meta", "vault"))?.rotated) {
    // A new key counts once the vault has it: of two that devices make at the same time one is given up.
    device.tasks.archive(RETRY);
    return false;
  }
  const rows = await device.store.list("outbox", { prefix: NOTED, limit: LOOKED_AT });
  const now = device.now();
  const noted = rows.map(({ value }) => /** @type {Noted} */ (value));
  const due = noted.filter((one) => one.due <= now || one.due > now + LONGEST_WAIT).slice(0, IN_FLIGHT);
  if (due.length > 0) await write_all(device, archive, due);
  if (noted.length < IN_FLIGHT && (await backfill_some(device))) return true;
  if (due.length > 0) return true;
  const wait = await link_due(device);
  if (wait === 0) await write_link(device, archive);
  const next = Math.min(...noted.map((one) => one.due - now), wait || Infinity);
  if (next < Infinity) device.tasks.archive(Math.max(next, 1));
  return wait === 0;
}

/** @param {Device} device @param {Archive} archive @param {Noted[]} due */
async function write_all(device, archive, due) {
  const sealed = await Promise.all(due.map((one) => seal_noted(device, archive, one)));
  const outcomes = await Promise.allSettled(sealed.map((one) => one && send_entry(device, archive, one)));
  /** @type {Bytes[]} */
  const listed = [];
  await device.store.transaction(async (changes) => {
    for (const [at, outcome] of outcomes.entries()) {
      if (outcome.status === "rejected") continue;
      changes.delete("outbox", due[at].key);
      const entry = sealed[at];
      if (entry && outcome.value) listed.push(concat(entry.id, outcome.value));
    }
    if (listed.length === 0) return;
    await update_state(changes, device, (state) => {
      state.links.waiting = concat(state.links.waiting, ...listed);
      state.links.last = device.now();
      state.full = false;
    });
  });
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  if (failed) throw /** @type {PromiseRejectedResult} */ (failed).reason;
}

/** Everything stays noted. @param {Device} device @param {unknown} error */
async function handle_failure(device, error) {
  if (!(error instanceof Talk2meError)) throw error;
  const { code, details } = error;
  if (code === "quota_reached") {
    await note_full(device);
    device.tasks.archive(FULL_RETRY);
  } else if (code === "mailbox_unknown") await note_lost(device);
  else if (LATER.has(code)) device.tasks.archive(Math.max(RETRY, Number(details.retry_after ?? 0) * 1000));
  else if (code !== "offline" && code !== "timed_out") throw error;
}

/** The server takes no more: said once. @param {Device} device */
async function note_full(device) {
  const was_full = (await get_state(device.store))?.full;
  if (was_full) return;
  await device.store.transaction((changes) => update_state(changes, device, (state) => (state.full = true)));
  device.emit("alert", { code: "archive_full" });
  tell_archive(device);
}

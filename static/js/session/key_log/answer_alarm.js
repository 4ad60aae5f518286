// @ts-check
// What a person does about a broken log.
import { to_utf8 } from "../../codec/bytes.js";
import { Talk2meError } from "../../errors.js";
import { catch_up } from "../catch_up.js";
import { mark_vault } from "../vault/keep_vault.js";
import { with_log } from "./advance_log.js";
import { change_held, get_held } from "./held_log.js";

/** @import { Device } from "../device.js" */
/** @import { Contact } from "../records.js" */

/**
 * @param {Device} device
 * @returns {Promise<{ file: Blob, name: string }>} for a third party: `manage.py check_evidence` reads it
 * @throws {Talk2meError} `not_found` while nothing is wrong
 */
export async function save_evidence(device) {
  const { alarm } = (await get_held(device.store)) ?? {};
  if (!alarm) throw new Talk2meError("not_found");
  const day = new Date(alarm.found).toISOString().slice(0, 10);
  const text = `${JSON.stringify(alarm.evidence, null, 2)}\n`;
  return { file: new Blob([to_utf8(text)], { type: "application/json" }), name: `talk2me-evidence-${day}.json` };
}

/** The person has seen it and goes on with verified contacts. @param {Device} device */
export async function dismiss_key_log_alarm(device) {
  await change_held(device, ({ alarm }) => {
    if (alarm) alarm.seen = true;
  });
  device.emit("conversations");
}

/**
 * What the server shows now is believed as on the first day. The pinned keys of contacts stay: another identity still stops sending.
 * @param {Device} device
 */
export async function restart_key_log(device) {
  const forget = () =>
    device.store.transaction(async (changes) => {
      for (const id of ["key_log", "key_log_told", "key_log_foreign"]) changes.delete("meta", id);
      for (const { id } of await device.store.list("contacts", { prefix: "" })) await changes.update("contacts", id, forget_log);
      await mark_vault(changes, device);
      changes.after(() => device.emit("key_log"));
    });
  // Not beside a look that is under way, which would write what it knew into the new record.
  await device.mutexes.run("key_log_scan", () => with_log(device, forget));
  device.emit("conversations");
  device.background(() => catch_up(device));
}

/** Where the old log stood when somebody was verified is nothing that the new one could be held to. @param {Contact} contact */
function forget_log(contact) {
  contact.proven = 0;
  if (contact.verified) contact.verified = { ...contact.verified, log_size: 0, log_root: new Uint8Array(32) };
}

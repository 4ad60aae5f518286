// @ts-check
// What a person does about a broken log.
import { to_utf8 } from "../../codec/bytes.js";
import { Talk2meError } from "../../errors.js";
import { catch_up } from "../catch_up.js";
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
  const contacts = await device.store.list("contacts", { prefix: "" });
  await device.store.transaction(async (changes) => {
    changes.delete("meta", "key_log");
    changes.delete("meta", "key_log_told");
    for (const { id } of contacts) {
      await changes.update("contacts", id, (/** @type {Contact} */ contact) => void (contact.proven = 0));
    }
    changes.after(() => device.emit("key_log"));
  });
  device.emit("conversations");
  device.background(() => catch_up(device));
}

// @ts-check
// A conversation that says nothing by itself until some time, on all of the account's devices.
import { Talk2meError } from "../../errors.js";
import { is_integer } from "../../codec/fields.js";
import { tell_conversation } from "../conversation_log.js";
import { put_setting } from "../settings.js";
import { mark_vault } from "../vault/keep_vault.js";

/** @import { Device } from "../device.js" */

/** @param {string} conversation */
export const mute_setting = (conversation) => `muted/${conversation}`;

/**
 * @param {Device} device
 * @param {{ conversation: string, until: number }} wish unix ms; 0: it is heard again
 * @throws {Talk2meError} `not_found`, `bad_request`
 */
export async function mute(device, { conversation, until }) {
  if (!is_integer(until)) throw new Talk2meError("bad_request");
  await device.store.transaction(async (changes) => {
    if (!(await changes.get("conversations", conversation))) throw new Talk2meError("not_found");
    await put_setting(changes, mute_setting(conversation), until, device.now());
    await mark_vault(changes, device);
    tell_conversation(changes, device, conversation);
  });
}

// @ts-check
// Archives that are to go from the server: asked for until the server has done it.
import { from_base64url, to_base64url } from "../../codec/base64url.js";
import { is_talk2me_error } from "../../errors.js";

/** @import { Bytes } from "../../codec/bytes.js" */
/** @import { Changes } from "../../store/changes.js" */
/** @import { Device } from "../device.js" */

/** @param {Changes} changes @param {Bytes} mailbox */
export async function note_erase(changes, mailbox) {
  const left = (await changes.get("meta", "archive_erase")) ?? [];
  changes.put("meta", "archive_erase", [...left, to_base64url(mailbox)]);
}

/** @param {Device} device @throws {Talk2meError} when it can't be reached now */
export async function erase_left(device) {
  for (const mailbox of (await device.store.get("meta", "archive_erase")) ?? []) {
    try {
      await device.request({ type: "mailbox.erase", mailbox: from_base64url(mailbox) });
    } catch (error) {
      // It never was there, or is gone.
      if (!is_talk2me_error(error, "mailbox_unknown")) throw error;
    }
    await device.store.transaction((changes) =>
      changes.update("meta", "archive_erase", (/** @type {string[]} */ left) => left.splice(left.indexOf(mailbox), 1)),
    );
  }
}

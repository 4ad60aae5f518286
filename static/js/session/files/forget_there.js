// @ts-check
// Files on the server that this account has no use for any more: noted with what made them useless, deleted there as soon as the
// server can be reached, so that neither a lost connection nor the end of the page leaves them on the account's share.
import { try_until_done } from "../try_until_done.js";

/** @import { Changes } from "../../store/changes.js" */
/** @import { Device } from "../device.js" */
/** @import { FileRecord, Message } from "../records.js" */

const LEAVING = "d/";

/** @param {Changes} changes @param {Device} device @param {string[]} ids */
export function forget_there(changes, device, ids) {
  if (ids.length === 0) return;
  for (const id of ids) changes.put("files", `${LEAVING}${id}`, { id });
  changes.after(() => device.background(() => try_until_done(device, () => delete_there(device))));
}

/** A message goes: what this device has kept of it nobody else has ever heard of. @param {Changes} changes @param {Device} device @param {Pick<Message, "files">} message */
export function forget_kept(changes, device, { files = [] }) {
  forget_there(changes, device, files.filter(is_kept).map(({ id }) => id));
}

/** @param {FileRecord} file */
const is_kept = ({ kept }) => Boolean(kept);

/** @param {Device} device @returns {Promise<void>} */
export function delete_there(device) {
  return device.mutexes.run("leaving_files", async () => {
    const leaving = await device.store.list("files", { prefix: LEAVING });
    for (const { id: row, value } of leaving) {
      if (!device.online) return;
      await device.api.delete_attachment(value.id);
      await device.store.transaction((changes) => changes.delete("files", row));
    }
  });
}

// @ts-check
// What a group has agreed on, out of the archive: before this device is in the group, or after.
import { equal } from "../../codec/bytes.js";
import { describe } from "../../protocol/mls.js";
import { hash_part } from "../../protocol/group_state.js";

/** @import { Bytes } from "../../codec/bytes.js" */
/** @import { PartName } from "../../protocol/group_state.js" */
/** @import { Device } from "../device.js" */
/** @import { Conversation, GroupRecord } from "../records.js" */

// The newest of each part is what a group most likely has; it may have agreed on something else since.
const MOST_KEPT = 8;

/**
 * @param {Device} device
 * @param {Conversation & { group: GroupRecord }} conversation its group is altered in place
 * @param {{ part: PartName, salt: Bytes, value: Bytes, time: number }} kept
 */
export async function keep_state(device, { id, group: record, mailboxes }, { part, salt, value, time }) {
  const hash = await hash_part(part, salt, value);
  const group = mailboxes.includes(id) ? await device.groups.find(id) : null;
  const hashes = group && describe(group).hashes;
  if (hashes && equal(hashes[part], hash)) {
    record[part] = { salt, value, hash };
    return;
  }
  const others = (record.kept ?? []).filter((other) => !equal(other.hash, hash));
  record.kept = [...others, { part, salt, value, hash, time }].sort((a, b) => b.time - a.time).slice(0, MOST_KEPT);
}

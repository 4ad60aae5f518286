// @ts-check
// Notes to oneself: a group that nobody but the own account is in (docs/groups.md 7).
import { is_talk2me_error } from "../../errors.js";
import { create_own_group } from "../groups/create_group.js";
import { keep_vault } from "../vault/keep_vault.js";
import { get_notes, put_notes } from "./lost_notes.js";

/** @import { Store } from "../../store/store.js" */
/** @import { Device } from "../device.js" */
/** @import { Conversation } from "../records.js" */

// A group has a title. Nobody sees it but a device of a release that knows no notes.
const TITLE = "Notes to self";

/**
 * @param {Device} device
 * @returns {Promise<{ conversation: string }>} the one that the account has; made now if there is none
 * @throws {import("../../errors.js").Talk2meError} when it has to be made: what the transport throws
 */
export function open_notes(device) {
  return device.mutexes.run("notes", async () => {
    const known = await usable_notes(device.store);
    if (known) return { conversation: known };
    // Another device may have made it a moment ago.
    await keep_vault(device, { look: true });
    const told = await usable_notes(device.store);
    if (told) return { conversation: told };
    const made = await create_own_group(device, { title: TITLE, also: (changes, id) => put_notes(changes, device, id) });
    await tell_others(device);
    return made;
  });
}

/**
 * Before anything of it is in the archive: a device that comes just now must not take it for a group that it is not in.
 * @param {Device} device
 */
async function tell_others(device) {
  try {
    await keep_vault(device);
  } catch (error) {
    // It is marked, and written with the next connection.
    if (!is_talk2me_error(error)) throw error;
  }
}

/** @param {Store} store @returns {Promise<string | null>} null also for one that this account is out of for good */
async function usable_notes(store) {
  const id = await get_notes(store);
  /** @type {Conversation | undefined} */
  const conversation = id === null ? undefined : await store.get("conversations", id);
  // A device that is still on its way into it makes no other one.
  if (!conversation?.group) return null;
  const is_out = conversation.state === "declined" || conversation.stopped === "removed" || conversation.stopped === "left";
  return is_out ? null : id;
}

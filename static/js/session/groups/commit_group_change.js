// @ts-check
// A change of a group that a person wants: made again on what another has changed meanwhile, for as long as it is still wanted and
// still allowed.
import { is_talk2me_error, Talk2meError } from "../../errors.js";
import { describe } from "../../protocol/mls.js";
import { bring_in_order } from "../bring_in_order.js";
import { commit_change, settle_commit } from "../commit_change.js";
import { compare_before_sending } from "../find_rollback.js";
import { pause } from "../pause.js";
import { drain, mailbox_lock } from "../receive_envelopes.js";
import { freshen_people } from "./group_people.js";
import { rules_in, unread_parts } from "./group_rules_of.js";

/** @import { Rules } from "../../protocol/group_rules.js" */
/** @import { Rights } from "../../protocol/group_state.js" */
/** @import { LeafPolicy } from "../check_leaves.js" */
/** @import { Device } from "../device.js" */
/** @import { Conversation, GroupRecord } from "../records.js" */
/**
 * @typedef {{ group: any, described: ReturnType<typeof describe>, record: GroupRecord, rules: Rules & { rights: Rights }, policy: LeafPolicy }} Present
 * @typedef {(present: Present) => Promise<any>} Make gives a `Pending` of protocol/mls.js, perhaps with `states`; null when nothing is left to do
 */

const TRIES = 16;
const JITTER = 400;
// For how long a part that the group has agreed on is waited for; then what was agreed on before is built on. Milliseconds.
const PART_WAIT = 8_000;
const PART_LOOK = 150;

/**
 * @param {Device} device
 * @param {string} id of the conversation
 * @param {Make} make
 * @throws {Talk2meError} `not_found`, `conversation_stopped`, `not_allowed`, `group_unread` while it is not known what the group has agreed
 *   on, `slot_conflict` when others are always first, and what `make` or the transport throws
 */
export async function commit_group_change(device, id, make) {
  await freshen_people(device, await active_group(device, id));
  const until = device.now() + PART_WAIT;
  for (let tries = 0; tries < TRIES; tries += 1) {
    await wait_for_parts(device, id, until);
    const outcome = await device.mutexes.run(mailbox_lock(id), () => commit_once(device, id, make, until));
    if (outcome === "done") {
      device.tasks.flush(id);
      return;
    }
    await pause((device.random(1)[0] / 256) * JITTER);
  }
  throw new Talk2meError("slot_conflict");
}

/** @param {Device} device @param {string} id @param {Make} make @param {number} until ms @returns {Promise<"done" | "again">} */
async function commit_once(device, id, make, until) {
  if (!device.online) throw new Talk2meError("offline");
  await active_group(device, id);
  await compare_before_sending(device, id);
  if ((await settle_commit(device, id)) === "lost") return "again";
  await drain(device, id);
  if ((await device.store.get("cursors", id)).behind) {
    device.tasks.rejoin(id);
    return "again";
  }
  if (!(await bring_in_order(device, id))) return "again";
  // Read only here: what is built on may have come with the drain.
  const { group: record } = await active_group(device, id);
  if (device.now() < until && !(await has_read_all(device, id, record))) return "again";
  const rules = await rules_in(record);
  if (!rules?.rights) throw new Talk2meError("group_unread");
  const known = { ...rules, rights: rules.rights };
  let is_done = false;
  try {
    const outcome = await commit_change(device, id, async (group, policy) => {
      const made = await make({ group, described: describe(group), record, rules: known, policy });
      if (made) return made;
      is_done = true;
      throw new Talk2meError("group_refused");
    });
    return outcome === "accepted" ? "done" : "again";
  } catch (error) {
    if (is_done) return "done";
    const is_against_rules = is_talk2me_error(error, "group_refused") && String(error.details.reason).startsWith("refused_");
    throw is_against_rules ? new Talk2meError("not_allowed") : error;
  }
}

/** @param {Device} device @param {string} id @returns {Promise<Conversation & { group: GroupRecord }>} */
export async function active_group(device, id) {
  /** @type {Conversation | undefined} */
  const conversation = await device.store.get("conversations", id);
  const { group } = conversation ?? {};
  if (!conversation || !group) throw new Talk2meError("not_found");
  if (conversation.state !== "active") throw new Talk2meError("conversation_stopped", { reason: conversation.stopped });
  return { ...conversation, group };
}

/** What is built on has to be what the others have. @param {Device} device @param {string} id @param {number} until ms */
async function wait_for_parts(device, id, until) {
  while (device.online && device.now() < until) {
    const { group: record } = await active_group(device, id);
    if (await has_read_all(device, id, record)) return;
    await pause(PART_LOOK);
  }
}

/** @param {Device} device @param {string} id @param {GroupRecord} record */
async function has_read_all(device, id, record) {
  const group = await device.groups.find(id);
  return group !== null && unread_parts(group, record).length === 0;
}

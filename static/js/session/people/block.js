// @ts-check
// Blocks an account, and lets it in again. Its direct conversation stays as it is, out of sight: the group goes on, what comes from the
// other side is dropped.
import { Talk2meError } from "../../errors.js";
import { decline_request } from "../accept_request.js";
import { tell_conversation } from "../conversation_log.js";
import { put_setting } from "../settings.js";
import { mark_vault } from "../vault/keep_vault.js";
import { block_setting } from "./blocked.js";

/** @import { Changes } from "../../store/changes.js" */
/** @import { Device } from "../device.js" */
/** @import { Conversation } from "../records.js" */

/** @param {Device} device @param {{ account: string }} wish @throws {Talk2meError} `not_found` */
export async function block(device, { account }) {
  await set_blocked(device, account, true);
  const conversation = await device.store.get("conversations", account);
  // A request is answered by it, as silently as by declining.
  if (conversation?.state === "request") await decline_request(device, { conversation: account });
}

/** @param {Device} device @param {{ account: string }} wish @throws {Talk2meError} `not_found` */
export async function unblock(device, { account }) {
  await set_blocked(device, account, false);
}

/** @param {Device} device @param {string} account @param {boolean} is_on */
async function set_blocked(device, account, is_on) {
  await device.store.transaction(async (changes) => {
    const contact = await changes.get("contacts", account);
    if (!contact || contact.own) throw new Talk2meError("not_found");
    await put_setting(changes, block_setting(account), is_on, device.now());
    await mark_vault(changes, device);
    if (is_on) await fall_silent(changes, account);
    tell_conversation(changes, device, account);
    for (const group of await groups_with(device, account)) tell_conversation(changes, device, group);
    changes.after(() => device.emit("contacts"));
  });
}

/** There it is folded away, or shown again. @param {Device} device @param {string} account @returns {Promise<string[]>} */
async function groups_with({ store }, account) {
  const all = (await store.list("conversations", { prefix: "" })).map(({ value }) => /** @type {Conversation} */ (value));
  return all.filter(({ group }) => group?.members.some((member) => member.account === account)).map(({ id }) => id);
}

/** What is still owed to them is not sent. @param {Changes} changes @param {string} account */
async function fall_silent(changes, account) {
  await changes.update("conversations", account, (/** @type {Conversation} */ conversation) => {
    Object.assign(conversation, { receipts_due: [], reads_due: [], unread: 0 });
  });
}

// @ts-check
// Makes the group of a direct conversation, up to the stored commit that adds everyone.
import { from_base64url, to_base64url } from "../codec/base64url.js";
import { Talk2meError } from "../errors.js";
import { add_members, create_group } from "../protocol/mls.js";
import { LeafPolicy } from "./check_leaves.js";
import { choose_suite } from "./choose_suite.js";
import { claim_devices, claim_own_others } from "./claim_devices.js";
import { make_or_wait, put_commit } from "./commit_change.js";
import { add_mailbox, new_conversation, tell_conversation } from "./conversation_log.js";
import { mark_vault } from "./vault/keep_vault.js";
import { queue_content } from "./queue_content.js";
import { new_cursor } from "./records.js";
import { refresh_contact } from "./refresh_contact.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @import { Device } from "./device.js" */
/** @import { Conversation } from "./records.js" */

/**
 * @param {Device} device
 * @param {string} peer account
 * @param {Bytes | null} token of an invitation of theirs
 * @returns {Promise<string>} the mailbox; everything is stored, nothing has left yet
 */
export async function create_direct_group(device, peer, token) {
  const { own, signature_key } = device;
  // Never with keys that an old answer vouches for.
  const theirs = await refresh_contact(device, peer);
  if (theirs.changed) throw new Talk2meError("identity_changed");
  const mine = await refresh_contact(device, own.account);
  const suite = choose_suite([theirs.chain, mine.chain]);
  const key_packages = [
    ...(await claim_devices(device, theirs.chain, suite, { token })),
    ...(await claim_own_others(device, mine.chain, suite)),
  ];
  const mailbox = device.random(16);
  const policy = new LeafPolicy(device);
  const pending = await make_or_wait(async () => {
    const group = await create_group({
      mailbox,
      suite,
      kind: "direct",
      own: { account: from_base64url(own.account), device: from_base64url(own.device) },
      signature_key,
      now: device.now(),
    });
    return { before: group, ...(await add_members(group, key_packages, policy)) };
  }, policy);
  await store_new_group(device, peer, to_base64url(mailbox), pending, token);
  return to_base64url(mailbox);
}

/** @param {Device} device @param {string} peer @param {string} mailbox @param {any} pending @param {Bytes | null} token */
async function store_new_group(device, peer, mailbox, pending, token) {
  await device.store.transaction(async (changes) => {
    /** @type {Conversation} */
    const conversation =
      (await changes.get("conversations", peer)) ??
      new_conversation({ peer, state: "active", suite: pending.before.suite, time: device.now() });
    if (conversation.state !== "stopped") conversation.state = "active";
    add_mailbox(conversation, mailbox, pending.before.suite);
    changes.put("cursors", mailbox, { ...new_cursor(mailbox, conversation.id), fresh: true });
    await device.groups.put(changes, mailbox, pending.before);
    await put_commit(changes, device, mailbox, pending, 0, { create: true });
    queue_content(changes, device, conversation, { type: "introduction", body: { invitation: token } });
    changes.put("conversations", conversation.id, conversation);
    await mark_vault(changes, device);
    tell_conversation(changes, device, conversation.id);
  });
}

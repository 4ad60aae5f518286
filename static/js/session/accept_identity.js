// @ts-check
// A contact's changed identity key is taken, unverified. The old groups hold the old identity's devices, so the
// conversation goes on in a new one.
import { from_base64url } from "../codec/base64url.js";
import { Talk2meError } from "../errors.js";
import { add_notice, tell_conversation } from "./conversation_log.js";
import { note_settled_member } from "./groups/changed_member.js";
import { mark_vault } from "./vault/keep_vault.js";
import { outgoing_commit_id, outgoing_prefix } from "./records.js";

/** @import { Changes } from "../store/changes.js" */
/** @import { Device } from "./device.js" */
/** @import { Contact, Conversation } from "./records.js" */

/** @param {Device} device @param {{ account: string }} wish */
export async function accept_identity(device, { account }) {
  const outgoing = await device.store.list("outbox", { prefix: outgoing_prefix(account) });
  const left = await device.store.transaction(async (changes) => {
    await changes.update("contacts", account, take_new_identity);
    await mark_vault(changes, device);
    await note_settled_member(changes, device, account);
    changes.after(() => device.emit("contacts"));
    /** @type {Conversation | undefined} */
    const conversation = await changes.get("conversations", account);
    if (!conversation) return [];
    const { mailboxes } = conversation;
    conversation.mailboxes = [];
    conversation.receipts_due = [];
    if (conversation.stopped === "identity_changed") {
      conversation.state = conversation.before_stop;
      conversation.stopped = null;
    }
    add_notice(changes, device, conversation, "identity_accepted");
    changes.put("conversations", account, conversation);
    // What waited was meant for the person: it is encrypted anew, for the devices of now.
    for (const { id, value } of outgoing) {
      const gone = (await changes.get("outbox", id)) === undefined;
      if (!gone) changes.put("outbox", id, { ...value, envelope: null, mailbox: null, accepted: false });
    }
    for (const mailbox of mailboxes) await forget_commit(changes, device, mailbox);
    tell_conversation(changes, device, account);
    return mailboxes;
  });
  for (const mailbox of left) {
    device.background(() => device.request({ type: "subscription.end", mailbox: from_base64url(mailbox) }));
  }
  device.tasks.join();
  device.tasks.flush(account);
}

/** @param {Contact} contact */
function take_new_identity(contact) {
  // One's own is not to be taken from a server: the key of this account is here.
  if (!contact.changed || contact.own) throw new Talk2meError("not_found");
  contact.chain = contact.changed;
  contact.changed = null;
  // Looks at the key log so far were for the chain of before.
  contact.proven = 0;
  contact.verified = null;
}

/** @param {Changes} changes @param {Device} device @param {string} mailbox */
async function forget_commit(changes, device, mailbox) {
  changes.delete("outbox", outgoing_commit_id(mailbox));
  await device.groups.drop_pending(changes, mailbox);
}

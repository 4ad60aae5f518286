// @ts-check
// Begins to talk with an account: the conversation that exists already, or a new group of all active devices of both.
import { Talk2meError } from "../errors.js";
import { create_direct_group } from "./create_direct_group.js";
import { accept_request } from "./accept_request.js";
import { read_invitation } from "./read_invitation.js";
import { mailbox_lock } from "./receive_envelopes.js";
import { settle_commit } from "./commit_change.js";

/** @import { Device } from "./device.js" */
/** @import { Conversation } from "./records.js" */

/**
 * @param {Device} device
 * @param {{ account: string, invitation_fragment?: string }} wish
 * @returns {Promise<{ conversation: string }>}
 * @throws {Talk2meError} `identity_changed`, `claim_refused`, `no_key_package`, `suite_unsupported`, `invitation_invalid`, ...
 */
export async function start_conversation(device, { account, invitation_fragment }) {
  if (account === device.own.account) throw new Talk2meError("not_found");
  const token = invitation_fragment ? await read_token(device, account, invitation_fragment) : null;
  return device.mutexes.run(`start/${account}`, async () => {
    /** @type {Conversation | undefined} */
    const existing = await device.store.get("conversations", account);
    if (existing && existing.mailboxes.length > 0) {
      if (existing.state === "request" || existing.state === "declined") await accept_request(device, { conversation: account });
      return { conversation: account };
    }
    const mailbox = await create_direct_group(device, account, token);
    device.background(() => device.mutexes.run(mailbox_lock(mailbox), () => settle_commit(device, mailbox)));
    device.tasks.flush(account);
    return { conversation: account };
  });
}

/** @param {Device} device @param {string} account @param {string} fragment */
async function read_token(device, account, fragment) {
  const invitation = await read_invitation(device, { fragment });
  if (invitation.account !== account) throw new Talk2meError("invitation_invalid");
  return invitation.token;
}


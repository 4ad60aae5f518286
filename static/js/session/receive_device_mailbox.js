// @ts-check
// Reads this device's own mailbox on: welcomes into conversations, one after the other.
import { from_base64url } from "../codec/base64url.js";
import { Talk2meError } from "../errors.js";
import { acknowledge } from "./acknowledge.js";
import { process_welcome } from "./process_welcome.js";
import { read_batch } from "./read_envelopes.js";
import { mailbox_lock } from "./receive_envelopes.js";

/** @import { Changes } from "../store/changes.js" */
/** @import { Device } from "./device.js" */
/** @import { Envelope } from "./read_envelopes.js" */

const LIMIT = 64;

/** @param {Device} device @returns {Promise<string[]>} the mailboxes of conversations that this device was let into */
export function receive_device_mailbox(device) {
  const mailbox = device.device_mailbox;
  if (!mailbox) return Promise.resolve([]);
  return device.mutexes.run(mailbox_lock(mailbox), () => drain(device, mailbox));
}

/** @param {Device} device @param {string} mailbox */
async function drain(device, mailbox) {
  const joined = [];
  for (;;) {
    const after = (await device.store.get("cursors", mailbox))?.sequence ?? 0;
    const frame = { type: "envelope.drain", mailbox: from_base64url(mailbox), after, limit: LIMIT };
    const { head, envelopes } = read_batch(await device.request(frame));
    const news = envelopes.filter(({ sequence }) => sequence > after);
    for (const envelope of news) {
      const conversation_mailbox = await take(device, mailbox, envelope);
      if (conversation_mailbox) joined.push(conversation_mailbox);
    }
    const last = news.at(-1)?.sequence ?? head;
    if (news.length > 0) acknowledge(device, mailbox, last);
    if (news.length === 0 || last >= head) return joined;
  }
}

/** @param {Device} device @param {string} mailbox @param {Envelope} envelope @returns {Promise<string | null>} */
async function take(device, mailbox, { sequence, kind, body }) {
  /** @type {((changes: Changes) => void)} */
  const move_on = (changes) => changes.put("cursors", mailbox, { mailbox, conversation: "", sequence });
  if (kind === "welcome" && body) {
    try {
      return await process_welcome(device, body, move_on);
    } catch (error) {
      if (!(error instanceof Talk2meError) || !REFUSALS.has(error.code)) throw error;
    }
  }
  await device.store.transaction(move_on);
  return null;
}

// What a welcome itself can be at fault for. Anything else is a failure of ours or of the network: it is tried again.
const REFUSALS = new Set([
  "envelope_invalid",
  "group_missing",
  "group_refused",
  "not_decryptable",
  "suite_unsupported",
  "key_package_invalid",
  "encoding_invalid",
  "mailbox_unknown",
]);

// @ts-check
// Reads this device's own mailbox on: welcomes into conversations, one after the other.
import { from_base64url } from "../codec/base64url.js";
import { Talk2meError } from "../errors.js";
import { acknowledge } from "./acknowledge.js";
import { hold_welcome, list_decided, release_welcome } from "./hold_welcome.js";
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
  const joined = await take_decided(device);
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
  return kind === "welcome" && body ? take_welcome(device, body, move_on) : pass_over(device, move_on);
}

/** @param {Device} device @param {Uint8Array} body @param {(changes: Changes) => void | Promise<void>} move_on @returns {Promise<string | null>} */
async function take_welcome(device, body, move_on) {
  try {
    return await process_welcome(device, body, move_on);
  } catch (error) {
    if (!(error instanceof Talk2meError) || !REFUSALS.has(error.code)) throw error;
    const account = /** @type {string | undefined} */ (error.details.undecided);
    return pass_over(device, async (changes) => {
      await move_on(changes);
      if (account) await hold_welcome(changes, { account, body });
    });
  }
}

/** @param {Device} device @param {(changes: Changes) => void | Promise<void>} move_on @returns {Promise<null>} */
async function pass_over(device, move_on) {
  await device.store.transaction(move_on);
  return null;
}

/** @param {Device} device @returns {Promise<string[]>} as `drain`: of welcomes that waited for a person to decide */
async function take_decided(device) {
  const joined = [];
  for (const welcome of await list_decided(device)) {
    const mailbox = await take_welcome(device, welcome.body, (changes) => release_welcome(changes, welcome));
    if (mailbox) joined.push(mailbox);
  }
  return joined;
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

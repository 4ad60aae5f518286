// @ts-check
// What tests of messages look at, and what somebody with a client of their own sends.
import { from_base64url } from "../../../static/js/codec/base64url.js";
import { concat } from "../../../static/js/codec/bytes.js";
import { pack } from "../../../static/js/codec/msgpack.js";
import { pad_with_length } from "../../../static/js/codec/padme.js";
import { random_bytes } from "../../../static/js/crypto/random.js";
import { make_commitment } from "../../../static/js/protocol/franking.js";
import { encrypt } from "../../../static/js/protocol/mls.js";
import { last_hash } from "../../../static/js/session/follow_transcript.js";
import { mailbox_lock } from "../../../static/js/session/receive_envelopes.js";
import { until } from "./browser.js";

/** @import { Person } from "./people.js" */

/** @param {Person} person @param {Person} other @param {string} text @returns {Promise<any>} the message that says so, as it is shown */
export async function said(person, other, text) {
  return (await person.messages(other)).find((one) => one.text === text);
}

/** @param {Person} person @param {Person} other @param {string} id @returns {Promise<any>} */
export async function shown(person, other, id) {
  return (await person.messages(other)).find((one) => one.id === id);
}

/**
 * @param {Person[]} people each with their view of it
 * @param {Person[]} others as many
 * @param {string} id
 * @param {(message: any) => unknown} holds
 * @param {string} [what]
 */
export async function all_see(people, others, id, holds, what = holds.toString()) {
  for (const [at, person] of people.entries()) {
    await until(async () => holds(await shown(person, others[at], id)), `${person.name} sees ${what}`);
  }
}

/** What should be the same on all devices of an account. @param {any[]} messages */
export function alike(messages) {
  return messages
    .filter(({ type }) => type === "text")
    .map(({ id, text, author, reply, mentions, forwarded, reactions, edited, deleted, pinned, files }) => {
      return { id, text, author, reply, mentions, forwarded, reactions, edited, deleted, pinned, files };
    });
}

/**
 * Sends a content of any form in the name of its device, well encrypted.
 * @param {Person} person
 * @param {Person} other
 * @param {{ type: string, body: unknown, id?: Uint8Array, time?: number }} content
 */
export async function send_content(person, other, content) {
  const { device } = person;
  const id = content.id ?? random_bytes(16);
  const { mailbox } = await person.place(other);
  // What the device itself sends meanwhile, a receipt perhaps, must not take the same key.
  const envelope = await device.mutexes.run(mailbox_lock(mailbox), () => seal_content(person, other, { ...content, id }));
  await device.request({ type: "envelope.send", ...envelope });
  return id;
}

/** @param {Person} person @param {Person} other @param {{ type: string, body: unknown, id: Uint8Array, time?: number }} content */
async function seal_content(person, other, { type, body, id, time = Date.now() }) {
  const { device } = person;
  const { mailbox: place, cursor } = await person.place(other);
  const mailbox = from_base64url(place);
  const { chain } = await device.store.get("contacts", person.account);
  const transcript = await device.store.get("transcripts", place);
  const seen = { sequence: transcript.sequence, transcript: last_hash(transcript) };
  const content = pack({ v: 1, type, id, time, seen, chain: { seq: chain.seq, hash: chain.hash }, checkpoint: null, body });
  const opening = random_bytes(32);
  const { group, body: sealed } = await encrypt(await device.groups.get(place), pad_with_length(concat(opening, content), 512));
  await device.store.transaction((changes) => device.groups.put(changes, place, group));
  const commitment = await make_commitment(opening, mailbox, content);
  return { mailbox, id: random_bytes(16), kind: "application", slot: cursor.slot, body: sealed, commitment, expires_in: null };
}

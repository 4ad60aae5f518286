// @ts-check
// docs/protocol.md 16: who is writing just now. Sealed with a key that follows from the group's epoch, so that the server, which passes it
// on, can't tell it from any other signal. All members have the key: that it was this device is the word of a member.
import { concat, equal, is_bytes, u64 } from "../codec/bytes.js";
import { has_exactly, is_integer } from "../codec/fields.js";
import { pack, unpack } from "../codec/msgpack.js";
import { import_aes_key, NONCE_LENGTH, open, seal } from "../crypto/aead.js";
import { label } from "./labels.js";
import { describe, export_secret } from "./mls.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @import { Group } from "./mls_state.js" */
/** @typedef {{ device: Bytes, time: number }} Typing `time`: the sender's, ms */

const VERSION = 1;
const EPOCH_END = 9;

/**
 * @param {Group} group
 * @param {Typing} typing
 * @param {(length: number) => Bytes} random
 * @returns {Promise<Bytes>}
 */
export async function seal_typing(group, { device, time }, random) {
  const head = concat(Uint8Array.of(VERSION), u64(describe(group).epoch));
  const nonce = random(NONCE_LENGTH);
  const sealed = await seal(await key_of(group), nonce, pack({ device, time }), data_of(group, head));
  return concat(head, nonce, sealed);
}

/**
 * @param {Group} group
 * @param {Uint8Array} body
 * @returns {Promise<Typing | null>} null for what is of another epoch, or no such signal
 */
export async function open_typing(group, body) {
  const head = concat(Uint8Array.of(VERSION), u64(describe(group).epoch));
  if (!equal(body.subarray(0, EPOCH_END), head)) return null;
  try {
    const nonce = body.subarray(EPOCH_END, EPOCH_END + NONCE_LENGTH);
    const typing = unpack(await open(await key_of(group), nonce, body.subarray(EPOCH_END + NONCE_LENGTH), data_of(group, head)));
    return is_typing(typing) ? typing : null;
  } catch {
    return null;
  }
}

/** @param {Group} group */
async function key_of(group) {
  return import_aes_key(await export_secret(group, "talk2me/1 typing", group.mailbox, 32));
}

/** @param {Group} group @param {Uint8Array} head */
const data_of = ({ mailbox }, head) => concat(label("typing"), mailbox, head);

/** @param {unknown} value @returns {value is Typing} */
function is_typing(value) {
  return has_exactly(value, ["device", "time"]) && is_bytes(value.device, 16) && is_integer(value.time);
}

// @ts-check
// docs/protocol.md 13: how a device of the account hands its secrets to a new browser, through a server that learns nothing.
import { concat, is_bytes, to_utf8 } from "../codec/bytes.js";
import { has_exactly } from "../codec/fields.js";
import { pack, unpack } from "../codec/msgpack.js";
import { sha256 } from "../crypto/hash.js";
import { hpke_open, hpke_seal } from "../crypto/hpke.js";
import { Talk2meError } from "../errors.js";
import { label } from "./labels.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @import { LinkParts } from "./link_parts.js" */
/**
 * @typedef {{ v: 1, account: Bytes, vault_key: Bytes, event: Bytes,
 *   signatures: { identity: Bytes, authority: { key: Bytes, signature: Bytes } } }} LinkSecrets
 *   `event`: a `device_add`, to be checked like any other; `signatures`: the old device's two
 */
/** @typedef {[part_1: Uint8Array, part_2: Uint8Array, part_3: Uint8Array]} PartPlains */

const CODES = 1_000_000n;

/**
 * Binds the old device to its key before it sees the new one's.
 * @param {Uint8Array} key X-Wing public key
 * @param {Uint8Array} nonce 32 bytes
 * @returns {Promise<Bytes>} 32 bytes
 */
export async function make_commitment(key, nonce) {
  return sha256(label("link commitment"), key, nonce);
}

/**
 * @param {{ origin: string, secret: Uint8Array, old_key: Uint8Array, old_nonce: Uint8Array, part_2_plain: Uint8Array }} link
 * @returns {Promise<string>} "123 456", the same on both screens when nobody stands between them
 */
export async function short_code({ origin, secret, old_key, old_nonce, part_2_plain }) {
  const start = concat(label("link code"), to_utf8(origin), Uint8Array.of(0));
  const digest = await sha256(start, secret, old_key, old_nonce, await sha256(part_2_plain));
  const number = new DataView(digest.buffer).getBigUint64(0) % CODES;
  return String(number).padStart(6, "0").replace(/^.../, "$& ");
}

/**
 * @param {{ to: Uint8Array, plains: PartPlains, secrets: LinkSecrets }} link `to`: the key of part 2
 * @returns {Promise<LinkParts[4]>}
 * @throws {Talk2meError} `link_failed` for secrets of another form
 */
export async function seal_link_secrets({ to, plains, secrets }) {
  if (!is_link_secrets(secrets)) throw new Talk2meError("link_failed");
  const data = await secrets_data(plains);
  return { v: 1, ...(await hpke_seal({ to, info: data, associated_data: data, plain: pack(secrets) })) };
}

/**
 * @param {{ private_key: Uint8Array, plains: PartPlains, part: LinkParts[4] }} link `private_key`: of the key of part 2
 * @returns {Promise<LinkSecrets>}
 * @throws {Talk2meError} `link_failed`, whatever the reason was
 */
export async function open_link_secrets({ private_key, plains, part: { enc, sealed } }) {
  try {
    const data = await secrets_data(plains);
    const secrets = unpack(await hpke_open({ private_key, enc, info: data, associated_data: data, sealed }));
    if (is_link_secrets(secrets)) return secrets;
  } catch {
    // told below
  }
  throw new Talk2meError("link_failed");
}

/** @param {PartPlains} plains */
async function secrets_data(plains) {
  return concat(label("link secrets"), await sha256(...plains));
}

/** @param {unknown} value @returns {value is LinkSecrets} */
function is_link_secrets(value) {
  return (
    has_exactly(value, ["v", "account", "vault_key", "event", "signatures"]) &&
    value.v === 1 &&
    is_bytes(value.account, 16) &&
    is_bytes(value.vault_key, 32) &&
    value.event instanceof Uint8Array &&
    has_exactly(value.signatures, ["identity", "authority"]) &&
    is_bytes(value.signatures.identity, 64) &&
    has_exactly(value.signatures.authority, ["key", "signature"]) &&
    is_bytes(value.signatures.authority.key, 32) &&
    is_bytes(value.signatures.authority.signature, 64)
  );
}

export { format_link_code, link_qr_text, make_link_secret, parse_link_code, read_link_qr } from "./link_code.js";
export { derive_link, open_part, part_plain, seal_part } from "./link_parts.js";

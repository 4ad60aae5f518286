// @ts-check
// Both sides of one link, with all that goes through the link box, for tests.
import { generate_hpke_key } from "../../../static/js/crypto/hpke.js";
import { random_bytes } from "../../../static/js/crypto/random.js";
import { derive_link, make_commitment, part_plain, seal_link_secrets } from "../../../static/js/protocol/link.js";

/** @import { LinkParts } from "../../../static/js/protocol/link_parts.js" */
/** @import { LinkSecrets, PartPlains } from "../../../static/js/protocol/link.js" */

export const ORIGIN = "https://chat.example";

export async function make_link_world() {
  const secret = random_bytes(16);
  const [old_key, new_key, own_key] = [await generate(), await generate(), await generate()];
  const [old_nonce, new_nonce] = [random_bytes(32), random_bytes(32)];
  const device = { device_id: random_bytes(16), signature_key: random_bytes(32), sign_in_key: random_bytes(32), suites: [83, 1] };
  /** @type {LinkParts[1]} */
  const part_1 = { v: 1, commitment: await make_commitment(old_key.public_key, old_nonce) };
  /** @type {LinkParts[2]} */
  const part_2 = { v: 1, key: new_key.public_key, nonce: new_nonce, device, hpke: own_key.public_key, name: "My laptop" };
  /** @type {LinkParts[3]} */
  const part_3 = { v: 1, key: old_key.public_key, nonce: old_nonce };
  /** @type {PartPlains} */
  const plains = [part_plain(part_1), part_plain(part_2), part_plain(part_3)];
  const signatures = { identity: random_bytes(64), authority: { key: random_bytes(32), signature: random_bytes(64) } };
  /** @type {LinkSecrets} */
  const secrets = { v: 1, account: random_bytes(16), vault_key: random_bytes(32), event: random_bytes(400), signatures };
  const part_4 = await seal_link_secrets({ to: new_key.public_key, plains, secrets });
  /** @type {LinkParts} */
  const parts = { 1: part_1, 2: part_2, 3: part_3, 4: part_4, 5: { v: 1, done: true } };
  return { secret, link: await derive_link(secret), old_key, old_nonce, new_key, parts, plains, secrets };
}

const generate = () => generate_hpke_key(random_bytes);

// @ts-check
// An account's vault with everything in it, for tests.
import { random_bytes } from "../../../static/js/crypto/random.js";
import { derive_recovery, make_recovery_key } from "../../../static/js/protocol/recovery_key.js";
import { seal_vault, wrap_vault_key } from "../../../static/js/protocol/vault.js";

/** @import { VaultContents } from "../../../static/js/protocol/vault_contents.js" */

/** @returns {VaultContents} */
export function full_contents() {
  const identity_key = random_bytes(32);
  const verified = /** @type {const} */ ({ method: "qr", time: 2, log_size: 0 });
  const contact = { account: random_bytes(16), username: "bob", identity_key, seq: 1, hash: random_bytes(32), added: 1 };
  return {
    v: 1,
    identity_seed: random_bytes(32),
    archive_key: random_bytes(32),
    contacts: [
      { ...contact, verified: { identity_key, ...verified, log_root: new Uint8Array(32) }, blocked: false },
      { ...contact, account: random_bytes(16), verified: null, blocked: true },
    ],
    invitations: [{ token: random_bytes(16), created: 1, expires: 2 }],
    conversations: [{ mailbox: random_bytes(16), kind: "direct", peers: [contact.account], state: "active" }],
    settings: { receipts: true },
  };
}

export async function make_vault() {
  const [account, vault_key, recovery_key] = [random_bytes(16), random_bytes(32), make_recovery_key(random_bytes)];
  const { wrap_key, signing } = await derive_recovery(recovery_key, account);
  const recovery = { wrap_key, public_key: signing.public_key };
  const wrap = await wrap_vault_key({ vault_key, account, ...recovery, random: random_bytes });
  const contents = full_contents();
  const vault = await seal_vault({ vault_key, account, version: 1, wraps: [wrap], contents, random: random_bytes });
  return { account, vault_key, recovery_key, recovery, wrap, contents, vault };
}

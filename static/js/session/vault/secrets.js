// @ts-check
// The account's secrets as every session file reads them (records.js, Secrets). Those of a release before 0.4 are read in the form
// of now; upgrade_secrets.js stores them so.
import { concat } from "../../codec/bytes.js";
import { hkdf_sha256 } from "../../crypto/hkdf.js";
import { label } from "../../protocol/labels.js";
import { upgrade_wrap } from "../../protocol/vault_wraps.js";

/** @import { Bytes } from "../../codec/bytes.js" */
/** @import { Wrap1 } from "../../protocol/vault_wraps.js" */
/** @import { Changes } from "../../store/changes.js" */
/** @import { Store } from "../../store/store.js" */
/** @import { Secrets } from "../records.js" */

/** @param {{ store: Store | Changes }} device @returns {Promise<Secrets>} */
export async function get_secrets({ store }) {
  const held = await store.get("meta", "secrets");
  return held?.archive_key ? read_form_1(held) : held;
}

/**
 * @param {{ identity_seed: Bytes, archive_key: Bytes, vault_key: Bytes, wraps: Wrap1[] }} held
 * @returns {Promise<Secrets>} without keys that this device has to make: it can't be wrapped for yet
 */
async function read_form_1({ identity_seed, archive_key, vault_key, wraps }) {
  const mailbox = await hkdf_sha256(archive_key, new Uint8Array(0), label("archive mailbox"), 16);
  return {
    v: 2,
    identity_seed,
    vault_key,
    wraps: wraps.map(upgrade_wrap),
    archive: { mailbox, keys: [{ generation: 1, key: concat(archive_key) }] },
    recovery: [],
    hpke: null,
  };
}

// @ts-check
// Brings an account into a fresh browser as a new device of its own: file and recovery key open the vault; the recovery key
// signs the device into the account's chain; history comes from the file; the conversations are joined by the device itself.
import { equal } from "../codec/bytes.js";
import { to_base64url } from "../codec/base64url.js";
import { signing_key_from_seed } from "../crypto/ed25519.js";
import { Talk2meError } from "../errors.js";
import { extend_chain, find_device } from "../protocol/account_chain.js";
import { open_account_file, read_account_file } from "../protocol/account_file.js";
import { derive_recovery, parse_recovery_key } from "../protocol/recovery_key.js";
import { sign_device_add } from "../protocol/sign_account_event.js";
import { absorb_vault } from "./absorb_vault.js";
import { note_told } from "./key_log/compare_told.js";
import { fetch_chain_to_join, judge_fetched } from "./key_log/fetch_chain.js";
import { keep_joining_keys, take_joining_keys } from "./keep_joining_keys.js";
import { SUITES } from "./publish_key_packages.js";
import { own_contact } from "./refresh_contact.js";
import { put_history } from "./put_history.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @import { Device } from "./device.js" */
/** @import { FileRecord } from "../protocol/account_file.js" */
/** @import { AccountFileHeader } from "../protocol/account_file_header.js" */
/** @import { Recovery } from "../protocol/recovery_key.js" */
/** @import { VaultContents } from "../protocol/vault_contents.js" */
/** @import { Profile } from "./records.js" */
/**
 * @typedef {{ header: AccountFileHeader, vault_key: Bytes, recovery: Recovery, contents: VaultContents,
 *   history: FileRecord[] }} Opened
 */

/**
 * @param {Device} device without a profile
 * @param {{ file: Blob, recovery_key: string }} wish
 * @returns {Promise<Profile>} progress comes as alerts `import_progress` `{ done, total }`, bytes of the file
 * @throws {Talk2meError} `already_signed_up`, `recovery_key_invalid`, `recovery_key_wrong`, `file_invalid`, `chain_invalid`,
 *   `identity_changed`, and what the transport throws; nothing but the keys of a device that the
 *   server may know by now is stored then
 */
export async function import_account(device, { file, recovery_key }) {
  if (device.profile) throw new Talk2meError("already_signed_up");
  const opened = await open_file(device, file, recovery_key);
  const { profile, keys, chain } = await add_device(device, opened);
  await device.store.transaction(async (changes) => {
    take_joining_keys(changes, keys);
    changes.put("meta", "profile", profile);
    changes.put("meta", "secrets", {
      identity_seed: opened.contents.identity_seed,
      archive_key: opened.contents.archive_key,
      vault_key: opened.vault_key,
      wraps: [opened.header.wrap],
    });
    // The file may be old: writing it finds what the account has on the server by now, and takes that in.
    changes.put("meta", "vault", { version: 0, dirty: true });
    changes.put("contacts", profile.account, own_contact(profile.account, chain, device.now()));
    await absorb_vault(changes, device, opened.contents);
    for (const { account, verified } of opened.contents.contacts) {
      // The log of now has to continue what this account has seen of it before.
      const told = verified && { size: verified.log_size, root: verified.log_root, signature: null };
      await note_told(changes, device, { account: to_base64url(account), by: "vault" }, told);
    }
    await put_history(changes, opened.history);
  });
  return profile;
}

/** Reads the whole file before anything is done: a cut one shows only at its end. */
async function open_file(/** @type {Device} */ device, /** @type {Blob} */ file, /** @type {string} */ typed) {
  const key = await parse_recovery_key(typed);
  const { header, vault_key } = await open_account_file(file, key);
  if (header.origin !== device.origin) throw new Talk2meError("file_invalid");
  const recovery = await derive_recovery(key, header.account);
  /** @type {VaultContents | null} */
  let contents = null;
  /** @type {FileRecord[]} */
  const history = [];
  const on_progress = (/** @type {{ done: number, total: number }} */ progress) =>
    device.emit("alert", { code: "import_progress", ...progress });
  for await (const record of read_account_file(file, vault_key, on_progress)) {
    if (record.type === "vault") contents = /** @type {VaultContents} */ (record.contents);
    else history.push(record);
  }
  if (!contents) throw new Talk2meError("file_invalid");
  return { header, vault_key, recovery, contents, history };
}

/** Signs this browser into the account's chain, with the identity key and the recovery key. */
async function add_device(/** @type {Device} */ device, /** @type {Opened} */ { header, recovery, contents }) {
  const { origin } = device;
  const account = to_base64url(header.account);
  const { state } = await judge_fetched(device, await fetch_chain_to_join(device, account), null);
  const identity = await signing_key_from_seed(contents.identity_seed);
  // The file vouches for the identity: a server that shows another one is not this account's.
  if (!equal(state.account, header.account)) throw new Talk2meError("chain_invalid");
  if (!equal(state.identity_key, identity.public_key)) throw new Talk2meError("identity_changed");
  const keys = await keep_joining_keys(device, state);
  const { device_id, sign_in, mls } = keys;
  /** @type {Profile} */
  const profile = {
    account,
    username: state.username,
    device: to_base64url(device_id),
    created: device.now(),
    // Whoever brought the key has it.
    recovery_confirmed: true,
  };
  if (find_device(state, device_id)) return { profile, chain: state, keys };
  const signed = await sign_device_add(state, {
    origin,
    device: { device_id, signature_key: mls.public_key, sign_in_key: sign_in.public_key, suites: [...SUITES] },
    signers: {
      identity: identity.private_key,
      sign_in: sign_in.private_key,
      mls: mls.private_key,
      authority: { key: recovery.signing.public_key, private_key: recovery.signing.private_key },
    },
    now: device.now(),
  });
  const chain = await extend_chain(state, [signed], origin);
  await device.api.append_event(account, signed);
  return { profile, chain, keys };
}

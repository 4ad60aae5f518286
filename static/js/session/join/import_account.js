// @ts-check
// Brings an account into a fresh browser by its file: history comes from there, everything else as with the recovery key alone.
import { to_base64url } from "../../codec/base64url.js";
import { Talk2meError } from "../../errors.js";
import { open_account_file, read_account_file } from "../../protocol/account_file.js";
import { upgrade_contents } from "../../protocol/vault_contents_1.js";
import { is_wrap, upgrade_wrap } from "../../protocol/vault_wraps.js";
import { derive_recovery, parse_recovery_key } from "../../protocol/recovery_key.js";
import { absorb_vault } from "../vault/absorb_vault.js";
import { check_device_name } from "../devices/device_name.js";
import { put_history } from "./put_history.js";
import { join_with_recovery } from "./recover_account.js";
import { get_recovery_token } from "./recovery_token.js";

/** @import { Device } from "../device.js" */
/** @import { FileRecord } from "../../protocol/account_file.js" */
/** @import { VaultContents } from "../../protocol/vault_contents.js" */
/** @import { VaultContents1 } from "../../protocol/vault_contents_1.js" */
/** @import { Profile } from "../records.js" */

/**
 * @param {Device} device without a profile
 * @param {{ file: Blob, recovery_key: string, device_name?: string }} wish
 * @returns {Promise<Profile>} progress comes as alerts `import_progress` `{ done, total }`, bytes of the file
 * @throws {Talk2meError} `already_signed_up`, `recovery_key_invalid`, `recovery_key_wrong`, `file_invalid`, `recovery_refused`,
 *   `chain_invalid`, `identity_changed`, and what the transport throws; nothing but the keys of a device that the
 *   server may know by now is stored then
 */
export async function import_account(device, { file, recovery_key, device_name = "" }) {
  if (device.profile) throw new Talk2meError("already_signed_up");
  const name = check_device_name(device_name);
  const key = await parse_recovery_key(recovery_key);
  const { account: id, vault_key, wraps, contents, history } = await open_file(device, file, key);
  const account = to_base64url(id);
  const right = await get_recovery_token(device, { account, derive: (named) => derive_recovery(key, named) });
  return join_with_recovery(device, right, {
    device_name: name,
    asks_for_lost: false,
    // The file vouches for the identity too, whatever the server shows.
    kept: { vault_key, wraps, contents },
    more: async (changes) => {
      await absorb_vault(changes, device, contents);
      await put_history(changes, history);
    },
  });
}

/** Reads the whole file before anything is done: a cut one shows only at its end. */
async function open_file(/** @type {Device} */ device, /** @type {Blob} */ file, /** @type {Uint8Array} */ key) {
  const { header, vault_key } = await open_account_file(file, key);
  if (header.origin !== device.origin) throw new Talk2meError("file_invalid");
  /** @type {VaultContents | null} */
  let contents = null;
  /** @type {FileRecord[]} */
  const history = [];
  const on_progress = (/** @type {{ done: number, total: number }} */ progress) =>
    device.emit("alert", { code: "import_progress", ...progress });
  for await (const record of read_account_file(file, vault_key, on_progress)) {
    if (record.type === "vault") contents = await form_of_now(/** @type {any} */ (record.contents));
    else history.push(record);
  }
  if (!contents) throw new Talk2meError("file_invalid");
  const { wrap } = header;
  return { account: header.account, vault_key, wraps: [is_wrap(wrap) ? wrap : upgrade_wrap(wrap)], contents, history };
}

/** @param {VaultContents | VaultContents1} contents @returns {Promise<VaultContents>} */
async function form_of_now(contents) {
  return contents.v === 1 ? upgrade_contents(contents) : contents;
}

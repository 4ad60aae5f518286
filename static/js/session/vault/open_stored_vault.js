// @ts-check
// The vault that the server has, as a device reads it: only what an active device of the account signed.
import { from_base64url } from "../../codec/base64url.js";
import { is_talk2me_error, Talk2meError } from "../../errors.js";
import { find_device } from "../../protocol/account_chain.js";
import { open_vault, read_vault } from "../../protocol/vault.js";
import { vault_or_none } from "../join/join_account.js";
import { is_same } from "../recovery/same_keys.js";
import { get_contact, refresh_contact } from "../refresh_contact.js";
import { get_secrets } from "./secrets.js";

/** @import { Bytes } from "../../codec/bytes.js" */
/** @import { ChainState } from "../../protocol/account_chain.js" */
/** @import { UnverifiedVault } from "../../protocol/sealed_vault.js" */
/** @import { OpenedVault } from "../../protocol/vault.js" */
/** @import { Device } from "../device.js" */
/** @typedef {{ version: number, vault: Bytes }} StoredVault */

/**
 * @param {Device} device
 * @returns {Promise<{ opened: OpenedVault, version: number } | null>} null when there is none
 * @throws {Talk2meError} `vault_invalid`; `details`: `version`, what the server calls it; `by_removed`, a device that is none any more
 *   wrote it; `left_out`, an active one wrote it, and not for this device
 */
export async function open_stored_vault(device) {
  const stored = await vault_or_none(() => device.api.get_vault());
  if (!stored) return null;
  try {
    const opened = await open_own(device, stored);
    // The version inside is signed, the server's word for it is not.
    if (opened.version !== stored.version) throw new Talk2meError("vault_invalid");
    return { opened, version: opened.version };
  } catch (error) {
    if (!is_talk2me_error(error, "vault_invalid") && !is_talk2me_error(error, "recovery_key_wrong")) throw error;
    throw new Talk2meError("vault_invalid", { by_removed: false, left_out: false, ...error.details, version: stored.version });
  }
}

/** @param {Device} device @param {StoredVault} stored */
async function open_own(device, { vault }) {
  const account = from_base64url(device.own.account);
  const { origin } = device;
  const chain = await chain_of(device, read_vault({ vault, account }));
  let by_removed = false;
  /** @param {Uint8Array} id */
  const find_author = (id) => {
    const author = find_device(chain, id);
    by_removed = author !== null && author.removed !== null;
    return author && !by_removed ? author.sign_in_key : null;
  };
  const { vault_key, hpke } = await get_secrets(device);
  /** @param {any} opener */
  const open = (opener) => open_vault({ vault, account, origin, with: opener, find_author });
  try {
    return await open_by_wrap(open, device, hpke?.private_key, vault_key);
  } catch (error) {
    if (by_removed && error instanceof Talk2meError) throw new Talk2meError("vault_invalid", { by_removed });
    throw error;
  }
}

/**
 * Another device may have made a new vault key; one of a release before 0.4 has wrapped it for no device.
 * @param {(opener: any) => Promise<OpenedVault>} open
 * @param {Device} device
 * @param {Bytes | undefined} hpke_private_key
 * @param {Bytes} vault_key
 */
async function open_by_wrap(open, device, hpke_private_key, vault_key) {
  if (!hpke_private_key) return open({ vault_key });
  try {
    return await open({ device: from_base64url(device.own.device), hpke_private_key });
  } catch (error) {
    if (!is_talk2me_error(error, "recovery_key_wrong")) throw error;
  }
  try {
    return await open({ vault_key });
  } catch {
    // Its signature was right.
    throw new Talk2meError("vault_invalid", { left_out: true });
  }
}

/**
 * The own chain, asked for again if who wrote the vault knows it otherwise: this device is about to wrap for whom the chain names.
 * @param {Device} device
 * @param {Pick<UnverifiedVault, "author" | "wraps">} vault
 * @returns {Promise<ChainState>}
 */
async function chain_of(device, { author, wraps }) {
  const own = await get_contact(device, device.own.account);
  const recovery_keys = wraps.filter(({ kind }) => kind !== "device").map(({ id }) => id);
  const is_known = own && (author === null || (find_device(own.chain, author) && is_same(recovery_keys, own.chain.recovery_keys)));
  return is_known ? own.chain : (await refresh_contact(device, device.own.account)).chain;
}

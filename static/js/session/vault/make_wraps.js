// @ts-check
// For whom the vault key is wrapped: every recovery key and every active device of the account, no other.
import { to_base64url } from "../../codec/base64url.js";
import { equal } from "../../codec/bytes.js";
import { active_devices } from "../../protocol/account_chain.js";
import { wrap_vault_key } from "../../protocol/vault.js";
import { get_device_entries } from "./device_entries.js";
import { leaving_devices } from "../devices/leaving_devices.js";
import { get_secrets } from "./secrets.js";

/** @import { ChainState } from "../../protocol/account_chain.js" */
/** @import { Device } from "../device.js" */
/** @import { Wrap } from "../../protocol/vault.js" */
/** @import { DeviceEntry, RecoveryEntry, Secrets } from "../records.js" */

/**
 * Stores the wraps that are missing.
 * @param {Device} device
 * @returns {Promise<{ secrets: Secrets, chain: ChainState }>} the account's, as they are now
 */
export async function wrap_for_all({ store, own }) {
  return store.transaction(async (changes) => {
    const { chain } = await changes.get("contacts", own.account);
    const secrets = await get_secrets({ store: changes });
    const leaving = await leaving_devices(changes, own.device);
    const wraps = await make_wraps({ secrets, entries: await get_device_entries(changes), chain, leaving });
    changes.put("meta", "secrets", { ...secrets, wraps });
    return { secrets: { ...secrets, wraps }, chain };
  });
}

/**
 * @param {{ secrets: Secrets, entries: DeviceEntry[], chain: ChainState, leaving: string[] }} account `leaving`: devices that are about
 *   to be removed
 * @returns {Promise<Wrap[]>} those that are there already stay
 */
export async function make_wraps({ secrets, entries, chain, leaving }) {
  const { vault_key, wraps } = secrets;
  /** @param {Wrap["kind"]} kind @param {Uint8Array} id */
  const kept = (kind, id) => wraps.find((wrap) => wrap.kind === kind && equal(wrap.id, id));
  /** @param {"recovery" | "device"} kind @param {Uint8Array} id @param {Uint8Array} hpke_public_key */
  const wrap = async (kind, id, hpke_public_key) =>
    kept(kind, id) ?? (await wrap_vault_key({ vault_key, account: chain.account, kind, id, hpke_public_key }));
  const { known, unknown } = recovery_of(secrets, chain);
  const devices = entries_of(entries, chain, leaving);
  return [
    ...(await Promise.all(known.map(({ key, hpke }) => wrap("recovery", key, hpke)))),
    ...unknown.flatMap((key) => kept("recovery_aes", key) ?? []),
    ...(await Promise.all(devices.map(({ device, hpke }) => wrap("device", device, hpke)))),
  ];
}

/**
 * @param {Pick<Secrets, "recovery">} secrets
 * @param {ChainState} chain
 * @returns {{ known: RecoveryEntry[], unknown: Uint8Array[] }} of the recovery keys of now, those that can be wrapped to, and those of a
 *   release before 0.4, which can't
 */
export function recovery_of({ recovery }, { recovery_keys }) {
  const known = recovery.filter(({ key }) => recovery_keys.some((present) => equal(present, key)));
  const unknown = recovery_keys.filter((present) => !known.some(({ key }) => equal(present, key)));
  return { known, unknown };
}

/** @param {DeviceEntry[]} entries @param {ChainState} chain @param {string[]} [leaving] @returns {DeviceEntry[]} of active devices */
export function entries_of(entries, chain, leaving = []) {
  const active = active_devices(chain).filter(({ device_id }) => !leaving.includes(to_base64url(device_id)));
  return entries.filter(({ device }) => active.some(({ device_id }) => equal(device_id, device)));
}

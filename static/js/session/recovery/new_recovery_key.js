// @ts-check
// Another recovery key: at once for who shows one of the account's, after a week for who has lost all of them.
import { from_base64url } from "../../codec/base64url.js";
import { derive_recovery, make_recovery_key } from "../../protocol/recovery_key.js";
import { sign_recovery_announce, sign_recovery_object } from "../../protocol/sign_account_event.js";
import { recovery_of } from "../vault/make_wraps.js";
import { recovery_entry } from "../vault/recovery_entry.js";
import { get_contact, refresh_contact } from "../refresh_contact.js";
import { get_secrets } from "../vault/secrets.js";
import { append_own_event, identity_key_of, own_authority } from "../devices/sign_own_event.js";
import { adopt_next, authority_of, note_next, recovery_shown, rotate_recovery } from "./rotate_recovery.js";
import { is_same } from "./same_keys.js";

/** @import { Bytes } from "../../codec/bytes.js" */
/** @import { ChainState } from "../../protocol/account_chain.js" */
/** @import { Device } from "../device.js" */
/** @import { Contact } from "../records.js" */
/** @import { NextRecovery } from "./rotate_recovery.js" */

/** How long the other devices have to object: milliseconds. */
export const OBJECTION_TIME = 7 * 86_400_000;

/**
 * @param {Device} device
 * @param {{ recovery_key?: string, prf?: Bytes, announce?: boolean }} wish
 * @returns {Promise<{ status: "made" } | { status: "announced", from: number }>} `made`: it is shown by `pending_recovery_key`; `from`: unix ms
 * @throws {Talk2meError} `recovery_key_invalid`, `recovery_key_wrong`, `recovery_key_needed`
 */
export async function new_recovery_key(device, { recovery_key, prf, announce = false }) {
  /** @type {NextRecovery | undefined} */
  const begun = await device.store.get("meta", "next_recovery");
  const { chain: present } = await refresh_contact(device, device.own.account);
  if ((await adopt_next(device, present)) && begun?.key) return { status: "made" };
  // The answer to the last try may be lost, or still come: whichever of the two counts, its key is known here.
  const key = begun?.key && begun.announced === announce ? begun.key : make_recovery_key(device.random);
  const recovery = await derive_recovery(key, from_base64url(device.own.account));
  const entry = recovery_entry(recovery, { kind: "key", name: "", created: device.now() });
  if (announce) return announce_key(device, { entries: [entry], key, announced: true });
  const authority = authority_of(await recovery_shown(device, { recovery_key, prf }));
  const { chain } = /** @type {Contact} */ (await get_contact(device, device.own.account));
  const passkeys = recovery_of(await get_secrets(device), chain).known.filter(({ kind }) => kind === "passkey");
  await rotate_recovery(device, { entries: [entry, ...passkeys], key, announced: false }, authority);
  return { status: "made" };
}

/** @param {Device} device @param {NextRecovery} next @returns {Promise<{ status: "announced", from: number }>} */
async function announce_key(device, next) {
  await note_next(device, next);
  const recovery_keys = next.entries.map(({ key }) => key);
  const { announced } = await append_own_event(device, async (chain) => {
    if (chain.announced && is_same(chain.announced.recovery_keys, recovery_keys)) return null;
    const signers = { identity: await identity_key_of(device), authority: own_authority(device) };
    return sign_recovery_announce(chain, { origin: device.origin, recovery_keys, signers, now: device.now() });
  });
  device.emit("devices");
  return { status: "announced", from: (announced?.time ?? device.now()) + OBJECTION_TIME };
}

/**
 * The week is over and nobody has objected.
 * @param {Device} device
 * @param {ChainState} chain
 */
export async function finish_announced(device, { announced }) {
  /** @type {NextRecovery | undefined} */
  const next = await device.store.get("meta", "next_recovery");
  if (!announced || !next?.announced || device.now() < announced.time + OBJECTION_TIME) return;
  if (!is_same(announced.recovery_keys, next.entries.map(({ key }) => key))) return;
  await rotate_recovery(device, next, own_authority(device));
}

/** What another device announced, or this one, shall not count. @param {Device} device */
export async function object_recovery_key(device) {
  await append_own_event(device, async (chain) => {
    if (!chain.announced) return null;
    const signers = { identity: await identity_key_of(device), authority: own_authority(device) };
    return sign_recovery_object(chain, { origin: device.origin, signers, now: device.now() });
  });
  await device.store.transaction(async (changes) => {
    if ((await changes.get("meta", "next_recovery"))?.announced) changes.delete("meta", "next_recovery");
  });
  device.emit("devices");
}

/** @param {Device} device @throws {Talk2meError} what the transport throws */
export async function object_reset(device) {
  await device.api.object_reset();
  await device.store.transaction((changes) => changes.delete("meta", "reset_from"));
  device.emit("devices");
}

// @ts-check
// What every way into an account has in common: the chain with its proofs, the vault, the device that is added, the records.
import { to_base64url } from "../../codec/base64url.js";
import { equal } from "../../codec/bytes.js";
import { signing_key_from_seed } from "../../crypto/ed25519.js";
import { is_talk2me_error, Talk2meError } from "../../errors.js";
import { extend_chain, find_device } from "../../protocol/account_chain.js";
import { sign_device_add } from "../../protocol/sign_account_event.js";
import { open_vault } from "../../protocol/vault.js";
import { absorb_vault } from "../vault/absorb_vault.js";
import { put_device_entry } from "../vault/device_entries.js";
import { fetch_chain_to_join, judge_fetched } from "../key_log/fetch_chain.js";
import { note_told } from "../key_log/compare_told.js";
import { public_halves, take_joining_keys } from "./keep_joining_keys.js";
import { own_contact } from "../refresh_contact.js";

/** @import { Bytes } from "../../codec/bytes.js" */
/** @import { ChainState } from "../../protocol/account_chain.js" */
/** @import { Recovery } from "../../protocol/recovery_key.js" */
/** @import { VaultOpener } from "../../protocol/vault.js" */
/** @import { VaultContents } from "../../protocol/vault_contents.js" */
/** @import { Changes } from "../../store/changes.js" */
/** @import { Device } from "../device.js" */
/** @import { JoiningKeys } from "./keep_joining_keys.js" */
/** @import { ReadChain } from "../../transport/api.js" */
/** @import { Profile } from "../records.js" */
/**
 * @typedef {{ version: number, vault_key: Bytes, wraps: any[], contents: VaultContents, by_removed: boolean }} Joined `by_removed`: a
 *   device that is none any more wrote it
 */

/**
 * @param {Device} device
 * @param {string} account
 * @param {(since: number) => Promise<ReadChain>} ask
 * @returns {Promise<ChainState>} proven by the key log
 * @throws {Talk2meError} `chain_invalid`, `key_log_invalid`, what the transport throws
 */
export async function chain_to_join(device, account, ask) {
  const { state } = await judge_fetched(device, await fetch_chain_to_join(device, account, ask), null);
  if (to_base64url(state.account) !== account) throw new Talk2meError("chain_invalid");
  return state;
}

/**
 * @param {Device} device
 * @param {{ state: ChainState, stored: { version: number, vault: Bytes }, opener: VaultOpener }} sealed
 * @returns {Promise<Joined>}
 * @throws {Talk2meError} `vault_invalid`, `recovery_key_wrong`; `identity_changed` when the chain is of another identity
 */
export async function open_to_join(device, { state, stored, opener }) {
  let by_removed = false;
  /** @param {Uint8Array} id */
  const find_author = (id) => {
    const author = find_device(state, id);
    by_removed = author !== null && author.removed !== null;
    return author?.sign_in_key ?? null;
  };
  const { account } = state;
  const opened = await open_vault({ vault: stored.vault, account, origin: device.origin, with: opener, find_author });
  if (opened.version !== stored.version) throw new Talk2meError("vault_invalid");
  await check_identity(state, opened.contents);
  const { version, vault_key, wraps } = opened;
  // One of before 0.4 does not say who wrote it: any device that had the key by then.
  by_removed ||= opened.was_form_1 && state.devices.some(({ removed }) => removed !== null);
  // Who wrote it may have stood for a stranger in it.
  const contents = by_removed ? without_verifications(opened.contents) : opened.contents;
  return { version, vault_key, wraps, contents, by_removed };
}

/** @param {ChainState} state @param {VaultContents} contents @throws {Talk2meError} `identity_changed` */
export async function check_identity(state, { identity_seed }) {
  const { public_key } = await signing_key_from_seed(identity_seed);
  if (!equal(state.identity_key, public_key)) throw new Talk2meError("identity_changed");
}

/**
 * Signs this browser into the account's chain with a recovery key, unless it is there already.
 * @param {Device} device
 * @param {{ state: ChainState, keys: JoiningKeys, identity_seed: Bytes, recovery: Recovery }} joining
 * @returns {Promise<ChainState>}
 */
export async function add_device(device, { state, keys, identity_seed, recovery }) {
  if (find_device(state, keys.device_id)) return state;
  const { origin } = device;
  const { signing } = recovery;
  const signed = await sign_device_add(state, {
    origin,
    device: public_halves(keys),
    signers: {
      identity: (await signing_key_from_seed(identity_seed)).private_key,
      sign_in: keys.sign_in.private_key,
      mls: keys.mls.private_key,
      authority: { key: signing.public_key, private_key: signing.private_key },
    },
    now: device.now(),
  });
  const chain = await extend_chain(state, [signed], origin);
  await device.api.append_event(to_base64url(state.account), signed);
  return chain;
}

/**
 * @param {Device} device
 * @param {ChainState} state
 * @param {JoiningKeys} keys
 * @param {{ device_name: string, recovery_confirmed: boolean, recovered?: true }} more
 * @returns {Profile}
 */
export function make_profile(device, state, { device_id }, more) {
  const account = to_base64url(state.account);
  return { account, username: state.username, device: to_base64url(device_id), created: device.now(), ...more };
}

/**
 * What a signed-in device has, in one transaction.
 * @param {Device} device
 * @param {{ profile: Profile, chain: ChainState, keys: JoiningKeys, joined: Joined, verified: boolean }} made `verified`: its
 *   person has compared a code
 * @param {(changes: Changes) => Promise<void>} [more]
 */
export async function store_joined(device, { profile, chain, keys, joined, verified }, more) {
  const { contents, vault_key, wraps, version } = joined;
  const { identity_seed, archive, recovery } = contents;
  await device.store.transaction(async (changes) => {
    take_joining_keys(changes, keys);
    changes.put("meta", "profile", profile);
    changes.put("meta", "secrets", { v: 2, identity_seed, vault_key, wraps, archive, recovery, hpke: keys.hpke });
    changes.put("meta", "vault", { version, dirty: true, marks: 1, signed: true });
    changes.put("contacts", profile.account, own_contact(profile.account, chain, device.now()));
    await absorb_vault(changes, device, contents);
    await put_device_entry(changes, {
      device: keys.device_id,
      hpke: keys.hpke.public_key,
      name: profile.device_name ?? "",
      verified,
      links: 0,
      time: device.now(),
    });
    await note_heard_of(changes, device, contents);
    await more?.(changes);
  });
}

/** The log of now has to continue what this account has seen of it before. @param {Changes} changes @param {Device} device @param {VaultContents} contents */
async function note_heard_of(changes, device, { contacts }) {
  for (const { account, verified } of contacts) {
    const told = verified && { size: verified.log_size, root: verified.log_root, signature: null };
    await note_told(changes, device, { account: to_base64url(account), by: "vault" }, told);
  }
}

/**
 * @param {() => Promise<{ version: number, vault: Bytes }>} ask
 * @returns {Promise<{ version: number, vault: Bytes } | null>} null when there is none
 */
export async function vault_or_none(ask) {
  try {
    return await ask();
  } catch (error) {
    if (is_talk2me_error(error, "not_found")) return null;
    throw error;
  }
}

/** @param {VaultContents} contents @returns {VaultContents} */
function without_verifications(contents) {
  const contacts = contents.contacts.map((contact) => ({ ...contact, verified: null }));
  const devices = contents.devices.map((entry) => ({ ...entry, verified: false }));
  return { ...contents, contacts, devices };
}

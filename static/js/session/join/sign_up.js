// @ts-check
// Makes an account with its first device. Every key is made here; the server gets public halves, signatures and one sealed
// vault.
import { to_base64url } from "../../codec/base64url.js";
import { generate_signing_key, signing_key_from_seed } from "../../crypto/ed25519.js";
import { generate_hpke_key } from "../../crypto/hpke.js";
import { is_talk2me_error, Talk2meError } from "../../errors.js";
import { verify_chain } from "../../protocol/account_chain.js";
import { derive_recovery, make_recovery_key } from "../../protocol/recovery_key.js";
import { solve_challenge } from "../../protocol/proof_of_work.js";
import { sign_create } from "../../protocol/sign_account_event.js";
import { normalise_username } from "../../protocol/username.js";
import { take_first_checkpoint } from "../key_log/advance_log.js";
import { check_device_name } from "../devices/device_name.js";
import { recovery_entry } from "../vault/recovery_entry.js";
import { own_contact } from "../refresh_contact.js";
import { put_setting } from "../settings.js";
import { SUITES } from "../publish_key_packages.js";

/** @import { Device } from "../device.js" */
/** @import { Bytes } from "../../codec/bytes.js" */
/** @import { Profile, Secrets } from "../records.js" */

// After these nobody knows whether the account was made: the same event is sent again by the next try.
const UNCERTAIN = new Set(["offline", "timed_out", "answer_invalid", "internal", "storage_failed"]);

/**
 * @param {Device} device without a profile
 * @param {{ username: string, invite?: string, device_name?: string }} wish
 * @returns {Promise<Profile>} of an account that the server has; key packages and vault are still to be stored there
 * @throws {Talk2meError} `already_signed_up`, `username_invalid`, `username_taken`, `registration_closed`, `invite_required`,
 *   `work_required` when what was solved came too late, and what the transport throws
 */
export async function sign_up(device, { username, invite, device_name = "" }) {
  if (device.profile) throw new Talk2meError("already_signed_up");
  const name = normalise_username(username);
  const called = check_device_name(device_name);
  const begun = await device.store.get("meta", "sign_up");
  await take_first_checkpoint(device);
  const attempt = begun?.profile.username === name ? begun : await begin_sign_up(device, name, called);
  try {
    await create_account(device, attempt, invite);
  } catch (error) {
    // The account id is random: whoever has it already is this browser, a moment ago.
    if (!is_talk2me_error(error, "account_taken")) {
      if (!(error instanceof Talk2meError) || !UNCERTAIN.has(error.code)) await forget_sign_up(device);
      throw error;
    }
  }
  await device.store.transaction((changes) => {
    changes.put("meta", "profile", attempt.profile);
    changes.delete("meta", "sign_up");
  });
  return attempt.profile;
}

/**
 * Some servers want to see work, which makes accounts by the thousand dear. Asked first without: a name that is taken costs nobody any.
 * @param {Device} device
 * @param {{ profile: { account: string }, event: Bytes, signatures: any }} attempt
 * @param {string} [invite]
 */
async function create_account({ api }, { profile, event, signatures }, invite) {
  try {
    await api.create_account({ event, signatures, invite });
  } catch (error) {
    if (!is_talk2me_error(error, "work_required")) throw error;
    const work = await solve_challenge(await api.work_challenge(profile.account));
    await api.create_account({ event, signatures, invite, work });
  }
}

/** Stores everything before the server hears of it. @param {Device} device @param {string} username @param {string} device_name */
async function begin_sign_up(device, username, device_name) {
  const { origin, random } = device;
  const now = device.now();
  const account = random(16);
  const device_id = random(16);
  const identity_seed = random(32);
  const identity = await signing_key_from_seed(identity_seed);
  const sign_in = await generate_signing_key({ extractable: false });
  const mls = await generate_signing_key({ extractable: false });
  const recovery_key = make_recovery_key(random);
  const recovery = await derive_recovery(recovery_key, account);
  const { event, signatures } = await sign_create({
    origin,
    account,
    username,
    recovery_public_keys: [recovery.signing.public_key],
    device: { device_id, signature_key: mls.public_key, sign_in_key: sign_in.public_key, suites: [...SUITES] },
    identity_key: identity.public_key,
    signers: { identity: identity.private_key, sign_in: sign_in.private_key, mls: mls.private_key },
    now,
  });
  const chain = await verify_chain([{ event, signatures }], origin);
  const id = to_base64url(account);
  const profile = { account: id, username, device: to_base64url(device_id), created: now, recovery_confirmed: false, device_name };
  const attempt = { profile, event, signatures };
  const hpke = await generate_hpke_key(random);
  const secrets = new_secrets(random, { identity_seed, recovery: [recovery_entry(recovery, { kind: "key", name: "", created: now })], hpke });
  await device.store.transaction(async (changes) => {
    changes.put_key("sign_in", sign_in);
    changes.put_key("mls", mls);
    changes.put("meta", "sign_up", attempt);
    changes.put("meta", "secrets", secrets);
    changes.put("meta", "devices", [{ device: device_id, hpke: hpke.public_key, name: device_name, verified: true, links: 0, time: now }]);
    changes.put("meta", "recovery_key", { key: recovery_key });
    changes.put("meta", "vault", { version: 0, dirty: true });
    for (const name of ["open_to_strangers", "receipts"]) await put_setting(changes, name, true, now);
    changes.put("contacts", id, own_contact(id, chain, now));
  });
  return attempt;
}

/**
 * @param {(length: number) => Bytes} random
 * @param {Pick<Secrets, "identity_seed" | "recovery" | "hpke">} made
 * @returns {Secrets} with keys for the vault and the archive that nobody has yet
 */
export function new_secrets(random, { identity_seed, recovery, hpke }) {
  const archive = { mailbox: random(16), keys: [{ generation: 1, key: random(32) }] };
  return { v: 2, identity_seed, vault_key: random(32), wraps: [], archive, recovery, hpke };
}

/** @param {Device} device */
export async function forget_sign_up(device) {
  await device.store.transaction(async (changes) => {
    const begun = await changes.get("meta", "sign_up");
    if (begun) changes.delete("contacts", begun.profile.account);
    for (const id of ["sign_up", "secrets", "devices", "recovery_key", "vault", "settings", "settings_times"]) changes.delete("meta", id);
    for (const id of ["sign_in", "mls"]) changes.delete_key(id);
  });
}

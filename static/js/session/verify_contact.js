// @ts-check
// Comparing keys with a person, by digits read out or by a code scanned (docs/protocol.md 6).
import { from_base64url } from "../codec/base64url.js";
import { Talk2meError } from "../errors.js";
import { safety_number as compute_safety_number } from "../protocol/safety_number.js";
import { make_verification_code, parse_verification_code, verification_code_matches } from "../protocol/verification_code.js";
import { note_told } from "./key_log/compare_told.js";
import { get_held } from "./key_log/held_log.js";
import { mark_vault } from "./vault/keep_vault.js";
import { get_contact, is_verified } from "./refresh_contact.js";

/** @import { Device } from "./device.js" */
/** @import { Contact } from "./records.js" */
/** @import { Verification } from "../protocol/vault_contents.js" */

/**
 * @param {Device} device
 * @param {{ account: string }} wish
 * @returns {Promise<{ digits: string, qr: string, verified: number | null, changed: boolean }>} for a changed identity: of the
 *   new key, which is the one to compare
 */
export async function safety_number(device, { account }) {
  const { contact, mine, theirs } = await both_sides(device, account);
  const digits = await compute_safety_number(device.origin, mine, theirs);
  const verified = is_verified(contact) ? /** @type {Verification} */ (contact.verified).time : null;
  const held = await get_held(device.store);
  const qr = make_verification_code(mine, theirs, held && held.size > 0 ? held : undefined);
  return { digits, qr, verified, changed: Boolean(contact.changed) };
}

/**
 * @param {Device} device
 * @param {{ account: string, method?: "digits", scanned?: string }} wish
 * @returns {Promise<{ verified: boolean }>} false when the scanned code says something else
 * @throws {Talk2meError} `verification_code_invalid`; `identity_changed` while a changed key is not accepted
 */
export async function verify_contact(device, { account, method, scanned }) {
  const { contact, mine, theirs } = await both_sides(device, account);
  if (contact.changed) throw new Talk2meError("identity_changed");
  if (scanned !== undefined) {
    const code = parse_verification_code(scanned);
    if (!verification_code_matches(code, mine, theirs)) return { verified: false };
    await device.store.transaction((changes) => note_told(changes, device, { account, by: "code" }, code.log));
  } else if (method !== "digits") throw new Talk2meError("bad_request");
  await set_verified(device, account, {
    identity_key: contact.chain.identity_key,
    method: scanned === undefined ? "digits" : "qr",
    time: device.now(),
    ...(await log_head(device)),
  });
  return { verified: true };
}

/** @param {Device} device @param {{ account: string }} wish */
export async function unverify_contact(device, { account }) {
  await set_verified(device, account, null);
}

/** Where the key log stood when somebody was verified. @param {Device} device */
export async function log_head(device) {
  const { size: log_size = 0, root: log_root = new Uint8Array(32) } = (await get_held(device.store)) ?? {};
  return { log_size, log_root };
}

/** @param {Device} device @param {string} account @param {Verification | null} verified */
async function set_verified(device, account, verified) {
  await device.store.transaction(async (changes) => {
    await changes.update("contacts", account, (contact) => Object.assign(contact, { verified }));
    await mark_vault(changes, device);
    changes.after(() => {
      device.emit("contacts");
      device.emit("conversations");
      // What waited for a look at the key log may leave now.
      if (verified) device.tasks.flush_all();
    });
  });
}

/** @param {Device} device @param {string} account */
async function both_sides(device, account) {
  const contact = await get_contact(device, account);
  const own = await get_contact(device, device.own.account);
  if (!contact || !own || contact.own) throw new Talk2meError("not_found");
  /** @param {Contact} of */
  const side = (of) => ({ account: from_base64url(of.account), identity_key: (of.changed ?? of.chain).identity_key });
  return { contact, mine: side(own), theirs: side(contact) };
}

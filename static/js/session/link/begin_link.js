// @ts-check
// The side of a device that the account has: it shows a code, compares, and hands the account over to who is confirmed.
import { from_base64url, to_base64url } from "../../codec/base64url.js";
import { signing_key_from_seed } from "../../crypto/ed25519.js";
import { generate_hpke_key } from "../../crypto/hpke.js";
import { Talk2meError } from "../../errors.js";
import {
  derive_link,
  format_link_code,
  link_qr_text,
  make_commitment,
  make_link_secret,
  seal_link_secrets,
  short_code,
} from "../../protocol/link.js";
import { sign_half, write_device_add } from "../../protocol/sign_account_event.js";
import { put_device_entry } from "../vault/device_entries.js";
import { keep_vault, mark_vault } from "../vault/keep_vault.js";
import { refresh_contact } from "../refresh_contact.js";
import { get_secrets } from "../vault/secrets.js";
import { LinkBox, link_of } from "./link_box.js";

/** @import { Bytes } from "../../codec/bytes.js" */
/** @import { LinkParts } from "../../protocol/link_parts.js" */
/** @import { Device } from "../device.js" */
/**
 * @typedef {LinkParts[2] & { plains: [Bytes, Bytes, Bytes], confirmed: boolean }} Offer
 */

/**
 * @param {Device} device
 * @returns {Promise<{ code: string, qr: string, expires: number }>} `expires` in unix ms; what follows is told on the topic `link`
 */
export async function begin_link(device) {
  // The new browser reads it: it has to be there, and to open with the key that is handed over.
  await keep_vault(device);
  const secret = make_link_secret(device.random);
  const box = new LinkBox(device, await derive_link(secret), "old");
  const { public_key } = await generate_hpke_key(device.random);
  /** @type {LinkParts[3]} */
  const opening = { v: 1, key: public_key, nonce: device.random(32) };
  await device.api.make_link_box(box.id);
  const part_1 = await box.put(1, { v: 1, commitment: await make_commitment(opening.key, opening.nonce) });
  box.tell("waiting");
  device.background(() => box.guard(() => offer_to_new(box, secret, opening, part_1)));
  return { code: await format_link_code(secret), qr: link_qr_text(secret), expires: box.expires };
}

/** @param {LinkBox} box @param {Bytes} secret @param {LinkParts[3]} opening @param {Bytes} part_1 */
async function offer_to_new(box, secret, opening, part_1) {
  const { device } = box;
  const { value, plain } = await box.wait_for(2);
  const part_3 = await box.put(3, opening);
  /** @type {Offer} */
  const offer = { ...value, plains: [part_1, plain, part_3], confirmed: false };
  box.offer = offer;
  const { key: old_key, nonce: old_nonce } = opening;
  const code = await short_code({ origin: device.origin, secret, old_key, old_nonce, part_2_plain: plain });
  box.tell("compare", { code, name: value.name });
  const { value: end } = await box.wait_for(5);
  if (!end.done) throw new Talk2meError("link_refused");
  if (!offer.confirmed) throw new Talk2meError("link_failed");
  await note_linked(device, value);
  box.tell("done", { name: value.name });
  await device.api.delete_link_box(box.id);
}

/**
 * @param {Device} device
 * @param {{ match: boolean }} wish whether both screens show the same
 * @throws {Talk2meError} `link_failed` when there is nothing to confirm
 */
export async function confirm_link(device, { match }) {
  const box = link_of(device);
  if (!box?.offer) throw new Talk2meError("link_failed");
  if (match !== true) {
    box.end("link_refused");
    return;
  }
  /** @type {Offer} */
  const offer = box.offer;
  if (offer.confirmed) return;
  offer.confirmed = true;
  device.awaited.add(to_base64url(offer.device.device_id));
  box.tell("sending");
  try {
    await box.put(4, await hand_over(device, offer));
  } catch (error) {
    box.end(error instanceof Talk2meError ? error.code : "internal");
    throw error;
  }
}

/** @param {Device} device @param {Offer} offer @returns {Promise<LinkParts[4]>} */
async function hand_over(device, { key, device: joining, plains }) {
  const { chain } = await refresh_contact(device, device.own.account);
  const { identity_seed, vault_key } = await get_secrets(device);
  const { sign_in } = /** @type {NonNullable<Device["keys"]>} */ (device.keys);
  const event = await write_device_add(chain, { device: joining, now: device.now() });
  const { identity, authority } = await sign_half(device.origin, event, {
    identity: (await signing_key_from_seed(identity_seed)).private_key,
    authority: { key: sign_in.public_key, private_key: sign_in.private_key },
  });
  if (!identity || !authority) throw new Talk2meError("link_failed");
  const account = from_base64url(device.own.account);
  const signatures = { identity, authority: { key: authority.key, signature: authority.signature } };
  return seal_link_secrets({ to: key, plains, secrets: { v: 1, account, vault_key, event, signatures } });
}

/** The person has compared the code: that device is the one which was meant. @param {Device} device @param {LinkParts[2]} linked */
async function note_linked(device, { device: { device_id }, hpke, name }) {
  const id = to_base64url(device_id);
  await device.store.transaction(async (changes) => {
    await put_device_entry(changes, { device: device_id, hpke, name, verified: true, links: 0, time: device.now() });
    await mark_vault(changes, device);
  });
  await refresh_contact(device, device.own.account);
  device.emit("devices");
  device.emit("alert", { code: "device_linked", device: id, name });
}

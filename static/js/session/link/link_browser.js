// @ts-check
// The side of a new browser: it takes a code from a device of the account, compares, and becomes a device of that account.
import { to_base64url } from "../../codec/base64url.js";
import { equal } from "../../codec/bytes.js";
import { generate_hpke_key } from "../../crypto/hpke.js";
import { is_talk2me_error, Talk2meError } from "../../errors.js";
import { extend_chain } from "../../protocol/account_chain.js";
import { derive_link, make_commitment, open_link_secrets, parse_link_code, read_link_qr, short_code } from "../../protocol/link.js";
import { sign_half } from "../../protocol/sign_account_event.js";
import { check_device_name } from "../devices/device_name.js";
import { chain_to_join } from "../join/join_account.js";
import { make_joining_keys, public_halves } from "../join/keep_joining_keys.js";
import { finish_linking } from "./finish_linking.js";
import { LinkBox } from "./link_box.js";

/** @import { Bytes } from "../../codec/bytes.js" */
/** @import { ChainState } from "../../protocol/account_chain.js" */
/** @import { LinkSecrets } from "../../protocol/link.js" */
/** @import { Device } from "../device.js" */
/** @import { JoiningKeys } from "../join/keep_joining_keys.js" */
/** @import { Profile } from "../records.js" */

/**
 * @param {Device} device without a profile
 * @param {{ code: string, device_name?: string }} wish what was typed, or the text of the QR code
 * @returns {Promise<Profile>} what happens meanwhile is told on the topic `link`
 * @throws {Talk2meError} `already_signed_up`, `link_code_invalid`, `link_expired`, `link_refused`, `link_failed`, and what the
 *   transport throws
 */
export async function link_browser(device, { code, device_name = "" }) {
  if (device.profile) throw new Talk2meError("already_signed_up");
  const name = check_device_name(device_name);
  const secret = code.trim().startsWith("T2ML1:") ? read_link_qr(code.trim()) : await parse_link_code(code);
  const box = new LinkBox(device, await derive_link(secret), "new");
  return box.guard(async () => {
    box.tell("waiting");
    const { secrets, keys } = await agree(box, secret, name);
    box.tell("joining");
    await note_linking(box, secrets, keys, name);
    const profile = await finish_linking(device, () => say_done(box));
    box.tell("done", { name });
    return profile;
  });
}

/** A courtesy: the other side may be gone by now, or out of patience. This browser is a device all the same. @param {LinkBox} box */
async function say_done(box) {
  try {
    await box.put(5, { v: 1, done: true });
  } catch (error) {
    if (!is_talk2me_error(error)) throw error;
  }
}

/** @param {LinkBox} box @param {Bytes} secret @param {string} name @returns {Promise<{ secrets: LinkSecrets, keys: JoiningKeys }>} */
async function agree(box, secret, name) {
  const { device } = box;
  const part_1 = await box.wait_for(1);
  const keys = await make_joining_keys(device, null);
  const for_link = await generate_hpke_key(device.random);
  const part_2 = await box.put(2, {
    v: 1,
    key: for_link.public_key,
    nonce: device.random(32),
    device: public_halves(keys),
    hpke: keys.hpke.public_key,
    name,
  });
  const part_3 = await box.wait_for(3);
  const { key: old_key, nonce: old_nonce } = part_3.value;
  if (!equal(await make_commitment(old_key, old_nonce), part_1.value.commitment)) throw new Talk2meError("link_failed");
  box.tell("compare", { code: await short_code({ origin: device.origin, secret, old_key, old_nonce, part_2_plain: part_2 }) });
  const { value: part } = await box.wait_for(4);
  const secrets = await open_link_secrets({ private_key: for_link.private_key, plains: [part_1.plain, part_2, part_3.plain], part });
  return { secrets, keys };
}

/**
 * Checks what was handed over, and stores it: from then on it is finished, by the next start if need be.
 * @param {LinkBox} box
 * @param {LinkSecrets} secrets
 * @param {JoiningKeys} keys
 * @param {string} device_name
 */
async function note_linking(box, { account: id, event, signatures: halves, vault_key }, keys, device_name) {
  const { device } = box;
  const account = to_base64url(id);
  const state = await chain_to_join(device, account, (since) => device.api.link_chain(box.id, { since }));
  const own = await sign_half(device.origin, event, { sign_in: keys.sign_in.private_key, mls: keys.mls.private_key });
  const signed = { event, signatures: { ...halves, ...own } };
  const chain = await extend(state, signed, device.origin);
  if (!adds_only(state, chain, keys)) throw new Talk2meError("link_failed");
  await device.store.transaction((changes) => {
    changes.put("meta", "linking", { account, ...signed, chain, vault_key, device_name });
  });
}

/** @param {ChainState} state @param {Parameters<typeof extend_chain>[1][0]} signed @param {string} origin */
async function extend(state, signed, origin) {
  try {
    return await extend_chain(state, [signed], origin);
  } catch (error) {
    if (is_talk2me_error(error, "chain_invalid")) throw new Talk2meError("link_failed");
    throw error;
  }
}

/** @param {ChainState} before @param {ChainState} after @param {JoiningKeys} keys */
function adds_only(before, after, keys) {
  const { device_id, signature_key, sign_in_key } = public_halves(keys);
  const added = after.devices[after.devices.length - 1];
  return (
    after.devices.length === before.devices.length + 1 &&
    after.devices.filter(({ removed }) => removed === after.seq).length === 0 &&
    equal(after.identity_key, before.identity_key) &&
    equal(added.device_id, device_id) &&
    equal(added.signature_key, signature_key) &&
    equal(added.sign_in_key, sign_in_key)
  );
}

// @ts-check
// What this browser signs about recovery keys and starting over, it accepts itself, and a contact sees it for what it is.
import assert from "node:assert/strict";
import { test } from "node:test";
import { generate_signing_key } from "../../../static/js/crypto/ed25519.js";
import { random_bytes } from "../../../static/js/crypto/random.js";
import { active_devices, extend_chain, verify_chain } from "../../../static/js/protocol/account_chain.js";
import { is_rotation_due, RECOVERY_WAIT } from "../../../static/js/protocol/chain_rules.js";
import {
  sign_create,
  sign_half,
  sign_recovery_announce,
  sign_recovery_object,
  sign_recovery_rotate,
  sign_reset,
  write_device_add,
} from "../../../static/js/protocol/sign_account_event.js";

/** @import { ChainState, SignedEvent } from "../../../static/js/protocol/account_chain.js" */
/** @import { SigningKey } from "../../../static/js/crypto/ed25519.js" */

const origin = "https://chat.example";
const NOW = 1_760_000_000_000;

/** @param {SigningKey} key */
const as_authority = ({ public_key, private_key }) => ({ key: public_key, private_key });

async function make_key() {
  return generate_signing_key({ extractable: false });
}

async function make_device() {
  const [sign_in, mls] = [await make_key(), await make_key()];
  const keys = { signature_key: mls.public_key, sign_in_key: sign_in.public_key };
  return { device: { device_id: random_bytes(16), ...keys, suites: [83, 1] }, sign_in, mls };
}

/** An account with one recovery key and one device. */
async function make_account() {
  const [identity, recovery, first] = [await make_key(), await make_key(), await make_device()];
  const created = await sign_create({
    origin,
    account: random_bytes(16),
    username: "alice",
    recovery_public_keys: [recovery.public_key],
    device: first.device,
    identity_key: identity.public_key,
    signers: { identity: identity.private_key, sign_in: first.sign_in.private_key, mls: first.mls.private_key },
    now: NOW,
  });
  return { identity, recovery, first, created, state: await verify_chain([created], origin) };
}

/** @param {ChainState} state @param {SignedEvent} event */
const after = (state, event) => extend_chain(state, [event], origin);

test("a recovery key puts another in its place, and its own word is over", async () => {
  const { identity, recovery, state } = await make_account();
  const next = await make_key();
  const by = (/** @type {SigningKey} */ key) => ({ identity: identity.private_key, authority: as_authority(key) });
  const rotated = await sign_recovery_rotate(state, { origin, recovery_keys: [next.public_key], signers: by(recovery), now: NOW });
  const changed = await after(state, rotated);
  assert.deepEqual(changed.recovery_keys, [next.public_key]);
  const again = await sign_recovery_rotate(changed, { origin, recovery_keys: [recovery.public_key], signers: by(recovery), now: NOW });
  await assert.rejects(after(changed, again), { details: { reason: "signature_invalid" } });
});

test("a device puts another recovery key in a lost one's place when it was announced 7 days ago, and no sooner", async () => {
  const { identity, first, state } = await make_account();
  const recovery_keys = [(await make_key()).public_key];
  const signers = { identity: identity.private_key, authority: as_authority(first.sign_in) };
  const announced = await after(state, await sign_recovery_announce(state, { origin, recovery_keys, signers, now: NOW }));
  assert.deepEqual(announced.announced, { recovery_keys, time: NOW, seq: 2 });
  for (const [now, due] of /** @type {[number, boolean][]} */ ([[NOW + RECOVERY_WAIT - 1, false], [NOW + RECOVERY_WAIT, true]])) {
    assert.equal(is_rotation_due(announced, recovery_keys, now), due);
    const rotated = after(announced, await sign_recovery_rotate(announced, { origin, recovery_keys, signers, now }));
    if (due) assert.deepEqual((await rotated).recovery_keys, recovery_keys);
    else await assert.rejects(rotated, { details: { reason: "signature_invalid" } });
  }
});

test("what was objected to is announced no more", async () => {
  const { identity, first, state } = await make_account();
  const recovery_keys = [(await make_key()).public_key];
  const signers = { identity: identity.private_key, authority: as_authority(first.sign_in) };
  const announced = await after(state, await sign_recovery_announce(state, { origin, recovery_keys, signers, now: NOW }));
  const objected = await after(announced, await sign_recovery_object(announced, { origin, signers, now: NOW }));
  assert.equal(objected.announced, null);
  assert.equal(is_rotation_due(objected, recovery_keys, NOW + RECOVERY_WAIT), false);
});

for (const by of /** @type {("recovery" | "operator")[]} */ (["recovery", "operator"])) {
  test(`an account starts over, vouched for by: ${by}; a contact sees another identity`, async () => {
    const { recovery, first, created, state } = await make_account();
    const [identity, next, phone] = [await make_key(), await make_key(), await make_device()];
    const signers = {
      identity: identity.private_key,
      sign_in: phone.sign_in.private_key,
      mls: phone.mls.private_key,
      ...(by === "recovery" && { authority: as_authority(recovery) }),
    };
    const keys = { identity_key: identity.public_key, recovery_keys: [next.public_key], device: phone.device };
    const reset = await sign_reset(state, { origin, ...keys, signers, now: NOW });
    const begun = await after(state, reset);
    assert.deepEqual(begun.reset, { seq: 2, by });
    assert.deepEqual(active_devices(begun).map(({ device_id }) => device_id), [phone.device.device_id]);
    assert.equal(begun.devices.find(({ device_id }) => device_id === first.device.device_id)?.removed ?? 2, 2);
    await assert.rejects(verify_chain([created, reset], origin, state), { code: "identity_changed" });
    assert.equal((await verify_chain([created, reset], origin, begun)).seq, 2);
  });
}

test("an event is signed in two places, each with the keys that are there", async () => {
  const { identity, first, state } = await make_account();
  const second = await make_device();
  const event = write_device_add(state, { device: second.device, now: NOW });
  const old_half = await sign_half(origin, event, { identity: identity.private_key, authority: as_authority(first.sign_in) });
  const new_half = await sign_half(origin, event, { sign_in: second.sign_in.private_key, mls: second.mls.private_key });
  const signatures = /** @type {SignedEvent["signatures"]} */ ({ ...old_half, ...new_half });
  assert.equal(active_devices(await after(state, { event, signatures })).length, 2);
  await assert.rejects(after(state, { event, signatures: /** @type {any} */ (old_half) }), { code: "chain_invalid" });
});

test("a chain that an older release has kept is carried on", async () => {
  const { identity, recovery, state } = await make_account();
  const { announced, reset, former_identities, ...kept } = state;
  assert.deepEqual([announced, reset, former_identities], [null, null, []]);
  const signers = { identity: identity.private_key, authority: as_authority(recovery) };
  const recovery_keys = [(await make_key()).public_key];
  const rotated = await sign_recovery_rotate(state, { origin, recovery_keys, signers, now: NOW });
  assert.equal((await after(/** @type {any} */ (kept), rotated)).announced, null);
});

// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { from_base64url, to_base64url } from "../../../static/js/codec/base64url.js";
import { generate_signing_key } from "../../../static/js/crypto/ed25519.js";
import { random_bytes } from "../../../static/js/crypto/random.js";
import {
  active_devices,
  extend_chain,
  sign_create,
  sign_device_add,
  sign_device_remove,
  signatures_from_json,
  signatures_to_json,
  verify_chain,
  verify_event,
} from "../../../static/js/protocol/account_chain.js";
import { read_vectors } from "./vectors.js";

/** @import { ChainState, SignedEvent } from "../../../static/js/protocol/account_chain.js" */

const { origin, chain, refused } = read_vectors("account_chain.json");
const in_recovery = read_vectors("recovery_chain.json");

/** @param {{ event: string, signatures: unknown }} vector @returns {SignedEvent} */
function read_signed({ event, signatures }) {
  return { event: from_base64url(event), signatures: signatures_from_json(signatures) };
}

/** @param {unknown} state */
function as_json(state) {
  return JSON.parse(JSON.stringify(state, (_, value) => (value instanceof Uint8Array ? to_base64url(value) : value)));
}

/** @param {number} length @param {any[]} [events] @returns {Promise<ChainState | null>} the state after so many events of the vectors */
async function state_after(length, events = chain) {
  return length === 0 ? null : verify_chain(events.slice(0, length).map(read_signed), origin);
}

for (const [name, events] of [["first", chain], ["recovery", in_recovery.chain]]) {
  for (const [at, vector] of events.entries()) {
    test(`the state after event ${at + 1} of the ${name} chain is the one the server has`, async () => {
      assert.deepEqual(as_json(await state_after(at + 1, events)), vector.state);
    });
  }
}

const all_refused = [
  ...refused.map((/** @type {any} */ vector) => ({ ...vector, events: chain })),
  ...in_recovery.refused.map((/** @type {any} */ vector) => ({ ...vector, events: in_recovery.chain })),
];

for (const vector of all_refused) {
  test(`refused as the server refuses it: ${vector.name}`, async () => {
    const before = await state_after(vector.after, vector.events);
    const attempt = async () => {
      const { event, signatures } = read_signed(vector);
      await verify_event(before, event, signatures, origin);
    };
    await assert.rejects(attempt, { code: "chain_invalid", details: { reason: vector.error } });
  });
}

test("signatures keep their JSON form", () => {
  for (const { signatures } of chain) assert.deepEqual(signatures_to_json(signatures_from_json(signatures)), signatures);
});

test("signatures of another form are refused", () => {
  const { identity } = chain[0].signatures;
  for (const wrong of [null, [], "x", {}, { identity: 1 }, { identity, more: identity }, { identity, sign_in: null }, { identity, authority: {} }]) {
    assert.throws(() => signatures_from_json(wrong), { code: "chain_invalid", details: { reason: "signature_invalid" } });
  }
});

test("any flipped bit of an event is refused", async () => {
  const { event, signatures } = read_signed(chain[0]);
  for (let bit = 0; bit < 8 * event.length; bit += 7) {
    const changed = event.slice();
    changed[bit >> 3] ^= 1 << (bit & 7);
    await assert.rejects(verify_event(null, changed, signatures, origin), { code: "chain_invalid" });
  }
});

test("events out of their order, doubled or left out are refused", async () => {
  const [first, second, third] = chain.map(read_signed);
  for (const wrong of [[], [second], [first, third], [first, first], [first, second, second], [second, first]]) {
    await assert.rejects(verify_chain(wrong, origin), { code: "chain_invalid" });
  }
});

test("the same events on another server are refused", async () => {
  await assert.rejects(verify_chain(chain.map(read_signed), "https://other.example"), { code: "chain_invalid" });
});

/** Makes a new account with the keys that may sign for it. */
async function make_account() {
  const [identity, recovery] = [await generate_signing_key({ extractable: true }), await generate_signing_key({ extractable: false })];
  const first = await make_device();
  const account = random_bytes(16);
  const created = await sign_create({
    origin,
    account,
    username: "alice",
    recovery_public_keys: [recovery.public_key],
    device: first.device,
    identity_key: identity.public_key,
    signers: { identity: identity.private_key, sign_in: first.sign_in.private_key, mls: first.mls.private_key },
    now: 1_760_000_000_000,
  });
  return { account, identity, recovery, first, created };
}

async function make_device() {
  const [sign_in, mls] = [await generate_signing_key({ extractable: false }), await generate_signing_key({ extractable: false })];
  const device = {
    device_id: random_bytes(16),
    signature_key: mls.public_key,
    sign_in_key: sign_in.public_key,
    suites: [83, 1],
  };
  return { device, sign_in, mls };
}

/** @param {{ public_key: Uint8Array, private_key: CryptoKey }} key */
const as_authority = ({ public_key, private_key }) => ({ key: public_key, private_key });

test("what this browser signs, it and others accept: create, add, remove", async () => {
  const { identity, recovery, first, created } = await make_account();
  const after_create = await verify_chain([created], origin);
  const second = await make_device();
  const added = await sign_device_add(after_create, {
    origin,
    device: second.device,
    now: 1,
    signers: {
      identity: identity.private_key,
      sign_in: second.sign_in.private_key,
      mls: second.mls.private_key,
      authority: as_authority(recovery),
    },
  });
  const after_add = await extend_chain(after_create, [added], origin);
  const removed = await sign_device_remove(after_add, {
    origin,
    device_id: first.device.device_id,
    now: 2,
    signers: { identity: identity.private_key, authority: as_authority(second.sign_in) },
  });
  const state = await verify_chain([created, added, removed], origin, after_create);
  assert.deepEqual(active_devices(state).map(({ device_id }) => device_id), [second.device.device_id]);
  assert.deepEqual(state, await extend_chain(after_add, [removed], origin));
});

test("a chain of another identity at a pinned account is told apart from a broken one", async () => {
  const [mine, others] = [await make_account(), await make_account()];
  const pinned = await verify_chain([mine.created], origin);
  await assert.rejects(verify_chain([others.created], origin, pinned), { code: "identity_changed" });
});

test("another history under the same identity key is told", async () => {
  const events = chain.map(read_signed);
  const pinned = { .../** @type {ChainState} */ (await state_after(2)), hash: new Uint8Array(32) };
  await assert.rejects(verify_chain(events, origin, pinned), { code: "identity_changed" });
});

test("a chain shorter than the pinned one, which would hide a removal, is refused", async () => {
  const pinned = await state_after(3);
  const shorter = chain.slice(0, 2).map(read_signed);
  await assert.rejects(verify_chain(shorter, origin, pinned), { code: "chain_invalid", details: { reason: "rolled_back" } });
});

test("a pinned chain that went on is accepted", async () => {
  const pinned = await state_after(1);
  assert.equal((await verify_chain(chain.map(read_signed), origin, pinned)).seq, chain.length);
});

// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { concat, to_utf8, u64 } from "../../../static/js/codec/bytes.js";
import { pack } from "../../../static/js/codec/msgpack.js";
import { import_aes_key, seal } from "../../../static/js/crypto/aead.js";
import { random_bytes } from "../../../static/js/crypto/random.js";
import { label } from "../../../static/js/protocol/labels.js";
import { describe, export_secret, process, update_keys } from "../../../static/js/protocol/mls.js";
import { open_typing, seal_typing } from "../../../static/js/protocol/typing.js";
import { make_device, make_group, trusting } from "./mls_people.js";

const [alice, bob] = await Promise.all([make_device(), make_device()]);
const [of_alice, of_bob] = await make_group([alice, bob]);
const signal = { device: alice.device, time: 1_760_000_000_000 };

test("who is in the epoch reads it, twice it does not look alike, and it fits into a signal", async () => {
  const [once, again] = [await seal_typing(of_alice, signal, random_bytes), await seal_typing(of_alice, signal, random_bytes)];
  assert.deepEqual(await open_typing(of_bob, once), signal);
  assert.notDeepEqual(once, again);
  assert.equal(once.length, again.length);
  assert.ok(once.length <= 512);
});

test("neither another group nor a later epoch reads it", async () => {
  const body = await seal_typing(of_alice, signal, random_bytes);
  const [stranger] = await make_group([alice, bob]);
  assert.equal(await open_typing(stranger, body), null);
  const pending = await update_keys(of_alice, trusting);
  assert.equal(await open_typing(pending.group, body), null);
  const renamed = concat(body.subarray(0, 1), u64(describe(pending.group).epoch), body.subarray(9));
  assert.equal(await open_typing(pending.group, renamed), null);
  const later = await seal_typing(pending.group, signal, random_bytes);
  assert.equal(await open_typing(of_bob, later), null);
  const { group } = await process(of_bob, pending.commit, trusting);
  assert.deepEqual(await open_typing(group, later), signal);
});

test("any flipped bit and any other length is refused", async () => {
  const body = await seal_typing(of_alice, signal, random_bytes);
  for (let bit = 0; bit < 8 * body.length; bit += 1) {
    const changed = body.slice();
    changed[bit >> 3] ^= 1 << (bit & 7);
    assert.equal(await open_typing(of_bob, changed), null);
  }
  for (const length of [0, 1, 8, 9, 20, 21, body.length - 1]) assert.equal(await open_typing(of_bob, body.subarray(0, length)), null);
  assert.equal(await open_typing(of_bob, concat(body, Uint8Array.of(0))), null);
});

test("what says something else is no such signal, however well it is sealed", async () => {
  const key = await import_aes_key(await export_secret(of_alice, "talk2me/1 typing", of_alice.mailbox, 32));
  const head = concat(Uint8Array.of(1), u64(describe(of_alice).epoch));
  for (const plain of [pack({ device: alice.device }), pack({ ...signal, more: 1 }), pack({ ...signal, time: -1 }), to_utf8("typing")]) {
    const nonce = random_bytes(12);
    const body = concat(head, nonce, await seal(key, nonce, plain, concat(label("typing"), of_alice.mailbox, head)));
    assert.equal(await open_typing(of_bob, body), null);
  }
});

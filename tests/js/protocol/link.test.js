// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { pack } from "../../../static/js/codec/msgpack.js";
import { pad_with_length } from "../../../static/js/codec/padme.js";
import { seal } from "../../../static/js/crypto/aead.js";
import { concat, to_utf8 } from "../../../static/js/codec/bytes.js";
import { generate_hpke_key } from "../../../static/js/crypto/hpke.js";
import { random_bytes } from "../../../static/js/crypto/random.js";
import {
  derive_link,
  make_commitment,
  open_link_secrets,
  open_part,
  part_plain,
  seal_link_secrets,
  seal_part,
  short_code,
} from "../../../static/js/protocol/link.js";
import { label } from "../../../static/js/protocol/labels.js";
import { make_link_world, ORIGIN } from "./link_world.js";

/** @import { PartNumber } from "../../../static/js/protocol/link_parts.js" */

const failed = { code: "link_failed" };
const { secret, link, old_key, old_nonce, new_key, parts, plains, secrets } = await make_link_world();
const NUMBERS = /** @type {PartNumber[]} */ ([1, 2, 3, 4, 5]);
const code_of = { origin: ORIGIN, secret, old_key: old_key.public_key, old_nonce, part_2_plain: plains[1] };

/** @param {PartNumber} number @param {any} [value] */
const sealed_part = (number, value = parts[number]) => seal_part(link, { origin: ORIGIN, number, value, random: random_bytes });

/** Sealed as a hostile holder of the code would, without a look at the form. @param {number} number @param {unknown} value */
async function force_part(number, value) {
  const nonce = random_bytes(12);
  const data = concat(label("link part"), to_utf8(ORIGIN), new Uint8Array(1), link.box, Uint8Array.of(number));
  return concat(nonce, await seal(link.key, nonce, pad_with_length(pack(value), 256), data));
}

test("each part is read by the other side, with the bytes that codes are bound to", async () => {
  for (const number of NUMBERS) {
    const opened = await open_part(link, { origin: ORIGIN, number, sealed: await sealed_part(number) });
    assert.deepEqual(opened, { value: parts[number], plain: part_plain(parts[number]) });
  }
});

test("a part shown as another one, in another box or on another server is refused", async () => {
  for (const number of NUMBERS) {
    const sealed = await sealed_part(number);
    for (const other of NUMBERS.filter((n) => n !== number)) {
      await assert.rejects(open_part(link, { origin: ORIGIN, number: other, sealed }), failed);
    }
    await assert.rejects(open_part(link, { origin: "https://other.example", number, sealed }), failed);
    await assert.rejects(open_part(await derive_link(random_bytes(16)), { origin: ORIGIN, number, sealed }), failed);
    await assert.rejects(open_part({ ...link, box: random_bytes(16) }, { origin: ORIGIN, number, sealed }), failed);
  }
});

test("any flipped byte and any truncation of a part is refused", async () => {
  const sealed = await sealed_part(1);
  for (let at = 0; at < sealed.length; at += 1) {
    const changed = sealed.slice();
    changed[at] ^= 1 << (at & 7);
    await assert.rejects(open_part(link, { origin: ORIGIN, number: 1, sealed: changed }), failed);
    await assert.rejects(open_part(link, { origin: ORIGIN, number: 1, sealed: sealed.subarray(0, at) }), failed);
  }
});

test("a part's size does not tell the name of a device", async () => {
  const [short, long] = [await sealed_part(2, { ...parts[2], name: "" }), await sealed_part(2, { ...parts[2], name: "x".repeat(40) })];
  assert.equal(short.length, long.length);
});

test("parts of another form are neither written nor read, whoever sealed them", async () => {
  const { device } = parts[2];
  /** @type {[PartNumber, unknown][]} */
  const wrong = [
    [1, null],
    [1, { v: 2, commitment: random_bytes(32) }],
    [1, { v: 1, commitment: random_bytes(31) }],
    [1, { ...parts[1], more: 1 }],
    [2, { ...parts[2], key: random_bytes(32) }],
    [2, { ...parts[2], hpke: "x" }],
    [2, { ...parts[2], name: "x".repeat(65) }],
    [2, { ...parts[2], device: { ...device, device_id: random_bytes(15) } }],
    [2, { ...parts[2], device: { ...device, suites: ["83"] } }],
    [2, { ...parts[2], device: { ...device, suites: [1, 2, 3, 4, 5, 6, 7, 8, 9] } }],
    [3, { ...parts[3], nonce: random_bytes(16) }],
    [4, { ...parts[4], enc: random_bytes(32) }],
    [5, { v: 1, done: 1 }],
  ];
  for (const [number, value] of wrong) {
    await assert.rejects(sealed_part(number, value), failed);
    await assert.rejects(open_part(link, { origin: ORIGIN, number, sealed: await force_part(number, value) }), failed);
  }
});

test("both screens show the same code; it changes with everything that it is made from", async () => {
  const code = await short_code(code_of);
  assert.match(code, /^\d{3} \d{3}$/);
  assert.equal(await short_code(code_of), code);
  const bytes = ["secret", "old_key", "old_nonce", "part_2_plain"];
  const others = [
    ...bytes.map((name) => ({ ...code_of, [name]: changed_in_last(/** @type {any} */ (code_of)[name]) })),
    { ...code_of, origin: "https://other.example" },
  ];
  const seen = new Set(await Promise.all([code_of, ...others].map(short_code)));
  // Six codes of a million: that two are the same happens in one of 66,000 runs.
  assert.equal(seen.size, 6);
});

/** @param {Uint8Array} bytes */
function changed_in_last(bytes) {
  const changed = bytes.slice();
  changed[changed.length - 1] ^= 1;
  return changed;
}

test("a commitment holds its key and its nonce", async () => {
  const commitment = await make_commitment(old_key.public_key, old_nonce);
  assert.deepEqual(parts[1].commitment, commitment);
  assert.notDeepEqual(await make_commitment(old_key.public_key, random_bytes(32)), commitment);
  assert.notDeepEqual(await make_commitment(new_key.public_key, old_nonce), commitment);
});

test("the secrets open with the new browser's key, on the same parts only", async () => {
  const { private_key } = new_key;
  assert.deepEqual(await open_link_secrets({ private_key, plains, part: parts[4] }), secrets);
  await assert.rejects(open_link_secrets({ private_key: old_key.private_key, plains, part: parts[4] }), failed);
  for (const at of [0, 1, 2]) {
    const others = /** @type {any} */ (plains.map((plain, index) => (index === at ? changed_in_last(plain) : plain)));
    await assert.rejects(open_link_secrets({ private_key, plains: others, part: parts[4] }), failed);
  }
  const { enc } = await seal_link_secrets({ to: (await generate_hpke_key(random_bytes)).public_key, plains, secrets });
  await assert.rejects(open_link_secrets({ private_key, plains, part: { ...parts[4], enc } }), failed);
});

test("secrets of another form are not sealed", async () => {
  const { signatures } = secrets;
  for (const wrong of [
    { ...secrets, v: 2 },
    { ...secrets, more: 1 },
    { ...secrets, vault_key: random_bytes(16) },
    { ...secrets, signatures: { ...signatures, mls: random_bytes(64) } },
    { ...secrets, signatures: { identity: signatures.identity } },
  ]) {
    await assert.rejects(seal_link_secrets({ to: new_key.public_key, plains, secrets: /** @type {any} */ (wrong) }), failed);
  }
});

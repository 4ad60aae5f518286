// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { to_utf8 } from "../../../static/js/codec/bytes.js";
import { generate_signing_key, sign } from "../../../static/js/crypto/ed25519.js";
import { random_bytes } from "../../../static/js/crypto/random.js";
import { checkpoint_from_parts, cosigned_by, read_checkpoint } from "../../../static/js/protocol/key_log_checkpoint.js";
import { make_vkey, parse_note, parse_vkey, TYPES, verify_note, write_note, write_vkey } from "../../../static/js/protocol/signed_note.js";
import { cosign, LyingLog, one_bit_off } from "../support/lying_log.js";

const log = await LyingLog.begin({ origin: "https://chat.example" });
for (let at = 0; at < 4; at += 1) log.add_heartbeat();
const key = { name: log.name, key: log.signing.public_key };
const note = await log.checkpoint();

/** @param {string} name */
async function make_witness(name) {
  const signing = await generate_signing_key({ extractable: false });
  return { name, signing, vkey: make_vkey(name, TYPES.cosignature, signing.public_key) };
}

const [one, other, third] = await Promise.all(["one.example", "other.example", "third.example"].map(make_witness));
const NOW = 1_760_000_000;

test("a checkpoint is read, and made again from its parts", async () => {
  const checkpoint = await read_checkpoint(note, key);
  assert.deepEqual(checkpoint, { ...(await log.parts()), note });
  assert.deepEqual(await checkpoint_from_parts(checkpoint, key), checkpoint);
});

test("parts that this log has not signed are none of its checkpoints", async () => {
  const parts = await log.parts();
  const foreign = await LyingLog.begin({ origin: log.origin, keylog_key: "another" });
  for (const wrong of [
    { ...parts, size: parts.size + 1 },
    { ...parts, size: 0 },
    { ...parts, size: 1.5 },
    { ...parts, root: random_bytes(32) },
    { ...parts, root: new Uint8Array(0) },
    { ...parts, signature: random_bytes(64) },
    { ...parts, signature: parts.signature.slice(1) },
    await foreign.parts(),
    // Signed, and no size of a tree.
    await log.parts(0),
  ]) {
    assert.equal(await checkpoint_from_parts(wrong, key), null);
  }
  assert.equal(await checkpoint_from_parts(parts, { ...key, name: "other.example/keylog/1" }), null);
});

test("any flipped bit of a note is refused", async () => {
  for (const changed of one_bit_off(note)) {
    const refusal = read_checkpoint(changed, key);
    await assert.rejects(refusal, ({ code }) => ["key_log_invalid", "log_key_changed"].includes(code), changed);
  }
});

test("a checkpoint of another key or name is told apart from one that is damaged", async () => {
  const another = await LyingLog.begin({ origin: log.origin, keylog_key: "another" });
  const theirs = await another.checkpoint();
  await assert.rejects(read_checkpoint(theirs, key), { code: "log_key_changed", details: { theirs } });
  const moved = await LyingLog.begin({ origin: "https://moved.example" });
  await assert.rejects(read_checkpoint(await moved.checkpoint(), key), { code: "log_key_changed" });
  // The name alone, where the signature is ours.
  const text = note.replace("chat.example/keylog/1\n", "chat.example/keylog/2\n");
  await assert.rejects(read_checkpoint(text, key), { code: "log_key_changed" });
});

test("a log that signs more than three lines has signed no checkpoint", async () => {
  const [text] = note.split("\n\n");
  for (const more of ["more\n", "\nmore\n"]) {
    const signed = `${text}\n${more}`;
    const { id } = make_vkey(key.name, TYPES.ed25519, key.key);
    const line = { name: key.name, id, signature: await sign(log.signing.private_key, to_utf8(signed)) };
    await assert.rejects(read_checkpoint(write_note(signed, [line]), key), { code: "key_log_invalid" });
  }
});

test("a second signature of the log's own key has to hold as well", async () => {
  const { text, lines } = parse_note(note);
  const wrong = { ...lines[0], signature: random_bytes(64) };
  for (const both of [[lines[0], wrong], [wrong, lines[0]]]) {
    await assert.rejects(read_checkpoint(write_note(text, both), key), { code: "key_log_invalid" });
  }
  await read_checkpoint(write_note(text, [lines[0], lines[0]]), key);
});

test("a log's key does not verify what it has signed as a witness, nor the other way round", async () => {
  const as_witness = make_vkey(log.name, TYPES.cosignature, log.signing.public_key);
  const parsed = parse_note(note);
  assert.equal(await verify_note(parsed, as_witness), false);
  assert.deepEqual(await cosigned_by(note, [as_witness, make_vkey(log.name, TYPES.ed25519, log.signing.public_key)]), []);
  // Nor when somebody has mixed up what the key is for.
  const mixed = { ...make_vkey(log.name, TYPES.ed25519, log.signing.public_key), type: TYPES.cosignature };
  assert.equal(await verify_note(parsed, mixed), false);
  const cosigned = await cosign(note, { name: log.name, signing: log.signing }, NOW);
  assert.deepEqual(await cosigned_by(cosigned, [{ ...as_witness, type: TYPES.ed25519 }]), []);
  assert.deepEqual(await cosigned_by(cosigned, [as_witness]), [{ name: log.name, time: 1000 * NOW }]);
});

test("the witnesses that are asked for and have signed are counted, others are not", async () => {
  const cosigned = await cosign(await cosign(note, one, NOW), other, NOW + 60);
  assert.deepEqual(await read_checkpoint(cosigned, key), { ...(await log.parts()), note: cosigned });
  const seen = await cosigned_by(cosigned, [third.vkey, other.vkey, one.vkey]);
  assert.deepEqual(seen, [{ name: "other.example", time: 1000 * (NOW + 60) }, { name: "one.example", time: 1000 * NOW }]);
  assert.deepEqual(await cosigned_by(cosigned, []), []);
  assert.deepEqual(await cosigned_by(note, [one.vkey]), []);
});

test("one key under two names counts once", async () => {
  const alias = { name: "alias.example", signing: one.signing };
  const cosigned = await cosign(await cosign(note, one, NOW), alias, NOW);
  const vkeys = [one.vkey, make_vkey(alias.name, TYPES.cosignature, one.signing.public_key)];
  assert.equal((await cosigned_by(cosigned, vkeys)).length, 1);
});

test("of several cosignatures of one witness the newest counts", async () => {
  const cosigned = await cosign(await cosign(await cosign(note, one, NOW), one, NOW + 7), one, NOW + 3);
  assert.deepEqual(await cosigned_by(cosigned, [one.vkey]), [{ name: "one.example", time: 1000 * (NOW + 7) }]);
});

test("any flipped bit of a cosignature or of what it is about makes it say nothing", async () => {
  const cosigned = await cosign(note, one, NOW);
  for (const changed of one_bit_off(cosigned)) {
    const seen = await cosigned_by(changed, [one.vkey]).catch(({ code }) => code);
    // The log's own line is none of what a witness signs.
    const is_about_the_log = parse_parts(changed) === parse_parts(cosigned);
    if (!is_about_the_log) assert.ok(seen === "key_log_invalid" || seen.length === 0, changed);
  }
});

/** @param {string} text @returns {string} all but the first signature line */
const parse_parts = (text) => text.split("\n").filter((_, at) => at !== 4).join("\n");

test("cosignatures of no time, of a time beyond all clocks and of another length say nothing", async () => {
  for (const time of [0, 2 ** 50]) assert.deepEqual(await cosigned_by(await cosign(note, one, time), [one.vkey]), []);
  const { text, lines } = parse_note(note);
  const bare = { name: one.name, id: one.vkey.id, signature: await sign(one.signing.private_key, to_utf8(text)) };
  assert.deepEqual(await cosigned_by(write_note(text, [...lines, bare]), [one.vkey]), []);
});

test("verifier keys keep their text, of both kinds", async () => {
  for (const vkey of [log.vkey, write_vkey(one.vkey)]) assert.equal(write_vkey(parse_vkey(vkey)), vkey);
  assert.equal(parse_vkey(log.vkey).type, TYPES.ed25519);
  assert.equal(parse_vkey(write_vkey(one.vkey)).type, TYPES.cosignature);
});

test("any flipped bit of a verifier key is refused", () => {
  for (const changed of one_bit_off(log.vkey)) assert.throws(() => parse_vkey(changed), { code: "key_log_invalid" }, changed);
});

test("what is no note or no verifier key is refused, whatever it is", () => {
  const [text, line] = note.split("\n\n");
  const above = `${text}\n\n`;
  const damaged = [note.trim(), `${note}\n`, `\ud800${note}`, `\t${note}`, `${note.trim()} more\n`, above + line.repeat(101)];
  for (const wrong of [null, 7, {}, "", "\n\n", line, above, ...damaged]) {
    assert.throws(() => parse_note(wrong), { code: "key_log_invalid" }, String(wrong));
  }
  assert.equal(parse_note(above + line.repeat(100)).lines.length, 100);
  for (const wrong of [null, 7, "", "a", "a+b", "a+00000000+", `\ud800${log.vkey}`]) {
    assert.throws(() => parse_vkey(wrong), { code: "key_log_invalid" });
  }
});

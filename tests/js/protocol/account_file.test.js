// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { concat } from "../../../static/js/codec/bytes.js";
import { random_bytes } from "../../../static/js/crypto/random.js";
import { open_account_file, read_account_file, write_account_file } from "../../../static/js/protocol/account_file.js";
import { make_vault } from "./vault_world.js";

/** @import { FileRecord } from "../../../static/js/protocol/account_file.js" */

const invalid = { code: "file_invalid" };
const SEALED_CHUNK = 65_536 + 16;
const { account, vault_key, recovery_key, wrap, contents } = await make_vault();
const head = { account, username: "alice", origin: "https://chat.example", wrap, vault_key, now: 5, random: random_bytes };
/** @type {FileRecord} */
const vault_record = { type: "vault", contents };

/** @param {Iterable<FileRecord>} records @returns {Promise<Uint8Array<ArrayBuffer>>} */
async function write(records) {
  const parts = [];
  for await (const part of write_account_file({ ...head, records })) parts.push(part);
  return concat(...parts);
}

/** @param {Uint8Array<ArrayBuffer>} bytes @param {Uint8Array} [key] */
async function read(bytes, key = vault_key) {
  const records = [];
  for await (const record of read_account_file(new Blob([bytes]), key)) records.push(record);
  return records;
}

/** @param {number} count @param {number} size @returns {FileRecord[]} */
function texts(count, size) {
  return Array.from({ length: count }, (_, n) => ({ type: "message", n, text: "x".repeat(size) }));
}

/** @param {Uint8Array<ArrayBuffer>} file */
function header_length(file) {
  return 9 + new DataView(file.buffer).getUint32(5);
}

test("records come back in their order, whatever their sizes", async () => {
  for (const records of [
    [vault_record],
    [vault_record, { type: /** @type {const} */ ("conversation"), id: random_bytes(16) }, ...texts(5, 10)],
    [vault_record, ...texts(300, 1_000)],
    [vault_record, ...texts(3, 200_000), ...texts(3, 0)],
  ]) {
    assert.deepEqual(await read(await write(records)), records);
  }
});

test("a plain text that fills its chunks exactly has no empty chunk behind it", async () => {
  const shorter = await write([vault_record, ...texts(1, 60_000)]);
  const exact = 60_000 + SEALED_CHUNK - (shorter.length - header_length(shorter));
  const file = await write([vault_record, ...texts(1, exact)]);
  assert.equal(file.length - header_length(file), SEALED_CHUNK);
  assert.equal((await read(file)).length, 2);
  await assert.rejects(read(concat(file, new Uint8Array(16))), invalid);
});

test("it opens with the recovery key and says whose it is", async () => {
  const file = new Blob([await write([vault_record])]);
  const opened = await open_account_file(file, recovery_key);
  assert.deepEqual(opened.vault_key, vault_key);
  assert.equal(opened.header.username, "alice");
  await assert.rejects(open_account_file(file, random_bytes(16)), { code: "recovery_key_wrong" });
});

test("another vault key reads nothing", async () => {
  await assert.rejects(read(await write([vault_record]), random_bytes(32)), invalid);
});

test("any flipped bit is refused", async () => {
  const file = await write([vault_record]);
  for (let bit = 0; bit < 8 * file.length; bit += 5) {
    const changed = file.slice();
    changed[bit >> 3] ^= 1 << (bit & 7);
    await assert.rejects(read(changed), invalid);
  }
});

test("every truncation is refused, between chunks too", async () => {
  const file = await write([vault_record, ...texts(150, 1_000)]);
  const header = header_length(file);
  const cuts = [0, 4, 8, 9, header - 1, header, header + 16, header + SEALED_CHUNK, header + 2 * SEALED_CHUNK, file.length - 1];
  for (const length of cuts) await assert.rejects(read(file.slice(0, length)), invalid);
});

test("chunks exchanged, doubled or left out are refused", async () => {
  const file = await write([vault_record, ...texts(250, 1_000)]);
  const header = header_length(file);
  const chunk = (/** @type {number} */ n) => file.slice(header + n * SEALED_CHUNK, header + (n + 1) * SEALED_CHUNK);
  const [start, first, second, third, last] = [file.slice(0, header), chunk(0), chunk(1), chunk(2), chunk(3)];
  assert.deepEqual(concat(start, first, second, third, last), file);
  for (const wrong of [
    [second, first, third, last],
    [first, first, second, third, last],
    [first, third, last],
    [second, third, last],
    [first, second, third, last, last],
  ]) {
    await assert.rejects(read(concat(start, ...wrong)), invalid);
  }
});

test("chunks of another file of the same account do not fit", async () => {
  const [one, other] = [await write([vault_record]), await write([vault_record])];
  const header = header_length(one);
  await assert.rejects(read(concat(one.slice(0, header), other.slice(header))), invalid);
});

test("files of other kinds are refused", async () => {
  for (const bytes of [new Uint8Array(0), random_bytes(5), random_bytes(5_000), new Uint8Array(100_000)]) {
    await assert.rejects(read(bytes), invalid);
    await assert.rejects(open_account_file(new Blob([bytes]), recovery_key), invalid);
  }
});

test("records out of their order are neither written nor read", async () => {
  const wrong = [[], texts(1, 1), [vault_record, vault_record], [{ type: "vault", contents: null }], [vault_record, { type: "x" }]];
  for (const records of wrong) await assert.rejects(write(/** @type {FileRecord[]} */ (records)), invalid);
});

test("progress grows up to the whole file", async () => {
  const file = await write([vault_record, ...texts(150, 1_000)]);
  /** @type {number[]} */
  const seen = [];
  const records = read_account_file(new Blob([file]), vault_key, ({ done, total }) => {
    assert.equal(total, file.length);
    seen.push(done);
  });
  for await (const record of records) assert.ok(record);
  assert.equal(seen.length, 3);
  assert.deepEqual(seen, seen.toSorted((a, b) => a - b));
  assert.equal(seen.at(-1), file.length);
});

// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { concat, u32 } from "../../../static/js/codec/bytes.js";
import { pack } from "../../../static/js/codec/msgpack.js";
import { open, seal } from "../../../static/js/crypto/aead.js";
import { random_bytes } from "../../../static/js/crypto/random.js";
import { open_account_file, read_account_file, write_account_file } from "../../../static/js/protocol/account_file.js";
import { file_data, file_key, read_header, write_header } from "../../../static/js/protocol/account_file_header.js";
import { upgrade_contents } from "../../../static/js/protocol/vault_contents_1.js";
import { contents_of_before, make_vault, wrap_of_before } from "./vault_world.js";

/** @import { FileRecord } from "../../../static/js/protocol/account_file.js" */

const invalid = { code: "file_invalid" };
const SEALED_CHUNK = 65_536 + 16;
const world = await make_vault();
const { account, vault_key, recovery_key, wraps, contents } = world;
const [wrap] = wraps;
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

/** Makes records that end where chunks end, so that only the chunks' nonces tell their order and number. */
async function chunk_sized_records() {
  const shorter = await write([vault_record, ...texts(1, 60_000)]);
  const [first] = texts(1, 60_000 + SEALED_CHUNK - (shorter.length - header_length(shorter)));
  const more = texts(3, 65_536 - 4 - (pack(texts(1, 60_000)[0]).length - 60_000));
  return [vault_record, first, ...more];
}

/** @param {Uint8Array<ArrayBuffer>} file @returns {Uint8Array<ArrayBuffer>[]} header, then the chunks */
function take_apart(file) {
  const header = header_length(file);
  const count = Math.ceil((file.length - header) / SEALED_CHUNK);
  const chunks = Array.from({ length: count }, (_, n) => file.slice(header + n * SEALED_CHUNK, header + (n + 1) * SEALED_CHUNK));
  return [file.slice(0, header), ...chunks];
}

test("a plain text that fills its chunks exactly has no empty chunk behind it", async () => {
  const records = await chunk_sized_records();
  const file = await write(records);
  assert.equal(file.length - header_length(file), 4 * SEALED_CHUNK);
  assert.deepEqual(await read(file), records);
});

test("an empty last chunk is refused, though it opens", async () => {
  const file = await write((await chunk_sized_records()).slice(0, 2));
  const { header, packed } = await read_header(new Blob([file]));
  const [key, data] = [await file_key(vault_key, header), await file_data(packed)];
  const nonce = (/** @type {number} */ index, /** @type {number} */ last) => concat(header.prefix, u32(index), Uint8Array.of(last));
  const plain = await open(key, nonce(0, 1), file.slice(header_length(file)), data);
  const [first, empty] = [await seal(key, nonce(0, 0), plain, data), await seal(key, nonce(1, 1), new Uint8Array(0), data)];
  await assert.rejects(read(concat(file.slice(0, header_length(file)), first, empty)), invalid);
});

test("it opens with the recovery key and says whose it is", async () => {
  const file = new Blob([await write([vault_record])]);
  const opened = await open_account_file(file, recovery_key);
  assert.deepEqual(opened.vault_key, vault_key);
  assert.equal(opened.header.username, "alice");
  await assert.rejects(open_account_file(file, random_bytes(16)), { code: "recovery_key_wrong" });
});

test("a file of before 0.4 opens and is read in the form of now", async () => {
  const [before, of_before] = [contents_of_before(), await wrap_of_before(world)];
  const records = /** @type {any} */ ([vault_record, ...texts(1, 10)]);
  const file = await write_of_before({ ...head, wrap: of_before }, [{ type: "vault", contents: before }, records[1]]);
  const opened = await open_account_file(new Blob([file]), recovery_key);
  assert.deepEqual(opened.vault_key, vault_key);
  assert.equal(opened.header.wrap.kind, "recovery_aes");
  assert.deepEqual(await read(file), [{ type: "vault", contents: await upgrade_contents(before) }, records[1]]);
});

/** One chunk, as such a release wrote it. @param {any} fields @param {unknown[]} records @returns {Promise<Uint8Array<ArrayBuffer>>} */
async function write_of_before({ username, origin, wrap: held }, records) {
  const header = { account, username, origin, created: 5, salt: random_bytes(32), prefix: random_bytes(7), wrap: held };
  const { start, packed } = write_header(/** @type {any} */ (header));
  const plain = concat(...records.flatMap((record) => [u32(pack(record).length), pack(record)]));
  const nonce = concat(header.prefix, u32(0), Uint8Array.of(1));
  return concat(start, await seal(await file_key(vault_key, /** @type {any} */ (header)), nonce, plain, await file_data(packed)));
}

test("a wrap for a device is no key to a file", async () => {
  const file = await write_of_before({ ...head, wrap: wraps[1] }, [vault_record]);
  await assert.rejects(open_account_file(new Blob([file]), recovery_key), invalid);
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

test("chunks exchanged, doubled or left out are refused, where records end with them too", async () => {
  for (const records of [await chunk_sized_records(), [vault_record, ...texts(250, 1_000)]]) {
    const [header, first, second, third, last] = take_apart(await write(records));
    for (const wrong of [
      [first],
      [first, second],
      [first, third, second, last],
      [second, first, third, last],
      [first, first, second, third, last],
      [first, third, last],
      [second, third, last],
      [first, second, third, last, last],
    ]) {
      await assert.rejects(read(concat(header, ...wrong)), invalid);
    }
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

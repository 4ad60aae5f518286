// @ts-check
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { concat, u32, u64 } from "../../../static/js/codec/bytes.js";
import { padded_length } from "../../../static/js/codec/padme.js";
import { import_aes_key, seal } from "../../../static/js/crypto/aead.js";
import { sha256 } from "../../../static/js/crypto/hash.js";
import { hkdf_sha256 } from "../../../static/js/crypto/hkdf.js";
import { random_bytes } from "../../../static/js/crypto/random.js";
import { is_talk2me_error } from "../../../static/js/errors.js";
import {
  CHUNK_LENGTH,
  derive_file,
  file_layout,
  FileOpener,
  FileSealer,
  HEAD_LENGTH,
  open_chunk,
  seal_chunk,
  stored_offset,
} from "../../../static/js/protocol/file_sealing.js";
import { label } from "../../../static/js/protocol/labels.js";
import { read_vectors } from "./vectors.js";

/** @import { Bytes } from "../../../static/js/codec/bytes.js" */
/** @typedef {{ key: Bytes, id: Bytes, size: number, digest: Bytes, stored: Bytes }} Sealed */

const damaged = (/** @type {unknown} */ error) => is_talk2me_error(error, "file_damaged");

/** @param {Bytes} plain @param {{ key?: Bytes, id?: Bytes }} [given] @returns {Promise<Sealed>} */
async function seal_all(plain, { key = random_bytes(32), id = random_bytes(16) } = {}) {
  const file = await derive_file({ key, id, size: plain.length });
  const sealer = new FileSealer(file);
  const parts = [];
  for (let index = 0; index < file.chunks; index += 1) {
    parts.push(await sealer.seal(plain.subarray(index * CHUNK_LENGTH, (index + 1) * CHUNK_LENGTH)));
  }
  return { key, id, size: plain.length, digest: await sealer.end(), stored: concat(...parts) };
}

/** @param {Bytes} plain @param {{ key: Bytes, id: Bytes }} given @param {number} at_once chunks @returns {Promise<Sealed>} */
async function seal_side_by_side(plain, { key, id }, at_once) {
  const file = await derive_file({ key, id, size: plain.length });
  const sealer = new FileSealer(file);
  const parts = [];
  for (let index = 0; index < file.chunks; index += at_once) {
    const count = Math.min(at_once, file.chunks - index);
    parts.push(await sealer.seal(plain.subarray(index * CHUNK_LENGTH, (index + count) * CHUNK_LENGTH), count));
  }
  return { key, id, size: plain.length, digest: await sealer.end(), stored: concat(...parts) };
}

/** @param {Sealed} sealed @param {number} [at_once] chunks in one piece @returns {Promise<Bytes>} */
async function open_all({ key, id, size, digest, stored }, at_once = 1) {
  const opener = new FileOpener(await derive_file({ key, id, size }), digest);
  const plain = [];
  while (!opener.ended) {
    const from = stored_offset(opener.file, opener.next);
    const to = stored_offset(opener.file, Math.min(opener.file.chunks, opener.next + at_once));
    plain.push(...(await opener.take(stored.subarray(from, to))));
  }
  await opener.end();
  return concat(...plain);
}

/** @param {Sealed} sealed @param {number} index */
function chunk_of({ size, stored }, index) {
  const layout = file_layout(size);
  return stored.slice(index === 0 ? HEAD_LENGTH : stored_offset(layout, index), stored_offset(layout, index + 1));
}

/** Chunks put together anew, behind the true beginning; the digest is that of what lies there. @param {Sealed} sealed @param {Uint8Array[]} chunks @returns {Promise<Sealed>} */
async function with_chunks(sealed, chunks) {
  const commitment = sealed.stored.subarray(0, HEAD_LENGTH);
  const digests = await Promise.all(chunks.map((chunk) => sha256(chunk)));
  return { ...sealed, stored: concat(commitment, ...chunks), digest: await sha256(commitment, ...digests) };
}

describe("a sealed file", () => {
  it("comes back as it was, for every size around the borders of chunks and of padding", async () => {
    const sizes = [0, 1, 255, 256, 257, 511, CHUNK_LENGTH - 1, CHUNK_LENGTH, CHUNK_LENGTH + 1];
    for (const size of [...sizes, 2 * CHUNK_LENGTH - 1, 2 * CHUNK_LENGTH, 2 * CHUNK_LENGTH + 1, 3 * CHUNK_LENGTH + 7]) {
      const plain = random_bytes(size);
      const sealed = await seal_all(plain);
      assert.equal(sealed.stored.length, file_layout(size).stored);
      assert.deepEqual(await open_all(sealed), plain, `${size}`);
      assert.deepEqual(await open_all(sealed, 16), plain, `${size} at once`);
    }
  });

  it("comes back as it was, whatever is in it", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 3 * CHUNK_LENGTH }), fc.integer({ min: 1, max: 4 }), async (size, at_once) => {
        const plain = random_bytes(size);
        assert.deepEqual(await open_all(await seal_all(plain), at_once), plain);
      }),
      { numRuns: 12 },
    );
  });

  it("has a length that tells no more than PADME does", () => {
    for (const size of [0, 1, 100, 256]) assert.equal(file_layout(size).stored, file_layout(0).stored);
    assert.equal(file_layout(70_000).stored, file_layout(69_700).stored);
    assert.equal(file_layout(70_000).padded, padded_length(70_000, 256));
  });

  it("gives each chunk out by itself, once it is known to be that one", async () => {
    const plain = random_bytes(3 * CHUNK_LENGTH);
    const sealed = await seal_all(plain);
    const file = await derive_file(sealed);
    assert.deepEqual(await open_chunk(file, 1, chunk_of(sealed, 1)), plain.slice(CHUNK_LENGTH, 2 * CHUNK_LENGTH));
    await assert.rejects(open_chunk(file, 2, chunk_of(sealed, 1)), damaged);
    await assert.rejects(open_chunk(file, 4, chunk_of(sealed, 1)), damaged);
  });

  it("has the same bytes however many chunks are sealed side by side", async () => {
    for (const size of [0, CHUNK_LENGTH, 4 * CHUNK_LENGTH + 9, 33 * CHUNK_LENGTH + 1]) {
      const plain = random_bytes(size);
      const alone = await seal_all(plain);
      for (const at_once of [2, 16]) assert.deepEqual(await seal_side_by_side(plain, alone, at_once), alone, `${size} by ${at_once}`);
    }
    const file = await derive_file({ key: random_bytes(32), id: random_bytes(16), size: 3 * CHUNK_LENGTH });
    const invalid = (/** @type {unknown} */ error) => is_talk2me_error(error, "encoding_invalid");
    await assert.rejects(new FileSealer(file).seal(random_bytes(3 * CHUNK_LENGTH), 2), invalid);
  });

  it("has the same bytes as ever", async () => {
    for (const { key, id, plain, stored_digest, head, first_chunk_digest } of read_vectors("file_sealing.json")) {
      const sealed = await seal_all(concat(...Array.from({ length: plain.times }, () => plain.bytes)), { key, id });
      assert.deepEqual(sealed.stored.slice(0, HEAD_LENGTH), head);
      assert.deepEqual(await sha256(chunk_of(sealed, 0)), first_chunk_digest);
      assert.deepEqual(sealed.digest, stored_digest);
    }
  });
});

describe("a sealed file of a server that lies", () => {
  it("is refused when chunks change places", async () => {
    const sealed = await seal_all(random_bytes(4 * CHUNK_LENGTH));
    const [a, b, c, d] = [0, 1, 2, 3].map((index) => chunk_of(sealed, index));
    for (const chunks of [[b, a, c, d], [a, c, b, d], [a, b, b, d], [a, b, c, c], [d, b, c, a]]) {
      await assert.rejects(open_all(await with_chunks(sealed, chunks)), damaged);
    }
  });

  it("is refused when it was cut behind any chunk, as what it is and as a shorter file", async () => {
    const sealed = await seal_all(random_bytes(4 * CHUNK_LENGTH));
    for (let kept = 0; kept < 4; kept += 1) {
      const chunks = [0, 1, 2, 3].slice(0, kept).map((index) => chunk_of(sealed, index));
      const cut = await with_chunks(sealed, chunks);
      await assert.rejects(open_all(cut), damaged);
      // Whoever can change the size in the message as well changes what every chunk is bound to.
      if (kept > 0) await assert.rejects(open_all({ ...cut, size: kept * CHUNK_LENGTH }), damaged);
    }
  });

  it("is refused with more behind its end, and with less than a chunk", async () => {
    const sealed = await seal_all(random_bytes(2 * CHUNK_LENGTH));
    const opener = new FileOpener(await derive_file(sealed), sealed.digest);
    await assert.rejects(opener.take(concat(sealed.stored, chunk_of(sealed, 1))), damaged);
    for (const length of [0, 1, HEAD_LENGTH, HEAD_LENGTH + 15, CHUNK_LENGTH, sealed.stored.length - 1]) {
      await assert.rejects(
        async () => {
          const one = new FileOpener(await derive_file(sealed), sealed.digest);
          await one.take(sealed.stored.subarray(0, length));
          await one.end();
        },
        damaged,
        `${length}`,
      );
    }
  });

  it("is refused when a chunk is that of another file, of another key, or of the same key under another id", async () => {
    const key = random_bytes(32);
    const id = random_bytes(16);
    const plain = random_bytes(2 * CHUNK_LENGTH);
    const sealed = await seal_all(plain, { key, id });
    for (const given of [{}, { key }, { id }]) {
      const other = await seal_all(plain, given);
      await assert.rejects(open_all(await with_chunks(sealed, [chunk_of(sealed, 0), chunk_of(other, 1)])), damaged);
      await assert.rejects(open_all({ ...sealed, stored: other.stored, digest: other.digest }), damaged);
    }
  });

  it("is refused when any one bit of it is another", async () => {
    const sealed = await seal_all(random_bytes(CHUNK_LENGTH + 100));
    for (const at of [0, 31, 32, 40, HEAD_LENGTH + CHUNK_LENGTH + 3, HEAD_LENGTH + CHUNK_LENGTH + 20, sealed.stored.length - 1]) {
      const stored = sealed.stored.slice();
      stored[at] ^= 1;
      await assert.rejects(open_all({ ...sealed, stored }), damaged, `${at}`);
    }
  });

  it("is refused when the digest in the message is another", async () => {
    const sealed = await seal_all(random_bytes(100));
    await assert.rejects(open_all({ ...sealed, digest: random_bytes(32) }), damaged);
  });
});

describe("a sealed file of a sender that lies", () => {
  /** What `derive_file` does, with a last chunk that is not said to be one, or one too early. */
  async function flag_chunk(/** @type {Sealed} */ { key, id, size }, /** @type {number} */ index, /** @type {number} */ flag) {
    const { padded } = file_layout(size);
    const secret = await hkdf_sha256(key, id, label("file"), 39);
    const nonce = concat(secret.subarray(32), u32(index), Uint8Array.of(flag));
    const data = concat(label("file chunk"), id, u64(padded));
    return seal(await import_aes_key(secret.subarray(0, 32)), nonce, random_bytes(Math.min(CHUNK_LENGTH, padded - index * CHUNK_LENGTH)), data);
  }

  it("is refused when the last chunk is not marked as the last, or another one is", async () => {
    const sealed = await seal_all(random_bytes(2 * CHUNK_LENGTH));
    assert.equal((await open_all(await with_chunks(sealed, [chunk_of(sealed, 0), await flag_chunk(sealed, 1, 1)]))).length, 2 * CHUNK_LENGTH);
    await assert.rejects(open_all(await with_chunks(sealed, [chunk_of(sealed, 0), await flag_chunk(sealed, 1, 0)])), damaged);
    await assert.rejects(open_all(await with_chunks(sealed, [await flag_chunk(sealed, 0, 1), chunk_of(sealed, 1)])), damaged);
  });

  it("is refused when there is something where padding should be", async () => {
    const sealed = await seal_all(random_bytes(100));
    const { padded } = file_layout(100);
    assert.ok(padded > 100);
    await assert.rejects(open_all(await with_chunks(sealed, [await flag_chunk(sealed, 0, 1)])), damaged);
  });

  it("opens under one key only: bytes that two keys decrypt are refused by all keys but one", async () => {
    // GCM itself does not commit to a key (Dodis, Grubbs, Ristenpart, Woodage, "Fast Message Franking", 2018): what stands
    // before the chunks does, so a chunk that some other key opens too is never looked at under it.
    const one = await seal_all(random_bytes(300));
    const other = await derive_file({ key: random_bytes(32), id: one.id, size: one.size });
    const opens_under_other = await seal_chunk(other, 0, random_bytes(300));
    const both = await with_chunks(one, [opens_under_other]);
    await assert.rejects(new FileOpener(other, both.digest).take(both.stored), damaged);
    await assert.rejects(open_all(both), damaged);
    assert.deepEqual((await open_chunk(other, 0, opens_under_other)).length, 300, "the chunk alone would have been opened");
  });

  it("can't be larger than can be counted", () => {
    assert.throws(() => file_layout(2 ** 31), (error) => is_talk2me_error(error, "encoding_invalid"));
  });
});

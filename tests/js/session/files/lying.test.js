// @ts-check
// Files of a server that lies and of a sender that does, together or alone (ATTACKS 21, 22).
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { from_base64url, to_base64url } from "../../../../static/js/codec/base64url.js";
import { concat } from "../../../../static/js/codec/bytes.js";
import { sha256 } from "../../../../static/js/crypto/hash.js";
import { random_bytes } from "../../../../static/js/crypto/random.js";
import { is_talk2me_error } from "../../../../static/js/errors.js";
import { CHUNK_LENGTH, derive_file, FileSealer, file_layout, HEAD_LENGTH, seal_chunk, stored_offset } from "../../../../static/js/protocol/file_sealing.js";
import { until } from "../../support/browser.js";
import { Person, two_people } from "../../support/people.js";
import { send_content } from "../../support/said.js";
import { start_server } from "../../support/server.js";
import { digest_of } from "../../support/stored.js";

/** @import { Bytes } from "../../../../static/js/codec/bytes.js" */

const damaged = (/** @type {unknown} */ error) => is_talk2me_error(error, "file_damaged");

describe("files of whoever lies", { timeout: 180_000 }, () => {
  /** @type {import("../../support/server.js").Server} */
  let server;
  /** @type {Person} */
  let alice;
  /** @type {Person} */
  let bob;
  /** @type {Person} */
  let mallory;
  /** What the server gives bob in the place of stored bytes, by the attachment. @type {Map<string, Uint8Array>} */
  const instead = new Map();
  /** @type {any[]} */
  const told = [];

  /** @param {string} input @param {RequestInit} init @returns {Promise<Response>} */
  async function lying_fetch(input, init) {
    const found = [...instead].find(([id]) => input.endsWith(`/attachments/${id}`));
    const { range } = /** @type {Record<string, string>} */ (init.headers ?? {});
    if (!found || !range) return fetch(input, init);
    const [from, last] = range.replace("bytes=", "").split("-").map(Number);
    return new Response(new Uint8Array(found[1].subarray(from, last + 1)), { status: 206, headers: { "content-type": "application/octet-stream" } });
  }

  before(async () => {
    server = await start_server({ RATE_UPLOAD: "", RATE_DOWNLOAD: "" });
    [alice, bob] = await two_people(server.origin, [{}, { fetch: lying_fetch }]);
    mallory = await Person.sign_up(server.origin, "mallory");
    await mallory.meet(bob);
    await mallory.say(bob, "hello");
    await bob.hears(mallory, "hello");
    bob.session.on("file", (progress) => told.push(progress));
  });
  after(async () => {
    for (const one of [alice, bob, mallory]) one?.close();
    await server?.stop();
  });

  /** @param {Bytes} plain */
  async function send_honestly(plain) {
    const given = { blob: new Blob([plain]), name: "contract.pdf", media: "application/pdf", kind: "file" };
    const { id } = await alice.do("send_files", { conversation: bob.account, files: [given] });
    const [{ id: file }] = (await comes(alice, id)).files;
    const { value } = /** @type {{ value: any }} */ ((await bob.device.store.list("messages", { prefix: `m/${alice.account}/` })).find((row) => row.value.id === id));
    const { key } = value.files[0];
    return { id, file, sealed: await seal_as(plain, key, from_base64url(file)) };
  }

  /** @param {Person} from @param {string} id */
  const comes = (from, id) => until(async () => (await bob.messages(from)).find((message) => message.id === id), "the file's message has come");

  /** @param {Person} from @param {any} body @returns {Promise<string>} id of the message */
  async function send_made_up(from, body) {
    const file = { name: "contract.pdf", media: "application/pdf", kind: "file", ...body };
    const id = to_base64url(await send_content(from, bob, { type: "text", body: { text: "", files: [file] } }));
    await comes(from, id);
    return id;
  }

  /** @param {Person} from @param {string} id */
  async function read(from, id) {
    const { blob } = await bob.do("read_file", { conversation: from.account, id, index: 0 });
    return new Uint8Array(await blob.arrayBuffer());
  }

  /** The person is told that it is damaged; nothing is kept of it. @param {Person} from @param {string} id */
  async function is_refused(from, id) {
    // Keys and what is owed move on by themselves with each receipt.
    const kept = ["messages", "contacts", "files"];
    const before_it = await digest_of(bob.device, kept);
    told.length = 0;
    await assert.rejects(read(from, id), damaged);
    assert.deepEqual([told.at(-1).state, told.at(-1).error], ["failed", "file_damaged"]);
    assert.deepEqual(await digest_of(bob.device, kept), before_it);
  }

  it("are refused when the server lets chunks change places, cuts them off or repeats them, and open once it is honest", async () => {
    const plain = random_bytes(4 * CHUNK_LENGTH);
    const { id, file, sealed } = await send_honestly(plain);
    const layout = file_layout(plain.length);
    const [head, a, b, c, d] = [
      sealed.subarray(0, HEAD_LENGTH),
      ...[0, 1, 2, 3].map((index) => sealed.subarray(index === 0 ? HEAD_LENGTH : stored_offset(layout, index), stored_offset(layout, index + 1))),
    ];
    for (const lie of [[b, a, c, d], [a, c, b, d], [a, b, b, d], [d, b, c, a], [a, b, c], [a, b, d], []]) {
      instead.set(file, concat(head, ...lie));
      await is_refused(alice, id);
    }
    instead.set(file, sealed);
    assert.deepEqual(await read(alice, id), plain, "what is sealed here is what the server has");
    instead.clear();
  });

  it("are not exchanged by what somebody else says lies under their name, whoever is believed first", async () => {
    const plain = random_bytes(900);
    const { id, file } = await send_honestly(plain);
    const [other, key] = [random_bytes(900), random_bytes(32)];
    const stored = await seal_as(other, key, from_base64url(file));
    const hers = await send_made_up(mallory, { id: from_base64url(file), key, digest: await digest_of_chunk(stored), size: other.length });
    // A server that works with her gives what she has sealed to whoever opens her message.
    instead.set(file, stored);
    assert.deepEqual(await read(mallory, hers), other);
    await is_refused(alice, id);
    instead.clear();
    assert.deepEqual(await read(alice, id), plain);
    assert.deepEqual(await read(mallory, hers), other, "what she sent stays what she sent");
  });

  it("are refused when their bytes open under a second key: nobody can show others something else than was reported", async () => {
    const id = random_bytes(16);
    const [one, other] = [random_bytes(32), random_bytes(32)];
    const under_other = await derive_file({ key: other, id, size: 300 });
    const head = (await seal_as(random_bytes(300), one, id)).subarray(0, HEAD_LENGTH);
    const stored = concat(head, await seal_chunk(under_other, 0, random_bytes(300)));
    instead.set(to_base64url(id), stored);
    for (const key of [one, other]) {
      await is_refused(mallory, await send_made_up(mallory, { id, key, digest: await digest_of_chunk(stored), size: 300 }));
    }
  });

  it("make no fault of our own", () => {
    assert.deepEqual([alice, bob, mallory].flatMap(({ browser }) => browser.faults), []);
  });
});

/** @param {Bytes} stored of a file of one chunk @returns {Promise<Bytes>} as protocol.md 15 has it */
async function digest_of_chunk(stored) {
  return sha256(stored.subarray(0, HEAD_LENGTH), await sha256(stored.subarray(HEAD_LENGTH)));
}

/** @param {Bytes} plain @param {Bytes} key @param {Bytes} id @returns {Promise<Bytes>} as it lies on a server */
async function seal_as(plain, key, id) {
  const file = await derive_file({ key, id, size: plain.length });
  const sealer = new FileSealer(file);
  const parts = [];
  for (let at = 0; at < file.chunks; at += 1) parts.push(await sealer.seal(plain.subarray(at * CHUNK_LENGTH, (at + 1) * CHUNK_LENGTH)));
  return concat(...parts);
}

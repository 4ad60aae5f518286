// @ts-check
// Every form of what people do with messages, and what is none of them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { concat } from "../../../static/js/codec/bytes.js";
import { pack } from "../../../static/js/codec/msgpack.js";
import { pad_with_length } from "../../../static/js/codec/padme.js";
import { random_bytes } from "../../../static/js/crypto/random.js";
import { decode_content, encode_content } from "../../../static/js/protocol/content.js";
import { make_commitment } from "../../../static/js/protocol/franking.js";

/** @import { Content } from "../../../static/js/protocol/content_schema.js" */

const mailbox = random_bytes(16);
const opening = random_bytes(32);
const id = random_bytes(16);
const head = {
  ...{ id, time: 1_760_000_000_000 },
  seen: { sequence: 4, transcript: random_bytes(32) },
  chain: { seq: 1, hash: random_bytes(32) },
  checkpoint: null,
};
const reply = { id, author: id, text: "what was said" };
const file = { id, key: random_bytes(32), digest: random_bytes(32), size: 3, name: "a.txt", media: "text/plain", kind: "file" };
const image = { ...file, kind: "image", width: 640, height: 480, thumbnail: random_bytes(8_192) };

/** @type {[string, string, unknown][]} */
const TAKEN = [
  ["a text with all that can be with it", "text", { text: "x", reply, mentions: [id], forwarded: true, files: [file, image], timer: 60 }],
  ["files without a text", "text", { text: "", files: [{ ...file, kind: "voice", duration: 1 }] }],
  ["a quote of nothing", "text", { text: "x", reply: { ...reply, text: "" } }],
  ["the longest timer", "text", { text: "x", timer: 31_449_600 }],
  ["an edit", "edit", { to: id, text: "y" }],
  ["an edit that mentions", "edit", { to: id, text: "y", mentions: [id] }],
  ["a deletion", "delete", { to: id }],
  ["a reaction", "reaction", { to: id, emoji: "👍🏽" }],
  ["a reaction taken back", "reaction", { to: id, emoji: null }],
  ["a pin", "pin", { to: id, pinned: true }],
  ["no timer", "timer", { seconds: 0 }],
  ["a receipt for what was read", "receipt", { delivered: [], read: Array(256).fill(id) }],
];

for (const [what, type, body] of TAKEN) {
  test(`taken as it was: ${what}`, async () => {
    const content = /** @type {Content} */ ({ ...head, type, body });
    const { plain, commitment } = await encode_content(content, opening, mailbox);
    assert.deepEqual(await decode_content(plain, mailbox, commitment), content);
  });
}

const without = (/** @type {Record<string, unknown>} */ { key: _key, ...rest }) => rest;

/** @type {[string, string, unknown][]} */
const REFUSED = [
  ["neither text nor files", "text", { text: "", files: [] }],
  ["no text", "text", { files: [file] }],
  ["a quote over its limit", "text", { text: "x", reply: { ...reply, text: "y".repeat(241) } }],
  ["a quote of nobody", "text", { text: "x", reply: { id, text: "y" } }],
  ["a quote with more in it", "text", { text: "x", reply: { ...reply, html: "y" } }],
  ["no mentions", "text", { text: "x", mentions: [] }],
  ["too many mentions", "text", { text: "x", mentions: Array(65).fill(id) }],
  ["a mention by name", "text", { text: "x", mentions: ["bob"] }],
  ["not forwarded", "text", { text: "x", forwarded: false }],
  ["a timer that is over at once", "text", { text: "x", timer: 0 }],
  ["a timer over a year", "text", { text: "x", timer: 31_449_601 }],
  ["a timer with a fraction", "text", { text: "x", timer: 1.5 }],
  ["too many files", "text", { text: "", files: Array(17).fill(file) }],
  ["a file without a key", "text", { text: "", files: [without(file)] }],
  ["a file without a name", "text", { text: "", files: [{ ...file, name: "" }] }],
  ["a file of another kind", "text", { text: "", files: [{ ...file, kind: "page" }] }],
  ["a file of less than nothing", "text", { text: "", files: [{ ...file, size: -1 }] }],
  ["a thumbnail over its limit", "text", { text: "", files: [{ ...image, thumbnail: new Uint8Array(8_193) }] }],
  ["a file with more in it", "text", { text: "", files: [{ ...file, url: "https://example.org" }] }],
  ["an edit to nothing", "edit", { to: id, text: "" }],
  ["an edit of nothing", "edit", { text: "x" }],
  ["an edit with files", "edit", { to: id, text: "x", files: [file] }],
  ["a deletion with a reason", "delete", { to: id, text: "x" }],
  ["a deletion of no id", "delete", { to: "x" }],
  ["a reaction of nothing", "reaction", { to: id, emoji: "" }],
  ["a reaction without end", "reaction", { to: id, emoji: "👍".repeat(33) }],
  ["a reaction that says nothing", "reaction", { to: id }],
  ["half a pin", "pin", { to: id, pinned: 1 }],
  ["a timer of less than nothing", "timer", { seconds: -1 }],
  ["a timer without end", "timer", { seconds: 31_449_601 }],
  ["a receipt for too much that was read", "receipt", { delivered: [], read: Array(257).fill(id) }],
  ["a receipt for what was read alone", "receipt", { read: [id] }],
];

for (const [what, type, body] of REFUSED) {
  test(`refused: ${what}`, async () => {
    const content = pack({ v: 1, ...head, type, body });
    const commitment = await make_commitment(opening, mailbox, content);
    const plain = pad_with_length(concat(opening, content), 512);
    await assert.rejects(decode_content(plain, mailbox, commitment), { code: "content_invalid" });
    await assert.rejects(encode_content(/** @type {any} */ ({ ...head, type, body }), opening, mailbox), { code: "content_invalid" });
  });
}

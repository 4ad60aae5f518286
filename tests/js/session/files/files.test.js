// @ts-check
import assert from "node:assert/strict";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { random_bytes } from "../../../../static/js/crypto/random.js";
import { is_talk2me_error } from "../../../../static/js/errors.js";
import { add_device } from "../../support/archives.js";
import { until } from "../../support/browser.js";
import { two_people } from "../../support/people.js";
import { start_server } from "../../support/server.js";

/** @import { Person } from "../../support/people.js" */
/** @typedef {(input: string, init: RequestInit) => Promise<Response>} Fetch */

const MEBI = 1_048_576;
const is = (/** @type {any} */ code) => (/** @type {unknown} */ error) => is_talk2me_error(error, code);

/** @param {number} size */
function some_file(size, name = "notes.txt") {
  const bytes = random_bytes(size);
  return { bytes, given: { blob: new Blob([bytes]), name, media: "text/plain", kind: "file" } };
}

/** @param {Person} from @param {Person} to @param {any[]} files @param {any} [more] @returns {Promise<string>} id of the message */
async function send(from, to, files, more = {}) {
  return (await from.do("send_files", { conversation: to.account, files, ...more })).id;
}

/** @param {Person} person @param {Person} other @param {string} id */
async function message_of(person, other, id) {
  return (await person.messages(other)).find((message) => message.id === id);
}

/** @param {Person} person @param {Person} other @param {string} id */
const comes = (person, other, id) => until(() => message_of(person, other, id), `${person.name} has ${id}`);

/** @param {Person} person @param {Person} other @param {string} id */
async function read(person, other, id, index = 0) {
  const { blob, name } = await person.do("read_file", { conversation: other.account, id, index });
  return { name, bytes: new Uint8Array(await blob.arrayBuffer()) };
}

/** Its second megabyte never comes, until it is told to end. */
function endless_blob() {
  const blob = new Blob([random_bytes(3 * MEBI)]);
  const slice = blob.slice.bind(blob);
  /** @type {(error: Error) => void} */
  let end = () => {};
  const never = new Promise((_, reject) => (end = reject));
  never.catch(() => undefined);
  blob.slice = (from = 0, to) => (from < 2 * MEBI ? slice(from, to) : /** @type {any} */ ({ arrayBuffer: () => never }));
  return Object.assign(blob, { end: () => end(new Error("ended")) });
}

/** What the server has of one's files. @param {Person} person @returns {Promise<{ id: string, keep: boolean, expires: number | null }[]>} */
const there = async (person) => (await person.do("known_of_account")).attachments.rows;

/** @param {Person} person @param {Person} other @param {string} id @returns {Promise<string>} the id of what is kept */
async function keep(person, other, id) {
  await comes(person, other, id);
  await person.do("keep_file", { conversation: other.account, id, index: 0, keep: true });
  return until(async () => {
    const [shown] = (await message_of(person, other, id)).files;
    return shown.state === "kept" ? shown.id : null;
  }, "kept");
}

/** What is sent through it can be lost. @param {(input: string, init: RequestInit, go: () => Promise<Response>) => Promise<Response>} meddle @returns {Fetch} */
const meddled_fetch = (meddle) => (input, init) => meddle(input, init, () => fetch(input, init));

const lost = () => Promise.reject(new TypeError("lost"));

describe("files between two people", { timeout: 240_000 }, () => {
  /** @type {import("../../support/server.js").Server} */
  let server;
  /** @type {Person} */
  let alice;
  /** @type {Person} */
  let bob;

  /** @returns {Promise<string[]>} paths of all parts on the server */
  async function parts() {
    const folder = join(dirname(server.database), "attachments");
    const names = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
    return names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  }

  const left_here = async (/** @type {Person} */ person) => (await person.device.store.list("files", { prefix: "" })).map(({ id }) => id);

  before(async () => {
    server = await start_server({ RATE_UPLOAD: "", RATE_DOWNLOAD: "", RATE_KNOWN: "" });
    [alice, bob] = await two_people(server.origin);
  });
  after(async () => {
    alice?.close();
    bob?.close();
    await server?.stop();
  });

  it("come as they were, with words and what is known of them, and leave nothing behind in the browser", async () => {
    const [small, large] = [some_file(700, "a letter.txt"), some_file(3 * MEBI + 123, "a film.mov")];
    const picture = { ...some_file(9_000, "b.png").given, kind: "image", media: "image/png", width: 40, height: 30, thumbnail: random_bytes(400) };
    const id = await send(alice, bob, [small.given, large.given, picture], { text: "look" });
    const message = await comes(bob, alice, id);
    assert.equal(message.text, "look");
    assert.deepEqual(message.files.map((/** @type {any} */ { name, size, kind, state }) => [name, size, kind, state]), [
      ["a letter.txt", 700, "file", "there"],
      ["a film.mov", 3 * MEBI + 123, "file", "there"],
      ["b.png", 9_000, "image", "there"],
    ]);
    assert.equal(message.files[2].thumbnail.length, 400);
    assert.equal(message.files[0].key, undefined, "keys stay below");
    assert.deepEqual(await read(bob, alice, id, 0), { name: "a letter.txt", bytes: small.bytes });
    assert.deepEqual((await read(bob, alice, id, 1)).bytes, large.bytes);
    await until(async () => (await message_of(alice, bob, id)).status !== "waiting");
    assert.deepEqual(await left_here(alice), []);
    assert.ok((await message_of(alice, bob, id)).files.every((/** @type {any} */ { expires }) => Math.abs(expires - Date.now() - 30 * 86_400_000) < 86_400_000));
  });

  it("lie on the server in sizes of PADME, without a byte of what they are", async () => {
    const text = "xylophone marmalade ".repeat(500);
    const id = await send(alice, bob, [{ blob: new Blob([text]), name: "secret name.txt", media: "text/plain", kind: "file" }]);
    await comes(bob, alice, id);
    for (const path of await parts()) {
      const stored = await readFile(path, "latin1");
      assert.ok(!stored.includes("xylophone") && !stored.includes("secret name"));
    }
  });

  it("are shown at once as being sent, and leave when the connection is back", async () => {
    const file = some_file(2 * MEBI);
    await alice.reload({ fetch: meddled_fetch((input, _init, go) => (input.includes("/attachments") ? lost() : go())) });
    const id = await send(alice, bob, [file.given]);
    const waiting = await message_of(alice, bob, id);
    assert.deepEqual([waiting.status, waiting.files[0].state], ["waiting", "uploading"]);
    assert.deepEqual((await read(alice, bob, id)).bytes, file.bytes, "whoever sends it can look at it meanwhile");
    await alice.say(bob, "faster than the file");
    await bob.hears(alice, "faster than the file");
    assert.equal(await message_of(bob, alice, id), undefined);
    await alice.reload();
    await comes(bob, alice, id);
    assert.deepEqual((await read(bob, alice, id)).bytes, file.bytes);
  });

  it("go on where the server is after a lost connection and a reload in the middle: no part travels twice", async () => {
    const file = some_file(4 * MEBI);
    /** @type {string[]} */
    const sent = [];
    const counted = (/** @type {number} */ most) =>
      meddled_fetch((input, { method }, go) => {
        if (method !== "PUT") return go();
        if (sent.length >= most) return lost();
        sent.push(new URL(input).search);
        return go();
      });
    await alice.reload({ fetch: counted(2) });
    const id = await send(alice, bob, [file.given]);
    await until(() => sent.length === 2);
    await until(async () => alice.session.device !== null && (await left_here(alice)).length > 1);
    await alice.reload({ fetch: counted(Infinity) });
    await comes(bob, alice, id);
    assert.deepEqual((await read(bob, alice, id)).bytes, file.bytes);
    assert.deepEqual(sent, [0, 1, 2, 3, 4].map((number) => `?offset=${number * MEBI}`));
    await alice.reload();
  });

  it("go on when only the answer was lost", async () => {
    const file = some_file(2 * MEBI);
    let answers = 0;
    const fetch_without = meddled_fetch(async (_input, { method }, go) => {
      const response = await go();
      if (method !== "PUT") return response;
      answers += 1;
      if (answers > 1) return response;
      throw new TypeError("lost");
    });
    await alice.reload({ fetch: fetch_without });
    const id = await send(alice, bob, [file.given]);
    await comes(bob, alice, id);
    assert.deepEqual((await read(bob, alice, id)).bytes, file.bytes);
    await alice.reload();
  });

  it("are taken back before they have left, and nobody ever hears of them", async () => {
    await alice.reload({ fetch: meddled_fetch((input, { method }, go) => (input.includes("/attachments") && method === "PUT" ? lost() : go())) });
    const [kept, dropped] = [some_file(MEBI, "kept"), some_file(MEBI, "dropped")];
    const alone = await send(alice, bob, [dropped.given]);
    const id = await send(alice, bob, [kept.given, dropped.given], { text: "one of two" });
    await alice.do("cancel_file", { id: (await message_of(alice, bob, alone)).files[0].id });
    assert.equal(await message_of(alice, bob, alone), undefined);
    await alice.do("cancel_file", { id: (await message_of(alice, bob, id)).files[1].id });
    await alice.reload();
    const message = await comes(bob, alice, id);
    assert.deepEqual(message.files.map((/** @type {any} */ { name }) => name), ["kept"]);
    assert.equal(await message_of(bob, alice, alone), undefined);
    await until(async () => (await left_here(alice)).length === 0);
  });

  it("stop on the way in and go on where they were", async () => {
    const file = some_file(4 * MEBI);
    const id = await send(alice, bob, [file.given]);
    /** @type {string[]} */
    const ranges = [];
    const watched = meddled_fetch(async (_input, { headers }, go) => {
      const { range } = /** @type {Record<string, string>} */ (headers);
      if (range) ranges.push(range);
      if (range && ranges.length === 2) await bob.do("cancel_file", { id: (await message_of(bob, alice, id)).files[0].id });
      return go();
    });
    await comes(bob, alice, id);
    await bob.reload({ fetch: watched });
    await assert.rejects(read(bob, alice, id), is("file_cancelled"));
    assert.deepEqual((await read(bob, alice, id)).bytes, file.bytes);
    assert.equal(ranges.filter((range) => range === ranges[0]).length, 1, "what had come was not fetched again");
    await read(bob, alice, id);
    assert.equal(ranges.length, new Set(ranges).size + 1, "what was opened is not fetched again");
    await bob.reload();
  });

  it("that were changed on the server are refused, whichever byte it was", async () => {
    const known = new Set(await parts());
    const file = some_file(2 * MEBI);
    const id = await send(alice, bob, [file.given]);
    await comes(bob, alice, id);
    const stored = (await parts()).filter((path) => !known.has(path)).sort();
    const bytes = await readFile(stored[1]);
    bytes[70_000] ^= 1;
    await writeFile(stored[1], bytes);
    /** @type {any[]} */
    const told = [];
    bob.session.on("file", (progress) => told.push(progress));
    await assert.rejects(read(bob, alice, id), is("file_damaged"));
    assert.deepEqual([told.at(-1).state, told.at(-1).error], ["failed", "file_damaged"]);
    bytes[70_000] ^= 1;
    await writeFile(stored[1], bytes);
    assert.deepEqual((await read(bob, alice, id)).bytes, file.bytes);
  });

  it("of which the server gives another one are refused", async () => {
    const [one, other] = [some_file(2_000), some_file(2_000)];
    const known = new Set(await parts());
    const first = await send(alice, bob, [one.given]);
    await comes(bob, alice, first);
    const [path] = (await parts()).filter((part) => !known.has(part));
    const second = await send(alice, bob, [other.given]);
    await comes(bob, alice, second);
    const [other_path] = (await parts()).filter((part) => !known.has(part) && part !== path);
    await writeFile(path, await readFile(other_path));
    await assert.rejects(read(bob, alice, first), is("file_damaged"));
    assert.deepEqual((await read(bob, alice, second)).bytes, other.bytes);
  });

  it("that the server does not have any more say so from then on", async () => {
    const id = await send(alice, bob, [some_file(300).given]);
    const { files } = await comes(bob, alice, id);
    await alice.device.api.delete_attachment(files[0].id);
    await assert.rejects(read(bob, alice, id), is("file_expired"));
    assert.equal((await message_of(bob, alice, id)).files[0].state, "expired");
  });

  it("are kept by whoever wants them, as files of their own, until they let go of them", async () => {
    const file = some_file(5_000, "keep me.pdf");
    const id = await send(alice, bob, [file.given]);
    const { files } = await comes(bob, alice, id);
    await bob.do("keep_file", { conversation: alice.account, id, index: 0, keep: true });
    const kept = await until(async () => {
      const [shown] = (await message_of(bob, alice, id)).files;
      return shown.state === "kept" ? shown : null;
    });
    assert.notEqual(kept.id, files[0].id);
    assert.equal(kept.expires, undefined);
    await alice.device.api.delete_attachment(files[0].id);
    await bob.reload();
    assert.deepEqual(await read(bob, alice, id), { name: "keep me.pdf", bytes: file.bytes });
    await bob.do("keep_file", { conversation: alice.account, id, index: 0, keep: false });
    assert.equal((await message_of(bob, alice, id)).files[0].state, "expired");
    await bob.reload();
    await assert.rejects(read(bob, alice, id), is("file_expired"));
  });

  it("that are kept go from the server with their message, however it goes, as soon as the server can be told", async () => {
    const [mine, theirs, stays] = [await send(alice, bob, [some_file(300).given]), await send(alice, bob, [some_file(300).given]), await send(alice, bob, [some_file(300).given])];
    const kept = [await keep(bob, alice, mine), await keep(bob, alice, theirs), await keep(bob, alice, stays)];
    const left = async () => (await there(bob)).filter((file) => file.keep).map(({ id }) => id);
    assert.deepEqual((await left()).sort(), [...kept].sort());
    await bob.reload({ fetch: meddled_fetch((_input, { method }, go) => (method === "DELETE" ? lost() : go())) });
    await bob.do("delete_message", { conversation: alice.account, id: mine, for: "own" });
    await alice.do("delete_message", { conversation: bob.account, id: theirs, for: "all" });
    await until(async () => (await message_of(bob, alice, theirs)).deleted);
    assert.equal((await left()).length, 3, "nothing has reached the server yet");
    await bob.reload();
    await until(async () => (await left()).length === 1, "they are gone there");
    assert.deepEqual(await left(), [kept[2]]);
    await until(async () => (await left_here(bob)).length === 0);

    // One by one, by what the server has: the browser that kept it may be lost.
    await assert.rejects(bob.do("delete_kept", { ids: ["../account"] }), is("bad_request"));
    await bob.do("delete_kept", { ids: [kept[2]] });
    assert.deepEqual(await left(), []);
    await bob.reload();
    await assert.rejects(read(bob, alice, stays), is("file_expired"));
    assert.equal((await message_of(bob, alice, stays)).files[0].state, "expired");
  });

  it("that are kept are forwarded as files of their own, which stay when their owner lets go", async () => {
    const file = some_file(4_000, "handed on");
    const id = await send(alice, bob, [file.given, some_file(10, "as it was").given], { text: "both" });
    const kept = await keep(bob, alice, id);
    await bob.do("forward_message", { conversation: alice.account, id, to: [alice.account] });
    const again = await until(async () => (await alice.messages(bob)).find(({ forwarded, text }) => forwarded && text === "both"));
    const [first, second] = again.files;
    assert.ok(first.id !== kept && second.id === (await message_of(bob, alice, id)).files[1].id);
    await bob.do("keep_file", { conversation: alice.account, id, index: 0, keep: false });
    assert.deepEqual(await read(alice, bob, again.id), { name: "handed on", bytes: file.bytes });
    assert.ok((await there(bob)).find((one) => one.id === first.id)?.expires, "it goes as any other does");
  });

  it("of messages that disappear are not there for longer, and nobody keeps them", async () => {
    const [timer, week] = [3_600, 7 * 86_400];
    await alice.do("set_timer", { conversation: bob.account, seconds: timer });
    const id = await send(alice, bob, [some_file(200).given]);
    const [file] = (await comes(bob, alice, id)).files;
    const { expires } = (await there(alice)).find((one) => one.id === file.id) ?? {};
    const longest = Date.now() + (timer + week) * 1000;
    assert.ok(expires && expires <= longest + 60_000 && expires > longest - 600_000, `${expires} and not ${longest}`);
    await assert.rejects(bob.do("keep_file", { conversation: alice.account, id, index: 0, keep: true }), is("not_allowed"));
    await alice.do("set_timer", { conversation: bob.account, seconds: 0 });
  });

  it("are forwarded without being sent again", async () => {
    const file = some_file(1_000, "to be forwarded");
    const id = await send(alice, bob, [file.given]);
    await comes(bob, alice, id);
    const before_it = (await parts()).length;
    await bob.do("forward_message", { conversation: alice.account, id, to: [alice.account] });
    const again = await until(async () => (await alice.messages(bob)).find(({ forwarded, files }) => forwarded && files?.[0].name === "to be forwarded"));
    assert.deepEqual((await read(alice, bob, again.id)).bytes, file.bytes);
    assert.equal((await parts()).length, before_it);
  });

  it("of a message that is deleted before it has left are dropped, here and there", async () => {
    await alice.reload({ fetch: meddled_fetch((input, { method }, go) => (input.includes("/attachments") && method === "PUT" ? lost() : go())) });
    const id = await send(alice, bob, [some_file(MEBI).given]);
    await alice.do("delete_message", { conversation: bob.account, id, for: "all" });
    await alice.reload();
    await until(async () => (await left_here(alice)).length === 0);
    assert.equal(await message_of(bob, alice, id), undefined);
  });

  it("that a page was sealing when it ended leave nothing, and those that are being sealed stay", async () => {
    const half = { ...some_file(1).given, blob: endless_blob() };
    const sealing = send(alice, bob, [half]).catch((error) => error);
    await until(async () => (await left_here(alice)).length > 1);
    await alice.do("send_files", { conversation: bob.account, files: [some_file(10).given] });
    assert.ok((await left_here(alice)).length > 1);
    await alice.reload();
    await until(async () => (await left_here(alice)).length === 0);
    half.blob.end();
    await sealing;
    assert.deepEqual(await left_here(alice), []);
  });

  it("that can't be read any more are refused", async () => {
    const gone = new Blob(["words"]);
    gone.slice = () => {
      throw new DOMException("gone", "NotReadableError");
    };
    await assert.rejects(send(alice, bob, [{ ...some_file(1).given, blob: gone }]), is("file_unreadable"));
    assert.deepEqual(await left_here(alice), []);
  });

  it("come to a device that the account adds later, out of the archive", async () => {
    const file = some_file(70_000, "of long ago.txt");
    const id = await send(alice, bob, [file.given], { text: "for later" });
    await comes(bob, alice, id);
    await until(async () => (await bob.ask("archive")).waiting === 0, "written");
    const later = await add_device(bob, server.origin, await bob.do("pending_recovery_key"));
    try {
      await until(() => message_of(later, alice, id));
      assert.deepEqual(await read(later, alice, id), { name: "of long ago.txt", bytes: file.bytes });
    } finally {
      later.close();
    }
  });

  it("that nobody could take are not begun with", async () => {
    const { given } = some_file(10);
    await assert.rejects(send(alice, bob, []), is("bad_request"));
    await assert.rejects(send(alice, bob, Array(17).fill(given)), is("bad_request"));
    await assert.rejects(send(alice, bob, [{ ...given, name: "" }]), is("bad_request"));
    await assert.rejects(send(alice, bob, [{ ...given, thumbnail: random_bytes(9_000) }]), is("bad_request"));
    await assert.rejects(send(alice, bob, [{ ...given, blob: "text" }]), is("bad_request"));
    await assert.rejects(send(alice, bob, [given], { text: "x".repeat(16_385) }), is("text_invalid"));
    await assert.rejects(alice.do("send_files", { conversation: "nobody", files: [given] }), is("not_found"));
    assert.deepEqual(await left_here(alice), []);
  });

  it("make no fault of our own", () => {
    assert.deepEqual([...alice.browser.faults, ...bob.browser.faults], []);
  });
});

describe("files that the server refuses", { timeout: 120_000 }, () => {
  /** @type {import("../../support/server.js").Server} */
  let server;
  /** @type {Person} */
  let alice;
  /** @type {Person} */
  let bob;

  before(async () => {
    server = await start_server({ RATE_UPLOAD: "", RATE_DOWNLOAD: "", ATTACHMENT_MAX_BYTES: "2000000", ATTACHMENT_QUOTA_BYTES: "1500000" });
    [alice, bob] = await two_people(server.origin);
  });
  after(async () => {
    alice?.close();
    bob?.close();
    await server?.stop();
  });

  it("because of their size are not even sealed", async () => {
    await assert.rejects(send(alice, bob, [some_file(2_000_000).given]), is("file_too_large"));
    assert.deepEqual(await alice.device.store.list("files", { prefix: "" }), []);
  });

  it("because there is no room are failed messages, and go once there is", async () => {
    const first = await send(alice, bob, [some_file(900_000).given]);
    const { files } = await comes(bob, alice, first);
    const id = await send(alice, bob, [some_file(900_000).given], { text: "no room" });
    const failed = await until(async () => {
      const message = await message_of(alice, bob, id);
      return message.status === "failed" ? message : null;
    });
    assert.equal(failed.error, "file_quota_reached");
    await alice.device.api.delete_attachment(files[0].id);
    await alice.do("retry", { conversation: bob.account, id });
    assert.equal((await comes(bob, alice, id)).text, "no room");
  });

  it("make no fault of our own", () => {
    assert.deepEqual([...alice.browser.faults, ...bob.browser.faults], []);
  });
});

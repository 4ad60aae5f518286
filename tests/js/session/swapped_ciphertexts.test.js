// @ts-check
// A server that serves one kind of ciphertext where another is read (ATTACKS 11): all of them real ones of the same account.
import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { from_base64url, to_base64url } from "../../../static/js/codec/base64url.js";
import { random_bytes } from "../../../static/js/crypto/random.js";
import { is_talk2me_error } from "../../../static/js/errors.js";
import { derive_link, parse_link_code } from "../../../static/js/protocol/link.js";
import { get_state } from "../../../static/js/session/archive/archive_state.js";
import { add_device, archived, is_restored } from "../support/archives.js";
import { Browser, until } from "../support/browser.js";
import { two_people } from "../support/people.js";
import { honest_box, relaying_fetch } from "../support/relayed_box.js";
import { start_server } from "../support/server.js";
import { digest_of, stored_in, traces_of_account } from "../support/stored.js";
import { tampering_sockets } from "../support/tampering_socket.js";

/** @import { Person } from "../support/people.js" */
/** @import { Tamper } from "../support/tampering_socket.js" */
/** @import { BoxLie } from "../support/relayed_box.js" */

/** @type {Tamper} */
const honest = (frame) => frame;
/** @type {Tamper} */
let to_alice = honest;
/** @type {Tamper} */
let to_reader = honest;
/** @type {Uint8Array | null} what is given instead of the vault */
let as_vault = null;
/** @type {BoxLie} */
let box = honest_box();

/** @type {any} */
const lying_fetch = async (/** @type {string} */ input, /** @type {RequestInit} */ init) => {
  if (!as_vault || init.method !== "GET" || !input.endsWith("/api/vault")) return fetch(input, init);
  const { version } = await (await fetch(input, init)).json();
  return Response.json({ version, vault: to_base64url(as_vault) });
};

/** @param {any} code */
const is = (code) => (/** @type {unknown} */ error) => is_talk2me_error(error, code);

describe("a ciphertext in the place of another kind", { timeout: 300_000 }, () => {
  /** @type {import("../support/server.js").Server} */
  let server;
  /** @type {Person} */
  let alice;
  /** @type {Person} */
  let bob;
  let recovery_key = "";
  /** @type {Record<string, Uint8Array>} real ones */
  const made = {};
  /** @type {Uint8Array} */
  let file;
  /** @type {Person[]} */
  const readers = [];

  before(async () => {
    server = await start_server();
    to_alice = (frame) => {
      const { kind = "", body } = frame.envelopes?.at(-1) ?? {};
      if (body && ["application", "welcome"].includes(kind)) made[kind] ??= body;
      return frame;
    };
    const make_socket = tampering_sockets(server.origin, () => to_alice);
    [alice, bob] = await two_people(server.origin, [{ make_socket, fetch: lying_fetch }, {}]);
    recovery_key = await alice.do("pending_recovery_key");
    for (const number of [1, 2, 3]) await alice.say(bob, `number ${number}`);
    await until(async () => (await archived(alice)) >= 5, "in the archive");
    await until(async () => !(await alice.device.store.get("meta", "vault")).dirty, "the vault is written");
    await collect();
    to_alice = honest;
  });
  afterEach(() => {
    to_alice = honest;
    to_reader = honest;
    as_vault = null;
    box = honest_box();
    alice.browser.alerts.length = 0;
    for (const reader of readers.splice(0)) {
      reader.close();
      assert.deepEqual(reader.browser.faults, []);
    }
  });
  after(async () => {
    for (const one of [alice, bob]) one?.close();
    await server?.stop();
  });

  async function collect() {
    made.vault = (await alice.device.api.get_vault()).vault;
    const { envelopes } = await alice.device.request({ type: "envelope.drain", mailbox: await archive_mailbox(), after: 0, limit: 10 });
    made["archive entry"] = envelopes[0].body;
    const { code } = await alice.do("begin_link");
    const id = to_base64url((await derive_link(await parse_link_code(code))).box);
    made["part of a link"] = /** @type {Uint8Array} */ (await alice.device.api.get_link_part(id, 1));
    await alice.do("cancel_link");
    file = new Uint8Array(await (await alice.do("export_account")).file.arrayBuffer());
    made["account file"] = file;
    if (!made.welcome) made.welcome = await welcome_of_bob();
  }

  async function archive_mailbox() {
    return from_base64url(/** @type {any} */ (await get_state(alice.device.store)).mailbox);
  }

  /** Whoever began the conversation has sent one to the other's device. */
  async function welcome_of_bob() {
    const mailbox = from_base64url(/** @type {string} */ (bob.device.device_mailbox));
    const { envelopes } = await bob.device.request({ type: "envelope.drain", mailbox, after: 0, limit: 10 });
    return envelopes.find((/** @type {any} */ { kind }) => kind === "welcome")?.body ?? random_bytes(600);
  }

  /** @param {string} name @returns {[string, Uint8Array][]} all but those of this kind */
  const others = (name) => Object.entries(made).filter(([kind]) => kind !== name);

  it("for an entry of the archive is passed over by a new device", async () => {
    const before_it = await archived(alice);
    const bodies = others("archive entry").map(([, body]) => body);
    to_reader = (frame) => {
      if (!frame.envelopes?.some((/** @type {any} */ { kind }) => kind === "archive")) return frame;
      const envelopes = frame.envelopes.map((/** @type {any} */ one, /** @type {number} */ at) => ({ ...one, body: bodies[at % bodies.length] }));
      return { ...frame, envelopes };
    };
    const make_socket = tampering_sockets(server.origin, () => to_reader);
    const reader = await add_device(alice, server.origin, recovery_key, { make_socket });
    readers.push(reader);
    await until(() => is_restored(reader), "read to the end");
    assert.ok(before_it >= 5);
    assert.deepEqual(await reader.texts(bob), []);
    const { messages } = await stored_in(reader.device, ["messages"]);
    assert.deepEqual(messages.filter(({ value }) => value?.type === "text"), []);
  });

  it("for an entry that is pushed leaves everything as it is", async () => {
    const { mailbox } = /** @type {any} */ (await get_state(alice.device.store));
    const bodies = others("archive entry");
    const second = await add_device(alice, server.origin, recovery_key);
    readers.push(second);
    await until(() => is_restored(second));
    let given = 0;
    to_alice = (frame) => {
      if (!frame.envelopes || !frame.mailbox || to_base64url(frame.mailbox) !== mailbox) return frame;
      const envelopes = frame.envelopes.map((/** @type {any} */ one) => {
        given += 1;
        return { ...one, body: bodies[given % bodies.length][1] };
      });
      return { ...frame, envelopes };
    };
    const before_it = await digest_of(alice.device, ["messages", "conversations"]);
    const { read } = /** @type {any} */ (await get_state(alice.device.store));
    await second.device.request({
      ...{ type: "envelope.send", mailbox: from_base64url(mailbox), id: random_bytes(16), kind: "archive", slot: 0, body: random_bytes(300) },
      ...{ commitment: new Uint8Array(32), expires_in: null },
    });
    await until(async () => /** @type {any} */ (await get_state(alice.device.store)).read > read, "read on");
    assert.ok(given > 0);
    assert.deepEqual(await digest_of(alice.device, ["messages", "conversations"]), before_it);
  });

  it("for the vault is told, and nothing of it is taken in", async () => {
    for (const [kind, body] of others("vault")) {
      as_vault = body;
      alice.browser.alerts.length = 0;
      const before_it = await digest_of(alice.device, ["messages", "contacts"]).then(({ messages }) => messages);
      await alice.reload();
      await until(() => alice.alert_codes.includes("vault_invalid"), `${kind} is told`);
      as_vault = null;
      await until(async () => !(await alice.device.store.get("meta", "vault")).dirty, "the own one is there again");
      assert.equal((await digest_of(alice.device, ["messages"])).messages, before_it);
      const opened = await alice.device.api.get_vault();
      assert.notDeepEqual(opened.vault, body);
    }
  });

  it("for the vault opens no account in a new browser, which keeps nothing", async () => {
    for (const [kind, body] of others("vault")) {
      as_vault = body;
      const browser = new Browser(server.origin, { fetch: lying_fetch });
      const session = await browser.open_tab();
      await assert.rejects(session.commands.recover_account({ username: alice.name, recovery_key, device_name: "" }), is("vault_invalid"), kind);
      assert.equal(session.profile(), null);
      assert.deepEqual(await traces_of_account(/** @type {any} */ (session.device)), []);
      browser.close();
    }
    as_vault = null;
    assert.equal((await alice.do("devices")).filter((/** @type {any} */ { active }) => active).length, 3);
  });

  /** @param {string} mailbox @param {(envelope: any) => any} change @returns {Tamper} of what is sent there */
  const in_conversation = (mailbox, change) => (frame) => {
    if (!frame.envelopes || !frame.mailbox || to_base64url(frame.mailbox) !== mailbox) return frame;
    return { ...frame, envelopes: frame.envelopes.map((/** @type {any} */ one) => (one.kind === "application" ? change(one) : one)) };
  };

  it("an envelope of the archive's kind in a conversation is nobody's words", async () => {
    const { mailbox } = await alice.place(bob);
    const { sequence } = (await alice.place(bob)).cursor;
    to_alice = in_conversation(mailbox, (envelope) => ({ ...envelope, kind: "archive", body: made["archive entry"] }));
    const before_it = await alice.texts(bob);
    await bob.say(alice, "in the place of an entry");
    await until(async () => (await alice.place(bob)).cursor.sequence > sequence, "read on");
    to_alice = honest;
    await bob.say(alice, "goes on");
    await alice.hears(bob, "goes on");
    await bob.say(alice, "and on");
    await alice.hears(bob, "and on");
    assert.deepEqual((await alice.texts(bob)).filter((text) => !before_it.includes(text)), ["goes on", "and on"]);
    await until(() => alice.alert_codes.includes("history_differs"), "what each has seen differs");
  });

  it("for a message is told as one that can't be read; both go on", async () => {
    const { mailbox } = await alice.place(bob);
    for (const kind of ["vault", "archive entry", "part of a link", "welcome", "account file"]) {
      const body = made[kind].slice(0, 60_000);
      const before_it = await alice.texts(bob);
      to_alice = in_conversation(mailbox, (envelope) => ({ ...envelope, body }));
      const told = (await alice.notices(bob)).length;
      await bob.say(alice, `swallowed by ${kind}`);
      await until(async () => (await alice.notices(bob)).length > told, `${kind} is told`);
      to_alice = honest;
      await bob.say(alice, `after ${kind}`);
      await alice.hears(bob, `after ${kind}`);
      const now = (await alice.texts(bob)).filter((text) => !before_it.includes(text));
      assert.deepEqual(now, [`after ${kind}`]);
    }
  });

  it("for a welcome lets nobody in, and the next one is read", async () => {
    const own = alice.device.device_mailbox;
    const kinds = others("welcome");
    // Groups go on by themselves; none is added.
    const looked_at = async () => ({ texts: await alice.texts(bob), groups: (await stored_in(alice.device, ["groups"])).groups.map(({ id }) => id) });
    const before_it = await looked_at();
    for (const [kind, body] of kinds) {
      let given = false;
      to_alice = (frame) => {
        if (frame.type !== "envelope.batch" || given || to_base64url(frame.mailbox) !== own) return frame;
        given = true;
        const sequence = frame.head + 1;
        const envelope = { ...EMPTY, sequence, id: random_bytes(16), kind: "welcome", body };
        return { ...frame, head: sequence, envelopes: [...frame.envelopes, envelope] };
      };
      await alice.reload();
      await until(() => given, `${kind} is given`);
      await new Promise((resolve) => void setTimeout(resolve, 200));
      assert.deepEqual(await looked_at(), before_it, kind);
    }
    assert.equal((await alice.ask("conversations")).length, 1);
  });

  const EMPTY = { slot: 0, hash: null, commitment: new Uint8Array(32), subscribers: null, minute: 0, franking: new Uint8Array(32) };

  it("for a part of a link ends it on both sides", async () => {
    for (const [kind, body] of others("part of a link")) {
      box = honest_box();
      box.show = (side, number, there) => (there && side === "new" && number === 1 ? body : there);
      const { code } = await alice.do("begin_link");
      const browser = new Browser(server.origin, { fetch: relaying_fetch("new", () => box) });
      const session = await browser.open_tab();
      await assert.rejects(session.commands.link_browser({ code, device_name: "" }), is("link_failed"), kind);
      assert.deepEqual(await traces_of_account(/** @type {any} */ (session.device)), []);
      browser.close();
    }
    await alice.do("cancel_link");
  });

  it("for an account file is none, and leaves nothing", async () => {
    for (const [kind, body] of others("account file")) {
      const browser = new Browser(server.origin);
      const session = await browser.open_tab();
      const bytes = /** @type {any} */ (body);
      await assert.rejects(session.commands.import_account({ file: new Blob([bytes]), recovery_key }), is("file_invalid"), kind);
      assert.deepEqual(await traces_of_account(/** @type {any} */ (session.device)), []);
      browser.close();
    }
  });

  it("makes no fault of our own", () => {
    assert.deepEqual([alice, bob].flatMap(({ browser }) => browser.faults), []);
  });
});

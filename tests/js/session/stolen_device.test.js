// @ts-check
// A device that was removed because it was stolen (ATTACKS 7, 19): it still has the identity seed, the vault key and the archive key
// of the day on which it was removed, and uses them by hand.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { from_base64url, to_base64url } from "../../../static/js/codec/base64url.js";
import { generate_signing_key, signing_key_from_seed } from "../../../static/js/crypto/ed25519.js";
import { random_bytes } from "../../../static/js/crypto/random.js";
import { is_talk2me_error } from "../../../static/js/errors.js";
import { active_devices, extend_chain } from "../../../static/js/protocol/account_chain.js";
import { entry_generation, open_entry, seal_entry } from "../../../static/js/protocol/archive_entry.js";
import { derive_archive, message_entry_id } from "../../../static/js/protocol/archive_keys.js";
import { sign_device_add } from "../../../static/js/protocol/sign_account_event.js";
import { get_state } from "../../../static/js/session/archive/archive_state.js";
import { get_secrets } from "../../../static/js/session/vault/secrets.js";
import { add_device, is_restored } from "../support/archives.js";
import { until } from "../support/browser.js";
import { two_people } from "../support/people.js";
import { start_server } from "../support/server.js";
import { digest_of } from "../support/stored.js";
import { tampering_sockets } from "../support/tampering_socket.js";

/** @import { Person } from "../support/people.js" */
/** @import { Tamper } from "../support/tampering_socket.js" */

const GRACE = 601_000;

/** @type {Tamper} */
const honest = (frame) => frame;
/** @type {Tamper} */
let to_alice = honest;
let ahead = 0;

/** @param {any} code */
const is = (code) => (/** @type {unknown} */ error) => is_talk2me_error(error, code);

describe("a stolen device that was removed", { timeout: 240_000 }, () => {
  /** @type {import("../support/server.js").Server} */
  let server;
  /** @type {Person} */
  let alice;
  /** @type {Person} */
  let bob;
  /** @type {Person} */
  let stolen;
  /** @type {any} everything that it knew */
  let known;
  /** @type {any} */
  let archive;
  let recovery_key = "";

  before(async () => {
    server = await start_server();
    const make_socket = tampering_sockets(server.origin, () => to_alice);
    [alice, bob] = await two_people(server.origin, [{ make_socket, now: () => Date.now() + ahead }, {}]);
    recovery_key = await alice.do("pending_recovery_key");
    stolen = await add_device(alice, server.origin, recovery_key);
    await until(() => is_restored(stolen));
    await until(() => stolen.has_joined(bob), "joined");
    known = { ...(await get_secrets(stolen.device)), keys: stolen.device.keys, id: stolen.device.own.device };
    archive = await get_state(stolen.device.store);
    await alice.do("revoke_devices", { devices: [known.id] });
    await until(() => stolen.alert_codes.includes("device_revoked"));
    await alice.say(bob, "after the theft");
    await alice.sees_status(bob, "after the theft", "delivered");
    await until(async () => (await alice.ask("archive")).waiting === 0, "in the archive");
  });
  after(async () => {
    for (const one of [alice, bob, stolen]) one?.close();
    await server?.stop();
  });

  /** A new device, signed with all that the stolen one knows. */
  async function ghost_event() {
    const { chain } = await alice.device.store.get("contacts", alice.account);
    const [sign_in, mls] = [await generate_signing_key({ extractable: false }), await generate_signing_key({ extractable: false })];
    const device = { device_id: random_bytes(16), signature_key: mls.public_key, sign_in_key: sign_in.public_key, suites: [1] };
    const { private_key, public_key } = known.keys.sign_in;
    const signers = {
      identity: (await signing_key_from_seed(known.identity_seed)).private_key,
      ...{ sign_in: sign_in.private_key, mls: mls.private_key, authority: { key: public_key, private_key } },
    };
    return { chain, signed: await sign_device_add(chain, { origin: server.origin, device, signers, now: Date.now() }) };
  }

  it("adds no other device: the server refuses it, and so does whoever is shown it all the same", async () => {
    const { chain, signed } = await ghost_event();
    await assert.rejects(stolen.device.api.append_event(alice.account, signed), is("signature_invalid"));
    await assert.rejects(extend_chain(chain, [signed], server.origin), is("chain_invalid"));
    assert.equal(active_devices((await alice.device.store.get("contacts", alice.account)).chain).length, 1);
  });

  it("has no token, so it writes no vault and reads none", async () => {
    await assert.rejects(stolen.device.api.get_vault(), (error) => is_talk2me_error(error));
    const put = stolen.device.api.put_vault({ version: 1_000, vault: random_bytes(300) });
    await assert.rejects(put, (error) => is_talk2me_error(error));
    assert.ok((await alice.device.api.get_vault()).version < 1_000);
  });

  it("has no socket, so it reads and writes nothing in the archive", async () => {
    assert.equal(stolen.device.online, false);
    const mailbox = from_base64url(archive.mailbox);
    for (const frame of [
      { type: "envelope.drain", mailbox, after: 0, limit: 10 },
      { type: "envelope.send", mailbox, id: random_bytes(16), kind: "archive", slot: 0, body: random_bytes(300), commitment: random_bytes(32), expires_in: null },
    ]) {
      await assert.rejects(stolen.device.request(frame), (error) => is_talk2me_error(error));
    }
  });

  it("can't open what was archived since, even when the server gives it", async () => {
    const mailbox = from_base64url(/** @type {any} */ (await get_state(alice.device.store)).mailbox);
    assert.equal(to_base64url(mailbox), archive.mailbox);
    const { envelopes } = await alice.device.request({ type: "envelope.drain", mailbox, after: archive.read, limit: 100 });
    const newest = known.archive.keys[0];
    const keys = await derive_archive(newest.key, from_base64url(alice.account), newest.generation);
    const since = envelopes.filter((/** @type {any} */ { body }) => entry_generation(body) > newest.generation);
    assert.ok(since.length > 0, "a new key is in use");
    for (const { id, body } of since) {
      const forced = { ...keys, generation: entry_generation(body) };
      await assert.rejects(open_entry(forced, { mailbox, id }, body), (error) => is_talk2me_error(error));
    }
  });

  it("puts nothing into the history of who reads on, even when the server helps, once all have had a new key for a while", async () => {
    const mailbox = from_base64url(archive.mailbox);
    const { key, generation } = known.archive.keys[0];
    const keys = await derive_archive(key, from_base64url(alice.account), generation);
    const body = { conversation: from_base64url(bob.account), id: random_bytes(16), author: from_base64url(bob.account), time: Date.now(), received: Date.now() };
    const id = await message_entry_id(keys, body.conversation, body.id);
    const forged = await seal_entry(keys, { mailbox, id }, { type: "message", body: { ...body, type: "text", text: "what bob never said", place: null } }, random_bytes);
    const second = await add_device(alice, server.origin, recovery_key);
    await until(() => is_restored(second));
    const before_it = await digest_of(alice.device, ["messages", "conversations"]);
    ahead = GRACE;
    let given = 0;
    to_alice = (frame) => {
      if (!frame.envelopes || !frame.mailbox || to_base64url(frame.mailbox) !== archive.mailbox) return frame;
      return { ...frame, envelopes: frame.envelopes.map((/** @type {any} */ one) => (given++ === 0 ? { ...one, id, body: forged } : one)) };
    };
    const { read } = /** @type {any} */ (await get_state(alice.device.store));
    const entry = { kind: "archive", slot: 0, body: random_bytes(300), commitment: random_bytes(32), expires_in: null };
    await second.device.request({ type: "envelope.send", mailbox, id: random_bytes(16), ...entry });
    await until(async () => given > 0 && /** @type {any} */ (await get_state(alice.device.store)).read > read, "read on");
    assert.deepEqual(await digest_of(alice.device, ["messages", "conversations"]), before_it);
    second.close();
  });

  it("makes no fault of our own", () => {
    assert.deepEqual([alice, bob].flatMap(({ browser }) => browser.faults), []);
  });
});

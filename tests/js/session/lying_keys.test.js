// @ts-check
// A server that lies about accounts and keys when a conversation begins (ATTACKS 12, 14, 16). It knows no secret; everything else it
// may exchange.
import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { from_base64url } from "../../../static/js/codec/base64url.js";
import { to_utf8 } from "../../../static/js/codec/bytes.js";
import { random_bytes } from "../../../static/js/crypto/random.js";
import { is_talk2me_error, Talk2meError } from "../../../static/js/errors.js";
import { encode_content } from "../../../static/js/protocol/content.js";
import { describe as describe_group } from "../../../static/js/protocol/mls.js";
import { refresh_contact } from "../../../static/js/session/refresh_contact.js";
import { until } from "../support/browser.js";
import { Person, two_people } from "../support/people.js";
import { start_server } from "../support/server.js";
import { tampering_sockets } from "../support/tampering_socket.js";

/** @import { Code } from "../../../static/js/errors.js" */
/** @import { Api } from "../../../static/js/transport/api.js" */
/** @import { Tamper } from "../support/tampering_socket.js" */

const A_WHILE = 1_500;
const pause = () => new Promise((resolve) => void setTimeout(resolve, A_WHILE));

/** @type {Tamper} */
const honest = (frame) => frame;
/** @type {Tamper} */
let tamper = honest;

describe("a server that lies about keys", { timeout: 240_000 }, () => {
  /** @type {import("../support/server.js").Server} */
  let server;
  /** @type {Person} */
  let alice;
  /** @type {Person} */
  let bob;
  /** @type {Person} */
  let eve;
  /** @type {Api} */
  let real;
  /** @type {Person[]} */
  const others = [];

  before(async () => {
    server = await start_server();
    const make_socket = tampering_sockets(server.origin, () => tamper);
    [alice, bob] = await two_people(server.origin, [{ make_socket }, {}]);
    eve = await Person.sign_up(server.origin, "eve");
    real = { ...alice.device.api };
  });
  afterEach(() => {
    tamper = honest;
    Object.assign(alice.device.api, real);
  });
  after(async () => {
    for (const person of [alice, bob, eve, ...others]) person?.close();
    await server?.stop();
  });

  /** Somebody whom Alice does not know yet. */
  async function somebody() {
    const made = await Person.sign_up(server.origin, `somebody${others.length + 1}`);
    others.push(made);
    return made;
  }

  /**
   * Alice writes to somebody new while key packages are answered so.
   * @param {(claim: any) => Promise<any>} claim_key_packages
   * @param {Code} code of why her message does not leave
   */
  async function fails_with(claim_key_packages, code) {
    const other = await somebody();
    alice.device.api.claim_key_packages = claim_key_packages;
    const begin = alice.do("start_conversation", { account: other.account }).then(() => alice.say(other, "hello"));
    await begin.catch((error) => assert.ok(is_talk2me_error(error, code), String(error)));
    await pause();
    const shown = await alice.messages(other);
    if (shown.length > 0) assert.deepEqual(shown.map(({ status, error }) => [status, error]), [["failed", code]]);
    assert.deepEqual(await other.ask("conversations"), []);
    // With the real keys it goes.
    Object.assign(alice.device.api, real);
    await alice.do("start_conversation", { account: other.account });
    await alice.say(other, "hello again");
    await other.hears(alice, "hello again");
  }

  it("12: the chain of another account is not taken for one that is asked for", async () => {
    const other = await somebody();
    alice.device.api.chain = (_account, held) => real.chain(eve.account, held);
    await assert.rejects(refresh_contact(alice.device, other.account), (error) => is_talk2me_error(error, "chain_invalid"));
    const before_it = await alice.device.store.get("contacts", bob.account);
    await assert.rejects(refresh_contact(alice.device, bob.account));
    assert.deepEqual(await alice.device.store.get("contacts", bob.account), before_it);
    assert.equal(await alice.device.store.get("contacts", other.account), undefined);
  });

  it("12: a name does not lead to an account of another name", async () => {
    alice.device.api.lookup = (_name, held) => real.lookup("eve", held);
    assert.equal(await alice.do("find_account", { username: "somebody1" }), null);
    alice.device.api.lookup = async (name, held) => ({ ...(await real.lookup(name, held)), account: bob.account });
    await assert.rejects(alice.do("find_account", { username: "eve" }));
  });

  it("14: a device whose key package is left out is not left out of the conversation", async () => {
    await fails_with(async () => [], "no_key_package");
  });

  it("14: one whose key packages are all gone can't be written to, which is shown", async () => {
    await fails_with(() => Promise.reject(new Talk2meError("no_key_package")), "no_key_package");
  });

  it("14: another's key package is not taken for that of the device", async () => {
    await fails_with(async (claim) => {
      const [wanted] = await real.claim_key_packages(claim);
      const [other] = await real.claim_key_packages({ ...claim, account: eve.account });
      return [{ ...other, device: wanted.device }];
    }, "key_package_invalid");
  });

  it("14: a key package that was used before lets nobody in a second time", async () => {
    const other = await somebody();
    const [given] = await real.claim_key_packages({ account: other.account, suite: 83 });
    alice.device.api.claim_key_packages = async () => [given];
    await alice.do("start_conversation", { account: other.account });
    await alice.say(other, "the first to use it");
    await other.hears(alice, "the first to use it");
    const api = { ...eve.device.api };
    eve.device.api.claim_key_packages = async () => [given];
    const before_it = await other.device.store.list("groups", { prefix: "" });
    await eve.do("start_conversation", { account: other.account });
    await eve.say(other, "the second to use it");
    await eve.sees_status(other, "the second to use it", "stored");
    await pause();
    assert.equal(await other.ask("conversation", { id: eve.account }), null);
    assert.deepEqual(await other.device.store.list("groups", { prefix: "" }), before_it);
    assert.deepEqual(other.browser.faults, []);
    Object.assign(eve.device.api, api);
  });

  it("16: a key package of a weaker suite than the chains allow is refused", async () => {
    await fails_with((claim) => real.claim_key_packages({ ...claim, suite: 1 }), "key_package_invalid");
    const { mailbox } = await alice.place(bob);
    assert.equal(describe_group(await alice.device.groups.get(mailbox)).suite, 83);
  });

  it("16: what is not encrypted is not shown, in whatever form it lies in the place of a message", async () => {
    const { mailbox } = await alice.place(bob);
    const { chain } = await alice.device.store.get("contacts", bob.account);
    const { plain, commitment } = await encode_content(
      {
        ...{ type: "text", id: random_bytes(16), time: Date.now(), checkpoint: null, body: { text: "in the open" } },
        ...{ seen: { sequence: 0, transcript: random_bytes(32) }, chain: { seq: chain.seq, hash: chain.hash } },
      },
      random_bytes(32),
      from_base64url(mailbox),
    );
    const forms = [plain, to_utf8("in the open"), Uint8Array.of(0, 1, 0, 1, ...plain), Uint8Array.of(0, 1, 0, 2, ...plain)];
    for (const [at, body] of forms.entries()) {
      let told = false;
      tamper = (frame) => {
        if (told || frame.type !== "envelope.new" || frame.envelopes.length === 0) return frame;
        told = true;
        return { ...frame, envelopes: frame.envelopes.map((/** @type {any} */ envelope) => ({ ...envelope, body, commitment })) };
      };
      const before_it = await alice.texts(bob);
      await bob.say(alice, `real ${at}`);
      await until(() => told);
      await pause();
      assert.deepEqual(await alice.texts(bob), before_it);
    }
    assert.ok((await alice.notices(bob)).includes("undecryptable"));
  });

  it("makes no fault of our own", () => {
    assert.deepEqual([alice, bob, eve].flatMap(({ browser }) => browser.faults), []);
  });
});

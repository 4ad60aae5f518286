// @ts-check
// Somebody stands between the two browsers of a link (ATTACKS 32): the server, with the link secret that somebody photographed or
// without it, or whoever else has found the box.
import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { concat } from "../../../static/js/codec/bytes.js";
import { generate_hpke_key } from "../../../static/js/crypto/hpke.js";
import { random_bytes } from "../../../static/js/crypto/random.js";
import { is_talk2me_error } from "../../../static/js/errors.js";
import { derive_link, make_commitment, open_link_secrets, open_part, parse_link_code, part_plain, seal_part } from "../../../static/js/protocol/link.js";
import { get_secrets } from "../../../static/js/session/vault/secrets.js";
import { Browser, until } from "../support/browser.js";
import { two_people, Person } from "../support/people.js";
import { honest_box, relaying_fetch } from "../support/relayed_box.js";
import { start_server } from "../support/server.js";
import { digest_of, traces_of_account } from "../support/stored.js";

/** @import { Bytes } from "../../../static/js/codec/bytes.js" */
/** @import { Session } from "../../../static/js/session/open_session.js" */
/** @import { BoxLie } from "../support/relayed_box.js" */

/** @param {any} code */
const is = (code) => (/** @type {unknown} */ error) => is_talk2me_error(error, code);
const FIVE_MINUTES = 301_000;

/** @param {Session} session */
function listen(session) {
  /** @type {any[]} */
  const news = [];
  session.on("link", (told) => news.push(told));
  return { news, step: (/** @type {string} */ step) => until(() => news.find((told) => told.step === step), `the link comes to ${step}`) };
}

describe("a link whose box is in other hands", { timeout: 240_000 }, () => {
  /** @type {import("../support/server.js").Server} */
  let server;
  /** @type {Person} */
  let alice;
  /** @type {Person} */
  let bob;
  /** @type {BoxLie} */
  let lie = honest_box();
  let ahead = 0;
  const now = () => Date.now() + ahead;
  /** @type {any} */
  let kept;
  /** @type {Browser[]} */
  const fresh_browsers = [];

  before(async () => {
    server = await start_server();
    [alice, bob] = await two_people(server.origin, [{ fetch: relaying_fetch("old", () => lie), now }]);
    await until(async () => !(await alice.device.store.get("meta", "vault")).dirty, "the vault is written");
    kept = await state_of_account();
  });
  afterEach(() => {
    lie = honest_box();
    ahead = 0;
  });
  after(async () => {
    for (const one of [alice, bob, ...fresh_browsers]) one?.close();
    await server?.stop();
  });

  /** What an attack must not have changed: her devices, those that her vault names, what she keeps. */
  async function state_of_account() {
    const devices = (await alice.do("devices")).map((/** @type {any} */ { device }) => device);
    const named = ((await alice.device.store.get("meta", "devices")) ?? []).map((/** @type {any} */ { device }) => text(device));
    return { devices, named, kept: await digest_of(alice.device, ["messages", "conversations", "groups"]) };
  }

  /** Alice shows a code, and somebody types it into a fresh browser. */
  async function begin() {
    const old = listen(alice.session);
    const { code } = await alice.do("begin_link");
    const secret = await parse_link_code(code);
    const browser = new Browser(server.origin, { fetch: relaying_fetch("new", () => lie), now });
    fresh_browsers.push(browser);
    const person = new Person(browser, await browser.open_tab());
    const heard = listen(person.session);
    const join = () => {
      const linked = person.do("link_browser", { code, device_name: "victim" });
      linked.catch(() => undefined);
      return linked;
    };
    return { old, heard, person, secret, link: await derive_link(secret), join };
  }

  /** @param {Person} person the fresh browser's */
  async function nothing_happened(person) {
    assert.deepEqual(await traces_of_account(person.device), []);
    assert.equal(person.session.profile(), null);
    assert.deepEqual(await state_of_account(), kept);
    assert.equal(lie.seen.get(4), undefined, "nothing was handed over");
    assert.deepEqual([alice, bob, person].flatMap(({ browser }) => [...browser.alerts, ...browser.faults]), []);
  }

  /** Between the two, with keys of its own for each. @param {Awaited<ReturnType<typeof begin>>["link"]} link */
  async function stand_between(link) {
    const { origin } = alice.device;
    const [to_old, to_new] = [await generate_hpke_key(random_bytes), await generate_hpke_key(random_bytes)];
    const opening = { v: /** @type {const} */ (1), key: to_new.public_key, nonce: random_bytes(32) };
    const part_1 = { v: /** @type {const} */ (1), commitment: await make_commitment(opening.key, opening.nonce) };
    /** @type {any} */
    let part_2 = null;
    /** @param {any} number @param {any} value */
    const put = (number, value) => seal_part(link, { origin, number, value, random: random_bytes });
    lie.show = async (side, number, body) => {
      if (body && side === "old" && number === 2) {
        const { value } = await open_part(link, { origin, number, sealed: body });
        const keys = { device_id: random_bytes(16), signature_key: random_bytes(32), sign_in_key: random_bytes(32) };
        part_2 ??= { ...value, key: to_old.public_key, nonce: random_bytes(32), device: { ...value.device, ...keys } };
        return put(2, part_2);
      }
      if (body && side === "new" && number === 1) return put(1, part_1);
      if (body && side === "new" && number === 3) return put(3, opening);
      return body;
    };
    return { to_old, taken: () => part_2 };
  }

  it("shows another code on each screen when the server has keys of its own; nothing leaves, both are told", async () => {
    const { old, heard, person, link, join } = await begin();
    await stand_between(link);
    const linked = join();
    const [shown_old, shown_new] = [await old.step("compare"), await heard.step("compare")];
    assert.notEqual(shown_old.code, shown_new.code);
    assert.equal(person.session.profile(), null);
    await alice.do("confirm_link", { match: false });
    await assert.rejects(linked, is("link_refused"));
    assert.equal((await old.step("failed")).error, "link_refused");
    assert.equal((await heard.step("failed")).error, "link_refused");
    await nothing_happened(person);
  });

  it("is what only the person stops: had she said that another code is the same, who stands between would have the key of the vault", async () => {
    const { old, person, link, join } = await begin();
    const { origin } = alice.device;
    const { to_old, taken } = await stand_between(link);
    join().catch(() => undefined);
    await old.step("compare");
    const [part_1, part_3] = await Promise.all([1, 3].map((number) => alice_part(link, number)));
    await alice.do("confirm_link", { match: true });
    const { value: part } = await open_part(link, { origin, number: 4, sealed: await part_of_box(link, 4) });
    const plains = /** @type {[Bytes, Bytes, Bytes]} */ ([part_1, part_plain(taken()), part_3]);
    const { vault_key } = await open_link_secrets({ private_key: to_old.private_key, plains, part });
    assert.deepEqual(vault_key, (await get_secrets(alice.device)).vault_key);
    await person.do("cancel_link");
    await old.step("failed");
    // What was signed for it was given to the attacker, who has not used it here.
    assert.equal((await alice.do("devices")).length, 1);
  });

  /** As it is in the box. @param {{ box: Bytes }} link @param {number} number */
  async function part_of_box({ box }, number) {
    const id = Buffer.from(box).toString("base64url");
    return /** @type {Bytes} */ (await until(() => bob.device.api.get_link_part(id, number), `part ${number}`));
  }

  /** @param {Awaited<ReturnType<typeof begin>>["link"]} link @param {number} number */
  async function alice_part(link, number) {
    const sealed = await part_of_box(link, number);
    return (await open_part(link, { origin: alice.device.origin, number: /** @type {1 | 3} */ (number), sealed })).plain;
  }

  /** @param {number} number */
  const seen = (number) => /** @type {Bytes} */ (lie.seen.get(number));

  /** @type {Record<string, { side: "old" | "new", number: number, shown: (there: Uint8Array, earlier: Map<number, Uint8Array>) => Uint8Array }>} */
  const WITHOUT_SECRET = {
    "another first part": { side: "new", number: 1, shown: (there) => random_bytes(there.length) },
    "a first part with one bit flipped": { side: "new", number: 1, shown: (there) => there.map((byte, at) => (at === 40 ? byte ^ 1 : byte)) },
    "the first part of an earlier link": { side: "new", number: 1, shown: (_there, earlier) => /** @type {Bytes} */ (earlier.get(1)) },
    "the second part of an earlier link": { side: "old", number: 2, shown: (_there, earlier) => /** @type {Bytes} */ (earlier.get(2)) },
    "the first part in the place of the second": { side: "old", number: 2, shown: () => seen(1) },
    "a third part that was cut": { side: "new", number: 3, shown: (there) => there.slice(0, -1) },
    "the second part in the place of the fourth": { side: "new", number: 4, shown: () => seen(2) },
  };
  it("fails on whatever a server puts there that does not have the secret", async () => {
    const first = await begin();
    const first_linked = first.join();
    await first.old.step("compare");
    await until(() => lie.seen.has(2) && lie.seen.has(3));
    await alice.do("cancel_link");
    await assert.rejects(first_linked, is("link_refused"));
    const earlier = lie.seen;
    for (const [what, { side, number, shown }] of Object.entries(WITHOUT_SECRET)) {
      lie = honest_box();
      const is_four = number === 4;
      const { old, person, join } = await begin();
      lie.show = (to, at, body) => {
        if (to !== side || at !== number || !(body || (is_four && lie.seen.has(2)))) return body;
        return shown(/** @type {any} */ (body), earlier);
      };
      const linked = join();
      // Whoever notices says so in the last part; the other side is told that it was refused.
      await assert.rejects(linked, (error) => is_talk2me_error(error, side === "new" ? "link_failed" : "link_refused"), what);
      const { error } = await old.step("failed");
      assert.equal(error, side === "old" ? "link_failed" : "link_refused", what);
      await nothing_happened(person);
    }
  });

  it("ends by each browser's own clock when the server never ends it", async () => {
    const { old, heard, person, join } = await begin();
    lie.never_ends = true;
    lie.show = (side, number, body) => (side === "old" && number === 2 ? null : body);
    const linked = join();
    await until(() => lie.seen.has(1));
    ahead = FIVE_MINUTES;
    await assert.rejects(linked, is("link_expired"));
    assert.equal((await old.step("failed")).error, "link_expired");
    assert.equal((await heard.step("failed")).error, "link_expired");
    await nothing_happened(person);
  });

  it("leads into no account whose chain is another's, whatever the box says whose it is", async () => {
    const { old, person, join } = await begin();
    const bobs = await bob.do("begin_link");
    const { box } = await derive_link(await parse_link_code(bobs.code));
    const other = await bob.device.api.link_chain(Buffer.from(box).toString("base64url"), { since: 0 });
    const events = other.events.map(({ event, signatures }) => ({ event: text(event), signatures: texts(signatures) }));
    lie.chain = (answer) => ({ ...answer, events });
    const linked = join();
    await old.step("compare");
    await alice.do("confirm_link", { match: true });
    await assert.rejects(linked, (error) => ["chain_invalid", "key_log_invalid", "link_failed"].includes(/** @type {any} */ (error).code));
    assert.equal((await old.step("failed")).error, "link_refused");
    await bob.do("cancel_link");
    assert.deepEqual(await traces_of_account(person.device), []);
    assert.deepEqual(await state_of_account(), kept);
  });

  /** @param {Uint8Array} bytes */
  const text = (bytes) => Buffer.from(bytes).toString("base64url");
  /** @param {any} value @returns {any} the same with its bytes as text */
  const texts = (value) =>
    value instanceof Uint8Array
      ? text(value)
      : typeof value === "object"
        ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, texts(inner)]))
        : value;

  it("that somebody reads along with the secret gives them nothing of the account", async () => {
    const { old, person, link, join } = await begin();
    const linked = join();
    await old.step("compare");
    await alice.do("confirm_link", { match: true });
    const part_4 = await part_of_box(link, 4);
    await linked;
    await old.step("done");
    const { origin } = alice.device;
    const plains = /** @type {any} */ (
      await Promise.all([1, 2, 3].map(async (number) => (await open_part(link, { origin, number: /** @type {1} */ (number), sealed: seen(number) })).plain))
    );
    const { value: part, plain } = await open_part(link, { origin, number: 4, sealed: part_4 });
    const own = await generate_hpke_key(random_bytes);
    await assert.rejects(open_link_secrets({ private_key: own.private_key, plains, part }), is("link_failed"));
    const { vault_key, identity_seed } = await get_secrets(alice.device);
    for (const secret of [vault_key, identity_seed]) assert.ok(!Buffer.from(concat(plain, ...plains)).includes(Buffer.from(secret)));
    assert.equal(person.account, alice.account);
  });

  it("makes no fault of our own", () => {
    assert.deepEqual([alice.browser, bob.browser, ...fresh_browsers].flatMap(({ faults }) => faults), []);
  });
});

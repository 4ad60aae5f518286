// @ts-check
// A new browser becomes a device of an account by a code that another one shows (docs/devices.md 1).
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { is_talk2me_error } from "../../../static/js/errors.js";
import { hpke_key_from_seed } from "../../../static/js/crypto/hpke.js";
import { derive_link, format_link_code, make_commitment, open_part, parse_link_code, seal_part } from "../../../static/js/protocol/link.js";
import { Browser, until } from "../support/browser.js";
import { Person, two_people } from "../support/people.js";
import { start_server } from "../support/server.js";

/** @import { Options, Session } from "../../../static/js/session/open_session.js" */

const random = (/** @type {number} */ length) => crypto.getRandomValues(new Uint8Array(length));

/** What a session tells of its link. @param {Session} session */
function listen(session) {
  /** @type {any[]} */
  const news = [];
  session.on("link", (detail) => news.push(detail));
  return {
    news,
    step: (/** @type {string} */ step) => until(() => news.find((told) => told.step === step), `the link comes to ${step}`),
  };
}

describe("a link", { timeout: 240_000 }, () => {
  /** @type {import("../support/server.js").Server} */
  let server;
  /** @type {Person} */
  let alice;
  /** @type {Person} */
  let bob;
  /** @type {Person[]} */
  const others = [];

  before(async () => {
    server = await start_server();
    [alice, bob] = await two_people(server.origin);
  });
  after(async () => {
    for (const one of [alice, bob, ...others]) one?.close();
    await server?.stop();
  });

  /** @param {Partial<Options>} [options] */
  async function fresh(options) {
    const browser = new Browser(server.origin, options);
    const person = new Person(browser, await browser.open_tab());
    others.push(person);
    return { browser, person, heard: listen(person.session) };
  }

  /** A box of Alice's, opened with what its code says. */
  async function box_of(/** @type {string} */ code) {
    const link = await derive_link(await parse_link_code(code));
    const id = Buffer.from(link.box).toString("base64url");
    return { link, id };
  }

  it("makes the browser a device that has the account: contacts, conversations, the name that it was given", async () => {
    await alice.do("verify_contact", { account: bob.account, method: "digits" });
    const old = listen(alice.session);
    const { code, qr, expires } = await alice.do("begin_link");
    assert.match(code, /^([0-9A-Z]{4}-){6}[0-9A-Z]{4}$/);
    assert.match(qr, /^T2ML1:[\w-]{22}$/);
    assert.ok(expires > Date.now() + 290_000);
    const { browser, person, heard } = await fresh();
    const linked = person.do("link_browser", { code: code.toLowerCase(), device_name: "Firefox on Linux" });
    const shown = await old.step("compare");
    assert.equal(shown.name, "Firefox on Linux");
    assert.match(shown.code, /^\d{3} \d{3}$/);
    assert.equal((await heard.step("compare")).code, shown.code);
    assert.equal(person.session.profile(), null);
    await alice.do("confirm_link", { match: true });
    const profile = await linked;
    assert.equal(profile.account, alice.account);
    assert.equal(profile.device_name, "Firefox on Linux");
    await old.step("done");
    assert.deepEqual(heard.news.map(({ step }) => step), ["waiting", "compare", "joining", "done"]);
    assert.equal((await person.ask("conversation", { id: bob.account })).peer.verified, true);
    await until(() => person.has_joined(bob), "joined by itself");
    assert.equal((await person.group_with(bob)).members.length, 3);
    await bob.say(alice, "to both");
    await person.hears(bob, "to both");
    await person.say(bob, "from the new one");
    await alice.hears(bob, "from the new one");
    assert.deepEqual(browser.faults, []);
  });

  it("is told once, with the name, and no alarm; both devices know each other as verified", async () => {
    await until(() => alice.alert_codes.includes("device_linked"));
    assert.ok(!alice.alert_codes.includes("own_device_added"));
    for (const person of [alice, others[0]]) {
      const devices = await until(async () => {
        const listed = await person.do("devices");
        return listed.every((/** @type {any} */ { name, own }) => own || name !== "" || person !== alice) ? listed : null;
      });
      assert.equal(devices.length, 2);
      assert.ok(devices.every((/** @type {any} */ { verified, active, code }) => verified && active && /^(\d{5} ){5}\d{5}$/.test(code)));
    }
  });

  it("lets a device rename itself and others, for both", async () => {
    const [second] = others;
    await second.do("rename_device", { device: alice.session.profile()?.device, name: "The old one" });
    const name_here = async () => (await alice.do("devices")).find((/** @type {any} */ { own }) => own).name;
    await until(async () => {
      await alice.reload();
      return (await name_here()) === "The old one";
    }, "the other device has the name from the vault");
  });

  it("ends when the person says that the codes differ, and nothing has left the old device", async () => {
    const old = listen(alice.session);
    const { code, qr } = await alice.do("begin_link");
    const { person, heard } = await fresh();
    const linked = person.do("link_browser", { code: qr, device_name: "" });
    const refused = assert.rejects(linked, (error) => is_talk2me_error(error, "link_refused"));
    await old.step("compare");
    await alice.do("confirm_link", { match: false });
    await refused;
    assert.equal((await old.step("failed")).error, "link_refused");
    assert.equal((await heard.step("failed")).error, "link_refused");
    const { id } = await box_of(code);
    assert.equal(await alice.device.api.get_link_part(id, 4), null);
    assert.equal(person.session.profile(), null);
    await assert.rejects(alice.do("confirm_link", { match: true }), (error) => is_talk2me_error(error, "link_failed"));
  });

  it("that somebody relays who knows the secret shows other codes on each screen", async () => {
    const old = listen(alice.session);
    const { code } = await alice.do("begin_link");
    const { link, id } = await box_of(code);
    const { api, origin } = alice.device;
    // A box of the attacker's own, for the victim's new browser, under another account's sign-in.
    const attacker = await bob.do("begin_link");
    const theirs = await box_of(attacker.code);
    const { person, heard } = await fresh();
    const linked = person.do("link_browser", { code: attacker.code, device_name: "victim" });
    const failed = assert.rejects(linked);
    const sealed = await until(() => api.get_link_part(theirs.id, 2));
    const { value } = await open_part(theirs.link, { origin, number: 2, sealed });
    const key = await hpke_key_from_seed(random(32));
    const relayed = { ...value, key: key.public_key, nonce: random(32) };
    await api.put_link_part(id, 2, await seal_part(link, { origin, number: 2, value: relayed, random }));
    const mine = (await old.step("compare")).code;
    assert.notEqual((await heard.step("compare")).code, mine);
    await alice.do("confirm_link", { match: false });
    await bob.do("confirm_link", { match: false });
    await failed;
  });

  it("with another key than was committed to fails before a code is shown", async () => {
    const { api, origin } = alice.device;
    const browser = await fresh();
    const code = await format_link_code(random(16));
    const own = await box_of(code);
    await api.make_link_box(own.id);
    const key = (await hpke_key_from_seed(random(32))).public_key;
    const nonce = random(32);
    const put = async (/** @type {1 | 3} */ number, /** @type {any} */ value) =>
      api.put_link_part(own.id, number, await seal_part(own.link, { origin, number, value, random }));
    await put(1, { v: 1, commitment: await make_commitment(key, nonce) });
    await put(3, { v: 1, key: (await hpke_key_from_seed(random(32))).public_key, nonce });
    const linked = browser.person.do("link_browser", { code, device_name: "" });
    await assert.rejects(linked, (error) => is_talk2me_error(error, "link_failed"));
    assert.ok(!browser.heard.news.some(({ step }) => step === "compare"));
  });

  it("of which a part was changed fails", async () => {
    const { code } = await alice.do("begin_link");
    const { id } = await box_of(code);
    /** @type {typeof fetch} */
    const tampering = async (input, init) => {
      const response = await fetch(input, init);
      if (!String(input).includes(`${id}?number=1`)) return response;
      const { body } = await response.json();
      if (!body) return Response.json({ body });
      const bytes = Buffer.from(body, "base64url");
      bytes[bytes.length - 1] ^= 1;
      return Response.json({ body: bytes.toString("base64url") });
    };
    const { person } = await fresh({ fetch: /** @type {any} */ (tampering) });
    const linked = person.do("link_browser", { code, device_name: "" });
    await assert.rejects(linked, (error) => is_talk2me_error(error, "link_failed"));
  });

  it("is over when its box is gone, and when its time is", async () => {
    const earlier = listen(alice.session);
    await alice.do("cancel_link");
    await earlier.step("failed");
    const first = listen(alice.session);
    const { code } = await alice.do("begin_link");
    const { id } = await box_of(code);
    await alice.device.api.delete_link_box(id);
    assert.equal((await first.step("failed")).error, "link_expired");
    const { person } = await fresh();
    const linked = person.do("link_browser", { code, device_name: "" });
    await assert.rejects(linked, (error) => is_talk2me_error(error, "link_expired"));
    let ahead = 0;
    const old = listen(alice.session);
    const now = alice.device.now;
    alice.device.now = () => now() + ahead;
    await alice.do("begin_link");
    ahead = 301_000;
    assert.equal((await old.step("failed")).error, "link_expired");
    alice.device.now = now;
  });

  it("needs a code, and no recovery key", async () => {
    const { person } = await fresh();
    const recovery_key = await alice.do("pending_recovery_key");
    for (const code of [recovery_key, "T2ML1:abc", "nonsense"]) {
      const linked = person.do("link_browser", { code, device_name: "" });
      await assert.rejects(linked, (error) => is_talk2me_error(error, "link_code_invalid"));
    }
  });

  it("whose last answer got lost is finished at the next start", async () => {
    let lost = 0;
    const { browser, person } = await fresh({
      fetch: async (url, init) => {
        const response = await fetch(url, init);
        if (!String(url).endsWith("/events") || lost > 0) return response;
        lost += 1;
        throw new TypeError("the network went away");
      },
    });
    const old = listen(alice.session);
    const { code } = await alice.do("begin_link");
    const linked = person.do("link_browser", { code, device_name: "Later" });
    const failed = assert.rejects(linked, (error) => is_talk2me_error(error, "offline"));
    await old.step("compare");
    await alice.do("confirm_link", { match: true });
    await failed;
    assert.equal(person.session.profile(), null);
    const { person: meanwhile } = await fresh();
    const recovery_key = await alice.do("pending_recovery_key");
    await meanwhile.do("recover_account", { username: alice.name, recovery_key, device_name: "Meanwhile" });
    await until(async () => !(await meanwhile.device.store.get("meta", "vault")).dirty, "it has written the vault");
    await person.reload();
    await until(() => person.session.profile()?.device_name === "Later", "the link is finished");
    await bob.say(alice, "and to the third");
    await person.hears(bob, "and to the third");
    assert.deepEqual(browser.faults, []);
  });

  it("has made the browser a device also where the other side has ended it by then", async () => {
    const { person, heard } = await fresh({
      fetch: async (url, init) => {
        const is_last = init?.method === "PUT" && JSON.parse(String(init.body)).number === 5;
        return is_last ? Response.json({ error: "link_part_taken" }, { status: 409 }) : fetch(url, init);
      },
    });
    const old = listen(alice.session);
    const { code } = await alice.do("begin_link");
    const linked = person.do("link_browser", { code, device_name: "Alone" });
    await old.step("compare");
    await alice.do("confirm_link", { match: true });
    assert.equal((await linked).account, alice.account);
    await heard.step("done");
    await alice.do("cancel_link");
  });

  it("finds its way into a vault that another device gives a new key in that moment", async () => {
    const { person: third } = await fresh();
    const recovery_key = await alice.do("pending_recovery_key");
    await third.do("recover_account", { username: alice.name, recovery_key, device_name: "Third" });
    const lost = (await third.do("devices")).find((/** @type {any} */ { name }) => name === "Alone");
    /** @type {Promise<any> | null} */
    let revoked = null;
    const { person } = await fresh({
      fetch: async (url, init) => {
        const is_read = String(url).endsWith("/vault") && (init?.method ?? "GET") === "GET";
        // What it was handed opens nothing any more.
        if (is_read) await (revoked ??= third.do("revoke_devices", { devices: [lost.device] }));
        return fetch(url, init);
      },
    });
    const old = listen(alice.session);
    const { code } = await alice.do("begin_link");
    const linked = person.do("link_browser", { code, device_name: "Just in time" });
    await old.step("compare");
    await alice.do("confirm_link", { match: true });
    assert.equal((await linked).account, alice.account);
    assert.ok(revoked);
    await bob.say(alice, "to whoever came in time");
    await person.hears(bob, "to whoever came in time");
  });

  it("makes no fault of our own", () => {
    assert.deepEqual([alice, bob, ...others].flatMap(({ browser }) => browser.faults), []);
  });
});

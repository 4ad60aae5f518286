// @ts-check
// A server that lies to a browser which comes back with a recovery key: it is refused before anything is stored.
import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { is_talk2me_error } from "../../../static/js/errors.js";
import { derive_recovery, parse_recovery_key } from "../../../static/js/protocol/recovery_key.js";
import { get_recovery_token } from "../../../static/js/session/join/recovery_token.js";
import { Browser, until } from "../support/browser.js";
import { two_people } from "../support/people.js";
import { start_server } from "../support/server.js";
import { traces_of_account } from "../support/stored.js";

/** @import { Person } from "../support/people.js" */

describe("a browser that comes back to a server that lies", { timeout: 240_000 }, () => {
  /** @type {import("../support/server.js").Server} */
  let server;
  /** @type {Person} */
  let alice;
  /** @type {Person} */
  let bob;
  let recovery_key = "";
  let bobs_key = "";
  /** @type {(path: string, answer: any) => any} */
  let lie = (_path, answer) => answer;
  /** @type {any[]} */
  let posted = [];
  /** @type {{ status: number, text: string }[]} */
  let answers = [];

  /** @type {any} */
  const lying_fetch = async (/** @type {string} */ input, /** @type {RequestInit} */ init) => {
    if (init.body) posted.push([input, JSON.parse(String(init.body))]);
    const response = await fetch(input, init);
    const text = await response.text();
    answers.push({ status: response.status, text });
    const told = lie(new URL(input).pathname.replace("/api/", ""), JSON.parse(text));
    return Response.json(told, { status: told === undefined || response.ok || !told.error ? 200 : response.status });
  };

  before(async () => {
    server = await start_server({ RATE_RECOVERY: "" });
    [alice, bob] = await two_people(server.origin);
    [recovery_key, bobs_key] = [await alice.do("pending_recovery_key"), await bob.do("pending_recovery_key")];
    for (const one of [alice, bob]) await until(async () => !(await one.device.store.get("meta", "vault")).dirty, "the vault is written");
  });
  afterEach(() => {
    lie = (_path, answer) => answer;
    posted = [];
    answers = [];
  });
  after(async () => {
    for (const one of [alice, bob]) one?.close();
    await server?.stop();
  });

  /** @param {{ username: string, recovery_key: string }} wish @param {string[]} codes one of them is the answer; nothing is stored */
  async function is_refused(wish, codes) {
    const browser = new Browser(server.origin, { fetch: lying_fetch });
    const session = await browser.open_tab();
    const failure = await session.commands.recover_account({ ...wish, device_name: "" }).then(
      () => null,
      (/** @type {any} */ error) => error,
    );
    assert.ok(is_talk2me_error(failure) && codes.includes(failure.code), `${failure?.code ?? failure}`);
    assert.equal(session.profile(), null);
    assert.deepEqual(await traces_of_account(/** @type {any} */ (session.device)), []);
    assert.deepEqual(browser.faults, []);
    assert.ok(!posted.some(([path]) => path.endsWith("/events")), "no device was added");
    browser.close();
  }

  /** What the account's owner may read. @param {Person} person @param {string} typed */
  async function right_of(person, typed) {
    const derive = async (/** @type {Uint8Array} */ id) => derive_recovery(await parse_recovery_key(typed), id);
    const { token } = await get_recovery_token(person.device, { username: person.name, derive });
    const headers = { authorization: `Bearer ${Buffer.from(token).toString("base64url")}`, "content-type": "application/json" };
    const chain = await fetch(`${server.origin}/api/accounts/${person.account}/chain`, { method: "POST", headers, body: '{"since":0}' });
    const vault = await fetch(`${server.origin}/api/vault`, { headers });
    return { token, chain: await chain.json(), vault: await vault.json() };
  }

  it("that names another account for the name learns nothing and gets nothing in", async () => {
    lie = (path, answer) => (path === "recovery/challenge" ? { ...answer, account: bob.account } : answer);
    await is_refused({ username: alice.name, recovery_key }, ["recovery_refused"]);
    // What was shown for it is of a key that belongs to no account.
    const [, { key }] = posted.find(([path]) => path.endsWith("recovery/sign_in"));
    const chains = await Promise.all([alice, bob].map((one) => alice.device.store.get("contacts", one.account)));
    const known = chains.flatMap(({ chain }) => chain.recovery_keys.map((/** @type {Uint8Array} */ bytes) => Buffer.from(bytes).toString("base64url")));
    assert.ok(!known.includes(key));
  });

  it("that names another account, and lets it in there, is refused by what is in the vault", async () => {
    const right = await right_of(bob, bobs_key);
    lie = (path, answer) => {
      if (path === "recovery/challenge") return { ...answer, account: bob.account };
      if (path === "recovery/sign_in") return { token: Buffer.from(right.token).toString("base64url"), expires_in: 600 };
      if (path.endsWith("/chain")) return right.chain;
      return path === "vault" ? right.vault : answer;
    };
    await is_refused({ username: alice.name, recovery_key }, ["recovery_key_wrong"]);
  });

  it("that gives another account's chain is refused", async () => {
    const { chain } = await right_of(bob, bobs_key);
    lie = (path, answer) => (path.endsWith("/chain") ? chain : answer);
    await is_refused({ username: alice.name, recovery_key }, ["chain_invalid", "key_log_invalid"]);
  });

  it("that gives another account's vault, none, or one that was cut is refused", async () => {
    const { vault } = await right_of(bob, bobs_key);
    const own = (await right_of(alice, recovery_key)).vault;
    for (const shown of [vault, { ...own, vault: own.vault.slice(0, -8) }, { ...own, version: own.version + 1 }, { error: "not_found" }]) {
      lie = (path, answer) => (path === "vault" ? shown : answer);
      await is_refused({ username: alice.name, recovery_key }, ["vault_invalid", "answer_invalid"]);
    }
  });

  it("can't be asked who has an account: an unknown name and a wrong key get one answer", async () => {
    await is_refused({ username: "nobody.at.all", recovery_key }, ["recovery_refused"]);
    const unknown = answers;
    answers = [];
    await is_refused({ username: alice.name, recovery_key: bobs_key }, ["recovery_refused"]);
    assert.deepEqual(unknown.map(({ status }) => status), answers.map(({ status }) => status));
    assert.deepEqual(unknown.at(-1), answers.at(-1));
    const [asked, known] = [unknown, answers].map((told) => JSON.parse(/** @type {any} */ (told.find(({ text }) => text.includes("nonce"))).text));
    assert.deepEqual(Object.keys(asked), Object.keys(known));
    assert.deepEqual([asked.nonce.length, asked.account.length], [known.nonce.length, known.account.length]);
  });
});

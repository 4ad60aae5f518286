// @ts-check
// A server that shows another vault than the one this device put there (ATTACKS 19).
import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { from_base64url } from "../../../static/js/codec/base64url.js";
import { Talk2meError } from "../../../static/js/errors.js";
import { find_device } from "../../../static/js/protocol/account_chain.js";
import { open_vault } from "../../../static/js/protocol/vault.js";
import { until } from "../support/browser.js";
import { two_people } from "../support/people.js";
import { start_server } from "../support/server.js";

/** @import { Person } from "../support/people.js" */
/** @typedef {{ version: number, vault: Uint8Array<ArrayBuffer> }} Stored */

const LONGER_THAN_ANY_RETRY = 7_000;

describe("a server that shows another vault", { timeout: 240_000 }, () => {
  /** @type {import("../support/server.js").Server} */
  let server;
  /** @type {Person} */
  let alice;
  /** @type {Person} */
  let bob;
  /** @type {Stored} */
  let old;
  /** @type {Stored} */
  let foreign;

  before(async () => {
    server = await start_server();
    [alice, bob] = await two_people(server.origin);
    await settled();
    old = await alice.device.api.get_vault();
    foreign = await bob.device.api.get_vault();
    await alice.do("verify_contact", { account: bob.account, method: "digits" });
    await settled();
  });
  afterEach(async () => {
    await alice.reload();
    await settled();
    alice.browser.alerts.length = 0;
  });
  after(async () => {
    alice?.close();
    bob?.close();
    await server?.stop();
  });

  const state = () => alice.device.store.get("meta", "vault");
  const settled = () => until(async () => !(await state()).dirty, "the vault is written");

  /** What the server really has, opened. */
  async function on_server() {
    const { vault } = await alice.device.api.get_vault();
    const { vault_key } = await alice.device.store.get("meta", "secrets");
    const { chain } = await alice.device.store.get("contacts", alice.account);
    const find_author = (/** @type {Uint8Array} */ id) => find_device(chain, id)?.sign_in_key ?? null;
    const { origin } = alice.device;
    return open_vault({ vault, account: from_base64url(alice.account), origin, with: { vault_key }, find_author });
  }

  /**
   * Opens the page again on a server that answers so.
   * @param {Partial<{ get_vault: () => Promise<any>, put_vault: (stored: Stored) => Promise<any> }>} lies
   */
  async function reload_with(lies) {
    const calls = { get: 0, put: 0 };
    /** @type {typeof fetch} */
    const lying_fetch = async (input, init) => {
      const method = init?.method ?? "GET";
      if (!String(input).endsWith("/api/vault")) return fetch(input, init);
      calls[method === "PUT" ? "put" : "get"] += 1;
      const lie = method === "PUT" ? lies.put_vault : lies.get_vault;
      if (!lie) return fetch(input, init);
      try {
        const { version, vault } = await lie(/** @type {any} */ (undefined));
        return Response.json({ version, ...(vault ? { vault: Buffer.from(vault).toString("base64url") } : {}) });
      } catch (error) {
        const { code } = /** @type {Talk2meError} */ (error);
        return Response.json({ error: code }, { status: code === "not_found" ? 404 : 409 });
      }
    };
    alice.browser.alerts.length = 0;
    await alice.reload({ fetch: /** @type {any} */ (lying_fetch) });
    return calls;
  }

  const CASES = {
    "an older one of this account": { shown: () => old, code: "vault_rolled_back" },
    "none at all": { shown: () => Promise.reject(new Talk2meError("not_found")), code: "vault_rolled_back" },
    "one of another account": { shown: () => foreign, code: "vault_invalid" },
    "one that was cut": { shown: () => ({ ...old, vault: old.vault.slice(0, -1) }), code: "vault_invalid" },
    "an older one as if it were newer": { shown: () => ({ ...old, version: old.version + 100 }), code: "vault_invalid" },
  };
  for (const [what, { shown, code }] of Object.entries(CASES)) {
    it(`${what}: it is told, nothing of it is taken in, and this device's own is there again as a newer one`, async () => {
      const { version } = await state();
      await reload_with({ get_vault: async () => shown() });
      await until(() => alice.alert_codes.includes(code), `an alert ${code}`);
      await until(async () => (await state()).version > version, "a newer version");
      await settled();
      assert.equal((await alice.ask("conversation", { id: bob.account })).peer.verified, true);
      await alice.reload();
      const { version: there, contents } = await on_server();
      assert.ok(there > version);
      assert.ok(contents.contacts[0].verified);
    });
  }

  it("and takes no newer one: it is told once and not tried again and again", async () => {
    const refuse = () => Promise.reject(new Talk2meError("vault_conflict"));
    const calls = await reload_with({ get_vault: async () => old, put_vault: refuse });
    await until(() => alice.alert_codes.includes("vault_rolled_back"));
    await new Promise((resolve) => void setTimeout(resolve, LONGER_THAN_ANY_RETRY));
    assert.deepEqual(alice.alert_codes, ["vault_rolled_back"]);
    assert.deepEqual(calls, { get: 2, put: 1 });
    assert.equal((await state()).dirty, true);
  });

  it("or its own, but takes no newer one: it is not tried again and again either", async () => {
    const { version } = await state();
    await alice.device.store.transaction((changes) => changes.update("meta", "vault", (held) => (held.dirty = true)));
    const present = await alice.device.api.get_vault();
    assert.equal(present.version, version);
    const refuse = () => Promise.reject(new Talk2meError("vault_conflict"));
    const calls = await reload_with({ get_vault: async () => present, put_vault: refuse });
    await until(() => calls.put > 0);
    await new Promise((resolve) => void setTimeout(resolve, LONGER_THAN_ANY_RETRY));
    assert.deepEqual(calls, { get: 2, put: 1 });
  });

  it("makes no fault of our own", () => {
    assert.deepEqual([...alice.browser.faults, ...bob.browser.faults], []);
  });
});

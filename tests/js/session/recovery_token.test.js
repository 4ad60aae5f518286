// @ts-check
// A browser that is no device of an account yet and holds its recovery key, against the real server.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { to_base64url } from "../../../static/js/codec/base64url.js";
import { is_talk2me_error } from "../../../static/js/errors.js";
import { derive_recovery, parse_recovery_key } from "../../../static/js/protocol/recovery_key.js";
import { fetch_chain_to_join, judge_fetched } from "../../../static/js/session/key_log/fetch_chain.js";
import { get_recovery_token } from "../../../static/js/session/join/recovery_token.js";
import { Browser, until } from "../support/browser.js";
import { Person } from "../support/people.js";
import { start_server } from "../support/server.js";

/** @import { Device } from "../../../static/js/session/device.js" */

describe("a recovery key in a browser that is no device", { timeout: 120_000 }, () => {
  /** @type {import("../support/server.js").Server} */
  let server;
  /** @type {Person} */
  let alice;
  /** @type {Browser} */
  let browser;
  /** @type {Device} */
  let device;
  let recovery_key = "";

  before(async () => {
    server = await start_server();
    alice = await Person.sign_up(server.origin, "alice");
    recovery_key = await alice.do("pending_recovery_key");
    browser = new Browser(server.origin);
    device = /** @type {Device} */ ((await browser.open_tab()).device);
  });
  after(async () => {
    alice?.browser.close();
    browser?.close();
    await server?.stop();
  });

  const derive_from = (/** @type {string} */ typed) => async (/** @type {Uint8Array} */ account) =>
    derive_recovery(await parse_recovery_key(typed), account);

  it("gives the account's proven chain and its vault, by the name", async () => {
    const right = await get_recovery_token(device, { username: "alice", derive: derive_from(recovery_key) });
    assert.equal(right.account, alice.account);
    const ask = (/** @type {number} */ since) => device.api.chain_to_join(right.account, { since, token: right.token });
    const { state } = await judge_fetched(device, await fetch_chain_to_join(device, right.account, ask), null);
    assert.equal(to_base64url(state.recovery_keys[0]), to_base64url(right.recovery.signing.public_key));
    await until(() => device.api.get_vault({ token: right.token }).catch(() => null), "the vault is on the server");
  });

  it("gives the same by the account's id", async () => {
    const right = await get_recovery_token(device, { account: alice.account, derive: derive_from(recovery_key) });
    assert.equal(right.account, alice.account);
  });

  it("is refused alike for a name that nobody has and for another key", async () => {
    const other = await Person.sign_up(server.origin, "bob");
    const others_key = await other.do("pending_recovery_key");
    other.browser.close();
    for (const [username, typed] of [["nobody", recovery_key], ["alice", others_key]]) {
      await assert.rejects(get_recovery_token(device, { username, derive: derive_from(typed) }), (error) =>
        is_talk2me_error(error, "recovery_refused"),
      );
    }
  });

  it("opens nothing for a token that nobody gave", async () => {
    const token = new Uint8Array(32);
    for (const attempt of [() => device.api.get_vault({ token }), () => device.api.chain_to_join(alice.account, { since: 0, token })]) {
      await assert.rejects(attempt, (error) => is_talk2me_error(error, "unauthenticated"));
    }
  });
});

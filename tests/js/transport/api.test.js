// @ts-check
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { is_talk2me_error } from "../../../static/js/errors.js";
import { make_api } from "../../../static/js/transport/api.js";

/** @param {(call: { url: string, init: any }) => { status?: number, body?: any, text?: string } | Error} answer */
function fake_api(answer) {
  /** @type {{ url: string, init: any }[]} */
  const calls = [];
  let tokens = 0;
  const api = make_api({
    origin: "https://chat.example",
    fetch: async (url, init) => {
      calls.push({ url, init });
      const told = answer({ url, init });
      if (told instanceof Error) throw told;
      const { status = 200, body = {}, text } = told;
      return new Response(text ?? JSON.stringify(body), { status });
    },
    get_token: async ({ fresh }) => {
      if (fresh) tokens += 1;
      return new Uint8Array(32).fill(tokens);
    },
  });
  return { api, calls };
}

/** @param {Promise<unknown>} promise @param {any} code @param {Record<string, unknown>} [details] */
async function fails_with(promise, code, details = {}) {
  await assert.rejects(promise, (error) => {
    assert.ok(is_talk2me_error(error, code), String(error));
    assert.deepEqual(error.details, details);
    return true;
  });
}

describe("calls to the server", () => {
  it("carry the token as a bearer and never a cookie", async () => {
    const { api, calls } = fake_api(() => ({ body: { open_to_strangers: true } }));
    assert.deepEqual(await api.get_settings(), { open_to_strangers: true });
    const [{ url, init }] = calls;
    assert.equal(url, "https://chat.example/api/settings");
    assert.equal(init.headers.authorization, `Bearer ${"A".repeat(43)}`);
    assert.deepEqual([init.credentials, init.redirect, init.cache], ["omit", "error", "no-store"]);
  });

  it("are made once more with a fresh token when the old one has ended, and only once", async () => {
    const { api, calls } = fake_api(() => ({ status: 401, body: { error: "token_expired" } }));
    await fails_with(api.get_vault(), "token_expired");
    assert.equal(calls.length, 2);
    assert.notEqual(calls[0].init.headers.authorization, calls[1].init.headers.authorization);
  });

  it("send bytes as base64url and read them back", async () => {
    const { api, calls } = fake_api(({ url }) =>
      url.endsWith("claim")
        ? { body: { devices: [{ device: "d", key_package: "AQI", last_resort: true }] } }
        : { body: { version: 3, vault: "_w" } },
    );
    assert.deepEqual(await api.get_vault(), { version: 3, vault: Uint8Array.of(255) });
    const claimed = await api.claim_key_packages({ account: "a", suite: 83, invitation: Uint8Array.of(250, 251) });
    assert.deepEqual(claimed, [{ device: "d", key_package: Uint8Array.of(1, 2), last_resort: true }]);
    assert.deepEqual(JSON.parse(calls[1].init.body), { account: "a", suite: 83, invitation: "-vs" });
  });

  it("leave parts in a link box without a token, and read one that is not there yet as null", async () => {
    const { api, calls } = fake_api(({ url }) => ({ body: url.endsWith("number=1") ? { body: "_w" } : { body: null } }));
    assert.deepEqual(await api.get_link_part("box", 1), Uint8Array.of(255));
    assert.equal(await api.get_link_part("box", 2), null);
    await api.put_link_part("box", 2, Uint8Array.of(255));
    assert.deepEqual(JSON.parse(calls[2].init.body), { number: 2, body: "_w" });
    assert.ok(calls.every(({ init }) => init.headers.authorization === undefined));
  });

  it("post of a passkey what was made to be posted, and read the recovery token", async () => {
    const granted = { account: "a", recovery_key: "_w", token: "AQI", expires_in: 600 };
    const { api, calls } = fake_api(({ url }) => ({ body: url.endsWith("sign_in") ? granted : { passkey: "p" } }));
    const made = { id: "i", rawId: "i", type: "public-key", response: { clientDataJSON: "c", attestationObject: "o" } };
    assert.deepEqual(await api.add_passkey({ credential: made, recovery_key: Uint8Array.of(255) }), { passkey: "p" });
    assert.deepEqual(JSON.parse(calls[0].init.body), { credential: made, recovery_key: "_w" });
    const response = { clientDataJSON: "c", authenticatorData: "d", signature: "s" };
    const found = await api.passkey_sign_in({ credential: { id: "i", rawId: "i", type: "public-key", response } });
    assert.deepEqual(found, { ...granted, recovery_key: Uint8Array.of(255), token: Uint8Array.of(1, 2) });
    assert.equal(calls[1].init.headers.authorization, undefined);
  });

  it("fail with the server's code, or with internal for one that nobody knows", async () => {
    const limited = fake_api(() => ({ status: 429, body: { error: "rate_limited", retry_after: 9 } }));
    await fails_with(limited.api.server(), "rate_limited", { retry_after: 9 });
    const unknown = fake_api(() => ({ status: 418, body: { error: "identity_changed" } }));
    await fails_with(unknown.api.server(), "internal");
  });

  it("fail as offline when the connection goes away in the middle of an answer", async () => {
    const cut = (/** @type {any} */ error) =>
      make_api({
        origin: "https://chat.example",
        fetch: async () => new Response(new ReadableStream({ start: (stream) => stream.error(error) })),
        get_token: async () => new Uint8Array(32),
      });
    await fails_with(cut(new TypeError("terminated")).server(), "offline");
    await fails_with(cut(Object.assign(new Error(""), { name: "TimeoutError" })).server(), "timed_out");
  });

  it("fail as offline or answer_invalid when it is not the server that answers", async () => {
    await fails_with(fake_api(() => new TypeError("no network")).api.server(), "offline");
    await fails_with(fake_api(() => Object.assign(new Error(""), { name: "TimeoutError" })).api.server(), "timed_out");
    await fails_with(fake_api(() => ({ status: 502, text: "<html>" })).api.server(), "offline");
    await fails_with(fake_api(() => ({ status: 200, text: "<html>" })).api.server(), "answer_invalid");
    await fails_with(fake_api(() => ({ text: "[]" })).api.server(), "answer_invalid");
    for (const body of [{}, { events: 1 }, { events: [null] }, { events: [{ event: "%", signatures: { identity: "AA" } }] }]) {
      await fails_with(fake_api(() => ({ body })).api.chain("a", { since: 0 }), "answer_invalid");
    }
    await fails_with(fake_api(() => ({ body: { version: 1, vault: 5 } })).api.get_vault(), "answer_invalid");
  });
});

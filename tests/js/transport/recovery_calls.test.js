// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { is_talk2me_error } from "../../../static/js/errors.js";
import { make_api } from "../../../static/js/transport/api.js";

/** @param {any} body @param {number} [status] */
function api_that_answers(body, status = 200) {
  /** @type {{ url: string, init: any }[]} */
  const calls = [];
  const api = make_api({
    origin: "https://chat.example",
    fetch: async (url, init) => {
      calls.push({ url, init });
      return new Response(JSON.stringify(body), { status });
    },
    get_token: async () => new Uint8Array(32),
  });
  return { api, calls };
}

const RECOVERY_TOKEN = new Uint8Array(32).fill(255);
const BEARER = `Bearer ${"_".repeat(42)}8`;

test("vault and chain are asked for with a recovery token, and not a second time with another", async () => {
  const { api, calls } = api_that_answers({ error: "token_expired" }, 401);
  const attempts = [
    () => api.get_vault({ token: RECOVERY_TOKEN }),
    () => api.chain_to_join("account", { since: 7, token: RECOVERY_TOKEN }),
  ];
  for (const attempt of attempts) await assert.rejects(attempt(), (error) => is_talk2me_error(error, "token_expired"));
  assert.deepEqual(calls.map(({ init }) => init.headers.authorization), [BEARER, BEARER]);
  assert.deepEqual(JSON.parse(calls[1].init.body), { since: 7 });
});

test("a challenge is for a name or an account, and no token goes with it", async () => {
  const { api, calls } = api_that_answers({ account: "a", nonce: "AQI", expires_in: 120 });
  assert.deepEqual(await api.recovery_challenge({ username: "alice" }), { account: "a", nonce: Uint8Array.of(1, 2) });
  await api.recovery_challenge({ account: "a" });
  assert.deepEqual(calls.map(({ init }) => [JSON.parse(init.body), init.headers.authorization]), [
    [{ username: "alice" }, undefined],
    [{ account: "a" }, undefined],
  ]);
});

test("the operator's code goes with the event, and is left out where there is none", async () => {
  const { api, calls } = api_that_answers({ seq: 2 });
  const signed = { event: Uint8Array.of(1), signatures: { identity: Uint8Array.of(2) } };
  await api.append_event("a", signed, { reset_code: "code" });
  await api.append_event("a", signed);
  assert.deepEqual(calls.map(({ init }) => JSON.parse(init.body).reset_code), ["code", undefined]);
});

test("days of devices come as they are, and anything else is no answer", async () => {
  const told = { devices: [{ device: "d", created: "2026-01-31", last_seen: null, more: 1 }], reset_from: null };
  const { api } = api_that_answers(told);
  const devices = [{ device: "d", created: "2026-01-31", last_seen: null }];
  assert.deepEqual(await api.devices(), { devices, reset_from: null });
  for (const wrong of [{}, { devices: [{ device: 1 }], reset_from: null }, { devices: [], reset_from: 5 }]) {
    await assert.rejects(api_that_answers(wrong).api.devices(), (error) => is_talk2me_error(error, "answer_invalid"));
  }
});

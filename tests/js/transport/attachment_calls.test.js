// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { is_talk2me_error } from "../../../static/js/errors.js";
import { make_api } from "../../../static/js/transport/api.js";

const is = (/** @type {any} */ code) => (/** @type {unknown} */ error) => is_talk2me_error(error, code);

/** @param {(url: string, init: any) => Response | Promise<Response>} answer */
function api_with(answer) {
  /** @type {{ url: string, init: any }[]} */
  const calls = [];
  const fetch = async (/** @type {string} */ url, /** @type {any} */ init) => {
    calls.push({ url, init });
    return answer(url, init);
  };
  return { api: make_api({ origin: "https://chat.example", fetch, get_token: async () => new Uint8Array(32) }), calls };
}

const json = (/** @type {any} */ body, status = 200) => new Response(JSON.stringify(body), { status });

test("an attachment is begun with its size, and the server's seconds become milliseconds", async () => {
  const { api, calls } = api_with(() => json({ part: 1_048_576, offset: 0, expires: 1_800_000_000_000 }, 201));
  assert.deepEqual(await api.begin_attachment({ id: "abc", size: 300 }), { part: 1_048_576, offset: 0, expires: 1_800_000_000_000 });
  await api.begin_attachment({ id: "abc", size: 300, keep: true });
  assert.deepEqual(calls.map(({ init }) => JSON.parse(init.body)), [{ id: "abc", size: 300 }, { id: "abc", size: 300, keep: true }]);
});

test("what makes no sense in an answer is refused: an upload must not go round for ever", async () => {
  for (const body of [{}, { part: 0, offset: 0, expires: 1 }, { part: 1, offset: -1, expires: 1 }, { part: 1, offset: "0", expires: 1 }]) {
    await assert.rejects(api_with(() => json(body)).api.begin_attachment({ id: "abc", size: 1 }), is("answer_invalid"));
  }
});

test("a part travels as bytes at its offset", async () => {
  const { api, calls } = api_with(() => json({ offset: 7, complete: true }));
  assert.deepEqual(await api.put_attachment("abc", 4, Uint8Array.of(1, 2, 3)), { offset: 7, complete: true });
  const [{ url, init }] = calls;
  assert.equal(url, "https://chat.example/api/attachments/abc?offset=4");
  assert.equal(init.headers["content-type"], "application/octet-stream");
  assert.deepEqual(init.body, Uint8Array.of(1, 2, 3));
  const elsewhere = api_with(() => json({ error: "offset_wrong", offset: 9 }, 409)).api;
  await assert.rejects(elsewhere.put_attachment("abc", 4, Uint8Array.of(1)), is("offset_wrong"));
});

test("a range is asked for, and an answer of another length is not what was sent", async () => {
  const { api, calls } = api_with(() => new Response(Uint8Array.of(5, 6), { status: 206 }));
  assert.deepEqual(await api.get_attachment("abc", { from: 10, to: 12 }), Uint8Array.of(5, 6));
  assert.equal(calls[0].init.headers.range, "bytes=10-11");
  for (const to of [11, 13]) await assert.rejects(api.get_attachment("abc", { from: 10, to }), is("file_damaged"));
});

test("a token that has just ended is replaced for parts and ranges as well", async () => {
  let answers = 0;
  const { api } = api_with(() => {
    answers += 1;
    return answers === 1 ? json({ error: "token_expired" }, 401) : new Response(Uint8Array.of(5), { status: 206 });
  });
  assert.deepEqual(await api.get_attachment("abc", { from: 0, to: 1 }), Uint8Array.of(5));
});

test("who stops it is told so, and not that the server is away", async () => {
  const stop = new AbortController();
  const { api } = api_with((_url, { signal }) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))));
  const call = api.get_attachment("abc", { from: 0, to: 1 }, stop.signal);
  setTimeout(() => stop.abort());
  await assert.rejects(call, is("file_cancelled"));
});

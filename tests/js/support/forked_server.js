// @ts-check
// A server that shows one browser another key log than everybody else, and keeps that up: the real one behind a `fetch` of the test.
import { from_utf8 } from "../../../static/js/codec/bytes.js";
import { from_base64url, to_base64url } from "../../../static/js/codec/base64url.js";
import { LEAF_LENGTH } from "../../../static/js/protocol/key_log_leaf.js";
import { LyingLog } from "./lying_log.js";

/** @import { Fetch } from "../../../static/js/transport/call_api.js" */

const CHUNK = 2_048;

export class ForkedServer {
  /** @param {string} origin */
  constructor(origin) {
    this.origin = origin;
    /** @type {LyingLog | null} what this browser is shown; the honest log while there is none */
    this.log = null;
    /** @type {number | null} of what it is shown, all when null */
    this.size = null;
    /** @type {Map<string, any[]>} events shown in place of an account's own, as JSON */
    this.events = new Map();
    /** @type {(path: string, answer: any) => any} a last word on every JSON answer about the log */
    this.change = (_path, answer) => answer;
    /** @type {string[]} paths that were asked for */
    this.asked = [];
    /** @type {Fetch} */
    this.fetch = (input, init) => this.#answer(new URL(input), init);
  }

  /**
   * Takes over the log as it is now; from here on it can be gone on with otherwise.
   * @param {import("../../../static/js/codec/bytes.js").Bytes | null} directory_key
   * @returns {Promise<LyingLog>}
   */
  async fork(directory_key) {
    const { checkpoint } = await this.#honest("key_log/news?since=0");
    const size = Number(checkpoint.split("\n")[1]);
    const parts = [];
    for (let from = 0; from < size; from += CHUNK) {
      const url = `${this.origin}/api/key_log/leaves?from=${from}&to=${Math.min(from + CHUNK, size)}`;
      parts.push(new Uint8Array(await (await fetch(url)).arrayBuffer()));
    }
    const leaves = new Uint8Array(size * LEAF_LENGTH);
    for (const [at, part] of parts.entries()) leaves.set(part, at * CHUNK * LEAF_LENGTH);
    return LyingLog.of_leaves({ origin: this.origin, leaves, directory_key });
  }

  /** @param {string} path */
  async #honest(path) {
    return (await (await fetch(`${this.origin}/api/${path}`)).json()).log;
  }

  /** @param {URL} url @param {RequestInit} init @returns {Promise<Response>} */
  async #answer(url, init) {
    const path = url.pathname.replace("/api/", "");
    this.asked.push(path);
    if (path.startsWith("key_log/") && this.log) return this.#about_log(path, url.searchParams, init, url);
    const response = await fetch(url, init);
    if (!response.ok || !/^accounts\/(?:lookup|[\w-]{22}\/chain)$/.test(path)) return response;
    const answer = await response.json();
    const body = init.body ? JSON.parse(String(init.body)) : {};
    return json(this.change(path, await this.#about_account(answer, Number(body.since ?? url.searchParams.get("since") ?? 0))));
  }

  /** @param {any} answer @param {number} since */
  async #about_account(answer, since) {
    const events = this.events.get(answer.account) ?? answer.events;
    if (!this.log) return { ...answer, events };
    const learnable = Object.values(answer.log).every((entry) => !entry.position || entry.position < (this.log?.size ?? 0));
    if (learnable) this.log.learn(answer.log);
    const { username } = JSON.parse(from_utf8(from_base64url(events[0].event))).body;
    const asked = { since, size: this.size ?? this.log.size, account: from_base64url(answer.account), username };
    return { ...answer, events, log: await this.log.log(asked) };
  }

  /** @param {string} path @param {URLSearchParams} asked @param {RequestInit} init @param {URL} url */
  async #about_log(path, asked, init, url) {
    const log = /** @type {LyingLog} */ (this.log);
    const size = this.size ?? log.size;
    const number = (/** @type {string} */ name) => Number(asked.get(name) ?? 0);
    if (path === "key_log/news") return json(this.change(path, { log: await log.log({ since: number("since"), size }) }));
    if (path === "key_log/consistency") {
      return json(this.change(path, { proof: to_base64url(log.consistency(number("from"), number("to"))) }));
    }
    if (path === "key_log/inclusion") return json({ proof: to_base64url(log.inclusion(number("position"), number("size"))) });
    if (path === "key_log/leaves") return new Response(log.leaves_between(number("from"), number("to")));
    if (path === "key_log/directory") {
      log.learn_directory(await (await fetch(url, init)).json());
      return json({ ...(await log.directory({ since: number("since"), size })), frontier: to_base64url(log.frontier(number("since") || size)) });
    }
    return fetch(url, init);
  }
}

/** @param {unknown} value */
const json = (value) => new Response(JSON.stringify(value), { headers: { "content-type": "application/json" } });

// @ts-check
// One HTTP call: JSON in, JSON out, every failure a Talk2meError.
import { error_from_server, Talk2meError } from "../errors.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @typedef {(input: string, init: RequestInit) => Promise<Response>} Fetch */
/**
 * @typedef {{ method: "GET" | "POST" | "PUT" | "DELETE", path: string, body?: unknown, token?: string, octets?: Bytes,
 *   range?: { from: number, to: number }, signal?: AbortSignal }} Call `octets`: in place of a body; `range`: of the answer's bytes,
 *   `to` not among them; `signal`: ends it, with `file_cancelled`
 */
/** @typedef {(call: Call) => Promise<Record<string, any>>} Make */

const TIME_LIMIT = 30_000;
// A part of a file over a slow line.
const OCTETS_TIME_LIMIT = 120_000;

/**
 * @param {{ origin: string, fetch: Fetch }} where
 * @param {Call} call `path` behind `/api/`
 * @returns {Promise<Record<string, any>>}
 * @throws {Talk2meError} a code of the server; `offline`, `timed_out`; `answer_invalid` when something else answers
 */
export async function call_api(where, call) {
  const response = await send(where, call, "application/json");
  const answer = await read_answer(response);
  if (response.ok) return answer;
  throw error_from_server(answer.error, retry_details(answer));
}

/**
 * One whose answer is bytes; its failures are JSON as elsewhere.
 * @param {{ origin: string, fetch: Fetch }} where
 * @param {Call} call
 * @returns {Promise<Bytes>}
 * @throws {Talk2meError} as `call_api`
 */
export async function call_bytes(where, call) {
  const response = await send(where, call, "*/*");
  if (response.ok) return read_bytes(response, call.signal);
  const answer = await read_answer(response);
  throw error_from_server(answer.error, retry_details(answer));
}

/** @param {{ origin: string, fetch: Fetch }} where @param {Call} call @param {string} accept @returns {Promise<Response>} */
async function send({ origin, fetch }, { method, path, body, token, octets, range, signal }, accept) {
  /** @type {Record<string, string>} */
  const headers = { accept };
  if (body !== undefined) headers["content-type"] = "application/json";
  if (octets !== undefined) headers["content-type"] = "application/octet-stream";
  if (token !== undefined) headers.authorization = `Bearer ${token}`;
  if (range !== undefined) headers.range = `bytes=${range.from}-${range.to - 1}`;
  const time_limit = AbortSignal.timeout(octets || range ? OCTETS_TIME_LIMIT : TIME_LIMIT);
  try {
    return await fetch(`${origin}/api/${path}`, {
      method,
      headers,
      body: octets ?? (body === undefined ? undefined : JSON.stringify(body)),
      signal: signal ? AbortSignal.any([signal, time_limit]) : time_limit,
      // There is nothing for a foreign page to ride on: no cookies, no caches, no way elsewhere.
      credentials: "omit",
      cache: "no-store",
      redirect: "error",
      referrerPolicy: "no-referrer",
    });
  } catch (error) {
    throw unreachable(error, signal);
  }
}

/** Also of a connection that goes away in the middle of an answer. @param {unknown} error @param {AbortSignal} [signal] @returns {Talk2meError} */
function unreachable(error, signal) {
  if (signal?.aborted) return new Talk2meError("file_cancelled");
  return new Talk2meError(error instanceof Error && error.name === "TimeoutError" ? "timed_out" : "offline");
}

/** @param {Response} response @param {AbortSignal} [signal] @returns {Promise<Bytes>} */
async function read_bytes(response, signal) {
  try {
    return new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    throw unreachable(error, signal);
  }
}

/** @param {Response} response @returns {Promise<Record<string, any>>} */
async function read_answer(response) {
  let answer;
  try {
    answer = await response.json();
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw unreachable(error);
    // A proxy in front of a server that is away answers with a page of its own.
    throw new Talk2meError(response.status >= 502 && response.status <= 504 ? "offline" : "answer_invalid");
  }
  if (typeof answer !== "object" || answer === null || Array.isArray(answer)) throw new Talk2meError("answer_invalid");
  return answer;
}

/** @param {Record<string, any>} answer */
function retry_details({ retry_after }) {
  return Number.isSafeInteger(retry_after) && retry_after >= 0 ? { retry_after } : {};
}

// @ts-check
// One HTTP call: JSON in, JSON out, every failure a Talk2meError.
import { error_from_server, Talk2meError } from "../errors.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @typedef {(input: string, init: RequestInit) => Promise<Response>} Fetch */
/** @typedef {{ method: "GET" | "POST" | "PUT", path: string, body?: unknown, token?: string }} Call */

const TIME_LIMIT = 30_000;

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
  if (response.ok) return read_bytes(response);
  const answer = await read_answer(response);
  throw error_from_server(answer.error, retry_details(answer));
}

/** @param {{ origin: string, fetch: Fetch }} where @param {Call} call @param {string} accept @returns {Promise<Response>} */
async function send({ origin, fetch }, { method, path, body, token }, accept) {
  /** @type {Record<string, string>} */
  const headers = { accept };
  if (body !== undefined) headers["content-type"] = "application/json";
  if (token !== undefined) headers.authorization = `Bearer ${token}`;
  try {
    return await fetch(`${origin}/api/${path}`, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(TIME_LIMIT),
      // There is nothing for a foreign page to ride on: no cookies, no caches, no way elsewhere.
      credentials: "omit",
      cache: "no-store",
      redirect: "error",
      referrerPolicy: "no-referrer",
    });
  } catch (error) {
    throw new Talk2meError(error instanceof Error && error.name === "TimeoutError" ? "timed_out" : "offline");
  }
}

/** @param {Response} response @returns {Promise<Bytes>} */
async function read_bytes(response) {
  try {
    return new Uint8Array(await response.arrayBuffer());
  } catch {
    throw new Talk2meError("offline");
  }
}

/** @param {Response} response @returns {Promise<Record<string, any>>} */
async function read_answer(response) {
  let answer;
  try {
    answer = await response.json();
  } catch {
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

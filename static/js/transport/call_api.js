// @ts-check
// One HTTP call: JSON in, JSON out, every failure a Talk2meError.
import { error_from_server, Talk2meError } from "../errors.js";

/** @typedef {(input: string, init: RequestInit) => Promise<Response>} Fetch */
/** @typedef {{ method: "GET" | "POST" | "PUT", path: string, body?: unknown, token?: string }} Call */

const TIME_LIMIT = 30_000;

/**
 * @param {{ origin: string, fetch: Fetch }} where
 * @param {Call} call `path` behind `/api/`
 * @returns {Promise<Record<string, any>>}
 * @throws {Talk2meError} a code of the server; `offline`, `timed_out`; `answer_invalid` when something else answers
 */
export async function call_api({ origin, fetch }, { method, path, body, token }) {
  /** @type {Record<string, string>} */
  const headers = { accept: "application/json" };
  if (body !== undefined) headers["content-type"] = "application/json";
  if (token !== undefined) headers.authorization = `Bearer ${token}`;
  let response;
  try {
    response = await fetch(`${origin}/api/${path}`, {
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
  const answer = await read_answer(response);
  if (response.ok) return answer;
  throw error_from_server(answer.error, retry_details(answer));
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

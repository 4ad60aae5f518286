// @ts-check
// What a closed socket means (docs/wire_format.md, close codes): who has to do what before the next one.

/**
 * @typedef {"retry" | "sign_in" | "slow" | "stop"} Reaction `retry` with backoff; `sign_in` first, with a fresh token; `slow`:
 *   begin at the longest waits; `stop`: coming back by ourselves would change nothing, or would push another page out
 */

/** @type {Readonly<Record<number, Reaction>>} */
const REACTIONS = Object.freeze({
  4400: "slow",
  4401: "sign_in",
  4403: "stop",
  4408: "retry",
  4409: "stop",
  4429: "slow",
  4503: "retry",
});

/** @param {number} code @returns {Reaction} */
export function reaction_to_close(code) {
  return REACTIONS[code] ?? "retry";
}

/**
 * Tells whether a failure to get a token is final: the server will not know this device again by itself.
 * @param {string} code of a Talk2meError
 */
export function is_final_refusal(code) {
  return code === "device_revoked" || code === "sign_in_refused";
}

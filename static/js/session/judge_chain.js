// @ts-check
// What a chain that the server gave means for what was believed before.
import { equal } from "../codec/bytes.js";
import { sha256 } from "../crypto/hash.js";
import { is_talk2me_error, Talk2meError } from "../errors.js";
import { verify_chain } from "../protocol/account_chain.js";
import { is_showable_username } from "../protocol/username.js";

/** @import { ChainState, SignedEvent } from "../protocol/account_chain.js" */
/**
 * @typedef {{ verdict: "same" | "newer" | "changed", state: ChainState, reset: "recovery" | "operator" | null }} Verdict `changed`: valid,
 *   but of another identity; `reset`: because the account started over, as the same chain says, and who vouches for that
 */

/**
 * @param {SignedEvent[]} events from the first one
 * @param {string} origin
 * @param {ChainState | null} pinned
 * @returns {Promise<Verdict>}
 * @throws {Talk2meError} `chain_invalid`, also when the server hides what it showed before
 */
export async function judge_chain(events, origin, pinned) {
  const judged = await judge(events, origin, pinned);
  if (!is_showable_username(judged.state.username)) throw new Talk2meError("chain_invalid", { reason: "event_invalid" });
  return judged;
}

/** @param {SignedEvent[]} events @param {string} origin @param {ChainState | null} pinned @returns {Promise<Verdict>} */
async function judge(events, origin, pinned) {
  try {
    const state = await verify_chain(events, origin, pinned);
    const is_same = pinned !== null && equal(pinned.hash, state.hash);
    return { verdict: is_same ? "same" : "newer", state, reset: null };
  } catch (error) {
    if (!is_talk2me_error(error, "identity_changed")) throw error;
    const state = await verify_chain(events, origin);
    return { verdict: "changed", state, reset: pinned && (await continues(events, pinned)) ? since(state, pinned) : null };
  }
}

/** @param {SignedEvent[]} events whose chain is valid @param {ChainState} pinned */
async function continues(events, { seq, hash }) {
  return seq <= events.length && equal(await sha256(events[seq - 1].event), hash);
}

/** @param {ChainState} state @param {ChainState} pinned */
function since({ reset }, { seq }) {
  return reset && reset.seq > seq ? reset.by : null;
}

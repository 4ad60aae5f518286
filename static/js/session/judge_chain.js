// @ts-check
// What a chain that the server gave means for what was believed before.
import { equal } from "../codec/bytes.js";
import { is_talk2me_error, Talk2meError } from "../errors.js";
import { verify_chain } from "../protocol/account_chain.js";
import { is_showable_username } from "../protocol/username.js";

/** @import { ChainState, SignedEvent } from "../protocol/account_chain.js" */
/** @typedef {{ verdict: "same" | "newer" | "changed", state: ChainState }} Verdict `changed`: valid, but of another identity */

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
    return { verdict: is_same ? "same" : "newer", state };
  } catch (error) {
    if (!is_talk2me_error(error, "identity_changed")) throw error;
    return { verdict: "changed", state: await verify_chain(events, origin) };
  }
}

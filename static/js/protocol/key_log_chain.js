// @ts-check
// docs/key_log.md 5.2: whether the log says the same of an account as the chain that came with it. Pure.
import { Talk2meError } from "../errors.js";
import { verify_entry } from "./key_log_answer.js";
import { account_index, LEAF, username_indexes } from "./key_log_leaf.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @import { ChainState, SignedEvent } from "./account_chain.js" */
/** @import { VerifiedLog } from "./key_log_answer.js" */

/** Under which the position of a leaf is noted. @param {number} seq */
export const event_name = (seq) => `event/${seq}`;
/** @param {number} version */
export const username_name = (version) => `username/${version}`;

/**
 * The chain's links bind what lies between its first event and its last; both are in the log, and no later one is.
 * @param {{ events: SignedEvent[], state: ChainState, log: any, verified: VerifiedLog, directory_key: Bytes | null }} claim `state`
 *   of the verified `events`, `log` as it was answered, `verified` of it; without `directory_key` the name is not looked at
 * @returns {Record<string, number>} positions of the leaves, by `event_name` and `username_name`
 * @throws {Talk2meError} `key_log_invalid` with reason `unproven`
 */
export function prove_chain({ events, state, log, verified, directory_key }) {
  const { account, username, seq } = state;
  /** @type {Record<string, number>} */
  const positions = {};
  try {
    const of_events = { type: LEAF.account, index: (/** @type {number} */ version) => account_index(account, version) };
    const last = verify_entry(log.account, verified, { ...of_events, content: events[events.length - 1].event, version: seq });
    positions[event_name(seq)] = last.position;
    if (seq > 1) {
      const begun = { ...of_events, content: events[0].event, version: 1, is_newest: false };
      positions[event_name(1)] = verify_entry(log.first, verified, begun).position;
    }
    if (!directory_key) return positions;
    const index = username_indexes(directory_key, username);
    const name = verify_entry(log.username, verified, { type: LEAF.username, index, content: account });
    positions[username_name(name.version)] = name.position;
  } catch {
    // Which of the proofs it was helps nobody but who made it.
    throw new Talk2meError("key_log_invalid", { reason: "unproven" });
  }
  return positions;
}

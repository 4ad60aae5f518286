// @ts-check
// An account's chain together with the log's word for it. Nobody's keys come into this browser by another way.
import { is_talk2me_error, Talk2meError } from "../../errors.js";
import { prove_chain } from "../../protocol/key_log_chain.js";
import { judge_chain } from "../judge_chain.js";
import { advance_log, open_log, ready_log, with_log } from "./advance_log.js";

/** @import { Bytes } from "../../codec/bytes.js" */
/** @import { ChainState, SignedEvent } from "../../protocol/account_chain.js" */
/** @import { Verdict } from "../judge_chain.js" */
/** @import { Device } from "../device.js" */
/** @import { VerifiedLog } from "../../protocol/key_log_answer.js" */
/**
 * @typedef {{ account: string, events: SignedEvent[], log: any, verified: VerifiedLog, directory_key: Bytes | null,
 *   generation: number }} Fetched
 * @typedef {Verdict & { proven: number, positions: Record<string, number>, generation: number }} Proven `proven`: size of the log that proves it; `positions` of the
 *   leaves that do
 */

/** @param {Device} device @param {string} account @returns {Promise<Fetched>} its checkpoint is taken, its chain not judged yet */
export function fetch_chain(device, account) {
  return fetch_with(device, async (since) => ({ account, ...(await device.api.chain(account, { since })) }));
}

/** @param {Device} device @param {string} username @returns {Promise<Fetched>} */
export function lookup_chain(device, username) {
  return fetch_with(device, (since) => device.api.lookup(username, { since }));
}

/**
 * For a browser that is no device of the account yet: the name's own entry is proven once it is signed in.
 * @param {Device} device
 * @param {string} account
 * @param {(since: number) => Promise<{ events: SignedEvent[], log: any }>} ask
 * @returns {Promise<Fetched>}
 */
export function fetch_chain_to_join(device, account, ask) {
  return with_log(device, async () => {
    const held = await open_log(device);
    if (held.alarm) throw new Talk2meError("key_log_broken");
    const { events, log } = await ask(held.size);
    const verified = await advance_log(device, held, log);
    return { account, events, log, verified, directory_key: null, generation: held.generation };
  });
}

/**
 * @param {Device} device
 * @param {(since: number) => Promise<{ account: string, events: SignedEvent[], log: any }>} ask
 * @returns {Promise<Fetched>}
 */
function fetch_with(device, ask) {
  return with_log(device, async () => {
    const held = await ready_log(device);
    const answer = await ask(held.size);
    const verified = await advance_log(device, held, answer.log);
    return { ...answer, verified, directory_key: held.directory_key, generation: held.generation };
  });
}

/**
 * Judges the chain by itself, then by the log.
 * @param {Device} device
 * @param {Fetched} fetched
 * @param {ChainState | null} pinned
 * @returns {Promise<Proven>}
 * @throws {Talk2meError} `chain_invalid`; `key_log_invalid` when the log does not say the same
 */
export async function judge_fetched(device, fetched, pinned) {
  const { events, log, verified, directory_key, generation } = fetched;
  const judged = await judge_chain(events, device.origin, pinned);
  const positions = prove_chain({ events, state: judged.state, log, verified, directory_key });
  return { ...judged, proven: verified.checkpoint.size, positions, generation };
}

/**
 * The whole of it. An event that is added between the server's two looks makes chain and log differ: then it is asked once more.
 * @param {Device} device
 * @param {string} account
 * @param {ChainState | null} pinned
 * @param {Fetched} [fetched] where it is at hand already
 * @returns {Promise<Proven>}
 */
export async function fetch_proven(device, account, pinned, fetched) {
  try {
    return await judge_fetched(device, fetched ?? (await fetch_chain(device, account)), pinned);
  } catch (error) {
    if (!is_unproven(error)) throw error;
    return judge_fetched(device, await fetch_chain(device, account), pinned);
  }
}

/** Whether the log was heard and does not say what the chain says. @param {unknown} error */
export function is_unproven(error) {
  return is_talk2me_error(error, "key_log_invalid") && error.details.reason === "unproven";
}

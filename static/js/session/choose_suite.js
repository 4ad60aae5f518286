// @ts-check
import { active_devices } from "../protocol/account_chain.js";
import { SUITE_CLASSIC, SUITE_XWING } from "../protocol/mls.js";
import { Talk2meError } from "../errors.js";

/** @import { ChainState } from "../protocol/account_chain.js" */

/**
 * The suite of a new conversation: the post-quantum one if each active device of each account says, signed, that it can.
 * @param {ChainState[]} chains
 * @returns {number}
 * @throws {Talk2meError} `suite_unsupported` when some device knows neither; `no_key_package` when an account has no device
 */
export function choose_suite(chains) {
  const devices = chains.map(active_devices);
  if (devices.some((list) => list.length === 0)) throw new Talk2meError("no_key_package");
  const suite = [SUITE_XWING, SUITE_CLASSIC].find((wanted) =>
    devices.flat().every(({ suites }) => suites.includes(wanted)),
  );
  if (suite === undefined) throw new Talk2meError("suite_unsupported");
  return suite;
}

// @ts-check
// A welcome goes to each device that is added and holds the whole tree: one frame soon has no room for more.
import { Talk2meError } from "../../errors.js";
import { add_members } from "../../protocol/mls.js";

/** @import { Bytes } from "../../codec/bytes.js" */
/** @import { Hashes } from "../../protocol/mls_leaf.js" */
/** @import { Policy } from "../../protocol/mls_policy.js" */

// A message of the socket holds 1,536 KiB (docs/wire_format.md 3); the lists of members and devices need room as well.
const FRAME_ROOM = 1_250_000;
/** Accounts that are asked for key packages at a time. */
export const MOST_CLAIMED = 16;

/**
 * As many of the first as one commit can add.
 * @param {any} group of protocol/mls.js
 * @param {Policy} policy
 * @param {Bytes[][]} claimed key packages, by account
 * @param {Partial<Hashes>} [hashes] those that the group gets by the same commit
 * @returns {Promise<any>} a `Pending`
 * @throws {Talk2meError} `too_large` when there is no room for one more account
 */
export async function fit_adds(group, policy, claimed, hashes = {}) {
  for (let count = claimed.length; ; count = Math.ceil(count / 2)) {
    const made = await add_members(group, claimed.slice(0, count).flat(), policy, hashes);
    const welcomes = made.added.length * (made.welcome?.length ?? 0);
    if (made.commit.length + made.group_info.length + welcomes <= FRAME_ROOM) return made;
    if (count <= 1) throw new Talk2meError("too_large");
  }
}

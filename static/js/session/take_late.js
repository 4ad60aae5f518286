// @ts-check
// A commit that let in a device which its account has removed since. Whoever was there when it came has taken it; whoever reads of it
// later can't tell by the chain alone whether it came before the removal. What the others did after it tells: if one of them, neither
// who made it nor who came in by it, went on from there, it is taken; else it is refused, as they have refused it.
import { from_base64url, to_base64url } from "../codec/base64url.js";
import { forget_epochs, process } from "../protocol/mls.js";
import { LeafPolicy } from "./check_leaves.js";
import { read_batch } from "./read_envelopes.js";

/** @import { EnvelopeBatch } from "./envelope_batch.js" */
/** @import { Envelope } from "./read_envelopes.js" */
/** @typedef {{ result: any, policy: LeafPolicy }} Taken */

const LIMIT = 128;
// Further than this nobody is looked for.
const PAGES = 16;

/**
 * @param {EnvelopeBatch} batch
 * @param {Envelope} envelope
 * @param {Uint8Array} body
 * @param {LeafPolicy} refused the policy by which it was not taken
 * @returns {Promise<Taken | null>} null when nobody else has taken it
 */
export async function take_late(batch, { sequence }, body, refused) {
  if (!refused.late) return null;
  const { device, cursor } = batch;
  const policy = lenient_copy(refused);
  const result = await process(batch.group, body, policy).catch(() => null);
  if (policy.failure) throw policy.failure;
  if (result?.kind !== "commit") return null;
  const doubtful = new Set([result.committer, ...result.added].map(name_of));
  const look = new Look(refused, result.group, doubtful);
  for (let [after, page] = [sequence, 0]; page < PAGES; page += 1) {
    const frame = { type: "envelope.drain", mailbox: from_base64url(cursor.mailbox), after, limit: LIMIT };
    const { head, envelopes } = read_batch(await device.request(frame));
    for (const next of envelopes) if (await look.is_confirmed_by(next)) return { result, policy };
    const last = envelopes.at(-1)?.sequence;
    if (last === undefined || last >= head) return null;
    after = last;
  }
  return null;
}

/** Goes on from a commit without keeping anything, until somebody else turns out to be there. */
class Look {
  /** @param {LeafPolicy} refused @param {any} group @param {Set<string>} doubtful */
  constructor(refused, group, doubtful) {
    this.refused = refused;
    // What was written before the commit shows nothing.
    this.group = forget_epochs(group);
    this.doubtful = doubtful;
  }

  /** @param {Envelope} envelope @returns {Promise<boolean>} */
  async is_confirmed_by({ body }) {
    if (!body) return false;
    const policy = lenient_copy(this.refused);
    const result = await process(this.group, body, policy).catch(() => null);
    if (policy.failure) throw policy.failure;
    if (!result) return false;
    this.group = result.group;
    if (result.kind === "application") return !this.doubtful.has(name_of(result.sender));
    if (result.kind === "proposal") return !this.doubtful.has(name_of(result.proposer));
    // Who came in by itself and was removed since vouches for nobody.
    if (policy.late) for (const added of result.added) this.doubtful.add(name_of(added));
    return !this.doubtful.has(name_of(result.committer));
  }
}

/** @param {LeafPolicy} policy */
const lenient_copy = ({ device, rules, of_group }) => new LeafPolicy(device, rules, { lenient: true, of_group });

/** @param {{ account: Uint8Array, device: Uint8Array }} owner */
const name_of = ({ account, device }) => `${to_base64url(account)} ${to_base64url(device)}`;

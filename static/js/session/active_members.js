// @ts-check
import { to_base64url } from "../codec/base64url.js";
import { fits } from "./check_leaves.js";

/** @import { Contact } from "./records.js" */

/**
 * Those whose device has not been removed from its account: others have no subscription, even while their leaf is still there.
 * @template {{ account: Uint8Array, device: Uint8Array, signature_key: Uint8Array }} Member
 * @param {{ get: (store: string, id: string) => Promise<any> }} store
 * @param {Member[]} members
 * @returns {Promise<Member[]>}
 */
export async function active_members(store, members) {
  const contacts = await Promise.all(members.map(({ account }) => store.get("contacts", to_base64url(account))));
  return members.filter((member, at) => {
    /** @type {Contact | undefined} */
    const contact = contacts[at];
    const chains = contact ? [contact.chain, ...(contact.changed ? [contact.changed] : [])] : [];
    return !contact || chains.some((chain) => fits(chain, { ...member, state: "added" }));
  });
}

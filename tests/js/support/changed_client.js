// @ts-check
// What a member can do whose client keeps to none of the group's rules.
import { from_base64url } from "../../../static/js/codec/base64url.js";
import { make_part } from "../../../static/js/protocol/group_state.js";
import { add_members, change_context, describe as describe_group, update_keys } from "../../../static/js/protocol/mls.js";
import { claim_devices } from "../../../static/js/session/claim_devices.js";
import { commit_change } from "../../../static/js/session/commit_change.js";
import { mailbox_lock } from "../../../static/js/session/receive_envelopes.js";
import { refresh_contact } from "../../../static/js/session/refresh_contact.js";
import { until } from "./browser.js";

/** @import { Person } from "./people.js" */

/**
 * Commits, whatever the rules say.
 * @param {Person} person
 * @param {string} id of the group
 * @param {(group: any, policy: any) => Promise<any>} make
 */
export async function commit_anyhow({ device }, id, make) {
  const commit = () =>
    commit_change(device, id, (group, policy) => {
      policy.rules = null;
      return make(group, policy);
    });
  // Others may just have had new keys to tell.
  await until(async () => (await device.mutexes.run(mailbox_lock(id), commit)) === "accepted", "committed");
}

/** Makes a member the only owner, for all who take it. @param {Person} person @param {string} id @param {string} [account] */
export async function seize_group(person, id, account = person.account) {
  const roles = { v: /** @type {const} */ (1), owners: [from_base64url(account)], admins: [] };
  const part = await make_part("roles", roles, person.device.random);
  await commit_anyhow(person, id, async (group, policy) => ({
    ...(await change_context(group, { roles: part.hash }, policy)),
    states: [{ part: "roles", salt: part.salt, value: part.value }],
  }));
}

/** Lets somebody in, and goes on alone with them. @param {Person} person @param {string} id @param {string} account */
export async function smuggle_in(person, id, account) {
  const { device } = person;
  const { suite } = describe_group(await device.groups.get(id));
  const key_packages = await claim_devices(device, (await refresh_contact(device, account)).chain, suite);
  await commit_anyhow(person, id, (group, policy) => add_members(group, key_packages, policy));
  await commit_anyhow(person, id, (group, policy) => update_keys(group, policy));
}

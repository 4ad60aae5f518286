// @ts-check
// Groups to measure. A tree is `fresh` when all were added at once and nobody has committed since, `used` when each has
// joined and committed once, as browsers do before their first message. Growing such a tree costs four changes of the whole group for
// each who commits, so in a large one only every `every`-th does.
import { random_bytes } from "../../static/js/crypto/random.js";
import { make_part, read_part } from "../../static/js/protocol/group_state.js";
import {
  add_members,
  create_group,
  create_key_package,
  describe,
  join_from_welcome,
  process,
  update_keys,
} from "../../static/js/protocol/mls.js";
import { NOW, make_device, trusting } from "../../tests/js/protocol/mls_people.js";

/** @import { Policy } from "../../static/js/protocol/mls_policy.js" */
/** @import { Group } from "../../static/js/protocol/mls_state.js" */
/** @import { Device } from "../../tests/js/protocol/mls_people.js" */
/** @typedef {{ device: Device, key_package: Awaited<ReturnType<typeof create_key_package>> }} Guest */
/** @typedef {{ writer: Group, reader: Group, policy: Policy, out: number, guest: Guest }} Grown
 *    writer owns the group, reader came last, out is the leaf of another one where there is one, guest is outside */

/** @param {number} suite @returns {Promise<Guest>} */
async function make_guest(suite) {
  const device = await make_device();
  return { device, key_package: await create_key_package({ suite, ...device, now: NOW }) };
}

/** With the rules that a group has: its owner alone is named. @param {number} suite */
async function begin(suite) {
  const owner = await make_device();
  const settings = { v: /** @type {const} */ (1), title: "A group", picture: null, timer: 0 };
  const everybody = /** @type {const} */ ({ v: 1, who_adds: "members", who_edits: "members", who_writes: "members" });
  const parts = {
    roles: await make_part("roles", { v: 1, owners: [owner.account], admins: [] }, random_bytes),
    rights: await make_part("rights", everybody, random_bytes),
    settings: await make_part("settings", settings, random_bytes),
  };
  const hashes = { roles: parts.roles.hash, rights: parts.rights.hash, settings: parts.settings.hash };
  const roles = await read_part("roles", parts.roles, hashes.roles);
  const rights = await read_part("rights", parts.rights, hashes.rights);
  if (roles === null || rights === null) throw new Error("its own parts are not read");
  const options = { mailbox: random_bytes(16), suite, own: owner, signature_key: owner.signature_key, now: NOW };
  const group = await create_group({ ...options, kind: "group", hashes });
  return { group, policy: { ...trusting, rules: { roles, roles_salt: parts.roles.salt, rights } } };
}

/** @param {Guest} guest @param {Uint8Array | null} welcome @param {Policy} policy */
export async function join({ device, key_package }, welcome, policy) {
  const options = { welcome: welcome ?? new Uint8Array(0), key_packages: [key_package], signature_key: device.signature_key };
  return (await join_from_welcome({ ...options, policy })).group;
}

/** @param {number} suite @param {number} size members, at least 2 @returns {Promise<Grown>} */
export async function fresh_group(suite, size) {
  const { group, policy } = await begin(suite);
  const guests = [];
  while (guests.length < size - 1) guests.push(await make_guest(suite));
  const packages = guests.map(({ key_package }) => key_package.key_package);
  const added = await add_members(group, packages, policy);
  const reader = await join(guests[guests.length - 1], added.welcome, policy);
  return finish(suite, added.group, reader, policy);
}

/** @param {number} suite @param {number} size members, at least 2 @param {number} every who has committed: 1 is everybody @returns {Promise<Grown>} */
export async function used_group(suite, size, every = 1) {
  const { group, policy } = await begin(suite);
  let writer = group;
  /** @type {Group | null} */
  let reader = null;
  for (let members = 1; members < size; ) {
    const guests = [];
    while (guests.length < every && members + guests.length < size) guests.push(await make_guest(suite));
    const packages = guests.map(({ key_package }) => key_package.key_package);
    const added = await add_members(writer, packages, policy);
    const update = await update_keys(await join(guests[guests.length - 1], added.welcome, policy), policy);
    writer = (await process(added.group, update.commit, policy)).group;
    reader = update.group;
    members += guests.length;
  }
  if (reader === null) throw new Error("nobody is there");
  return finish(suite, writer, reader, policy);
}

/** @param {number} suite @param {Group} writer @param {Group} reader @param {Policy} policy */
async function finish(suite, writer, reader, policy) {
  const own = [describe(writer).own_leaf, describe(reader).own_leaf];
  const other = describe(writer).members.find(({ leaf }) => !own.includes(leaf));
  return { writer, reader, policy, out: other?.leaf ?? own[1], guest: await make_guest(suite) };
}

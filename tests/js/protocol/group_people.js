// @ts-check
// A group with an owner, an admin and members, each with rules that it read for itself; and Mallory, a member whose browser
// keeps to none.
import assert from "node:assert/strict";
import { equal, to_utf8 } from "../../../static/js/codec/bytes.js";
import { random_bytes } from "../../../static/js/crypto/random.js";
import { is_talk2me_error } from "../../../static/js/errors.js";
import { due_roles, make_part, read_part } from "../../../static/js/protocol/group_state.js";
import { describe, encrypt, process } from "../../../static/js/protocol/mls.js";
import { make_device, make_group, trusting } from "./mls_people.js";

/** @import { Rights, Settings } from "../../../static/js/protocol/group_state.js" */
/** @import { Rules } from "../../../static/js/protocol/group_rules.js" */
/** @import { Pending } from "../../../static/js/protocol/mls_change.js" */
/** @import { Policy } from "../../../static/js/protocol/mls_policy.js" */
/** @import { Group } from "../../../static/js/protocol/mls_state.js" */
/** @import { Device } from "./mls_people.js" */
/** @typedef {{ device: Device, group: Group, rules: Rules | null }} Seat */

/** @type {Settings} */
export const SETTINGS = { v: 1, title: "Hill walkers", picture: null, timer: 0 };
/** @type {Rights} */
export const RIGHTS = { v: 1, who_adds: "admins", who_edits: "admins", who_writes: "members" };
const NAMES = ["owner", "second", "admin", "deputy", "member", "mallory", "laptop"];

export class Circle {
  /** @param {Map<string, Seat>} seats */
  constructor(seats) {
    this.seats = seats;
  }

  /**
   * Owner and second are owners, admin and deputy are admins; laptop is a device of member's account.
   * @param {{ rights?: Partial<Rights>, names?: string[] }} [options] names: those who are there, mallory and others
   */
  static async begin({ rights = {}, names = NAMES } = {}) {
    const devices = /** @type {Record<string, Device>} */ ({});
    for (const name of NAMES) devices[name] = await make_device(name === "laptop" ? devices.member.account : undefined);
    const accounts = (/** @type {string[]} */ ...of) => of.map((name) => devices[name].account);
    const roles = await make_part("roles", { v: 1, owners: accounts("owner", "second"), admins: accounts("admin", "deputy") }, random_bytes);
    const agreed = await make_part("rights", { ...RIGHTS, ...rights }, random_bytes);
    const settings = await make_part("settings", SETTINGS, random_bytes);
    const hashes = { roles: roles.hash, rights: agreed.hash, settings: settings.hash };
    const groups = await make_group(names.map((name) => devices[name]), { hashes });
    const read = async () => ({
      roles: /** @type {Rules["roles"]} */ (await read_part("roles", roles, hashes.roles)),
      roles_salt: roles.salt,
      rights: /** @type {Rules["rights"]} */ (await read_part("rights", agreed, hashes.rights)),
    });
    const seats = names.map(async (name, at) => {
      const seat = { device: devices[name], group: groups[at], rules: name === "mallory" ? null : await read() };
      return /** @type {[string, Seat]} */ ([name, seat]);
    });
    return new Circle(new Map(await Promise.all(seats)));
  }

  /** @param {string} name @returns {Seat} */
  seat(name) {
    return /** @type {Seat} */ (this.seats.get(name));
  }

  /** @param {string} name @param {Partial<Policy>} [more] @returns {Policy} */
  policy(name, more = {}) {
    return { ...trusting, rules: this.seat(name).rules, ...more };
  }

  /** @param {string} name */
  leaf(name) {
    return describe(this.seat(name).group).own_leaf;
  }

  /**
   * Everybody else gets a commit. Its author takes it when the others have.
   * @param {string} author
   * @param {Pending} pending
   * @param {Partial<Policy>} [more]
   * @returns {Promise<string>} "accepted", or the one reason for which all refused it
   */
  async offer(author, pending, more) {
    const outcomes = new Set();
    const after = new Map();
    for (const [name, { rules }] of this.seats) {
      if (name === author) continue;
      const got = await this.judge(name, author, pending, more);
      if (typeof got !== "string") after.set(name, got);
      // Mallory takes anything, but stays with the others when they don't.
      if (rules !== null) outcomes.add(typeof got === "string" ? got : "accepted");
    }
    assert.equal(outcomes.size, 1, `they differ: ${[...outcomes].join(", ")}`);
    const [outcome] = outcomes;
    if (outcome !== "accepted") return outcome;
    for (const seat of this.seats.values()) seat.rules = seat.rules && (await rules_after(seat, pending));
    this.seat(author).group = pending.group;
    for (const [name, { group, self_removed }] of after) {
      this.seat(name).group = group;
      if (self_removed) this.seats.delete(name);
    }
    return outcome;
  }

  /**
   * @param {string} name
   * @param {string} author
   * @param {Pending} pending
   * @param {Partial<Policy>} [more]
   * @returns {Promise<{ group: Group, self_removed: boolean } | string>} the reason where it refuses
   */
  async judge(name, author, pending, more) {
    try {
      const got = await process(this.seat(name).group, pending.commit, this.policy(name, more));
      assert.ok(got.kind === "commit");
      return got;
    } catch (error) {
      assert.ok(is_talk2me_error(error, "group_refused"), String(error));
      assert.deepEqual(error.details.by, this.seat(author).device.account);
      return String(error.details.reason);
    }
  }

  /** Each of them says something that the others read. */
  async talk() {
    const talking = [...this.seats.values()];
    for (const seat of talking) {
      const sent = await encrypt(seat.group, to_utf8("hello"));
      seat.group = sent.group;
      for (const other of talking) {
        if (other === seat) continue;
        const got = await process(other.group, sent.body, trusting);
        assert.ok(got.kind === "application" && equal(got.sender.device, seat.device.device));
        other.group = got.group;
      }
    }
  }
}

/** As the session has them: the roles that are left are in force with the commit. @param {Seat} seat @param {Pending} pending */
async function rules_after({ group, rules }, pending) {
  const [before, after] = [describe(group), describe(pending.group)];
  const staying = before.members.filter(({ device }) => after.members.some((other) => equal(other.device, device)));
  if (!rules || !before.hashes || !after.hashes) return rules;
  const due = await due_roles(rules, before.hashes.roles, staying.map(({ account }) => account));
  if (!due || !equal(due.hash, after.hashes.roles)) return rules;
  return { ...rules, roles: /** @type {Rules["roles"]} */ (await read_part("roles", due, due.hash)) };
}

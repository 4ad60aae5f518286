// @ts-check
// A group of our own devices and a server that puts their commits in an order. Used by tests of random histories.
import assert from "node:assert/strict";
import { equal, to_hex, to_utf8 } from "../../../static/js/codec/bytes.js";
import {
  add_members,
  describe,
  encrypt,
  export_secret,
  join_externally,
  join_from_welcome,
  process,
  propose_leave,
  remove_members,
  update_keys,
} from "../../../static/js/protocol/mls.js";
import { NOW, key_package_of, policy_knowing } from "./mls_people.js";

/** @import { Device } from "./mls_people.js" */
/** @import { Group } from "../../../static/js/protocol/mls_state.js" */
/** @import { Pending } from "../../../static/js/protocol/mls_change.js" */
/** @typedef {{ device: Device, group: Group }} Seat */
/** @typedef {{ pending: Pending, device: Device, packages: Map<Device, Awaited<ReturnType<typeof key_package_of>>> }} Try */
/** @typedef {{ actor: number, target: number, what: string }} Wish */

export class World {
  /** @param {Device[]} devices @param {number} suite */
  constructor(devices, suite) {
    this.devices = devices;
    this.suite = suite;
    this.policy = policy_knowing(devices);
    /** @type {Seat[]} */
    this.seats = [];
    /** @type {{ body: Uint8Array, plain: Uint8Array, sender: Device, receivers: Device[] }[]} */
    this.late = [];
    this.sent = 0;
    this.commits = 0;
    /** @type {Uint8Array} */
    this.group_info = new Uint8Array(0);
  }

  /** @param {number} number */
  seat(number) {
    return this.seats[number % this.seats.length];
  }

  outside() {
    return this.devices.filter((device) => !this.seats.some((seat) => seat.device === device));
  }

  /** @param {Wish} wish @returns {Promise<Try | null>} */
  async try_commit({ actor, target, what }) {
    const { device, group } = this.seat(actor);
    const { leaving, own_leaf, members } = describe(group);
    if (what === "external") return this.try_external(target);
    if (leaving.includes(own_leaf)) return null;
    const packages = new Map();
    if (what.startsWith("add") && leaving.length === 0) {
      const outside = this.outside();
      for (const added of outside.slice(target % (outside.length + 1), (target % (outside.length + 1)) + 2)) {
        packages.set(added, await key_package_of(added, this.suite));
      }
      if (packages.size === 0) return null;
      const bytes = [...packages.values()].map(({ key_package }) => key_package).slice(0, what === "add" ? 1 : 2);
      return { pending: await add_members(group, bytes, this.policy), device, packages };
    }
    const { leaf } = members[target % members.length];
    if (what === "remove" && leaf !== own_leaf) {
      return { pending: await remove_members(group, [leaf], this.policy), device, packages };
    }
    return { pending: await update_keys(group, this.policy), device, packages };
  }

  /** @param {number} target @returns {Promise<Try | null>} a device that is outside, or one that lost its state */
  async try_external(target) {
    const device = this.devices[target % this.devices.length];
    const known = this.seats.some((seat) => equal(seat.device.account, device.account));
    const others = this.seats.filter((seat) => seat.device !== device);
    if (!known || others.length === 0 || this.group_info.length === 0) return null;
    const options = { group_info: this.group_info, own: device, signature_key: device.signature_key };
    return { pending: await join_externally({ ...options, policy: this.policy, now: NOW }), device, packages: new Map() };
  }

  /**
   * All of these are made at once, on the same state. The first takes the slot; the others are wanted still, and made anew
   * on what came of it.
   * @param {Wish[]} wishes
   */
  async commit(wishes) {
    /** @type {Wish[]} */
    let wanted = wishes;
    while (wanted.length > 0) {
      const tries = await Promise.all(wanted.map((wish) => this.try_commit(wish)));
      const first = tries.findIndex((made) => made !== null);
      if (first < 0) return;
      await this.accept(/** @type {Try} */ (tries[first]));
      wanted = wanted.slice(first + 1);
    }
  }

  /** @param {Try} won */
  async accept({ pending, device: committer, packages }) {
    this.group_info = pending.group_info;
    /** @type {Seat[]} */
    const after = [{ device: committer, group: pending.group }];
    for (const seat of this.seats) {
      if (seat.device === committer) continue;
      const result = await process(seat.group, pending.commit, this.policy);
      assert.ok(result.kind === "commit");
      if (!result.self_removed) after.push({ device: seat.device, group: result.group });
    }
    const is_new = (/** @type {Device} */ { device }) => pending.added.some((added) => equal(added.device, device));
    for (const [joiner, own] of packages) {
      if (!is_new(joiner)) continue;
      const welcome = /** @type {Uint8Array} */ (pending.welcome);
      const options = { welcome, key_packages: [own], signature_key: joiner.signature_key, policy: this.policy };
      after.push({ device: joiner, group: (await join_from_welcome(options)).group });
    }
    const stayed = new Set(this.seats.map(({ device }) => device).filter((device) => !is_new(device)));
    this.seats = after;
    this.commits += 1;
    await this.deliver_late(stayed);
  }

  /** @param {Set<Device>} stayed those who kept their state over the last commit */
  async deliver_late(stayed) {
    for (const { body, plain, sender, receivers } of this.late) {
      for (const seat of this.seats) {
        if (seat.device === sender || !stayed.has(seat.device) || !receivers.includes(seat.device)) continue;
        await this.receive(seat, body, plain, sender);
      }
    }
    this.late = [];
  }

  /** @param {Seat} seat @param {Uint8Array} body @param {Uint8Array} plain @param {Device} sender */
  async receive(seat, body, plain, sender) {
    const got = await process(seat.group, body, this.policy);
    assert.ok(got.kind === "application" && equal(got.plain, plain) && equal(got.sender.device, sender.device));
    seat.group = got.group;
  }

  /** @param {number} actor @param {boolean} late */
  async send(actor, late) {
    const seat = this.seat(actor);
    if (describe(seat.group).leaving.length > 0) await this.commit([{ actor: actor + 1, target: 0, what: "update" }]);
    if (!this.seats.includes(seat) || describe(seat.group).leaving.length > 0) return;
    this.sent += 1;
    const plain = to_utf8(`message ${this.sent}`);
    const sent = await encrypt(seat.group, plain);
    seat.group = sent.group;
    const receivers = this.seats.map(({ device }) => device);
    if (late) this.late.push({ body: sent.body, plain, sender: seat.device, receivers });
    else for (const other of this.seats) if (other !== seat) await this.receive(other, sent.body, plain, seat.device);
  }

  /** @param {number} actor */
  async leave(actor) {
    const seat = this.seat(actor);
    if (this.seats.length < 3 || describe(seat.group).leaving.length > 0) return;
    const made = await propose_leave(seat.group);
    seat.group = made.group;
    for (const other of this.seats) {
      if (other === seat) continue;
      const got = await process(other.group, made.body, this.policy);
      assert.ok(got.kind === "proposal" && got.leaves === describe(made.group).own_leaf);
      other.group = got.group;
    }
  }

  async check() {
    const [first] = this.seats;
    const expected = describe(first.group);
    const secret = await export_secret(first.group, "test", new Uint8Array(0), 32);
    const devices = this.seats.map(({ device }) => to_hex(device.device)).sort();
    assert.deepEqual(expected.members.map(({ device }) => to_hex(device)).sort(), devices);
    for (const { group } of this.seats) {
      assert.deepEqual({ ...describe(group), own_leaf: 0 }, { ...expected, own_leaf: 0 });
      assert.deepEqual(await export_secret(group, "test", new Uint8Array(0), 32), secret);
    }
  }
}

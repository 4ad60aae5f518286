// @ts-check
// Devices for the tests of groups, and the policy of someone who knows them all.
import { generate_signing_key } from "../../../static/js/crypto/ed25519.js";
import { random_bytes } from "../../../static/js/crypto/random.js";
import { equal } from "../../../static/js/codec/bytes.js";
import {
  SUITE_CLASSIC,
  add_members,
  create_group,
  create_key_package,
  join_from_welcome,
} from "../../../static/js/protocol/mls.js";

/** @import { Bytes } from "../../../static/js/codec/bytes.js" */
/** @import { SignatureKey } from "../../../static/js/protocol/mls_suite.js" */
/** @import { Policy, LeafQuestion } from "../../../static/js/protocol/mls_policy.js" */
/** @typedef {{ account: Bytes, device: Bytes, signature_key: SignatureKey }} Device */

export const NOW = Date.now();

/** @param {Bytes} [account] @returns {Promise<Device>} */
export async function make_device(account = random_bytes(16)) {
  return { account, device: random_bytes(16), signature_key: await generate_signing_key({ extractable: false }) };
}

/**
 * @param {(question: LeafQuestion) => boolean | Promise<boolean>} [check]
 * @returns {Policy}
 */
export function policy_of(check = () => true) {
  return { check_leaf: async (question) => check(question), now: NOW };
}

/** @param {Device[]} devices @returns {Policy} */
export function policy_knowing(devices) {
  return policy_of(({ device, signature_key }) =>
    devices.some((known) => equal(known.device, device) && equal(known.signature_key.public_key, signature_key)),
  );
}

export const trusting = policy_of();

/** Of a state that nobody knows. */
export function any_hashes() {
  return { roles: random_bytes(32), rights: random_bytes(32), settings: random_bytes(32) };
}

/** @param {Device} device @param {number} [suite] */
export function key_package_of(device, suite = SUITE_CLASSIC) {
  return create_key_package({ suite, ...device, now: NOW });
}

/**
 * A group of all these devices, made by the first.
 * @param {Device[]} devices
 * @param {{ suite?: number, kind?: "direct" | "group", hashes?: import("../../../static/js/protocol/mls_leaf.js").Hashes }} [options]
 */
export async function make_group([first, ...rest], { suite = SUITE_CLASSIC, kind = "group", hashes = any_hashes() } = {}) {
  const { signature_key } = first;
  const mailbox = random_bytes(16);
  const begin = { mailbox, suite, own: first, signature_key, now: NOW };
  const alone = await create_group(kind === "group" ? { ...begin, kind, hashes } : { ...begin, kind });
  if (rest.length === 0) return [alone];
  const packages = await Promise.all(rest.map((device) => key_package_of(device, suite)));
  const pending = await add_members(
    alone,
    packages.map(({ key_package }) => key_package),
    trusting,
  );
  const welcome = /** @type {Uint8Array} */ (pending.welcome);
  const joined = await Promise.all(
    rest.map(async (device, at) => {
      const options = { welcome, key_packages: [packages[at]], signature_key: device.signature_key, policy: trusting };
      return (await join_from_welcome(options)).group;
    }),
  );
  return [pending.group, ...joined];
}

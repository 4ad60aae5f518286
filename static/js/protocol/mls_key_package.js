// @ts-check
// Key packages (RFC 9420 section 10): made for others to add this device with, and read before anyone is added.
import { concat, equal } from "../codec/bytes.js";
import { Talk2meError } from "../errors.js";
import {
  mls_decode_message,
  mls_encode_message,
  mls_generate_key_package,
  mls_key_package_reference,
  mls_verify_key_package,
  mls_verify_leaf_of_key_package,
} from "../../vendor/third_party.js";
import { LAST_RESORT_EXTENSION, own_capabilities, read_credential, to_credential } from "./mls_leaf.js";
import { NO_KEY, suite_impl, suite_name, suite_of_name } from "./mls_suite.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @import { SignatureKey, Suite } from "./mls_suite.js" */
/** @import { Owner } from "./mls_leaf.js" */
/** @typedef {import("ts-mls/keyPackage.js").KeyPackage} KeyPackage */
/** @typedef {import("ts-mls/keyPackage.js").PrivateKeyPackage} PrivateKeyPackage */
/** @typedef {Owner & { suite: Suite, signature_key: Bytes, not_before: number, not_after: number, last_resort: boolean }}
 *    KeyPackageContents times in unix seconds */
/** @typedef {{ key_package: Bytes, private_part: Bytes, reference: Bytes }} OwnKeyPackage */

/** Days that one of ours lives at most. */
export const LONGEST_LIFETIME_DAYS = 90;
// Another implementation's default is a year (mls-rs). Longer ones are refused: RFC 9420 section 7.3 asks for a limit.
const LONGEST_ACCEPTED_SECONDS = 366 * 86_400;
const DAY_SECONDS = 86_400;
// A browser whose clock is behind shall be able to use a fresh one.
const CLOCK_ALLOWANCE_SECONDS = 3_600;

/**
 * @param {{ suite: number, account: Bytes, device: Bytes, signature_key: SignatureKey, now: number,
 *   lifetime_days?: number, last_resort?: boolean }} options now in unix ms
 * @returns {Promise<OwnKeyPackage>} `key_package` an MLSMessage (RFC 9420 section 6), `private_part` secret,
 *   `reference` the KeyPackageRef (section 5.2) by which a welcome names it
 */
export async function create_key_package({ signature_key, ...options }) {
  const { lifetime_days = LONGEST_LIFETIME_DAYS, last_resort = false } = options;
  const impl = await suite_impl(options.suite, signature_key);
  const made = await make_key_package({ ...options, signature_key, lifetime_days, last_resort });
  return {
    key_package: encode_key_package(made.public_part),
    private_part: encode_private_part(made.private_part),
    reference: concat(await mls_key_package_reference(made.public_part, impl.hash)),
  };
}

/**
 * @param {{ suite: number, account: Bytes, device: Bytes, signature_key: SignatureKey, now: number,
 *   lifetime_days: number, last_resort: boolean }} options
 * @returns {Promise<{ public_part: KeyPackage, private_part: PrivateKeyPackage }>}
 */
export async function make_key_package({ suite, account, device, signature_key, now, lifetime_days, last_resort }) {
  if (!(lifetime_days > 0 && lifetime_days <= LONGEST_LIFETIME_DAYS)) throw new Talk2meError("key_package_invalid");
  const impl = await suite_impl(suite, signature_key);
  const not_before = Math.floor(now / 1000) - CLOCK_ALLOWANCE_SECONDS;
  const made = await mls_generate_key_package(
    to_credential({ account, device }),
    own_capabilities(suite_name(suite)),
    { notBefore: BigInt(not_before), notAfter: BigInt(not_before + Math.floor(lifetime_days * DAY_SECONDS)) },
    last_resort ? [{ extensionType: LAST_RESORT_EXTENSION, extensionData: new Uint8Array(0) }] : [],
    { publicKey: signature_key.public_key, signKey: NO_KEY },
    impl,
  );
  return { public_part: made.publicPackage, private_part: made.privatePackage };
}

/**
 * Reads a key package and verifies what can be verified by itself: both signatures, the form of its credential, that its
 * keys are usable and differ, that it is not made to live too long. Whether it is valid now and whose it is remains to
 * be checked.
 * @param {Uint8Array} bytes
 * @returns {Promise<KeyPackageContents>}
 * @throws {Talk2meError} `key_package_invalid`
 */
export async function read_key_package(bytes) {
  return check_key_package(decode_key_package(bytes));
}

/**
 * @param {KeyPackage} unverified_key_package
 * @returns {Promise<KeyPackageContents>}
 * @throws {Talk2meError} `key_package_invalid`
 */
export async function check_key_package(unverified_key_package) {
  const { cipherSuite, initKey, leafNode, extensions } = unverified_key_package;
  const suite = suite_of_name(cipherSuite);
  const owner = read_credential(leafNode.credential);
  if (suite === null || owner === null || equal(initKey, leafNode.hpkePublicKey)) throw invalid();
  const impl = await suite_impl(suite);
  const signed =
    (await mls_verify_leaf_of_key_package(leafNode, impl.signature)) &&
    (await mls_verify_key_package(unverified_key_package, impl.signature));
  if (!signed || !has_acceptable_lifetime(unverified_key_package)) throw invalid();
  try {
    await impl.hpke.importPublicKey(initKey);
    await impl.hpke.importPublicKey(leafNode.hpkePublicKey);
  } catch {
    throw invalid();
  }
  return {
    suite,
    ...owner,
    signature_key: leafNode.signaturePublicKey.slice(),
    not_before: Number(leafNode.lifetime.notBefore),
    not_after: Number(leafNode.lifetime.notAfter),
    last_resort: extensions.some(({ extensionType }) => extensionType === LAST_RESORT_EXTENSION),
  };
}

/**
 * Says nothing about the present time: whether a commit is accepted must not depend on when it is read.
 * @param {KeyPackage} key_package
 */
export function has_acceptable_lifetime({ leafNode: { lifetime } }) {
  const seconds = lifetime.notAfter - lifetime.notBefore;
  return seconds > 0n && seconds <= BigInt(LONGEST_ACCEPTED_SECONDS);
}

/**
 * @param {Uint8Array} bytes
 * @returns {KeyPackage} not verified
 * @throws {Talk2meError} `key_package_invalid`
 */
export function decode_key_package(bytes) {
  try {
    const decoded = mls_decode_message(bytes.slice(), 0);
    if (decoded?.[1] === bytes.length && decoded[0].wireformat === "mls_key_package") return decoded[0].keyPackage;
  } catch {
    // What is wrong with it does not matter.
  }
  throw invalid();
}

/** @param {KeyPackage} keyPackage @returns {Bytes} */
function encode_key_package(keyPackage) {
  return concat(mls_encode_message({ version: "mls10", wireformat: "mls_key_package", keyPackage }));
}

/**
 * Both keys have the suite's one length, so half is each.
 * @param {PrivateKeyPackage} part
 * @returns {Bytes}
 */
function encode_private_part({ initPrivateKey, hpkePrivateKey }) {
  return concat(initPrivateKey, hpkePrivateKey);
}

/**
 * @param {Uint8Array} bytes
 * @returns {PrivateKeyPackage}
 */
export function decode_private_part(bytes) {
  const half = bytes.length / 2;
  return { initPrivateKey: bytes.slice(0, half), hpkePrivateKey: bytes.slice(half), signaturePrivateKey: NO_KEY };
}

function invalid() {
  return new Talk2meError("key_package_invalid");
}

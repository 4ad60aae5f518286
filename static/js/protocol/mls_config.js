// @ts-check
// How ts-mls is set up for one operation: our limits in place of its defaults, and the account chains as its
// authentication service (RFC 9420 section 5.3.1).
import { equal, to_hex } from "../codec/bytes.js";
import { is_talk2me_error } from "../errors.js";
import { read_credential } from "./mls_leaf.js";

/** @import { Policy } from "./mls_policy.js" */
/** @typedef {import("ts-mls/clientConfig.js").ClientConfig} ClientConfig */
/** @typedef {import("ts-mls/credential.js").Credential} Credential */

/** Out of order: this many late messages of a sender stay readable, and a sender may be this far ahead. */
export const RETENTION = Object.freeze({
  retainKeysForGenerations: 1_000,
  maximumForwardRatchetSteps: 5_000,
  retainKeysForEpochs: 4,
});

/** @type {Omit<ClientConfig, "authService">} */
const LIMITS = {
  keyRetentionConfig: RETENTION,
  // Lifetimes are checked in mls_key_package.js.
  lifetimeConfig: { maximumTotalLifetime: 0n, validateLifetimeOnReceive: false },
  // A device is in a group once, whatever its keys.
  keyPackageEqualityConfig: {
    compareKeyPackages: (a, b) => same_identity(a.leafNode.credential, b.leafNode.credential),
    compareKeyPackageToLeafNode: (a, b) => same_identity(a.leafNode.credential, b.credential),
  },
  // Content is padded before it gets here (docs/protocol.md 8).
  paddingConfig: { kind: "alwaysPad", paddingLength: 0 },
};

/** For operations that judge nobody's leaf. */
export const PLAIN_CONFIG = Object.freeze({ ...LIMITS, authService: { validateCredential: async () => false } });

/**
 * @template T
 * @param {Policy} policy
 * @param {{ signature_key: Uint8Array }[]} added the leaves that the operation brings in
 * @param {(config: ClientConfig) => Promise<T>} operation
 * @param {() => Error} describe_failure what to throw when the library refuses
 * @returns {Promise<T>}
 */
export async function run_with_policy(policy, added, operation, describe_failure) {
  const added_keys = new Set(added.map(({ signature_key }) => to_hex(signature_key)));
  /** @type {unknown[]} */
  const thrown = [];
  /** @param {Credential} credential @param {Uint8Array} key */
  const validateCredential = async (credential, key) => {
    const owner = read_credential(credential);
    if (owner === null) return false;
    try {
      const state = added_keys.has(to_hex(key)) ? "added" : "present";
      return await policy.check_leaf({ ...owner, signature_key: key.slice(), state });
    } catch (error) {
      thrown.push(error);
      throw error;
    }
  };
  try {
    return await operation({ ...LIMITS, authService: { validateCredential } });
  } catch (error) {
    if (thrown.length > 0) throw thrown[0];
    throw is_talk2me_error(error) ? error : describe_failure();
  }
}

/** @param {Credential} a @param {Credential} b */
function same_identity(a, b) {
  return a.credentialType === "basic" && b.credentialType === "basic" && equal(a.identity, b.identity);
}

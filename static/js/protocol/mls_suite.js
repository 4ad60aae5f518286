// @ts-check
// The two cipher suites, as ts-mls wants them, on WebCrypto and @hpke. The device's signature key stays a CryptoKey that
// nobody can read, so the library never holds it: it passes an empty key, and ours is used.
import { concat } from "../codec/bytes.js";
import { sign, verify } from "../crypto/ed25519.js";
import { random_bytes } from "../crypto/random.js";
import { Talk2meError } from "../errors.js";
import { next_turn } from "./next_turn.js";
import {
  Aes128Gcm,
  Aes256Gcm,
  CipherSuite,
  DhkemX25519HkdfSha256,
  HkdfSha256,
  HkdfSha512,
  XWing,
  mls_make_hash,
  mls_make_hpke,
  mls_make_kdf,
} from "../../vendor/third_party.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @typedef {import("ts-mls/crypto/ciphersuite.js").CiphersuiteImpl} SuiteImpl */
/** @typedef {import("ts-mls/crypto/ciphersuite.js").CiphersuiteName} SuiteName */
/** @typedef {{ public_key: Bytes, private_key: CryptoKey }} SignatureKey */

/** X-Wing, AES-256-GCM, SHA-512, Ed25519: keeps what is said now from a quantum computer of later. */
export const SUITE_XWING = 83;
/** X25519, AES-128-GCM, SHA-256, Ed25519 (RFC 9420 section 17.1): what every implementation has. */
export const SUITE_CLASSIC = 1;

/** What ts-mls takes for the private key that it does not get. */
export const NO_KEY = new Uint8Array(0);

const NO_BYTES = new Uint8Array(0);


/** @type {{ encrypt: AeadStep, decrypt: AeadStep }} */
const AES_GCM = {
  encrypt: (key, nonce, aad, plain) => run_aes_gcm("encrypt", key, nonce, aad, plain),
  decrypt: (key, nonce, aad, sealed) => run_aes_gcm("decrypt", key, nonce, aad, sealed),
};

const SUITES = {
  [SUITE_CLASSIC]: {
    name: /** @type {SuiteName} */ ("MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519"),
    hash: /** @type {const} */ ("SHA-256"),
    hpke: /** @type {const} */ ({ kem: "DHKEM-X25519-HKDF-SHA256", kdf: "HKDF-SHA256", aead: "AES128GCM" }),
    make: () => ({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes128Gcm() }),
  },
  [SUITE_XWING]: {
    name: /** @type {SuiteName} */ ("MLS_256_XWING_AES256GCM_SHA512_Ed25519"),
    hash: /** @type {const} */ ("SHA-512"),
    hpke: /** @type {const} */ ({ kem: "X-Wing", kdf: "HKDF-SHA512", aead: "AES256GCM" }),
    make: () => ({ kem: new XWing(), kdf: new HkdfSha512(), aead: new Aes256Gcm() }),
  },
};

/** @typedef {keyof typeof SUITES} Suite */
/** @typedef {(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, input: Uint8Array) => Promise<Uint8Array>} AeadStep */

/** @type {Map<Suite, Promise<SuiteImpl>>} */
const made = new Map();

/**
 * @param {number} suite
 * @returns {SuiteName}
 * @throws {Talk2meError} `suite_unsupported`
 */
export function suite_name(suite) {
  return SUITES[known(suite)].name;
}

/**
 * @param {string} name as ts-mls calls a suite
 * @returns {Suite | null}
 */
export function suite_of_name(name) {
  if (name === SUITES[SUITE_XWING].name) return SUITE_XWING;
  return name === SUITES[SUITE_CLASSIC].name ? SUITE_CLASSIC : null;
}

/**
 * @param {number} suite
 * @param {SignatureKey} [signature_key] left out where nothing is signed
 * @returns {Promise<SuiteImpl>}
 * @throws {Talk2meError} `suite_unsupported`
 */
export async function suite_impl(suite, signature_key) {
  const id = known(suite);
  const base = made.get(id) ?? make_suite(id);
  made.set(id, base);
  return { ...(await base), signature: make_signature(signature_key) };
}

/** @param {number} suite @returns {Suite} */
function known(suite) {
  if (suite !== SUITE_XWING && suite !== SUITE_CLASSIC) throw new Talk2meError("suite_unsupported", { suite });
  return suite;
}

/** @param {Suite} suite @returns {Promise<SuiteImpl>} */
async function make_suite(suite) {
  const { name, hash, hpke, make } = SUITES[suite];
  const parts = make();
  return {
    name,
    hash: mls_make_hash(/** @type {any} */ (crypto.subtle), hash),
    kdf: mls_make_kdf(parts.kdf),
    hpke: in_turns(await mls_make_hpke(hpke, AES_GCM, new CipherSuite(parts))),
    rng: { randomBytes: random_bytes },
    signature: make_signature(undefined),
  };
}

/**
 * Of what X-Wing does nothing waits for the browser, and one step takes 5 to 25 ms: without turns in between, a commit or a few key
 * packages would hold up the page for as long as all of it takes.
 * @param {SuiteImpl["hpke"]} hpke 
 * @returns {SuiteImpl["hpke"]}
 */
function in_turns(hpke) {
  /** @template {unknown[]} A @template R @param {(...of: A) => Promise<R>} step @returns {(...of: A) => Promise<R>} */
  const after_turn = (step) => async (...of) => {
    await next_turn();
    return step(...of);
  };
  return {
    ...hpke,
    open: after_turn(hpke.open),
    seal: after_turn(hpke.seal),
    importPrivateKey: after_turn(hpke.importPrivateKey),
    exportSecret: after_turn(hpke.exportSecret),
    importSecret: after_turn(hpke.importSecret),
    deriveKeyPair: after_turn(hpke.deriveKeyPair),
    generateKeyPair: after_turn(hpke.generateKeyPair),
  };
}

/**
 * @param {SignatureKey | undefined} signature_key
 * @returns {SuiteImpl["signature"]}
 */
function make_signature(signature_key) {
  return {
    sign: async (_no_key, bytes) => {
      if (signature_key === undefined) throw new Talk2meError("internal");
      return sign(signature_key.private_key, bytes);
    },
    verify,
    keygen: async () => {
      throw new Talk2meError("internal");
    },
  };
}

/**
 * @param {"encrypt" | "decrypt"} step
 * @param {Uint8Array} key
 * @param {Uint8Array} nonce
 * @param {Uint8Array} aad
 * @param {Uint8Array} input
 */
async function run_aes_gcm(step, key, nonce, aad, input) {
  const imported = await crypto.subtle.importKey("raw", concat(key), "AES-GCM", false, [step]);
  const parameters = { name: "AES-GCM", iv: concat(nonce), additionalData: aad.length > 0 ? concat(aad) : NO_BYTES };
  return new Uint8Array(await crypto.subtle[step](parameters, imported, concat(input)));
}

// @ts-check
// The browser side of WebAuthn. What a passkey's PRF gives stays here: what may be posted is built field by field, never
// by `toJSON()`, which would carry `clientExtensionResults` with it. Of the options that a server gives only those are
// taken that it has a say in.
import { from_base64url, to_base64url } from "../codec/base64url.js";
import { Talk2meError } from "../errors.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @import { Code } from "../errors.js" */
/**
 * @typedef {{ type: string, id: string }} Listed
 * @typedef {{ challenge: string, rp: { id: string, name: string }, user: { id: string, name: string, displayName: string },
 *             pubKeyCredParams: { type: string, alg: number }[], excludeCredentials?: Listed[],
 *             timeout?: number }} CreationOptions bytes as base64url
 * @typedef {{ challenge: string, rpId: string, timeout?: number }} RequestOptions
 * @typedef {{ id: string, rawId: string, type: string,
 *             response: { clientDataJSON: string, attestationObject: string } }} MadeCredential bytes as base64url
 * @typedef {{ id: string, rawId: string, type: string, response: { clientDataJSON: string, authenticatorData: string,
 *             signature: string, userHandle?: string } }} UsedCredential bytes as base64url
 * @typedef {Pick<CredentialsContainer, "create" | "get">} Credentials
 */

const PRF_BYTES = 32;

// What WebAuthn says by the name of an exception.
/** @type {Record<string, Code | undefined>} */
const REFUSALS = {
  NotAllowedError: "passkey_cancelled",
  AbortError: "passkey_cancelled",
  UnknownError: "passkey_cancelled",
  InvalidStateError: "passkey_exists",
  NotSupportedError: "passkey_unsupported",
  ConstraintError: "passkey_unsupported",
  // An address that no passkey can be for, such as one of numbers.
  SecurityError: "passkey_unsupported",
};

/** @returns {Credentials | undefined} nothing in a browser without them, or on a page that came without TLS */
const platform_credentials = () => globalThis.navigator?.credentials;

/**
 * @param {{ options: CreationOptions, prf_salt: Bytes, credentials?: Credentials }} wanted
 * @returns {Promise<{ credential: MadeCredential, prf: Bytes | null }>} `prf`: 32 bytes, null where it has none
 * @throws {Talk2meError} `passkey_unsupported`, `passkey_cancelled`, `passkey_exists`
 */
export async function make_passkey({ options, prf_salt, credentials = platform_credentials() }) {
  const { challenge, rp, user, pubKeyCredParams, excludeCredentials = [], timeout } = options;
  const made = await ask(credentials, (container) =>
    container.create({
      publicKey: {
        challenge: from_base64url(challenge),
        rp,
        user: { ...user, id: from_base64url(user.id) },
        pubKeyCredParams: /** @type {PublicKeyCredentialParameters[]} */ (pubKeyCredParams),
        excludeCredentials: excludeCredentials.map(({ id }) => as_descriptor(id)),
        timeout,
        attestation: "none",
        authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
        extensions: prf_input(prf_salt),
      },
    }),
  );
  const credential = made_fields(made);
  const { prf } = made.getClientExtensionResults();
  const found = prf_output(made);
  // Many authenticators have a PRF and evaluate it only in use. The same challenge: nobody sees what it signs.
  if (found || !prf?.enabled) return { credential, prf: found };
  const used = await use_passkey({ options: { challenge, rpId: rp.id, timeout }, prf_salt, allow: [made.id], credentials });
  return { credential, prf: used.prf };
}

/**
 * @param {{ options: RequestOptions, prf_salt: Bytes, allow?: string[], credentials?: Credentials }} wanted
 *   `allow`: ids of credentials (base64url); without it any passkey of this site that the authenticator knows
 * @returns {Promise<{ credential: UsedCredential, prf: Bytes | null }>}
 * @throws {Talk2meError} `passkey_unsupported`, `passkey_cancelled`
 */
export async function use_passkey({ options, prf_salt, allow = [], credentials = platform_credentials() }) {
  const { challenge, rpId, timeout } = options;
  const used = await ask(credentials, (container) =>
    container.get({
      publicKey: {
        challenge: from_base64url(challenge),
        rpId,
        timeout,
        allowCredentials: allow.map(as_descriptor),
        userVerification: "required",
        extensions: prf_input(prf_salt),
      },
    }),
  );
  return { credential: used_fields(used), prf: prf_output(used) };
}

/** @param {string} id @returns {PublicKeyCredentialDescriptor} */
const as_descriptor = (id) => ({ type: "public-key", id: from_base64url(id) });

/** @param {Bytes} salt @returns {AuthenticationExtensionsClientInputs} */
const prf_input = (salt) => ({ prf: { eval: { first: salt } } });

/** @param {PublicKeyCredential} credential @returns {Bytes | null} */
function prf_output(credential) {
  const first = credential.getClientExtensionResults().prf?.results?.first;
  if (!first) return null;
  const output = ArrayBuffer.isView(first)
    ? new Uint8Array(first.buffer, first.byteOffset, first.byteLength).slice()
    : new Uint8Array(first).slice();
  return output.length === PRF_BYTES ? output : null;
}

/** @param {ArrayBuffer} buffer */
const encoded = (buffer) => to_base64url(new Uint8Array(buffer));

/** @param {PublicKeyCredential} made @returns {MadeCredential} */
function made_fields({ id, rawId, type, response }) {
  const { clientDataJSON, attestationObject } = /** @type {AuthenticatorAttestationResponse} */ (response);
  return {
    id,
    rawId: encoded(rawId),
    type,
    response: { clientDataJSON: encoded(clientDataJSON), attestationObject: encoded(attestationObject) },
  };
}

/** @param {PublicKeyCredential} used @returns {UsedCredential} */
function used_fields({ id, rawId, type, response }) {
  const assertion = /** @type {AuthenticatorAssertionResponse} */ (response);
  return {
    id,
    rawId: encoded(rawId),
    type,
    response: {
      clientDataJSON: encoded(assertion.clientDataJSON),
      authenticatorData: encoded(assertion.authenticatorData),
      signature: encoded(assertion.signature),
      ...(assertion.userHandle ? { userHandle: encoded(assertion.userHandle) } : {}),
    },
  };
}

/**
 * @param {Credentials | undefined} credentials
 * @param {(container: Credentials) => Promise<Credential | null>} request
 * @returns {Promise<PublicKeyCredential>}
 */
async function ask(credentials, request) {
  if (!credentials) throw new Talk2meError("passkey_unsupported");
  try {
    const found = await request(credentials);
    if (found) return /** @type {PublicKeyCredential} */ (found);
  } catch (error) {
    throw as_talk2me_error(error);
  }
  throw new Talk2meError("passkey_cancelled");
}

/** @param {unknown} error */
function as_talk2me_error(error) {
  const code = error instanceof Error ? REFUSALS[error.name] : undefined;
  return code ? new Talk2meError(code) : error;
}

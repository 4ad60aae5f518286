// @ts-check
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { to_base64url } from "../../../static/js/codec/base64url.js";
import { is_talk2me_error } from "../../../static/js/errors.js";
import { make_passkey, use_passkey } from "../../../static/js/transport/authenticator.js";

const SALT = new Uint8Array(32).fill(7);
const PRF = Uint8Array.from({ length: 32 }, (_, index) => 200 + (index % 50));
const CHALLENGE = to_base64url(new Uint8Array(56).fill(1));
const RAW_ID = Uint8Array.of(9, 8, 7, 6);
const CREATION = {
  challenge: CHALLENGE,
  rp: { id: "chat.example", name: "talk2me" },
  user: { id: to_base64url(new Uint8Array(16).fill(2)), name: "ada", displayName: "ada" },
  pubKeyCredParams: [{ type: "public-key", alg: -8 }],
  excludeCredentials: [{ type: "public-key", id: to_base64url(RAW_ID) }],
};
const REQUEST = { challenge: CHALLENGE, rpId: "chat.example" };

/** @param {number} value */
const some = (value) => new Uint8Array(40).fill(value).buffer;

/** A credential as browsers give it: its PRF result would be in `toJSON()`. @param {any} response @param {any} prf */
function credential(response, prf) {
  return {
    id: to_base64url(RAW_ID),
    rawId: RAW_ID.buffer,
    type: "public-key",
    authenticatorAttachment: "platform",
    response,
    getClientExtensionResults: () => (prf ? { prf } : {}),
    toJSON: () => ({ clientExtensionResults: { prf: { results: { first: to_base64url(PRF) } } } }),
  };
}

/** @param {{ on_create?: any, on_get?: any, fails?: string, nothing?: boolean }} how `on_...`: PRF results */
function container({ on_create, on_get, fails, nothing }) {
  /** @type {{ call: string, options: any }[]} */
  const calls = [];
  /** @param {string} call @param {any} response @param {any} prf */
  const answer = (call, response, prf) => async (/** @type {any} */ { publicKey }) => {
    calls.push({ call, options: publicKey });
    if (fails) throw new DOMException("told to nobody", fails);
    return nothing ? null : credential(response, prf);
  };
  const made = { clientDataJSON: some(1), attestationObject: some(2), getTransports: () => ["internal"] };
  const used = { clientDataJSON: some(3), authenticatorData: some(4), signature: some(5), userHandle: some(6) };
  /** @type {any} */
  const credentials = { create: answer("create", made, on_create), get: answer("get", used, on_get) };
  return { credentials, calls };
}

/** No run of eight bytes of the PRF's result is anywhere in what is posted, however it may be written. @param {unknown} posted */
function holds_no_prf(posted) {
  const text = JSON.stringify(posted);
  const encoded = to_base64url(PRF);
  for (let at = 0; at + 8 <= encoded.length; at += 1) assert.ok(!text.includes(encoded.slice(at, at + 8)));
  assert.ok(!/prf|extension/i.test(text));
}

describe("making a passkey", () => {
  it("gives what may be posted, and the PRF's output beside it", async () => {
    const { credentials, calls } = container({ on_create: { enabled: true, results: { first: PRF.buffer } } });
    const made = await make_passkey({ options: CREATION, prf_salt: SALT, credentials });
    assert.deepEqual(made.prf, PRF);
    assert.deepEqual(made.credential, {
      id: "CQgHBg",
      rawId: "CQgHBg",
      type: "public-key",
      response: {
        clientDataJSON: to_base64url(new Uint8Array(some(1))),
        attestationObject: to_base64url(new Uint8Array(some(2))),
      },
    });
    holds_no_prf(made.credential);
    assert.deepEqual(calls.map(({ call }) => call), ["create"]);
  });

  it("asks for a verified person, a discoverable credential, no attestation, and the PRF of the salt", async () => {
    const { credentials, calls } = container({});
    const greedy = { ...CREATION, attestation: "direct", authenticatorSelection: {}, extensions: { prf: {} } };
    await make_passkey({ options: greedy, prf_salt: SALT, credentials });
    const [{ options }] = calls;
    assert.equal(options.attestation, "none");
    assert.equal(options.authenticatorSelection.userVerification, "required");
    assert.equal(options.authenticatorSelection.residentKey, "required");
    assert.deepEqual(options.extensions, { prf: { eval: { first: SALT } } });
    assert.deepEqual(options.challenge, new Uint8Array(56).fill(1));
    assert.deepEqual(options.user.id, new Uint8Array(16).fill(2));
    assert.deepEqual(options.excludeCredentials, [{ type: "public-key", id: RAW_ID }]);
  });

  it("uses it once where the PRF is only evaluated in use, and posts what was made", async () => {
    const { credentials, calls } = container({ on_create: { enabled: true }, on_get: { results: { first: PRF } } });
    const made = await make_passkey({ options: CREATION, prf_salt: SALT, credentials });
    assert.deepEqual(made.prf, PRF);
    assert.ok("attestationObject" in made.credential.response);
    holds_no_prf(made.credential);
    assert.deepEqual(calls[1].options.allowCredentials, [{ type: "public-key", id: RAW_ID }]);
    assert.equal(calls[1].options.rpId, "chat.example");
  });

  it("says null where there is no PRF, or half of one", async () => {
    for (const on_create of [undefined, { enabled: false }, { results: { first: PRF.slice(0, 16) } }]) {
      const { credentials, calls } = container({ on_create });
      assert.equal((await make_passkey({ options: CREATION, prf_salt: SALT, credentials })).prf, null);
      assert.equal(calls.length, 1);
    }
  });
});

describe("using a passkey", () => {
  it("gives what may be posted, and the PRF's output beside it", async () => {
    const { credentials, calls } = container({ on_get: { results: { first: PRF } } });
    const used = await use_passkey({ options: REQUEST, prf_salt: SALT, credentials });
    assert.deepEqual(used.prf, PRF);
    assert.deepEqual(Object.keys(used.credential), ["id", "rawId", "type", "response"]);
    assert.deepEqual(Object.keys(used.credential.response), ["clientDataJSON", "authenticatorData", "signature", "userHandle"]);
    holds_no_prf(used.credential);
    assert.deepEqual(calls[0].options.allowCredentials, []);
    assert.equal(calls[0].options.userVerification, "required");
  });

  it("can ask for certain ones", async () => {
    const { credentials, calls } = container({});
    await use_passkey({ options: REQUEST, prf_salt: SALT, allow: [to_base64url(RAW_ID)], credentials });
    assert.deepEqual(calls[0].options.allowCredentials, [{ type: "public-key", id: RAW_ID }]);
  });

  it("fails with a code for each reason", async () => {
    const reasons = {
      NotAllowedError: "passkey_cancelled",
      AbortError: "passkey_cancelled",
      InvalidStateError: "passkey_exists",
      SecurityError: "passkey_unsupported",
    };
    for (const [fails, code] of Object.entries(reasons)) {
      const failing = use_passkey({ options: REQUEST, prf_salt: SALT, ...container({ fails }) });
      await assert.rejects(failing, (error) => is_talk2me_error(error, /** @type {any} */ (code)));
    }
    const silent = use_passkey({ options: REQUEST, prf_salt: SALT, ...container({ nothing: true }) });
    await assert.rejects(silent, (error) => is_talk2me_error(error, "passkey_cancelled"));
  });

  it("is unsupported where there is nothing to ask", async () => {
    const failing = use_passkey({ options: REQUEST, prf_salt: SALT });
    await assert.rejects(failing, (error) => is_talk2me_error(error, "passkey_unsupported"));
  });
});

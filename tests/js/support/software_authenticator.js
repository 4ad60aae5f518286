// @ts-check
// An authenticator in software, as navigator.credentials shows one: its keys sign, its PRF is one, and it keeps passkeys of every site.
import { createHash, createHmac, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { to_base64url } from "../../../static/js/codec/base64url.js";

/** @typedef {{ id: Buffer, user: Buffer, secret: Buffer, rp: string, private_key: import("node:crypto").KeyObject, count: number }} Kept */

const USER_WAS_THERE = 0x05;
const HAS_CREDENTIAL = 0x40;

export class SoftwareAuthenticator {
  /** @param {string} origin of the page @param {{ prf?: boolean }} [able] */
  constructor(origin, { prf = true } = {}) {
    this.origin = origin;
    this.prf = prf;
    /** @type {Kept[]} */
    this.kept = [];
    /** @type {Buffer[]} what the PRF gave */
    this.outputs = [];
  }

  /** @param {any} options */
  async create({ publicKey: { challenge, rp, user, extensions } }) {
    const { publicKey, privateKey } = generateKeyPairSync("ed25519");
    const kept = { id: randomBytes(16), user: Buffer.from(user.id), secret: randomBytes(32), rp: rp.id, private_key: privateKey, count: 0 };
    this.kept.push(kept);
    const x = Buffer.from(/** @type {string} */ (publicKey.export({ format: "jwk" }).x), "base64url");
    const key = Buffer.concat([Buffer.from("a4010103272006215820", "hex"), x]);
    const length = Buffer.from([0, kept.id.length]);
    const data = Buffer.concat([this.#data(kept, HAS_CREDENTIAL), Buffer.alloc(16), length, kept.id, key]);
    const head = Buffer.from([0x58, data.length]);
    const attestation = Buffer.concat([map(3), text("fmt"), text("none"), text("attStmt"), map(0), text("authData"), head, data]);
    const response = { clientDataJSON: buffer(this.#client_data("create", challenge)), attestationObject: buffer(attestation) };
    return this.#credential(kept, response, extensions);
  }

  /** @param {any} options */
  async get({ publicKey: { challenge, rpId, extensions, allowCredentials = [] } }) {
    const allowed = allowCredentials.map((/** @type {{ id: Uint8Array }} */ { id }) => Buffer.from(id));
    const is_meant = (/** @type {Kept} */ { id, rp }) =>
      rp === rpId && (allowed.length === 0 || allowed.some((/** @type {Buffer} */ one) => one.equals(id)));
    const found = this.kept.find(is_meant);
    if (!found) throw new DOMException("", "NotAllowedError");
    found.count += 1;
    const data = this.#data(found, 0);
    const client_data = this.#client_data("get", challenge);
    const signature = sign(null, Buffer.concat([data, sha256(client_data)]), found.private_key);
    const response = {
      ...{ clientDataJSON: buffer(client_data), authenticatorData: buffer(data) },
      ...{ signature: buffer(signature), userHandle: buffer(found.user) },
    };
    return this.#credential(found, response, extensions);
  }

  /** @param {Kept} kept @param {number} flags */
  #data({ rp, count }, flags) {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(count);
    return Buffer.concat([sha256(rp), Buffer.from([USER_WAS_THERE | flags]), counter]);
  }

  /** @param {string} what @param {Uint8Array} challenge */
  #client_data(what, challenge) {
    const fields = { type: `webauthn.${what}`, challenge: to_base64url(challenge), origin: this.origin, crossOrigin: false };
    return Buffer.from(JSON.stringify(fields));
  }

  /** @param {Kept} kept @param {any} response @param {any} extensions */
  #credential({ id, secret }, response, extensions) {
    const evaluate = () => {
      const output = createHmac("sha256", secret).update(extensions.prf.eval.first).digest();
      this.outputs.push(output);
      return buffer(output);
    };
    const results = this.prf ? { prf: { enabled: true, results: { first: evaluate() } } } : {};
    const name = to_base64url(Uint8Array.from(id));
    return { id: name, rawId: buffer(id), type: "public-key", response, getClientExtensionResults: () => results };
  }
}

/** @param {string | Uint8Array} bytes */
const sha256 = (bytes) => createHash("sha256").update(bytes).digest();
/** @param {Uint8Array} bytes */
const buffer = (bytes) => Uint8Array.from(bytes).buffer;
/** CBOR, as far as it is needed. @param {number} size */
const map = (size) => Buffer.from([0xa0 + size]);
/** @param {string} of */
const text = (of) => Buffer.concat([Buffer.from([0x60 + of.length]), Buffer.from(of)]);

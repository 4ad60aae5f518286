// @ts-check
// An authenticator as navigator.credentials shows one, as far as the lock needs it: it signs nothing, its PRF is real.
import { createHmac, randomBytes } from "node:crypto";
import { to_base64url } from "../../../static/js/codec/base64url.js";

export class FakeAuthenticator {
  /** @param {{ prf?: boolean }} [able] */
  constructor({ prf = true } = {}) {
    this.prf = prf;
    /** @type {Map<string, Buffer>} a secret for each credential id */
    this.secrets = new Map();
    this.asked = 0;
    this.cancels = false;
  }

  /** @param {any} options */
  async create({ publicKey: { extensions } }) {
    this.#ask();
    const id = randomBytes(16);
    this.secrets.set(to_base64url(Uint8Array.from(id)), randomBytes(32));
    const response = { clientDataJSON: buffer(randomBytes(8)), attestationObject: buffer(randomBytes(8)) };
    return this.#credential(id, response, extensions);
  }

  /** @param {any} options */
  async get({ publicKey: { extensions, allowCredentials } }) {
    this.#ask();
    /** @type {Buffer[]} */
    const allowed = allowCredentials.map((/** @type {{ id: Uint8Array }} */ { id }) => Buffer.from(id));
    const found = allowed.find((id) => this.secrets.has(to_base64url(Uint8Array.from(id))));
    if (!found) throw new DOMException("", "NotAllowedError");
    const response = { clientDataJSON: buffer(found), authenticatorData: buffer(found), signature: buffer(found) };
    return this.#credential(found, response, extensions);
  }

  #ask() {
    this.asked += 1;
    if (this.cancels) throw new DOMException("", "NotAllowedError");
  }

  /** @param {Buffer} id @param {any} response @param {any} extensions */
  #credential(id, response, extensions) {
    const name = to_base64url(Uint8Array.from(id));
    const output = () => createHmac("sha256", /** @type {Buffer} */ (this.secrets.get(name))).update(extensions.prf.eval.first).digest();
    return {
      id: name,
      rawId: buffer(id),
      type: "public-key",
      response,
      getClientExtensionResults: () => (this.prf ? { prf: { enabled: true, results: { first: buffer(output()) } } } : {}),
    };
  }
}

/** @param {Uint8Array} bytes */
const buffer = (bytes) => Uint8Array.from(bytes).buffer;

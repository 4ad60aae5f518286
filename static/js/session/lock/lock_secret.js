// @ts-check
// What a person brings to the lock: a passphrase as typed, or what a passkey gives. Made in the tab where the person is: another one
// can't ask for a passkey, and a hidden one would take minutes over a passphrase.
import { from_base64url, to_base64url } from "../../codec/base64url.js";
import { Talk2meError } from "../../errors.js";
import { make_lock } from "../../store/lock_key.js";
import { make_passkey, use_passkey } from "../../transport/authenticator.js";

/** @import { Bytes } from "../../codec/bytes.js" */
/** @import { ByPassphrase, ByPasskey, NewLock } from "../../store/lock_key.js" */
/** @import { LockRecord } from "../../store/lock_record.js" */
/** @import { Credentials } from "../../transport/authenticator.js" */
/**
 * @typedef {{ origin: string, random: (length: number) => Bytes, credentials?: Credentials }} Here
 * @typedef {{ passphrase?: string, passkey?: true }} Wish
 */

// Ed25519, ECDSA with P-256, RSA: nobody sees what the passkey signs, but one has to be named.
const ALGORITHMS = [-8, -7, -257];

/**
 * @param {Wish} wish
 * @param {Here & { username: string }} here
 * @returns {Promise<NewLock>}
 * @throws {Talk2meError} `lock_short`, `passkey_no_prf`, and what `make_passkey` throws
 */
export async function ask_for_new_lock({ passphrase, passkey }, here) {
  if (typeof passphrase === "string") return make_lock({ passphrase }, here.random);
  if (!passkey) throw new Talk2meError("bad_request");
  const prf_salt = here.random(32);
  const { credential, prf } = await make_passkey({ options: options_of(here), prf_salt, credentials: here.credentials });
  if (!prf) throw new Talk2meError("passkey_no_prf");
  return make_lock({ prf, prf_salt, credential_id: from_base64url(credential.rawId) }, here.random);
}

/**
 * @param {LockRecord} lock
 * @param {Wish} wish
 * @param {Here} here
 * @returns {Promise<ByPassphrase | ByPasskey>}
 * @throws {Talk2meError} `lock_wrong`, `passkey_no_prf`, and what `use_passkey` throws
 */
export async function ask_for_secret(lock, { passphrase }, { origin, random, credentials }) {
  if (lock.kind !== "passkey") {
    if (typeof passphrase !== "string") throw new Talk2meError("lock_wrong");
    return { passphrase };
  }
  const { prf } = await use_passkey({
    options: { challenge: to_base64url(random(32)), rpId: new URL(origin).hostname },
    prf_salt: lock.prf_salt,
    allow: [to_base64url(lock.credential_id)],
    credentials,
  });
  if (!prf) throw new Talk2meError("passkey_no_prf");
  return { prf };
}

/** No server takes part: challenge and user are made up here. @param {Here & { username: string }} here */
function options_of({ origin, random, username }) {
  const name = `${username} (lock of this browser)`;
  return {
    challenge: to_base64url(random(32)),
    rp: { id: new URL(origin).hostname, name: "talk2me" },
    user: { id: to_base64url(random(16)), name, displayName: name },
    pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: "public-key", alg })),
  };
}

// @ts-check
// What lies in the clear beside a locked store: how its data key is wrapped (docs/protocol.md 11). Whoever can write to this
// browser's disk can change it, so its parameters have bounds and are bound to what is wrapped.
import { concat, to_utf8 } from "../codec/bytes.js";
import { pack } from "../codec/msgpack.js";
import { Talk2meError } from "../errors.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @import { Argon2Cost } from "../crypto/argon2id.js" */
/**
 * @typedef {Argon2Cost & { v: 1, kind: "passphrase", salt: Bytes }} PassphraseForm
 * @typedef {{ v: 1, kind: "passkey", credential_id: Bytes, prf_salt: Bytes }} PasskeyForm `credential_id`: of the one passkey that opens it
 * @typedef {PassphraseForm | PasskeyForm} LockForm
 * @typedef {LockForm & { wrapped: Bytes }} LockRecord
 */

const LABEL = to_utf8("talk2me/1 lock\0");

/** The second choice of RFC 9106, 4. @type {Argon2Cost} */
export const COST = Object.freeze({ m: 65_536, t: 3, p: 1 });
const LEAST = { m: 19_456, t: 2 };
// More would only keep the page from ever answering.
const MOST = { m: 1_048_576, t: 16 };

/**
 * @param {any} record as it was stored
 * @returns {LockRecord}
 * @throws {Talk2meError} `storage_damaged`; `lock_weak` for parameters out of bounds
 */
export function check_lock(record) {
  const { v, kind, wrapped } = record ?? {};
  const fields = kind === "passphrase" ? [record.salt] : [record?.credential_id, record?.prf_salt];
  const right = v === 1 && (kind === "passphrase" || kind === "passkey");
  if (!right || ![wrapped, ...fields].every((field) => field instanceof Uint8Array)) {
    throw new Talk2meError("storage_damaged", { store: "keys" });
  }
  if (kind === "passphrase") check_cost(record);
  return record;
}

/** @param {LockForm} form @returns {Bytes} associated data of what is wrapped */
export function lock_context(form) {
  const { v, kind } = form;
  const fields = kind === "passphrase" ? [form.salt, form.m, form.t, form.p] : [form.credential_id, form.prf_salt];
  return concat(LABEL, pack([v, kind, ...fields]));
}

/** @param {Argon2Cost} cost */
function check_cost({ m, t, p }) {
  const whole = Number.isSafeInteger(m) && Number.isSafeInteger(t);
  if (!whole || p !== 1 || m < LEAST.m || m > MOST.m || t < LEAST.t || t > MOST.t) throw new Talk2meError("lock_weak");
}

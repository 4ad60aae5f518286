// @ts-check

/** @import { Recovery } from "../../protocol/recovery_key.js" */
/** @import { RecoveryEntry } from "../records.js" */

/**
 * What the vault says of a recovery key: its public halves.
 * @param {Recovery} recovery
 * @param {{ kind: "key" | "passkey", name: string, created: number }} fields `created` in unix ms
 * @returns {RecoveryEntry}
 */
export function recovery_entry({ signing, hpke }, { kind, name, created }) {
  return { key: signing.public_key, hpke: hpke.public_key, kind, name, created };
}

// @ts-check
// What the interface sees of the account's devices, the ways back in, the archive and the lock (docs/devices.md).

/** @import { Profile } from "./session_types.js" */

/**
 * @typedef {object} Device
 * @property {string} device
 * @property {boolean} own this browser
 * @property {string} name empty where nobody has named it
 * @property {number} added the number of the account's event
 * @property {boolean} active
 * @property {string | null} created a day, `2026-03-09`
 * @property {string | null} last_seen a day
 * @property {boolean} idle not seen for 30 days
 * @property {boolean} verified
 * @property {string} code six groups of five digits
 */

/**
 * @typedef {object} LinkNews
 * @property {"old" | "new"} side
 * @property {"waiting" | "compare" | "sending" | "joining" | "done" | "failed"} step
 * @property {string} [code] `123 456`, to compare
 * @property {string} [name] of the new device
 * @property {string} [error] the code of why it failed
 */

/**
 * @typedef {object} Archive
 * @property {boolean} on
 * @property {"off" | "idle" | "restoring" | "writing" | "full"} state
 * @property {number} done messages restored
 * @property {number} total
 * @property {number} bytes
 * @property {number} bytes_total
 * @property {number | null} seconds_left
 * @property {number} waiting messages that are not archived yet
 * @property {number} missing messages that the server should have and does not give
 */

/** @typedef {{ kind: "none" | "passphrase" | "passkey", timeout: number, persisted: boolean | null }} Lock `timeout`: minutes, 0 for never */
/** @typedef {{ key: string, name: string, created: number, last_used: string | number | null }} Passkey */
/** @typedef {{ unarchived: number, archive_on: boolean, recovery_confirmed: boolean, other_devices: number }} Losses */

/**
 * @typedef {object} Recovery
 * @property {boolean} confirmed its owner has typed part of the recovery key once
 * @property {boolean} reminder_due
 * @property {null | { from: number, own: boolean }} announced a new key that counts from then on; `own`: by this device
 * @property {boolean} renewal_needed the recovery key is of a kind that the vault can get no new key with
 * @property {string | null} reset_from the day from which an operator's permit to start over counts
 */

/**
 * @typedef {object} DeviceCommands
 * @property {() => Promise<{ code: string, qr: string, expires: number }>} begin_link
 * @property {(input: { match: boolean }) => Promise<void>} confirm_link
 * @property {() => Promise<void>} cancel_link
 * @property {(input: { code: string, device_name: string }) => Promise<Profile>} link_browser
 * @property {(input: { username: string, recovery_key: string, device_name: string }) => Promise<Profile>} recover_account
 * @property {(input: { lost: string[] }) => Promise<void>} finish_recovery
 * @property {(input: { device_name: string }) => Promise<Profile>} passkey_sign_in
 * @property {() => Promise<Passkey[]>} list_passkeys
 * @property {(input: { name: string, recovery_key?: string }) => Promise<void>} add_passkey
 * @property {(input: { key: string, recovery_key?: string }) => Promise<void>} remove_passkey
 * @property {(input: { recovery_key: string }) => Promise<{ right: boolean }>} check_recovery_key
 * @property {(input: { recovery_key?: string, announce?: true }) => Promise<{ status: "made" } | { status: "announced", from: number }>} new_recovery_key
 * @property {() => Promise<void>} object_recovery_key
 * @property {() => Promise<void>} postpone_recovery_reminder
 * @property {() => Promise<Device[]>} devices
 * @property {(input: { device: string, name: string }) => Promise<void>} rename_device
 * @property {(input: { device: string, verified: boolean }) => Promise<void>} verify_device
 * @property {(input: { devices: string[] }) => Promise<void>} revoke_devices
 * @property {(input: { username: string, recovery_key?: string, code?: string, device_name: string }) => Promise<Profile>} reset_account
 * @property {() => Promise<void>} object_reset
 * @property {(input: { on: boolean }) => Promise<void>} set_archive
 * @property {(input: { conversation: string, on: boolean }) => Promise<void>} set_conversation_archive
 * @property {(input: { passphrase?: string, passkey?: true, timeout: number }) => Promise<void>} set_lock
 * @property {(input: { passphrase?: string }) => Promise<void>} remove_lock
 * @property {(input: { timeout: number }) => Promise<void>} set_lock_timeout
 * @property {() => Promise<void>} lock_now
 * @property {(input: { passphrase?: string }) => Promise<void>} unlock
 * @property {() => Promise<void>} sign_out
 * @property {() => Promise<{ persisted: boolean }>} persist_storage
 * @property {() => Promise<{ used: number, allowed: number } | null>} storage_used bytes in this browser; null where it does not say
 */

/**
 * @typedef {object} DeviceQueries
 * @property {() => Promise<Archive>} archive
 * @property {() => Promise<Lock>} lock
 * @property {() => Promise<Recovery>} recovery
 * @property {() => Promise<Losses>} losses
 */

export {};

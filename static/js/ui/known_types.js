// @ts-check
// What the server says that it has of an account (docs/what_the_server_knows.md). Times are unix ms, days `2026-03-09`, sizes bytes.

/**
 * @typedef {object} Known
 * @property {{ account: string, username: string, created: string, open_to_strangers: boolean, recovery_keys: number }} account
 * @property {{ events: number, bytes: number, leaves: number }} chain
 * @property {KnownDevice[]} devices
 * @property {{ expires: number }[]} sign_ins
 * @property {{ expires: number }[]} recoveries
 * @property {{ version: number, bytes: number, updated: number } | null} vault
 * @property {{ passkey: string, created: string, last_used: string | null }[]} passkeys
 * @property {{ expires: number, used: number }[]} invitations
 * @property {{ day: string, by: string | null, label: string } | null} registration by whose code it came
 * @property {{ expires: number, state: "open" | "used" | "revoked" | "expired", accounts: string[] }[]} invited by codes of its own
 * @property {{ expires: number, bytes: number }[]} link_boxes
 * @property {{ created: string, from_day: string } | null} reset_permit
 * @property {{ time: number, what: string }[]} operators
 * @property {{ count: number, envelopes: number, bytes: number, rows: KnownBox[] }} mailboxes
 * @property {{ count: number, bytes: number, rows: KnownFile[] }} attachments
 * @property {{ device: string, host: string }[]} pushes
 * @property {{ received: number, bytes: number, note: string }[]} reports
 * @property {Record<string, { used: number, most: number }>} quotas
 */

/**
 * @typedef {object} KnownDevice
 * @property {string} device
 * @property {string} created
 * @property {string | null} last_seen
 * @property {boolean} removed
 * @property {{ single_use: number, last_resort: number, bytes: number, expires: number | null }} key_packages
 */

/** @typedef {{ mailbox: string, kind: "device" | "conversation" | "archive", envelopes: number, bytes: number, oldest: number | null, expires: number | null }} KnownBox */
/** @typedef {{ id: string, bytes: number, complete: boolean, keep: boolean, expires: number | null }} KnownFile */

/**
 * @typedef {object} KnownCommands
 * @property {() => Promise<Known>} known_of_account
 * @property {(input: { ids: string[] }) => Promise<unknown>} delete_kept files that are kept, by their ids in `Known`
 * @property {() => Promise<unknown>} delete_account and everything in this browser
 */

/**
 * @typedef {{ name: string, hint?: string, size?: string, rows?: KnownRow[], part?: string, kept?: string[] }} KnownRow as it is shown; `rows` are
 *   shown when it is opened, `part` says which they are; `kept`: the ids of files that can be deleted here
 */
/** @typedef {{ title: string, hint?: string, rows: KnownRow[] }} KnownGroup */

export {};

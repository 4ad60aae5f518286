// @ts-check
// What the interface sees of groups (docs/groups.md).

/** @import { Found, Person } from "./session_types.js" */

/** @typedef {"owner" | "admin" | "member"} Role */
/** @typedef {"admins" | "members"} Who owners count as admins */
/** @typedef {Person & { verified: boolean, identity_changed?: boolean, role: Role, own: boolean, devices: number }} Member */

/**
 * @typedef {object} Group
 * @property {string} title
 * @property {Uint8Array | null} picture
 * @property {Role} role one's own
 * @property {Who} who_adds
 * @property {Who} who_edits
 * @property {Who} who_writes
 * @property {number} timer seconds after which messages disappear, 0 for never
 * @property {boolean} link there is an invitation link of this browser's account that works
 * @property {{ add: boolean, edit: boolean, write: boolean, rights: boolean, roles: boolean }} may what oneself may do
 * @property {Member[]} members
 */

/** @typedef {Partial<Pick<Group, "title" | "picture" | "who_adds" | "who_edits" | "who_writes" | "timer">>} GroupChange */

/**
 * @typedef {object} GroupCommands
 * @property {(input: { title: string, picture?: Uint8Array, members: string[] }) => Promise<{ conversation: string }>} create_group
 * @property {(input: { conversation: string } & GroupChange) => Promise<unknown>} change_group
 * @property {(input: { conversation: string, account: string, role: Role }) => Promise<unknown>} set_role
 * @property {(input: { conversation: string, accounts: string[], history?: number }) => Promise<unknown>} add_to_group `history`: so many of the newest messages are given to them
 * @property {(input: { conversation: string, account: string }) => Promise<unknown>} remove_from_group
 * @property {(input: { conversation: string }) => Promise<unknown>} leave_group
 * @property {(input: { conversation: string }) => Promise<{ link: string, expires: number }>} make_group_link
 * @property {(input: { conversation: string }) => Promise<unknown>} revoke_group_link
 * @property {(input: { fragment: string }) => Promise<Found>} read_group_link who made it
 * @property {(input: { fragment: string }) => Promise<{ conversation: string }>} join_by_link
 * @property {(input: { conversation: string, id: string, accept: boolean }) => Promise<unknown>} answer_join_request
 * @property {() => Promise<{ conversation: string }>} open_notes the notes to oneself, made if there are none
 */

/**
 * @typedef {object} GroupQueries
 * @property {(input: { id: string }) => Promise<Group | null>} group
 */

export {};

// @ts-check
// What the interface sees of people that are blocked, and of being told of something new.

/** @import { Person } from "./session_types.js" */

/** @typedef {{ on: boolean, texts: boolean, pushed: boolean }} Notifications `texts`: what was written is shown; `pushed`: also while no page is open */

/**
 * @typedef {object} PeopleCommands
 * @property {(input: { account: string }) => Promise<unknown>} block
 * @property {(input: { account: string }) => Promise<unknown>} unblock
 * @property {(input: { conversation: string, until: number }) => Promise<unknown>} mute
 * @property {(input: { conversation: string, id: string, note?: string }) => Promise<unknown>} report_message
 * @property {() => Promise<unknown>} enable_push
 * @property {() => Promise<unknown>} disable_push
 * @property {() => Promise<unknown>} refresh_push
 * @property {(input: { on?: boolean, texts?: boolean }) => Promise<unknown>} set_notifications
 */

/**
 * @typedef {object} PeopleQueries
 * @property {() => Promise<Person[]>} blocked
 * @property {() => Promise<Notifications>} notifications
 */

export {};

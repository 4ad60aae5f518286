// @ts-check
// What the interface sees of messages beyond their text, and of what people do with them (docs/messages.md).

/** @import { Message, Person } from "./session_types.js" */

/** @typedef {{ id: string, author: Person, text: string, here: boolean }} Quote `here`: the message itself is on this device */
/** @typedef {{ emoji: string, count: number, own: boolean, people: string[] }} Reaction */
/** @typedef {{ text: string, time: number }} Version of a text that was changed, when it was written */
/** @typedef {{ account: string, username: string, delivered?: number, read?: number }} Receipt */
/** @typedef {{ message: Message, edits: Version[], receipts: Receipt[] }} MessageDetails */
/** @typedef {{ text: string, reply?: string }} Draft */

/**
 * @typedef {object} MessageExtras
 * @property {Quote} [reply]
 * @property {Reaction[]} [reactions]
 * @property {number} [edited] when
 * @property {"all" | "own"} [deleted] for whom
 * @property {{ by: Person | string, time: number }} [pinned]
 * @property {boolean} [forwarded]
 * @property {Person[]} [mentions]
 * @property {number} [timer] seconds after which it is deleted
 * @property {number} [expires] when it is deleted on this device
 * @property {Person} [shared_by] who gave it later on: its author is that member's word
 * @property {number} [count] of a notice: how many messages
 * @property {Person[]} [about] of a notice: whom it is about
 * @property {true} [blocked] in a group: its author is blocked
 * @property {number} [seconds] of a notice: the timer that was chosen
 */

/**
 * @typedef {object} MessageCommands
 * @property {(input: { conversation: string, id: string, text: string, mentions?: string[] }) => Promise<unknown>} edit_message
 * @property {(input: { conversation: string, id: string, for: "all" | "own" }) => Promise<unknown>} delete_message
 * @property {(input: { conversation: string, id: string, emoji: string | null }) => Promise<unknown>} react
 * @property {(input: { conversation: string, id: string, pinned: boolean }) => Promise<unknown>} pin_message
 * @property {(input: { conversation: string, id: string, to: string[] }) => Promise<unknown>} forward_message
 * @property {(input: { conversation: string, seconds: number }) => Promise<unknown>} set_timer
 * @property {(input: { conversation: string, text: string, reply?: string }) => Promise<unknown>} save_draft
 * @property {(input: { conversation: string }) => Promise<unknown>} typing
 */

/**
 * @typedef {object} MessageQueries
 * @property {(input: { conversation: string, id: string }) => Promise<MessageDetails | null>} message_details
 * @property {(input: { conversation: string }) => Promise<Message[]>} pinned
 * @property {(input: { conversation: string }) => Promise<Draft | null>} draft
 */

/** @typedef {{ conversation: string, account: string, until: number }} Typing */

export {};

// @ts-check
// What the interface sees of a search (docs/browser_layers.md).

/** @import { Person } from "./session_types.js" */

/**
 * @typedef {object} SearchHit
 * @property {string} conversation
 * @property {string} id
 * @property {number} order
 * @property {number} time
 * @property {Person} author
 * @property {string} text what the message says, and the names of its files
 * @property {[number, number][]} ranges what was found in it
 */
/** @typedef {{ text: string, conversation?: string, author?: string, files?: boolean, before?: number, limit: number }} SearchWish */
/** @typedef {{ search: (wish: SearchWish) => Promise<SearchHit[]> }} SearchQueries */

export {};

// @ts-check
// Messages that disappear, by the time at which they do.
import { sortable } from "../records.js";

/** @import { Message } from "../records.js" */

export const EXPIRIES = "x/";

/** @param {string} conversation @param {Pick<Message, "order">} message @param {number} expires ms */
export const expiry_id = (conversation, { order }, expires) => `${EXPIRIES}${sortable(expires)}/${conversation}/${sortable(order)}`;

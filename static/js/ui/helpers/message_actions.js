// @ts-check
// What somebody can do with a message.

/** @import { Message, Conversation } from "../session_types.js" */

/** @typedef {typeof ACTIONS[number]} Action */

/** In the order in which the menu shows them. */
export const ACTIONS = /** @type {const} */ (["reply", "edit", "copy", "forward", "pin", "unpin", "details", "report", "delete_own", "delete_all"]);

/**
 * @param {Message} message
 * @param {Conversation["state"]} state of its conversation
 * @param {boolean} [notes] it is a note to oneself
 * @returns {Action[]} in the menu's order
 */
export function message_actions(message, state, notes = false) {
  const { own, type, deleted, status, pinned, text = "" } = message;
  if (type === "notice") return [];
  const open = state === "active";
  const arrived = status !== "waiting" && status !== "failed";
  const there = type === "text" && deleted === undefined;
  const own_there = there && open && own && arrived;
  /** @type {Record<Action, boolean>} */
  const can = {
    reply: there && open && arrived,
    edit: there && open && own && arrived && text !== "" && message.forwarded !== true,
    copy: there && text !== "",
    forward: there && arrived,
    pin: there && open && arrived && pinned === undefined,
    unpin: there && open && pinned !== undefined,
    details: there,
    // Of what somebody else gave nothing shows who has sent it.
    report: type === "text" && !own && message.shared_by === undefined,
    // Whoever is alone there need not be asked for whom.
    delete_own: state !== "request" && !(notes && own_there),
    delete_all: own_there,
  };
  return ACTIONS.filter((action) => can[action]);
}

/**
 * @param {Message} message
 * @param {Conversation["state"]} state of its conversation
 * @returns {boolean} whether reactions can be given to it
 */
export function can_react({ type, deleted, status }, state) {
  return type === "text" && deleted === undefined && state === "active" && status !== "waiting" && status !== "failed";
}

/**
 * @param {Message[]} messages oldest first
 * @param {Conversation["state"]} state of their conversation
 * @returns {Message | undefined} the newest that can be edited
 */
export function last_editable(messages, state) {
  return messages.findLast((message) => message_actions(message, state).includes("edit"));
}

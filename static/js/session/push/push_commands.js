// @ts-check
import { query_notifications, set_notifications, set_push } from "./notifications.js";

/** @import { Command } from "../commands.js" */

/** @type {Record<string, Command>} those of the owner's tab; the rest: push_in_tab.js */
export const PUSH_COMMANDS = {
  set_notifications,
  set_push,
  push_key: (device) => device.api.push_key(),
};

export const PUSH_QUERIES = { notifications: query_notifications };

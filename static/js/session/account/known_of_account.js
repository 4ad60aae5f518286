// @ts-check
// What the server says that it has of this account, for the settings and as a file.
import { Talk2meError } from "../../errors.js";

/** @import { Device } from "../device.js" */

const LISTS = ["devices", "sign_ins", "recoveries", "passkeys", "invitations", "invited", "link_boxes", "operators", "pushes", "reports"];
const OBJECTS = ["account", "chain", "mailboxes", "attachments", "quotas"];

/**
 * @param {Device} device
 * @returns {Promise<Record<string, any>>} as docs/what_the_server_knows.md has it; what is in it is shown, and acted on only where the
 *   person deletes a file that is kept there
 * @throws {Talk2meError} `answer_invalid`, and what the transport throws
 */
export async function known_of_account(device) {
  const known = await device.api.account();
  const is_whole =
    LISTS.every((name) => are_objects(known[name])) &&
    OBJECTS.every((name) => is_object(known[name])) &&
    are_objects(known.mailboxes.rows) &&
    are_objects(known.attachments.rows);
  if (!is_whole) throw new Talk2meError("answer_invalid");
  return known;
}

/** @param {unknown} value */
const is_object = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** @param {unknown} value */
const are_objects = (value) => Array.isArray(value) && value.every(is_object);

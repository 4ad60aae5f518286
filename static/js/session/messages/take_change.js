// @ts-check
// Somebody does something to a message that is there.
import { to_base64url } from "../../codec/base64url.js";
import { from_change } from "./change_body.js";
import { change_message } from "./change_message.js";

/** @import { Content } from "../../protocol/content_schema.js" */
/** @import { Taker } from "../take_content.js" */

/** @type {Taker} */
export async function take_change(changes, device, conversation, { author, place }, /** @type {Extract<Content, { type: "edit" | "delete" | "reaction" | "pin" }>} */ content) {
  const { id, time } = content;
  await change_message(changes, device, conversation, { ...from_change(content), author, id: to_base64url(id), time, received: device.now(), place });
}

// @ts-check
// The first content of a direct conversation, by who began it.
import { equal } from "../codec/bytes.js";
import { mark_vault } from "./vault/keep_vault.js";

/** @import { Content } from "../protocol/content_schema.js" */
/** @import { Invitation } from "../protocol/vault_contents.js" */
/** @import { Taker } from "./take_content.js" */

/** Whoever brings a token of ours was asked to write: no request is shown. @type {Taker} */
export async function take_introduction(changes, device, conversation, { own }, /** @type {Extract<Content, { type: "introduction" }>} */ { body }) {
  const token = body.invitation;
  if (own || conversation.state !== "request" || !token) return;
  /** @type {Invitation[]} */
  const invitations = (await changes.get("meta", "invitations")) ?? [];
  if (!invitations.some((known) => equal(known.token, token) && known.expires > device.now())) return;
  conversation.state = "active";
  await mark_vault(changes, device);
}

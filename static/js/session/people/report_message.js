// @ts-check
// Shows one message to whoever runs the server, with the proof that its author has sent it. Nothing else leaves this device.
import { Talk2meError } from "../../errors.js";
import { find_message } from "../messages/find_message.js";
import { find_proof } from "./keep_proof.js";

/** @import { Device } from "../device.js" */

/**
 * @param {Device} device
 * @param {{ conversation: string, id: string, note?: string }} wish
 * @throws {Talk2meError} `not_found`: there is no such message of somebody else, or no proof of it (any more); `report_refused`
 */
export async function report_message(device, { conversation, id, note }) {
  const message = await find_message(device.store, conversation, id);
  // Of what another member gave nothing shows who has sent it.
  if (!message || message.own || message.type === "notice" || message.shared_by) throw new Talk2meError("not_found");
  const proof = await find_proof(device.store, conversation, message);
  if (!proof) throw new Talk2meError("not_found");
  await device.api.report({ ...proof, account: message.author, ...(note ? { note } : {}) });
}

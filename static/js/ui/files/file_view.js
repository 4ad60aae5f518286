// @ts-check
// The files of a message, in the place that the message's row has for them.
import { FileCard } from "./file_card.js";
import { ImageTile } from "./image_tile.js";
import { VoiceNote } from "./voice_note.js";

/** @import { Context } from "../context.js" */
/** @import { Message } from "../session_types.js" */

const KINDS = { file: FileCard, image: ImageTile, voice: VoiceNote };

/**
 * @param {Message} message
 * @param {Context} context
 * @returns {Node} one element for each file; they look after themselves
 */
export function files_node(message, context) {
  const fragment = document.createDocumentFragment();
  for (const [index, file] of (message.files ?? []).entries()) {
    fragment.append(new KINDS[file.kind]({ message, file, index, context }).element);
  }
  return fragment;
}

/**
 * Again with each change of the message: nothing happens unless something of its files is other than before.
 * @param {HTMLElement} place
 * @param {Message} message
 * @param {Context} context
 */
export function show_files(place, message, context) {
  const { files = [] } = message;
  const shown = files.map(({ id, state, expires = 0 }) => `${id} ${state} ${expires}`).join();
  place.hidden = files.length === 0;
  if (place.dataset.of === shown) return;
  place.dataset.of = shown;
  place.dataset.pictures = String(files.filter(({ kind }) => kind === "image").length);
  place.replaceChildren(files_node(message, context));
}

// @ts-check
import { avatar_hue, initials } from "../helpers/avatar.js";
import { name_of } from "../helpers/group_words.js";
import { read_picture } from "../helpers/picture_format.js";
import { draw_avatar } from "../kit/avatar_view.js";
import { make_icon } from "../kit/icon.js";

/** @import { Conversation } from "../session_types.js" */

/** @type {WeakMap<Element, Uint8Array>} the picture that an element shows */
const SHOWN = new WeakMap();

/**
 * @param {Element} element
 * @param {Pick<Conversation, "id" | "kind" | "title" | "picture" | "peer" | "notes">} conversation
 */
export function draw_conversation(element, conversation) {
  if (conversation.notes) draw_notes(element);
  else if (conversation.kind === "direct") draw_avatar(element, conversation.peer);
  else draw_group(element, { id: conversation.id, title: name_of(conversation), picture: conversation.picture ?? null });
}

/** @param {Element} element */
function draw_notes(element) {
  const place = /** @type {HTMLElement} */ (element);
  SHOWN.delete(place);
  if (place.dataset.kind === "notes") return;
  place.dataset.kind = "notes";
  delete place.dataset.hue;
  place.replaceChildren(make_icon("notes"));
}

/**
 * A group's picture, or the beginnings of its name.
 * @param {Element} element
 * @param {{ id: string, title: string, picture: Uint8Array | null }} group
 */
export function draw_group(element, { id, title, picture }) {
  const place = /** @type {HTMLElement} */ (element);
  place.dataset.kind = "group";
  place.dataset.hue = String(avatar_hue(id));
  const format = picture === null ? null : read_picture(picture);
  if (picture === null || format === null) {
    SHOWN.delete(place);
    place.textContent = initials(title);
  } else if (!same(SHOWN.get(place), picture)) {
    SHOWN.set(place, picture);
    place.replaceChildren(picture_node(picture, format.type));
  }
}

/**
 * @param {Uint8Array} bytes
 * @param {string} type
 * @returns {HTMLImageElement}
 */
function picture_node(bytes, type) {
  const image = new Image();
  const address = URL.createObjectURL(new Blob([/** @type {BlobPart} */ (bytes)], { type }));
  image.alt = "";
  // Once it is there, or can't be, nothing needs the address.
  for (const event of ["load", "error"]) image.addEventListener(event, () => URL.revokeObjectURL(address), { once: true });
  image.src = address;
  return image;
}

/**
 * @param {Uint8Array | undefined} one
 * @param {Uint8Array} other
 * @returns {boolean}
 */
function same(one, other) {
  return one !== undefined && one.length === other.length && one.every((byte, at) => byte === other[at]);
}

// @ts-check
/** @import { Part } from "../helpers/text_parts.js" */

const TAGS = { code: "code", block: "pre", bold: "strong", italic: "em", quote: "blockquote", mention: "span" };

/**
 * @param {Part[]} parts
 * @param {string} [own_name] whose mention stands out
 * @returns {Node[]}
 */
export function text_nodes(parts, own_name = "") {
  return parts.map((part) => part_node(part, own_name));
}

/**
 * @param {Part} part
 * @param {string} own_name
 * @returns {Node}
 */
function part_node({ kind, text, parts }, own_name) {
  if (kind === "text") return document.createTextNode(text);
  if (kind === "link") return link_node(text);
  const element = document.createElement(TAGS[kind]);
  if (parts === undefined) element.textContent = text;
  else element.append(...text_nodes(parts, own_name));
  if (kind === "mention") element.className = text === `@${own_name}` ? "mention mention-own" : "mention";
  if (kind === "block") element.tabIndex = 0;
  return element;
}

/**
 * @param {string} address
 * @returns {HTMLAnchorElement}
 */
function link_node(address) {
  const anchor = document.createElement("a");
  anchor.href = address;
  anchor.textContent = address;
  anchor.target = "_blank";
  anchor.rel = "noopener noreferrer";
  return anchor;
}

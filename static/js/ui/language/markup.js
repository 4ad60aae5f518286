// @ts-check
// The texts of the page's markup, and how others are put in their places. The same code finds them for the catalogue (scripts/languages/)
// and in the browser, so that both know them by the same words.

/** @typedef {{ text: string, element: Element, attribute?: string, nodes?: ChildNode[], inner?: Element[], context: string }} Phrase */

/** What is read out or shown, besides text. */
const ATTRIBUTES = ["aria-label", "title", "placeholder", "alt"];
/** At the edge of a text, these are no part of it. */
const WORDLESS = new Set(["SVG", "INPUT", "IMG", "I", "VIDEO", "SELECT", "TEXTAREA", "PROGRESS"]);
const ELEMENT = 1;
const TEXT = 3;
const FRAGMENT = 11;

/**
 * An element that has words of its own is one text, together with what is inside it: each inner element is a numbered tag.
 * @param {ParentNode} root
 * @returns {Generator<Phrase>} in the order of the page, those in templates as well
 */
export function* find_phrases(root) {
  yield* phrases_in(root, false);
}

/**
 * @param {Phrase} phrase
 * @param {string} words in another language, with the same numbered tags
 */
export function put_words(phrase, words) {
  const { element, attribute, nodes = [], inner = [] } = phrase;
  if (attribute !== undefined) {
    element.setAttribute(attribute, words);
    return;
  }
  const [before, after] = spaces_around(nodes);
  const place = nodes[nodes.length - 1].nextSibling;
  for (const node of nodes) node.remove();
  for (const node of make_nodes(`${before}${words}${after}`, inner, element.ownerDocument)) element.insertBefore(node, place);
}

/**
 * @param {string} text
 * @returns {string[]} the numbered tags in it, in order of their numbers
 */
export function tags_of(text) {
  return (text.match(/<\/?\d+\/?>/g) ?? []).sort();
}

/**
 * @param {Node} node
 * @param {boolean} inside a text that is known already
 * @returns {Generator<Phrase>}
 */
function* phrases_in(node, inside) {
  let within = inside;
  if (node.nodeType === ELEMENT) {
    const element = /** @type {Element} */ (node);
    if (element.getAttribute("translate") === "no") return;
    yield* attributes_of(element);
    const phrase = inside ? undefined : phrase_of(element);
    if (phrase) yield phrase;
    within = inside || phrase !== undefined;
  } else if (node.nodeType !== FRAGMENT) {
    return;
  }
  const { content } = /** @type {HTMLTemplateElement} */ (node);
  for (const child of [...(content ?? node).childNodes]) yield* phrases_in(child, within);
}

/** @param {Element} element @returns {Generator<Phrase>} */
function* attributes_of(element) {
  for (const attribute of ATTRIBUTES) {
    const text = squeeze(element.getAttribute(attribute) ?? "");
    if (has_words(text)) yield { text, element, attribute, context: context_of(element) };
  }
}

/** @param {Element} element @returns {Phrase | undefined} */
function phrase_of(element) {
  const children = [...element.childNodes];
  if (!children.some((node) => node.nodeType === TEXT && /\S/.test(node.nodeValue ?? ""))) return undefined;
  const nodes = children.slice(children.findIndex(is_part), children.findLastIndex(is_part) + 1);
  /** @type {Element[]} */
  const inner = [];
  const text = squeeze(write_all(nodes, inner));
  return has_words(text) ? { text, element, nodes, inner, context: context_of(element) } : undefined;
}

/** @param {ChildNode} node */
function is_part(node) {
  if (node.nodeType === TEXT) return /\S/.test(node.nodeValue ?? "");
  return node.nodeType === ELEMENT && !WORDLESS.has(node.nodeName.toUpperCase());
}

/** @param {Iterable<ChildNode>} nodes @param {Element[]} inner filled with the elements, by number @returns {string} */
function write_all(nodes, inner) {
  return [...nodes].map((node) => (node.nodeType === ELEMENT ? write_tag(/** @type {Element} */ (node), inner) : node.nodeType === TEXT ? node.nodeValue : "")).join("");
}

/** @param {Element} element @param {Element[]} inner @returns {string} */
function write_tag(element, inner) {
  const number = inner.push(element);
  const words = /\S/.test(element.textContent ?? "") ? write_all(element.childNodes, inner) : "";
  return words === "" ? `<${number}/>` : `<${number}>${words}</${number}>`;
}

/**
 * @param {string} words
 * @param {Element[]} inner
 * @param {Document} page
 * @returns {ChildNode[]}
 */
function make_nodes(words, inner, page) {
  /** @type {ChildNode[][]} */
  const open = [[]];
  /** @type {Element[]} */
  const elements = [];
  for (const piece of words.split(/(<\/?\d+\/?>)/)) {
    const [, end, number, alone] = /^<(\/?)(\d+)(\/?)>$/.exec(piece) ?? [];
    if (number === undefined) {
      if (piece !== "") open[open.length - 1].push(page.createTextNode(piece));
    } else if (end) {
      const nodes = /** @type {ChildNode[]} */ (open.pop());
      /** @type {Element} */ (elements.pop()).replaceChildren(...nodes);
    } else {
      const element = inner[Number(number) - 1];
      open[open.length - 1].push(element);
      if (alone) continue;
      elements.push(element);
      open.push([]);
    }
  }
  return open[0];
}

/** @param {ChildNode[]} nodes @returns {[string, string]} a space where there was one */
function spaces_around(nodes) {
  const [first, last] = [nodes[0], nodes[nodes.length - 1]].map((node) => (node.nodeType === TEXT ? (node.nodeValue ?? "") : ""));
  return [/^\s/.test(first) ? " " : "", /\s$/.test(last) ? " " : ""];
}

/** @param {string} text */
function squeeze(text) {
  return text.replace(/\s+/g, " ").trim();
}

/** Letters on keys, patterns to type and the product's name are the same everywhere. @param {string} text */
function has_words(text) {
  return /\p{Ll}/u.test(text.replaceAll("talk2me", ""));
}

/** @param {Element} element @returns {string} what tells equal words apart, for who translates */
function context_of(element) {
  return element.closest("[data-meaning]")?.getAttribute("data-meaning") ?? "";
}

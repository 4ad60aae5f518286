// Every text of the interface with where it stands: those of the code by their key, those of the page by their words.
import { readFile, readdir } from "node:fs/promises";
import { parseHTML } from "linkedom";
import { ERROR_WORDS, OUR_MISTAKE } from "../../static/js/ui/error_words.js";
import { find_phrases } from "../../static/js/ui/language/markup.js";
import { TEXTS } from "../../static/js/ui/texts.js";
import { note_of, note_of_phrase } from "./notes.js";

const CODE = "static/js/ui";
const PAGES = "templates/ui";
const ERRORS = `${CODE}/error_words.js`;

/**
 * @typedef {object} Entry one of a catalogue
 * @property {string} msgctxt the key, or what tells equal words apart; `""` for none
 * @property {string} msgid in English
 * @property {string} [msgid_plural]
 * @property {string[]} msgstr
 * @property {string} extracted what it is about, for who translates
 * @property {string} reference the files it stands in
 * @property {string} [flag] `fuzzy` where the English has changed since it was translated
 * @property {string} [previous] the English before
 */

/** @returns {Promise<Entry[]>} */
export async function read_sources() {
  return [...(await read_pages()), ...read_errors(), ...(await read_texts())];
}

/** @returns {Promise<Entry[]>} */
async function read_pages() {
  /** @type {Map<string, Entry & { places: Set<string>, files: Set<string> }>} */
  const found = new Map();
  for (const name of (await readdir(PAGES)).sort()) {
    const markup = (await readFile(`${PAGES}/${name}`, "utf8")).replace(/\{%[^%]*%\}/g, "");
    const { document } = parseHTML(`<!doctype html><html><body>${markup}</body></html>`);
    for (const phrase of find_phrases(/** @type {any} */ (document.body))) {
      const key = `${phrase.context}\u0004${phrase.text}`;
      const entry = found.get(key) ?? { msgctxt: phrase.context, msgid: phrase.text, msgstr: [""], extracted: "", reference: "", places: new Set(), files: new Set() };
      entry.places.add(place_of(phrase));
      entry.files.add(`${PAGES}/${name}`);
      found.set(key, entry);
    }
  }
  return [...found.values()].map(({ places, files, ...entry }) => ({ ...entry, extracted: [...[...places].slice(0, 4), note_of_phrase(entry.msgid)].filter((line) => line !== "").join("\n"), reference: [...files].join("\n") }));
}

/** @param {import("../../static/js/ui/language/markup.js").Phrase} phrase @returns {string} */
function place_of({ element, attribute, inner = [] }) {
  const box = element.closest("template")?.id.replace("template-", "") ?? holder_of(element);
  const tag = element.nodeName.toLowerCase();
  const what = attribute === undefined ? `<${tag}>` : `${attribute} of <${tag}>${attribute === "aria-label" ? ", read out" : ""}`;
  const tags = inner.map((one, at) => `<${at + 1}> is <${one.nodeName.toLowerCase()}${part_of(one)}>`);
  return [`${box}: ${what}${part_of(element)}`, ...tags].join("; ");
}

/** linkedom: what is in a template has no template above it. @param {Element} element @returns {string} */
function holder_of(element) {
  let top = element;
  while (top.parentElement) top = top.parentElement;
  return top.getAttribute("data-test") ?? top.className;
}

/** @param {Element} element @returns {string} */
function part_of(element) {
  const part = element.getAttribute("data-part");
  return part ? ` "${part}"` : "";
}

/** @returns {Entry[]} each once, though several codes may have the same words */
function read_errors() {
  const words = new Map([[OUR_MISTAKE, ["whatever else goes wrong"]]]);
  for (const [code, said] of Object.entries(ERROR_WORDS)) words.set(said, [...(words.get(said) ?? []), code]);
  return [...words].map(([msgid, codes]) => ({ msgctxt: "", msgid, msgstr: [""], extracted: `error: ${codes.join(", ")}`, reference: ERRORS }));
}

/** @returns {Promise<Entry[]>} */
async function read_texts() {
  const files = (await readdir(CODE, { recursive: true })).map(String).filter((name) => name.endsWith(".js")).sort();
  const code = new Map(await Promise.all(files.map(async (name) => /** @type {[string, string]} */ ([`${CODE}/${name}`, await readFile(`${CODE}/${name}`, "utf8")]))));
  const sections = sections_of([...code].filter(([name]) => /^static\/js\/ui\/(\w+_)?texts\.js$/.test(name)));
  return Object.entries(TEXTS).flatMap(([key, words]) => {
    const base = key.replace(/_(one|other)$/, "");
    const is_counted = base !== key && `${base}_one` in TEXTS && `${base}_other` in TEXTS;
    if (is_counted && key.endsWith("_one")) return [];
    const name = is_counted ? base : key;
    const used = [...code].filter(([file, text]) => !file.endsWith("texts.js") && text.includes(`"${name}"`)).map(([file]) => file);
    const forms = is_counted ? { msgid: TEXTS[`${base}_one`], msgid_plural: words } : { msgid: words };
    return [{ msgctxt: name, ...forms, msgstr: [""], extracted: note_of(name, Object.values(forms).join(" "), sections.get(key) ?? ""), reference: used.join("\n") }];
  });
}

/**
 * @param {[string, string][]} files
 * @returns {Map<string, string>} the comment above each key
 */
function sections_of(files) {
  const sections = new Map();
  for (const [, code] of files) {
    let section = /^\/\/ (Texts about .*?|What is said .*?)[;.]/m.exec(code)?.[1] ?? "";
    for (const line of code.split("\n")) {
      section = /^ {2}\/\/ (.*)$/.exec(line)?.[1] ?? section;
      const key = /^ {2}(\w+):/.exec(line)?.[1];
      if (key) sections.set(key, section);
    }
  }
  return sections;
}

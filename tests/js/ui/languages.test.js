// @ts-check
// The catalogues of locale/ fit the texts, and what is made of them says in each language what the English says.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { afterEach, test } from "node:test";
import { parseHTML } from "linkedom";
import { find_faults } from "../../../scripts/languages/check.js";
import { tables_of } from "../../../scripts/languages/compile.js";
import { categories_of, LANGUAGES as CATALOGUES, parse_po, read_catalogue, write_po, write_template_text } from "../../../scripts/languages/files.js";
import { fill, merge } from "../../../scripts/languages/merge.js";
import { read_sources } from "../../../scripts/languages/read_sources.js";
import { words_for_code } from "../../../static/js/ui/error_words.js";
import { format_size } from "../../../static/js/ui/helpers/archive_words.js";
import { counted } from "../../../static/js/ui/helpers/plural.js";
import { LANGUAGES, pick_language, pick_locale } from "../../../static/js/ui/language/languages.js";
import { find_phrases, put_words } from "../../../static/js/ui/language/markup.js";
import { list_names, speak } from "../../../static/js/ui/language/spoken.js";
import { text } from "../../../static/js/ui/texts.js";

/** @import { Entry } from "../../../scripts/languages/read_sources.js" */

const sources = await read_sources();

afterEach(() => speak({ language: "en", locale: "en-GB" }));

/** @param {Partial<Entry>} given @returns {Entry} */
const entry = (given) => ({ msgctxt: "", msgid: "", msgstr: [""], extracted: "", reference: "", ...given });

/** @param {string} markup @returns {any} */
const body_of = (markup) => parseHTML(`<!doctype html><html><body>${markup}</body></html>`).document.body;

test("the catalogues are up to date with the texts: `npm run languages extract`", async () => {
  const is_current = (/** @type {string} */ name, /** @type {string} */ wanted) => assert.ok(readFileSync(`locale/${name}`, "utf8") === wanted, name);
  is_current("talk2me.pot", write_template_text(sources));
  for (const language of CATALOGUES) {
    const catalogue = await read_catalogue(language);
    is_current(`${language}.po`, write_po(language, merge(sources, catalogue, language)));
  }
});

test("every text is translated in every language, and keeps its places, tags and forms", async () => {
  for (const language of CATALOGUES) {
    const faults = find_faults(await read_catalogue(language), language);
    assert.deepEqual(faults.map(({ words, entry: { msgctxt, msgid } }) => `${language}: ${words}: ${msgctxt} ${msgid}`), []);
  }
});

test("a catalogue with a gap or a slip is found", () => {
  const words = (/** @type {Entry} */ one, language = "de") => find_faults([one], language).map((fault) => fault.words);
  assert.deepEqual(words(entry({ msgid: "Back", msgstr: ["Zurück"] })), []);
  assert.deepEqual(words(entry({ msgid: "Back" })), ["missing"]);
  assert.deepEqual(words(entry({ msgid: "Back", msgstr: ["Zurück"], flag: "fuzzy" })), ["missing"]);
  assert.match(words(entry({ msgid: "To {name}", msgstr: ["An {nam}"] }))[0], /braces/);
  assert.match(words(entry({ msgid: "Type <1>erase</1>", msgstr: ["Tippe löschen"] }))[0], /tags/);
  assert.match(words(entry({ msgid: "<1>a <2>b</2></1>", msgstr: ["<1>a <2>b</1></2>"] }))[0], /order/);
  assert.match(words(entry({ msgid: "Here: ", msgstr: ["Hier:"] }))[0], /spaces/);
  const counting = { msgctxt: "days", msgid: "{count} day", msgid_plural: "{count} days" };
  assert.deepEqual(words(entry({ ...counting, msgstr: ["لا أيام", "يوم", "يومان", "{count} أيام", "{count} يومًا", "{count} يوم"] }), "ar"), []);
  assert.match(words(entry({ ...counting, msgstr: ["لا أيام", "يوم", "يومان", "أيام", "{count} يومًا", "{count} يوم"] }), "ar")[0], /braces/);
  assert.match(words(entry({ ...counting, msgstr: ["يوم", "{count} أيام"] }), "ar")[0], /6 forms: zero, one, two, few, many, other/);
});

test("a text whose English has changed keeps its old translation, marked, and is not shown", () => {
  const old = [entry({ msgctxt: "close", msgid: "Close", msgstr: ["Schließen"] }), entry({ msgid: "Back", msgstr: ["Zurück"] })];
  const [changed, gone] = merge([entry({ msgctxt: "close", msgid: "Close it" }), entry({ msgid: "Go back" })], old, "de");
  assert.deepEqual([changed.msgstr, changed.flag, changed.previous], [["Schließen"], "fuzzy", "Close"]);
  assert.deepEqual([gone.msgstr, gone.flag], [[""], undefined]);
  const [filled] = fill([changed], 'msgctxt "close"\nmsgid "Close it"\nmsgstr "Schließe es"\n').entries;
  assert.deepEqual([filled.msgstr, filled.flag], [["Schließe es"], undefined]);
  assert.deepEqual(parse_po(write_po("de", [filled])).map(({ msgid, msgstr }) => [msgid, msgstr]), [["Close it", ["Schließe es"]]]);
});

test("what is chosen or what the browser prefers is spoken, in the manner of the region, with digits from 0 to 9", () => {
  assert.equal(pick_language(["pt-BR", "de-AT", "fr"]), "de");
  assert.equal(pick_language(["enm", "tlh"]), "en");
  assert.equal(pick_locale("de", ["en", "de-AT"]), "de-AT");
  assert.equal(pick_locale("en", ["de-DE", "en-AU", "en"]), "en-AU");
  assert.equal(pick_locale("en", ["de-DE", "enm"]), "en-GB");
  assert.equal(pick_locale("fr", []), "fr");
  assert.equal(new Intl.NumberFormat(pick_locale("ar", ["ar-EG"])).format(12), "12");
  for (const { direction, name } of Object.values(LANGUAGES)) assert.ok(name && /^(ltr|rtl)$/.test(direction));
});

test("texts, forms and numbers are the spoken language's, and English where the catalogue has none", () => {
  const arabic = { texts: { item_unread: Object.fromEntries(categories_of("ar").map((category) => [category, `${category} {count}`])), copied: "نُسخ" }, phrases: { "Nothing was found.": "لا شيء" } };
  speak({ language: "ar", locale: "ar-u-nu-latn", catalogue: arabic });
  assert.deepEqual([0, 1, 2, 3, 11, 100].map((count) => counted("item_unread", count)), ["zero 0", "one 1", "two 2", "few 3", "many 11", "other 100"]);
  assert.equal(text("copied"), "نُسخ");
  assert.equal(words_for_code("not_found"), "لا شيء");
  assert.equal(text("erased"), "Everything was erased from this browser.");
  assert.equal(counted("jump_new", 2), "2 new messages");
  speak({ language: "de", locale: "de-DE" });
  assert.equal(text("item_unread_other", { count: 1204 }), "1.204 new messages");
  assert.equal(format_size(3_400_000), "3,4 MB");
  speak({ language: "en", locale: "en-GB" });
  assert.equal(format_size(3_400_000), "3.4 MB");
});

test("a name keeps its own direction, and the text around it that of the language", () => {
  assert.equal(text("blocked", { name: "ana" }), "ana is blocked.");
  assert.equal(text("blocked", { name: "آنا" }), "\u2068آنا\u2069 is blocked.");
  speak({ language: "ar", locale: "ar", direction: "rtl", catalogue: { texts: { blocked: "{name} محظور" }, phrases: {} } });
  assert.equal(text("blocked", { name: "ana" }), "\u2068ana\u2069 محظور");
  assert.equal(text("blocked", { name: "آنا" }), "آنا محظور");
  assert.equal(list_names(["ana", "آنا"]), "\u2068ana\u2069 وآنا");
});

test("a paragraph is one text, and its inner elements go where the translation has them", () => {
  const body = body_of('<template id="t"><button aria-label="Go on"><svg></svg> Back</button><p>You are at <strong data-part="origin"></strong>. <em>Stay <b>here</b></em>!</p><kbd>K</kbd><p translate="no">no word</p></template>');
  const found = [...find_phrases(body)];
  assert.deepEqual(found.map((phrase) => phrase.text), ["Go on", "Back", "You are at <1/>. <2>Stay <3>here</3></2>!"]);
  const german = ["Weiter", "Zurück", "<2>Bleibe <3>hier</3></2>: <1/> ist dein Ort"];
  found.forEach((phrase, at) => put_words(phrase, german[at]));
  assert.equal(
    [...body.querySelector("template").content.children].map(({ outerHTML }) => outerHTML).join(""),
    '<button aria-label="Weiter"><svg /> Zurück</button><p><em>Bleibe <b>hier</b></em>: <strong data-part="origin"></strong> ist dein Ort</p><kbd>K</kbd><p translate="no">no word</p>',
  );
});

test("every text of the page has a translation put in its place, and nothing is left", () => {
  const known = new Set(sources.map(({ msgid }) => msgid));
  const markup = ["welcome", "conversation", "settings", "groups"].map((name) => readFileSync(`templates/ui/${name}.html`, "utf8")).join("\n").replace(/\{%[^%]*%\}/g, "");
  const body = body_of(markup);
  for (const phrase of [...find_phrases(body)]) {
    assert.ok(known.has(phrase.text), phrase.text);
    put_words(phrase, phrase.text.replace(/\p{Ll}/gu, "Ж"));
  }
  assert.deepEqual([...find_phrases(body)].map((phrase) => phrase.text), []);
});

test("what browsers load holds texts by their keys and phrases by their English", () => {
  const tables = tables_of([entry({ msgctxt: "copied", msgid: "Copied", msgstr: ["Kopiert"] }), entry({ msgctxt: "contrast", msgid: "More", msgstr: ["Mehr"], reference: "templates/ui/settings.html" })], "de");
  assert.deepEqual(tables, { texts: { copied: "Kopiert" }, phrases: { "contrast\u0004More": "Mehr" } });
});

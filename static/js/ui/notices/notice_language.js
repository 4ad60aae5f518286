// @ts-check
// A service worker may load nothing later: it has the few texts of its notices in every language.

import { NOTICES } from "../../../vendor/languages/notices.js";
import { pick_language, pick_locale } from "../language/languages.js";
import { speak } from "../language/spoken.js";
import { read_word } from "../language/left_word.js";

/** @param {any} worker the service worker's global object */
export async function speak_in_notices(worker) {
  const wanted = [await read_word(worker.caches), ...(worker.navigator.languages ?? [])];
  const language = pick_language(wanted);
  const texts = Object.hasOwn(NOTICES, language) ? NOTICES[language] : {};
  speak({ language, locale: pick_locale(language, wanted), catalogue: { texts, phrases: {} } });
}

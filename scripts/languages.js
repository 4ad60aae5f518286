// The catalogues of the interface's texts: docs/languages.md says how they are used.
//
//   node scripts/languages.js extract            finds the texts: locale/talk2me.pot, and what is new into every catalogue
//   node scripts/languages.js missing de [50]    shows the first 50 entries that are not translated yet, with what they are about
//   node scripts/languages.js fill de FILE       takes the translations of a file in the same form into the catalogue
//   node scripts/languages.js check [de]         says what is missing or wrong
//   node scripts/languages.js compile            makes the modules that browsers load, in static/vendor/languages/
//   node scripts/languages.js pseudo ar          makes a module of English in other letters in a language's place, to see what is not translated
import { readFile } from "node:fs/promises";
import { find_faults } from "./languages/check.js";
import { compile_all } from "./languages/compile.js";
import { LANGUAGES, read_catalogue, write_catalogue, write_po, write_template } from "./languages/files.js";
import { fill, is_missing, merge } from "./languages/merge.js";

/** @type {Record<string, (...words: string[]) => Promise<void>>} */
const COMMANDS = {
  async extract() {
    // Finding the texts takes a document; making the modules, as every server does, takes none.
    const { read_sources } = await import("./languages/read_sources.js");
    const entries = await read_sources();
    await write_template(entries);
    for (const language of LANGUAGES) await write_catalogue(language, merge(entries, await read_catalogue(language), language));
  },

  async missing(language, count = "100000") {
    const entries = (await read_catalogue(language)).filter(is_missing);
    console.log(write_po(language, entries.slice(0, Number(count))));
    console.error(`${entries.length} of ${language} are missing`);
  },

  async fill(language, file) {
    const { entries, taken, strange } = fill(await read_catalogue(language), await readFile(file, "utf8"));
    for (const name of strange) console.error(`not in the catalogue: ${name}`);
    await write_catalogue(language, entries);
    console.log(`${taken} taken, ${entries.filter(is_missing).length} missing`);
    await COMMANDS.check(language);
  },

  async check(only) {
    for (const language of only ? [only] : LANGUAGES) {
      const faults = find_faults(await read_catalogue(language), language);
      for (const { kind, entry, words } of faults) if (kind !== "missing") console.log(`${language}: ${words}\n    ${JSON.stringify(entry.msgid)}\n    ${JSON.stringify(entry.msgstr)}`);
      const missing = faults.filter(({ kind }) => kind === "missing").length;
      console.log(`${language}: ${missing} missing, ${faults.length - missing} wrong`);
      if (faults.length > 0) process.exitCode = 1;
    }
  },

  compile: compile_all,

  async pseudo(language) {
    const { compile_pseudo } = await import("./languages/pseudo.js");
    await compile_pseudo(language);
  },
};

const [command, ...words] = process.argv.slice(2);
if (!Object.hasOwn(COMMANDS, command ?? "")) {
  console.error(`one of: ${Object.keys(COMMANDS).join(", ")}`);
  process.exit(2);
}
await COMMANDS[command](...words);

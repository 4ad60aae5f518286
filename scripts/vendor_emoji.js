// Makes the module with all emoji, one a line, that browsers load when somebody looks for one.
import { writeFile } from "node:fs/promises";

/** By number in the data; 2 is parts of emoji that do not stand alone. @type {Record<number, string>} */
const GROUPS = { 0: "smileys", 1: "people", 3: "nature", 4: "food", 5: "travel", 6: "activities", 7: "objects", 8: "symbols", 9: "flags" };
/** Of Unicode: newer ones are boxes on too many devices. */
const NEWEST = 15;

/** @typedef {{ emoji: string, annotation: string, tags: string[], group: number, order: number, version: number }} Entry */

/**
 * @param {string} target
 * @param {Entry[]} data as of emojibase
 */
export async function write_emoji(target, data) {
  const parts = Object.entries(GROUPS).map(([number, name]) => {
    const entries = data.filter(({ group, version }) => group === Number(number) && version <= NEWEST).sort((a, b) => a.order - b.order);
    return `  [${JSON.stringify(name)}, [\n${entries.map(line).join("")}  ]],\n`;
  });
  await writeFile(target, `// Made by scripts/vendor.js from emoji-picker-element-data (Apache-2.0; data of emojibase, MIT).\nexport const EMOJI = [\n${parts.join("")}];\n`);
  await writeFile(target.replace(/\.js$/, ".d.ts"), "export const EMOJI: [string, [string, string, string][]][];\n");
}

/**
 * @param {Entry} entry
 * @returns {string} its tags without the words of its name
 */
function line({ emoji, annotation, tags }) {
  const name = annotation.toLowerCase();
  const words = new Set(name.split(" "));
  return `    ${JSON.stringify([emoji, name, tags.filter((tag) => !words.has(tag)).join(" ")])},\n`;
}

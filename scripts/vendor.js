// Puts the third-party modules into one readable file that browsers load and Node tests import.
import { readFile, writeFile } from "node:fs/promises";
import { build } from "esbuild";
import { write_emoji } from "./vendor_emoji.js";

const target = "static/vendor/third_party.js";

await build({
  entryPoints: ["scripts/third_party.js"],
  outfile: target,
  bundle: true,
  format: "esm",
  platform: "browser",
  target: "es2022",
  minify: false,
  legalComments: "inline",
  charset: "utf8",
  logLevel: "warning",
});
await write_emoji("static/vendor/emoji.js", JSON.parse(await readFile("node_modules/emoji-picker-element-data/en/emojibase/data.json", "utf8")));
await writeFile(
  target.replace(/\.js$/, ".d.ts"),
  'export * from "../../scripts/third_party.js";\n',
);

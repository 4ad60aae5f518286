// Puts the third-party modules into one readable file that browsers load and Node tests import.
import { writeFile } from "node:fs/promises";
import { build } from "esbuild";

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
await writeFile(
  target.replace(/\.js$/, ".d.ts"),
  'export * from "../../scripts/third_party.js";\n',
);

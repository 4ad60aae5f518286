// @ts-check
// eslint.config.js holds the layers of docs/browser_layers.md; here it is shown that it does.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ESLint } from "eslint";

const eslint = new ESLint();

/** @param {string} path @param {string} code @returns {Promise<(string | null)[]>} the rules that it breaks */
async function broken_rules(path, code) {
  const [{ messages }] = await eslint.lintText(`${code}\n`, { filePath: `static/js/${path}` });
  return messages.map(({ ruleId }) => ruleId);
}

/** @param {string} from a folder @param {string} module @returns {string} */
const using = (from, module) => `import { x } from "../${module}";\nexport const ${from}_x = x;`;

/** @type {[string, string][]} */
const FORBIDDEN_IMPORTS = [
  ["codec", "crypto/hash.js"],
  ["crypto", "protocol/labels.js"],
  ["protocol", "store/open_store.js"],
  ["protocol", "transport/api.js"],
  ["protocol", "session/open_session.js"],
  ["store", "protocol/vault.js"],
  ["store", "transport/api.js"],
  ["transport", "store/open_store.js"],
  ["transport", "protocol/vault.js"],
  ["session", "ui/toast.js"],
  ["ui", "store/open_store.js"],
  ["ui", "transport/api.js"],
  ["ui", "protocol/vault.js"],
  ["ui", "crypto/hash.js"],
];

for (const [folder, module] of FORBIDDEN_IMPORTS) {
  test(`${folder}/ may not import ${module}`, async () => {
    assert.deepEqual(await broken_rules(`${folder}/probe.js`, using(folder, module)), ["no-restricted-imports"]);
  });
}

test("the arrows that are drawn are allowed", async () => {
  for (const [folder, module] of [
    ["crypto", "codec/bytes.js"],
    ["protocol", "crypto/hash.js"],
    ["store", "crypto/aead.js"],
    ["session", "protocol/vault.js"],
    ["session", "store/open_store.js"],
    ["session", "transport/api.js"],
    ["ui", "session/open_session.js"],
  ]) {
    assert.deepEqual(await broken_rules(`${folder}/probe.js`, using(folder, module)), []);
  }
});

test("only ui/ knows the document, only transport/ the network, only store/ the database", async () => {
  for (const [name, owner] of [
    ["document", "ui"],
    ["window", "ui"],
    ["fetch", "transport"],
    ["WebSocket", "transport"],
    ["indexedDB", "store"],
  ]) {
    for (const folder of ["codec", "crypto", "protocol", "store", "transport", "session", "ui"]) {
      const expected = folder === owner ? [] : ["no-undef"];
      assert.deepEqual(await broken_rules(`${folder}/probe.js`, `export const x = () => ${name};`), expected, `${name} in ${folder}/`);
    }
  }
});

test("only protocol/mls*.js knows the MLS library", async () => {
  const code = 'import { create_group } from "../../vendor/third_party.js";\nexport const x = create_group;';
  assert.deepEqual(await broken_rules("protocol/mls_probe.js", code), []);
  assert.deepEqual(await broken_rules("protocol/probe.js", code), ["no-restricted-imports"]);
  assert.deepEqual(await broken_rules("session/probe.js", code), ["no-restricted-imports"]);
});

test("only crypto/hpke.js knows the HPKE library", async () => {
  const code = 'import { XWing } from "../../vendor/third_party.js";\nexport const x = XWing;';
  assert.deepEqual(await broken_rules("crypto/hpke.js", code), []);
  assert.deepEqual(await broken_rules("crypto/probe.js", code), ["no-restricted-imports"]);
  assert.deepEqual(await broken_rules("crypto/hpke.js", using("crypto", "protocol/labels.js")), ["no-restricted-imports"]);
});

test("protocol/ takes time and randomness as arguments", async () => {
  assert.deepEqual(await broken_rules("protocol/probe.js", "export const x = () => Date.now();"), ["no-restricted-properties"]);
  assert.deepEqual(await broken_rules("protocol/probe.js", "export const x = () => Math.random();"), ["no-restricted-properties"]);
  assert.deepEqual(await broken_rules("protocol/probe.js", "export const x = () => crypto;"), ["no-undef"]);
  assert.deepEqual(await broken_rules("protocol/probe.js", using("protocol", "crypto/random.js")), ["no-restricted-imports"]);
});

test("markup from strings is refused everywhere", async () => {
  const code = "export const x = (a, b) => { a.innerHTML = b; a.insertAdjacentHTML('beforeend', b); };";
  assert.deepEqual(await broken_rules("ui/probe.js", code), ["no-unsanitized/property", "no-unsanitized/method"]);
});

// @ts-check
// Besides what ESLint finds by itself, this file holds the browser's architecture (docs/browser_layers.md): which folder may
// import from which, and which parts of the platform each may touch.
// @ts-expect-error it has no types
import no_unsanitized from "eslint-plugin-no-unsanitized";
import globals from "globals";

/** @import { Linter } from "eslint" */

/** @param {...string} names */
const readonly = (...names) => Object.fromEntries(names.map((name) => [name, /** @type {const} */ ("readonly")]));

const everywhere = readonly("TextEncoder", "TextDecoder", "atob", "btoa", "setTimeout", "clearTimeout", "structuredClone", "URL");

const not_in_ui = [
  "fetch",
  "WebSocket",
  "XMLHttpRequest",
  "EventSource",
  "indexedDB",
  "sessionStorage",
  "crypto",
];

/**
 * For each folder: the folders it may import from, and the globals it may use.
 * @type {Record<string, { may_import: string[], may_use: Record<string, "readonly" | "writable" | "off" | boolean> }>}
 */
const FOLDERS = {
  codec: { may_import: [], may_use: everywhere },
  crypto: { may_import: ["codec"], may_use: { ...everywhere, ...readonly("crypto", "CryptoKey") } },
  protocol: { may_import: ["codec", "crypto"], may_use: { ...everywhere, ...readonly("Blob", "MessageChannel", "setImmediate") } },
  store: {
    may_import: ["codec", "crypto"],
    may_use: { ...everywhere, ...readonly("indexedDB", "IDBKeyRange", "DOMException", "navigator") },
  },
  transport: {
    may_import: ["codec", "crypto"],
    may_use: { ...everywhere, ...readonly("fetch", "WebSocket", "AbortController", "AbortSignal", "Response", "Headers") },
  },
  session: {
    may_import: ["codec", "crypto", "protocol", "store", "transport"],
    may_use: {
      ...everywhere,
      ...readonly("Blob", "BroadcastChannel", "navigator", "setInterval", "clearInterval", "queueMicrotask"),
      ...readonly("AbortController", "AbortSignal"),
    },
  },
  ui: {
    may_import: ["session", "codec"],
    may_use: { ...globals.browser, ...Object.fromEntries(not_in_ui.map((name) => [name, /** @type {const} */ ("off")])) },
  },
};

// The rest of the vendored file is the MLS library, which only protocol/mls*.js may know.
const NOT_MLS = ["argon2idAsync", "msgpack_encode", "msgpack_decode", "hmac", "sha256", "sha512", "qrcode", "NOTICES"];
const HPKE = ["Aes256Gcm", "CipherSuite", "HkdfSha256", "XWing"];

/**
 * @param {string} folder
 * @param {boolean} knows_mls
 * @param {string[]} [vendored] what it may take out of the vendored file
 * @returns {Linter.RuleEntry}
 */
function restricted_imports(folder, knows_mls, vendored = NOT_MLS) {
  const others = Object.keys(FOLDERS).filter((name) => name !== folder && !FOLDERS[folder].may_import.includes(name));
  const patterns = [
    { regex: `(?:^|/)(?:${others.join("|")})/`, message: `${folder}/ may not import from there: docs/browser_layers.md` },
    { regex: "^[^.]", message: "Imports are relative: import maps do not apply in workers." },
  ];
  const vendor = { regex: "/vendor/", allowImportNames: vendored, message: "Only protocol/mls*.js knows the MLS library." };
  if (knows_mls) return ["error", { patterns }];
  const random = { regex: "crypto/random", message: "Take `random` as an argument." };
  return ["error", { patterns: [...patterns, vendor, ...(folder === "protocol" ? [random] : [])] }];
}

/** @type {Linter.Config[]} */
const layers = Object.entries(FOLDERS).map(([folder, { may_use }]) => ({
  files: [`static/js/${folder}/**/*.js`],
  languageOptions: { globals: may_use },
  rules: { "no-restricted-imports": restricted_imports(folder, false) },
}));

/** @type {Linter.Config[]} */
export default [
  { ignores: ["node_modules/", ".venv/", "static/vendor/", "var/"] },
  {
    files: ["**/*.js"],
    languageOptions: { ecmaVersion: 2024, sourceType: "module", globals: {} },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    plugins: { "no-unsanitized": no_unsanitized },
    rules: {
      "array-callback-return": "error",
      "consistent-return": "error",
      "constructor-super": "error",
      "default-case-last": "error",
      eqeqeq: "error",
      "for-direction": "error",
      "getter-return": "error",
      "no-alert": "error",
      "no-async-promise-executor": "error",
      "no-case-declarations": "error",
      "no-class-assign": "error",
      "no-compare-neg-zero": "error",
      "no-cond-assign": "error",
      "no-console": "error",
      "no-const-assign": "error",
      "no-constant-binary-expression": "error",
      "no-constant-condition": ["error", { checkLoops: false }],
      "no-constructor-return": "error",
      "no-debugger": "error",
      "no-dupe-class-members": "error",
      "no-dupe-else-if": "error",
      "no-dupe-keys": "error",
      "no-duplicate-case": "error",
      "no-duplicate-imports": "error",
      "no-empty": "error",
      "no-empty-pattern": "error",
      "no-eval": "error",
      "no-ex-assign": "error",
      "no-fallthrough": "error",
      "no-func-assign": "error",
      "no-implied-eval": "error",
      "no-import-assign": "error",
      "no-loss-of-precision": "error",
      "no-new-func": "error",
      "no-param-reassign": "error",
      "no-prototype-builtins": "error",
      "no-redeclare": "error",
      "no-return-assign": "error",
      "no-script-url": "error",
      "no-self-assign": "error",
      "no-self-compare": "error",
      "no-setter-return": "error",
      "no-shadow": "error",
      "no-sparse-arrays": "error",
      "no-this-before-super": "error",
      "no-throw-literal": "error",
      "no-undef": "error",
      "no-unreachable": "error",
      "no-unsafe-finally": "error",
      "no-unsafe-negation": "error",
      "no-unsafe-optional-chaining": "error",
      "no-unused-vars": ["error", { argsIgnorePattern: "^_", caughtErrorsIgnorePattern: "^_" }],
      "no-useless-catch": "error",
      "no-useless-escape": "error",
      "no-useless-return": "error",
      "no-var": "error",
      "no-unsanitized/method": "error",
      "no-unsanitized/property": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
      "prefer-promise-reject-errors": "error",
      "require-yield": "error",
      "use-isnan": "error",
      "valid-typeof": "error",
    },
  },
  ...layers,
  {
    files: ["static/js/{codec,crypto,protocol}/**/*.js"],
    rules: {
      "no-restricted-globals": ["error", "globalThis"],
      "no-restricted-properties": [
        "error",
        { object: "Math", property: "random", message: "Neither secret nor repeatable: take `random` as an argument." },
        { object: "Date", property: "now", message: "Take `now` as an argument." },
      ],
    },
  },
  {
    // The library takes its primitives from us: these files give it WebCrypto.
    files: ["static/js/protocol/mls*.js"],
    languageOptions: { globals: readonly("crypto", "CryptoKey") },
    rules: { "no-restricted-imports": restricted_imports("protocol", true) },
  },
  { files: ["static/js/crypto/hpke.js"], rules: { "no-restricted-imports": restricted_imports("crypto", false, HPKE) } },
  { files: ["static/js/*.js"], languageOptions: { globals: { ...globals.browser, ...globals.serviceworker } } },
  { files: ["static/operators/*.js"], languageOptions: { globals: globals.browser } },
  { files: ["scripts/**/*.js", "benchmarks/**/*.js", "*.config.js"], languageOptions: { globals: globals.node }, rules: { "no-console": "off" } },
  { files: ["client/**/*.js"], languageOptions: { globals: globals.node } },
  { files: ["tests/js/**/*.js"], languageOptions: { globals: { ...globals.node, ...globals.browser } } },
];

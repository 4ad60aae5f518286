// @ts-check
// The verdict has to see each of these faults.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Ledger } from "./ledger.js";
import { judge } from "./verdict.js";

const [ANNA, BERT] = ["anna", "bert"];

/** Anna has written three texts to Bert, whose only device shows these. @param {(messages: any[]) => any[]} change @param {any} [more] */
function verdict_on(change, more = {}) {
  const ledger = new Ledger();
  const texts = [1, 2, 3].map((number) => ledger.note({ text: `a1 ${number} `, author: ANNA, by: "a1", number }, BERT));
  for (const entry of texts) ledger.keep(entry);
  const messages = texts.map(({ text }) => ({ id: text, type: "text", text, author: { account: ANNA }, status: "stored" }));
  /** @param {string} account @param {string} label @param {any[]} shown @param {any} [extra] */
  const account_of = (account, label, shown, extra = {}) => ({
    id: account,
    revoked: [],
    actors: [
      {
        label,
        account,
        machine: { alerts: [], faults: [], ...extra },
        ask: async (/** @type {string} */ query) => (query === "archive" ? { state: "idle", missing: 0, ...extra.archive } : shown),
      },
    ],
  });
  const accounts = [account_of(ANNA, "a1", messages), account_of(BERT, "b1", change([...messages]), more)];
  return judge(/** @type {any} */ (accounts), ledger);
}

test("all is well where everything is there once, in order", async () => {
  assert.deepEqual(await verdict_on((messages) => messages), []);
  assert.deepEqual(await verdict_on((messages) => [{ type: "notice", code: "device_added" }, ...messages]), []);
});

for (const [name, change] of /** @type {[string, (messages: any[]) => any[]][]} */ ([
  ["is missing", ([first, , last]) => [first, last]],
  ["is there twice", ([first, ...rest]) => [first, first, ...rest]],
  ["stands before what was written before it", ([first, second, last]) => [second, first, last]],
  ["has another author", ([first, ...rest]) => [{ ...first, author: { account: BERT } }, ...rest]],
  ["was written by nobody", (messages) => [...messages, { ...messages[0], text: "z1 1", id: "z" }]],
  ["has not left", ([first, ...rest]) => [{ ...first, status: "failed" }, ...rest]],
  ["can't be read", (messages) => [...messages, { type: "notice", code: "undecryptable" }]],
])) {
  test(`a message that ${name} is seen`, async () => {
    assert.notDeepEqual(await verdict_on(change), []);
  });
}

for (const [name, more] of /** @type {[string, any][]} */ ([
  ["an alert", { alerts: [{ code: "history_differs" }] }],
  ["a fault of our own code", { faults: [new Error("ours")] }],
  ["an incomplete archive", { archive: { missing: 1 } }],
])) {
  test(`${name} is seen`, async () => {
    assert.equal((await verdict_on((messages) => messages, more)).length, 1);
  });
}

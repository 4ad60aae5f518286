// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { solve_challenge } from "../../../static/js/protocol/proof_of_work.js";
import { read_vectors } from "./vectors.js";

const { challenge, solution } = read_vectors("proof_of_work.json");

/** @param {Record<string, unknown>} parameters */
const changed = (parameters) => ({ ...challenge, parameters: { ...challenge.parameters, ...parameters } });

test("the solution is the one that ALTCHA's own library finds, beside the challenge as it came", async () => {
  assert.deepEqual(JSON.parse(atob(await solve_challenge(challenge))), { challenge, solution });
});

test("the page has its turn while it is solved", async () => {
  let turns = 0;
  const timer = setInterval(() => (turns += 1), 1);
  // Some hundred tries.
  await solve_challenge(changed({ cost: 200, keyPrefix: "00" }));
  clearInterval(timer);
  assert.ok(turns > 1);
});

test("what is no such challenge, or asks for too much, is refused at once", async () => {
  const wrong = [
    null,
    "challenge",
    {},
    changed({ algorithm: "SHA-256" }),
    changed({ cost: 0 }),
    changed({ cost: 20_001 }),
    changed({ cost: "10" }),
    changed({ keyLength: 65 }),
    changed({ keyLength: 1 }),
    changed({ nonce: "0" }),
    changed({ salt: 7 }),
    changed({ keyPrefix: "" }),
    changed({ keyPrefix: "zz" }),
    changed({ keyPrefix: "00".repeat(65) }),
  ];
  for (const one of wrong) await assert.rejects(solve_challenge(one), { code: "answer_invalid" });
});

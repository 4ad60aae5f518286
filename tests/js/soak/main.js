// @ts-check
// `make soak`: many devices in bad weather, for as long as is wished (README.md beside this file).
import { run_storm } from "./storm.js";

/** @param {string} name @param {number} otherwise */
const number_of = (name, otherwise) => Number(process.env[name] || otherwise);

const STRIKE_EVERY = 40;
const say = (/** @type {string} */ text) => void process.stdout.write(`${text}\n`);

const seed = number_of("SEED", Math.floor(Math.random() * 2 ** 32));
say(`SEED=${seed}`);
const { summary, problems } = await run_storm({
  messages: number_of("MESSAGES", 10_000),
  minutes: number_of("MINUTES", 60),
  strike_every: number_of("STRIKE_EVERY", STRIKE_EVERY),
  seed,
  say,
});
for (const [name, value] of Object.entries(summary)) say(`${name.padEnd(14)} ${value}`);
for (const problem of problems.slice(0, 100)) say(`WRONG  ${problem}`);
say(problems.length === 0 ? "nothing lost, nothing twice, nothing wrong" : `${problems.length} things are wrong`);
process.exit(problems.length === 0 ? 0 : 1);

// @ts-check
// `node measure.js <suite> <fresh | used> <members> <rounds> <every>`: milliseconds and bytes, as JSON. Ours, the library alone and its
// cryptography alone are done in turns, and of each the median counts.
import { suite_impl } from "../../static/js/protocol/mls_suite.js";
import { record_calls } from "./bare.js";
import { fresh_group, used_group } from "./grown.js";
import { prepare_operations } from "./operations.js";

/** @import { Step } from "./operations.js" */

const [suite, tree, members, rounds, every] = process.argv.slice(2);

/** @param {() => Promise<unknown>} work @returns {Promise<number>} milliseconds */
async function timed(work) {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** @param {number[]} values */
function median(values) {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}

/** @param {Step} step */
async function measure_step({ ours, library, signature_key }) {
  const impl = await suite_impl(Number(suite), signature_key);
  const { impl: recording, replay } = record_calls(impl);
  await library(recording);
  /** @type {Record<string, { work: () => Promise<unknown>, times: number[] }>} */
  const ways = {
    ours: { work: ours, times: [] },
    library: { work: () => library(impl), times: [] },
    cryptography: { work: replay, times: [] },
  };
  for (let round = 0; round < Number(rounds); round += 1) {
    for (const { work, times } of Object.values(ways)) times.push(await timed(work));
  }
  return Object.fromEntries(Object.entries(ways).map(([name, { times }]) => [`${name}_ms`, Number(median(times).toFixed(3))]));
}

/** @type {[number, number]} */
const size = [Number(suite), Number(members)];
const grown = tree === "fresh" ? fresh_group(...size) : used_group(...size, Number(every));
/** @type {Record<string, unknown>} */
const figures = {};
for (const [name, { bytes, steps }] of Object.entries(await prepare_operations(await grown))) {
  const measured = [];
  for (const [what, step] of Object.entries(steps)) measured.push([what, await measure_step(step)]);
  figures[name] = { bytes, ...Object.fromEntries(measured) };
}
process.stdout.write(`${JSON.stringify(figures)}\n`);

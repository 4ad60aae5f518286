// @ts-check
// `node verify.js answers.json <rounds>`: how long a browser's modules take to verify what the server answered. Milliseconds, as JSON.
import { readFile } from "node:fs/promises";
import { from_base64url, to_base64url } from "../../static/js/codec/base64url.js";
import { generate_signing_key, sign, verify } from "../../static/js/crypto/ed25519.js";
import { verify_chain } from "../../static/js/protocol/account_chain.js";
import { signatures_from_json } from "../../static/js/protocol/chain_event.js";
import { verify_log } from "../../static/js/protocol/key_log_answer.js";
import { prove_chain } from "../../static/js/protocol/key_log_chain.js";
import { LEAF_LENGTH } from "../../static/js/protocol/key_log_leaf.js";
import { append_to_frontier, leaf_hash } from "../../static/js/protocol/key_log_tree.js";
import { parse_vkey } from "../../static/js/protocol/signed_note.js";
import { scan_log } from "../../static/js/session/key_log/scan_log.js";

const CONTACTS = 50;

const [file, rounds] = process.argv.slice(2);
const told = JSON.parse(await readFile(file, "utf8"));
const { name, key } = parse_vkey(told.vkey);
const held = { name, key, size: told.held.size, root: from_base64url(told.held.root) };
const directory_key = from_base64url(told.directory_key);
const leaves = from_base64url(told.leaves);
const answers = told.answers.map(read_answer);
const { checkpoint } = await verify_log(answers[0].log, held);

/** @param {string} body */
function read_answer(body) {
  const { account, events, log } = JSON.parse(body);
  const read = events.map((/** @type {any} */ { event, signatures }) => ({
    event: from_base64url(event),
    signatures: signatures_from_json(signatures),
  }));
  return { account, events: read, log };
}

/** What is new with the log: checkpoint, consistency, the places of the chain and the name. @param {any} answer @param {any} state */
async function verify_places({ events, log }, state) {
  const verified = await verify_log(log, held);
  prove_chain({ events, state, log, verified, directory_key });
}

/** As much of a device as a scan needs. @param {{ scanned: number, frontier: Uint8Array }} from how far it has looked */
function make_device(from) {
  const record = { ...held, ...checkpoint, ...from, directory_key, alarm: null, own_leaves: {}, pending: [] };
  const contacts = Array.from({ length: CONTACTS }, (_, at) => ({
    value: { account: to_base64url(new Uint8Array(16).fill(at)), chain: { seq: 3 }, own: false },
  }));
  const changes = { get: async () => record, put: () => {}, after: () => {} };
  return {
    record,
    own: { account: to_base64url(new Uint8Array(16).fill(255)), username: "somebody" },
    now: Date.now,
    emit: () => {},
    tasks: { flush_all: () => {} },
    mutexes: { run: (/** @type {string} */ _name, /** @type {() => unknown} */ work) => work() },
    store: {
      get: async () => record,
      list: async () => contacts,
      transaction: (/** @type {(of: any) => unknown} */ work) => work(changes),
    },
    api: {
      key_log_leaves: async (/** @type {number} */ start, /** @type {number} */ end) =>
        leaves.slice((start - held.size) * LEAF_LENGTH, (end - held.size) * LEAF_LENGTH),
    },
  };
}

/** @param {{ scanned: number, frontier: Uint8Array }} from @returns {Promise<{ scanned: number, frontier: Uint8Array }>} where it ended */
async function scan(from) {
  const device = make_device(from);
  await scan_log(/** @type {any} */ (device));
  return device.record;
}

/** All that is new but the newest leaf was looked at before. @param {{ scanned: number, frontier: Uint8Array }} from */
function before_last({ scanned, frontier }) {
  let grown = frontier;
  for (let at = scanned; at < checkpoint.size - 1; at += 1) {
    const begin = (at - held.size) * LEAF_LENGTH;
    grown = append_to_frontier(grown, at, leaf_hash(leaves.subarray(begin, begin + LEAF_LENGTH)));
  }
  return { scanned: checkpoint.size - 1, frontier: grown };
}

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

const signer = await generate_signing_key({ extractable: false });
const text = new TextEncoder().encode(checkpoint.note);
const signature = await sign(signer.private_key, text);

/** @type {Record<string, number[]>} */
const times = { ed25519: [], chain: [], log: [], scan: [], scan_of_one: [] };
const start = { scanned: held.size, frontier: from_base64url(told.held.frontier) };
const last = before_last(start);
if ((await scan(start)).scanned !== checkpoint.size) throw new Error("the scan did not reach the end");
for (let round = 0; round < Number(rounds); round += 1) {
  for (const answer of answers) {
    times.ed25519.push(await timed(() => verify(signer.public_key, text, signature)));
    /** @type {any} */
    let state;
    times.chain.push(await timed(async () => (state = await verify_chain(answer.events, told.origin))));
    times.log.push(await timed(() => verify_places(answer, state)));
  }
  times.scan.push(await timed(() => scan(start)));
  times.scan_of_one.push(await timed(() => scan(last)));
}
const figures = Object.entries(times).map(([what, values]) => [`${what}_ms`, Number(median(values).toFixed(3))]);
process.stdout.write(JSON.stringify({ ...Object.fromEntries(figures), leaves: leaves.length / LEAF_LENGTH }));

// @ts-check
// Runs the JavaScript tests, two files at a time, and tells what failed at the very end:
//
//   node --experimental-websocket scripts/run_tests.js [file...]
//
// Whatever fails is tried once more, alone: many of these tests have real servers and several browsers on however few cores there
// are. What passes only then is named as doubtful, and wants to be mended. A file that does not end fails after a time, and every few
// minutes it is told what runs, so that whoever finds a run that was broken off knows where it was.
import { readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { run } from "node:test";

/** @typedef {{ file?: string, name: string, nesting: number, details: { duration_ms: number, error?: any } }} Outcome */

const FOLDER = "tests/js";
const FILES_AT_ONCE = 2;
// Milliseconds. The longest takes three minutes beside other work.
const LONGEST_FILE = 600_000;
const TELL_EVERY = 120_000;
// So many of the files that took longest are named.
const SLOWEST = 12;
// A group of tests fails with what is in it.
const ONLY_ITS_TESTS = "subtestsFailed";
const TOOK_TOO_LONG = "testTimeoutFailure";

/** @param {string} line */
const say = (line) => void process.stdout.write(`${line}\n`);

/** @param {string | undefined} file */
const short = (file) => relative(process.cwd(), file ?? "");

/**
 * @param {string[]} files
 * @param {number} concurrency
 * @returns {Promise<Set<string>>} those in which something failed
 */
async function run_all(files, concurrency) {
  const failed = new Set();
  /** @type {Map<string, number>} */
  const seconds = new Map();
  let passed = 0;
  const progress = new Progress(files);
  const events = run({ files, concurrency, timeout: LONGEST_FILE });
  for await (const { type, data } of /** @type {AsyncIterable<{ type: string, data: any }>} */ (events)) {
    progress.note(type, data);
    if (type === "test:stderr") process.stderr.write(data.message);
    if (type !== "test:pass" && type !== "test:fail") continue;
    if (type === "test:fail") failed.add(data.file);
    if (type === "test:fail" && data.details.error?.failureType !== ONLY_ITS_TESTS) say_failure(data, progress.unfinished(data.file));
    if (type === "test:pass" && data.details.type !== "suite") passed += 1;
    if (data.nesting === 0) seconds.set(data.file, (seconds.get(data.file) ?? 0) + data.details.duration_ms / 1000);
  }
  progress.end();
  const slowest = [...seconds].sort((one, other) => other[1] - one[1]).slice(0, SLOWEST);
  say(`${passed} passed in ${files.length} files; the longest: ${slowest.map(([file, took]) => `${short(file)} ${took.toFixed(0)} s`).join(", ")}`);
  return failed;
}

/** Which files run and which are done. Outcomes come in the order of the files, and a file that hangs holds back those of all others. */
class Progress {
  /** @param {string[]} files */
  constructor(files) {
    this.files = new Set(files);
    /** @type {Map<string, number>} since when */
    this.running = new Map();
    /** @type {Map<string, string[]>} what has begun in each file and has not ended */
    this.begun = new Map();
    this.done = 0;
    this.timer = setInterval(() => this.tell(), TELL_EVERY);
  }

  /** @param {string} type @param {Outcome} outcome */
  note(type, { name, file = "" }) {
    if (this.files.has(name)) {
      if (type === "test:dequeue") this.running.set(name, Date.now());
      if (type === "test:complete" && this.running.delete(name)) this.done += 1;
      return;
    }
    const begun = this.begun.get(file) ?? [];
    if (type === "test:dequeue") this.begun.set(file, [...begun, name]);
    if (type === "test:complete") this.begun.set(file, begun.filter((one) => one !== name));
  }

  /** @param {string} [file] @returns {string[]} */
  unfinished(file = "") {
    return this.begun.get(file) ?? [];
  }

  tell() {
    const running = [...this.running].map(([file, since]) => `${file} for ${((Date.now() - since) / 1000).toFixed(0)} s`);
    say(`${this.done} of ${this.files.size} files done; running: ${running.join(", ")}`);
  }

  end() {
    clearInterval(this.timer);
  }
}

/** @param {Outcome} outcome @param {string[]} unfinished in the same file */
function say_failure({ file, name, details: { error } }, unfinished) {
  const cause = error?.cause ?? error;
  say(`FAILED ${short(file)}: ${name}\n${cause?.stack ?? cause?.message ?? cause}`);
  if (error?.failureType === TOOK_TOO_LONG) say(`it was at: ${unfinished.join(", ")}`);
}

const given = process.argv.slice(2);
const found = await readdir(FOLDER, { recursive: true });
const files = given.length > 0 ? given : found.filter((name) => name.endsWith(".test.js")).map((name) => join(FOLDER, name));
const failed = await run_all(files.sort(), FILES_AT_ONCE);
const failed_again = failed.size > 0 ? await run_all([...failed], 1) : failed;
for (const file of failed) say(`${failed_again.has(file) ? "FAILED" : "DOUBTFUL, passed only when tried again:"} ${short(file)}`);
// Whatever is left of a file that hangs must not keep this process.
process.exit(failed_again.size > 0 ? 1 : 0);

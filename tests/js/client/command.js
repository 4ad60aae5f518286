// @ts-check
// The `talk2me` command on a folder of its own, as a shell runs it.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const PYTHON = process.env.PYTHON ?? join(ROOT, ".venv/bin/python");

// Milliseconds. No command here takes more than seconds on a machine of its own.
const LONGEST = 120_000;

/** @typedef {{ code: number | null, lines: any[], errors: any[] }} Outcome `lines` and `errors`: the JSON of stdout and stderr */

export class Command {
  /** @param {string} folder */
  constructor(folder) {
    this.folder = folder;
    /** @type {Set<import("node:child_process").ChildProcess>} */
    this.running = new Set();
  }

  static async make() {
    return new Command(join(await mkdtemp(join(tmpdir(), "talk2me-bot-")), "state"));
  }

  /** @param {string[]} words @param {string} [input] @returns {Promise<Outcome>} */
  async run(words, input = "") {
    const { child, output } = this.#start(words);
    child.stdin.end(input);
    const late = setTimeout(() => {
      child.kill("SIGKILL");
      for (const stream of [child.stdout, child.stderr]) stream.destroy();
    }, LONGEST);
    const code = await new Promise((resolve) => void child.once("close", resolve));
    clearTimeout(late);
    return { code, lines: parse(output.out), errors: parse(output.err) };
  }

  /** It must go well. @param {...string} words @returns {Promise<any>} the last line */
  async do(...words) {
    const { code, lines, errors } = await this.run(words);
    if (code !== 0) throw new Error(`${words.join(" ")}: ${code} ${JSON.stringify(errors)}`);
    return lines.at(-1);
  }

  /** One that goes on by itself; `closed`: nobody writes any more where it wrote. @param {...string} words */
  follow(...words) {
    const { child, output } = this.#start(words);
    let closed = false;
    child.once("close", () => (closed = true));
    return { closed: () => closed, lines: () => parse(output.out), errors: () => parse(output.err), code: () => child.exitCode, end: () => ended(child) };
  }

  async close() {
    await Promise.all([...this.running].map(ended));
    // What ran the session ends by itself a moment later.
    await rm(join(this.folder, ".."), { recursive: true, force: true, maxRetries: 10 });
  }

  /** @param {string[]} words */
  #start(words) {
    const args = ["-m", "client", ...words, "--json", "--state", this.folder];
    const child = spawn(PYTHON, args, { cwd: ROOT, stdio: ["pipe", "pipe", "pipe"] });
    const output = { out: "", err: "" };
    child.stdout.on("data", (data) => (output.out += data));
    child.stderr.on("data", (data) => (output.err += data));
    this.running.add(child);
    child.once("exit", () => this.running.delete(child));
    return { child, output };
  }
}

/** @param {string} text */
const parse = (text) => text.split("\n").filter(Boolean).map((line) => (line.startsWith("{") ? JSON.parse(line) : line));

/** @param {import("node:child_process").ChildProcess} child */
function ended(child) {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve(undefined);
    child.once("exit", resolve);
    child.kill("SIGKILL");
  });
}

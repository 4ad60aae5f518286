// @ts-check
// A real server for one test file: its own process, database and port.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { KEYLOG_KEY } from "./lying_log.js";
import { put_migrated } from "./migrated_database.js";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const PYTHON = process.env.PYTHON ?? join(ROOT, ".venv/bin/python");
const LIMITS = ["ACCOUNTS", "EVENTS", "SIGN_IN", "RECOVERY", "LOOKUP", "CLAIM", "API", "FRAMES"];
const START_LIMIT = 60_000;

/** @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();
// What a failed test has left running. There is no listener for SIGTERM: a file that takes too long has to end by it whatever it is at.
process.once("exit", () => running.forEach((child) => child.kill("SIGKILL")));

/**
 * @typedef {{ origin: string, database: string, stop: () => Promise<void>, kill: () => Promise<void>,
 *   restart: (settings?: Record<string, string>) => Promise<void>, manage: (...args: string[]) => Promise<void> }} Server `kill`: until
 *   `restart`, which may change settings; `manage`: runs `manage.py`; rejects with what it wrote
 */

/**
 * @param {Record<string, string>} [settings] of the environment; `DAYS_LATER`: how far ahead its clock is
 * @returns {Promise<Server>} answering
 */
export async function start_server(settings = {}) {
  const folder = await mkdtemp(join(tmpdir(), "talk2me-"));
  const port = await free_port();
  const origin = `http://127.0.0.1:${port}`;
  const database = join(folder, "talk2me.sqlite3");
  const env = {
    ...process.env,
    DJANGO_SETTINGS_MODULE: "talk2me.settings",
    DATA_DIR: folder,
    DATABASE_URL: `sqlite:///${database}`,
    ORIGIN: origin,
    SECRET_KEY: "only for tests, and good for nothing else",
    FRANKING_KEY: "00".repeat(32),
    KEYLOG_KEY,
    REGISTRATION: "open",
    REGISTRATION_WORK: "0",
    ...Object.fromEntries(LIMITS.map((name) => [`RATE_${name}`, ""])),
    ...settings,
  };
  await put_migrated(ROOT, database, (path) => run(["manage.py", "migrate", "--verbosity", "0"], { ...env, DATABASE_URL: `sqlite:///${path}` }));
  let child = start(port, env);
  await answering(origin, child);
  const stop = async () => {
    if (child.process.exitCode !== null || child.process.signalCode !== null) return;
    const ended = new Promise((resolve) => child.process.once("exit", resolve));
    child.process.kill("SIGKILL");
    await ended;
  };
  return {
    origin,
    database,
    manage: (...args) => run(["manage.py", ...args], env),
    stop: async () => {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
    kill: stop,
    restart: async (changed = {}) => {
      await stop();
      Object.assign(env, changed);
      child = start(port, env);
      await answering(origin, child);
    },
  };
}

/** @param {number} port @param {NodeJS.ProcessEnv} env */
function start(port, env) {
  const later = env.DAYS_LATER ? ["--application", "tests.js.support.later_asgi:application"] : [];
  const args = ["-m", "talk2me.server", "--port", String(port), ...later];
  const child = spawn(PYTHON, args, { cwd: ROOT, env, stdio: ["ignore", "pipe", "pipe"] });
  running.add(child);
  child.once("exit", () => running.delete(child));
  const output = { text: "", process: child };
  child.stderr.on("data", (data) => (output.text += data));
  child.stdout.on("data", (data) => (output.text += data));
  if (process.env.SERVER_LOG) child.stderr.pipe(process.stderr);
  return output;
}

/** @param {string[]} args @param {NodeJS.ProcessEnv} env @returns {Promise<void>} */
function run(args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(PYTHON, args, { cwd: ROOT, env, stdio: ["ignore", "ignore", "pipe"] });
    let text = "";
    child.stderr.on("data", (data) => (text += data));
    child.on("exit", (code) => (code === 0 ? resolve() : reject(new Error(text))));
  });
}

/** @param {string} origin @param {ReturnType<typeof start>} child */
async function answering(origin, child) {
  const end = Date.now() + START_LIMIT;
  while (Date.now() < end) {
    if (child.process.exitCode !== null) throw new Error(child.text);
    const response = await fetch(`${origin}/api/server`, { signal: AbortSignal.timeout(START_LIMIT) }).catch(() => null);
    if (response?.ok) return;
    await new Promise((resolve) => void setTimeout(resolve, 100));
  }
  // Left running it would keep this process from ending.
  child.process.kill("SIGKILL");
  throw new Error(`no answer from ${origin}: ${child.text}`);
}

/** @returns {Promise<number>} */
function free_port() {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.listen(0, "127.0.0.1", () => {
      const { port } = /** @type {import("node:net").AddressInfo} */ (probe.address());
      probe.close(() => resolve(port));
    });
  });
}

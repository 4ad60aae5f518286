// @ts-check
// Three real servers that witness one another, and browsers that ask for it; their clocks go as the test says.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { after, afterEach, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { generate_signing_key } from "../../../static/js/crypto/ed25519.js";
import { cosigned_by } from "../../../static/js/protocol/key_log_checkpoint.js";
import { make_vkey, parse_vkey, to_base64, TYPES, write_vkey } from "../../../static/js/protocol/signed_note.js";
import { get_held } from "../../../static/js/session/key_log/held_log.js";
import { until } from "../support/browser.js";
import { ForkedServer } from "../support/forked_server.js";
import { cosign } from "../support/lying_log.js";
import { Person, two_people } from "../support/people.js";
import { start_server } from "../support/server.js";

/** @import { Server } from "../support/server.js" */
/** @import { LyingLog } from "../support/lying_log.js" */

const HOUR = 3_600_000;
const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

describe("witnesses", { timeout: 240_000 }, () => {
  /** @type {string} */
  let clock;
  /** Hours that have passed for everyone. */
  let hours = 0;
  /** @type {Server} */
  let home;
  /** @type {Server[]} the servers that witness the log of `home` */
  let witnesses;
  /** @type {string[]} their verifier keys */
  let keys;
  /** @type {Person[]} */
  const everyone = [];
  const true_now = Date.now;
  Date.now = () => true_now() + hours * HOUR;

  before(async () => {
    clock = await mkdtemp(join(tmpdir(), "talk2me-clock-"));
    const settings = { SHIFTED_CLOCK: clock, PYTHONPATH: [join(ROOT, "tests/faults/shifted_clock"), ROOT].join(delimiter) };
    home = await start_server(settings);
    witnesses = [];
    for (const name of ["one", "other"]) {
      witnesses.push(await start_server({ ...settings, KEYLOG_KEY: `only for tests, the ${name} of the witnesses there` }));
    }
    const [about_home, ...about] = await Promise.all([home, ...witnesses].map(about_server));
    keys = about.map(({ key_log_witness }) => key_log_witness);
    const entries = witnesses.map(({ origin }, at) => `${keys[at]}=${origin}/api/key_log/witness`);
    await home.restart({ KEYLOG_WITNESSES: entries.join(" "), KEYLOG_WITNESSED_LOGS: about.map(({ key_log }) => key_log).join(" ") });
    for (const witness of witnesses) {
      const back = `${about_home.key_log_witness}=${home.origin}/api/key_log/witness`;
      await witness.restart({ KEYLOG_WITNESSED_LOGS: about_home.key_log, KEYLOG_WITNESSES: back });
    }
  });
  after(async () => {
    await Promise.all([home, ...(witnesses ?? [])].map((server) => server?.stop()));
    await rm(clock, { recursive: true, force: true });
  });
  afterEach(() => {
    assert.deepEqual(everyone.flatMap(({ browser }) => browser.faults), []);
    for (const one of everyone.splice(0)) one.close();
  });

  /** @param {Server} server @returns {Promise<{ key_log: string, key_log_witness: string }>} */
  const about_server = async ({ origin }) => (await fetch(`${origin}/api/server`)).json();
  /** @param {Server} server */
  const cosigned = async ({ origin }) => (await fetch(`${origin}/api/key_log/checkpoint?cosigned=1`)).text();
  /** @param {Person} one */
  const state = async (one) => (await one.ask("key_log")).state;
  /** @param {Person} one */
  const held = async (one) => /** @type {NonNullable<Awaited<ReturnType<typeof get_held>>>} */ (await get_held(one.device.store));

  /** @param {number} more hours, for the browsers and the servers */
  async function pass(more) {
    hours += more;
    await writeFile(join(clock, "everyone"), String(hours * 3600));
  }

  /** @param {import("../../../static/js/transport/call_api.js").Fetch} [alices_fetch] */
  async function two(alices_fetch) {
    const pair = await two_people(home.origin, alices_fetch ? [{ fetch: alices_fetch }] : []);
    everyone.push(...pair);
    const [alice, bob] = pair;
    await until(async () => (await held(alice)).looked > 0, "looked at the log");
    return { alice, bob };
  }

  /** @param {Person} one @param {string[]} witness_keys @param {number} quorum */
  async function require_of(one, witness_keys, quorum) {
    await one.do("set_witnesses", { witnesses: witness_keys.join("\n"), quorum });
    await one.do("check_key_log");
  }

  it("sign one another's logs", async () => {
    for (const server of [home, ...witnesses]) await server.manage("cosign_key_log");
    const by_both = await cosigned_by(await cosigned(home), keys.map(parse_vkey));
    assert.equal(by_both.length, 2);
    const { key_log_witness } = await about_server(home);
    for (const witness of witnesses) {
      assert.equal((await cosigned_by(await cosigned(witness), [parse_vkey(key_log_witness)])).length, 1);
    }
  });

  it("that stop signing are noticed after 26 hours, and messages wait until they are back", async () => {
    const { alice, bob } = await two();
    await home.manage("cosign_key_log");
    await require_of(alice, [keys[0]], 1);
    assert.ok((await held(alice)).witnessed > 0);
    await pass(25);
    await home.manage("beat_key_log");
    await alice.do("check_key_log");
    assert.equal(await state(alice), "ok");
    await pass(2);
    await home.manage("beat_key_log");
    await alice.do("check_key_log");
    assert.equal(await state(alice), "unwitnessed");
    // They are still shown, and 27 hours old.
    assert.equal((await cosigned_by(await cosigned(home), [parse_vkey(keys[0])])).length, 1);
    assert.equal((await alice.ask("conversation", { id: bob.account })).waits_for_log, true);
    await alice.say(bob, "waits for a witness");
    await alice.sees_status(bob, "waits for a witness", "waiting");
    // Who asks for none does not wait.
    await bob.do("check_key_log");
    assert.equal(await state(bob), "ok");
    await home.manage("cosign_key_log");
    await alice.do("check_key_log");
    assert.equal(await state(alice), "ok");
    await bob.hears(alice, "waits for a witness");
  });

  it("of which two are asked for have both to sign; while one is gone, one of two is enough for who says so", async () => {
    const { alice, bob } = await two();
    await home.manage("cosign_key_log");
    await require_of(alice, keys, 2);
    await require_of(bob, keys, 1);
    assert.ok((await held(alice)).witnessed > 0);
    await witnesses[1].kill();
    await pass(27);
    await home.manage("beat_key_log");
    await home.manage("cosign_key_log");
    for (const one of [alice, bob]) await one.do("check_key_log");
    assert.deepEqual([await state(alice), await state(bob)], ["unwitnessed", "ok"]);
    await witnesses[1].restart();
    await home.manage("cosign_key_log");
    await alice.do("check_key_log");
    assert.equal(await state(alice), "ok");
  });

  it("sign no fork of a log, and who is shown the fork is told", async () => {
    const lies = new ForkedServer(home.origin);
    const { alice } = await two(lies.fetch);
    await require_of(alice, [keys[0]], 1);
    const fork = await lies.fork((await held(alice)).directory_key);
    const { size: before_it } = fork;
    everyone.push(await Person.sign_up(home.origin, "afterthefork"));
    await home.manage("cosign_key_log");
    const signed = Number((await cosigned(home)).split("\n")[1]);
    assert.ok(signed > before_it);
    while (fork.size <= signed) fork.add_heartbeat();
    assert.deepEqual(await submit(fork, signed), { status: 422 });
    assert.deepEqual(await submit(fork, before_it), { status: 409, size: signed });
    fork.cut(signed);
    assert.deepEqual(await submit(fork, signed), { status: 409, size: signed });
    fork.add_heartbeat();
    lies.log = fork;
    await assert.rejects(alice.do("check_key_log"));
    const { alarm } = await held(alice);
    assert.equal(alarm?.code, "log_split");
    assert.equal(await state(alice), "broken");
    // What proves it: the log has signed both, and the witness one of them.
    const { ours, theirs } = JSON.parse(await (await alice.do("save_evidence")).file.text());
    assert.notEqual(ours.split("\n")[2], theirs.split("\n")[2]);
    assert.equal((await cosigned_by(theirs, [parse_vkey(keys[0])])).length, 1);
  });

  it("are missed when a fork is shown without them, or with lines of somebody else", async () => {
    const lies = new ForkedServer(home.origin);
    const stranger = { name: parse_vkey(keys[0]).name, signing: await generate_signing_key({ extractable: false }) };
    /** @type {() => Promise<Response>} */
    let answer = async () => new Response(JSON.stringify({ error: "not_found" }), { status: 404 });
    const { alice } = await two((input, init) =>
      input.endsWith("cosigned=1") && lies.log ? answer() : lies.fetch(input, init),
    );
    await require_of(alice, [keys[0]], 1);
    lies.log = await lies.fork((await held(alice)).directory_key);
    await pass(27);
    const { log } = lies;
    log.add_heartbeat();
    await alice.do("check_key_log");
    assert.equal(await state(alice), "unwitnessed");
    answer = async () => new Response(await cosign(await log.checkpoint(), stranger, Math.floor(Date.now() / 1000)));
    await alice.do("check_key_log");
    assert.equal(await state(alice), "unwitnessed");
  });

  it("count for 26 hours by their own word, and not at all from the future", async () => {
    const signing = await generate_signing_key({ extractable: false });
    const witness = { name: "witness.example", signing };
    const key = write_vkey(make_vkey(witness.name, TYPES.cosignature, signing.public_key));
    let age = 0;
    const { alice } = await two(async (input, init) => {
      if (!input.endsWith("cosigned=1")) return fetch(input, init);
      const note = await (await fetch(input.replace("?cosigned=1", ""), init)).text();
      return new Response(await cosign(note, witness, Math.floor((Date.now() - age) / 1000)));
    });
    for (const [hours_old, counted] of [[25.9, 25.9], [26.1, null], [-25, 0], [-27, null], [24 * -365, null]]) {
      age = Number(hours_old) * HOUR;
      await require_of(alice, [key], 1);
      const { witnessed } = await held(alice);
      if (counted === null) assert.equal(witnessed, 0, `${hours_old} hours old`);
      else assert.ok(Math.abs(Date.now() - witnessed - counted * HOUR) < 60_000, `${hours_old} hours old`);
    }
  });

  /**
   * As a lying log would ask the first witness.
   * @param {LyingLog} fork
   * @param {number} old
   */
  async function submit(fork, old) {
    const proof = old < fork.size ? fork.consistency(old, fork.size) : new Uint8Array(0);
    const lines = [];
    for (let at = 0; at < proof.length; at += 32) lines.push(`${to_base64(proof.subarray(at, at + 32))}\n`);
    const body = `old ${old}\n${lines.join("")}\n${await fork.checkpoint()}`;
    const response = await fetch(`${witnesses[0].origin}/api/key_log/witness/add-checkpoint`, { method: "POST", body });
    return { status: response.status, ...(response.status === 409 ? { size: Number(await response.text()) } : {}) };
  }
});

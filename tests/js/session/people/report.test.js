// @ts-check
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { from_base64url } from "../../../../static/js/codec/base64url.js";
import { is_talk2me_error } from "../../../../static/js/errors.js";
import { make_commitment } from "../../../../static/js/protocol/franking.js";
import { until } from "../../support/browser.js";
import { two_people } from "../../support/people.js";
import { start_server } from "../../support/server.js";

/** @import { Person } from "../../support/people.js" */

const DAY = 86_400_000;
const PYTHON = process.env.PYTHON ?? fileURLToPath(new URL("../../../../.venv/bin/python", import.meta.url));
const run = promisify(execFile);

describe("a report", { timeout: 120_000 }, () => {
  /** @type {import("../../support/server.js").Server} */
  let server;
  /** @type {Person} */
  let alice;
  /** @type {Person} */
  let bob;
  let now = Date.now();

  before(async () => {
    server = await start_server({ RATE_REPORT: "" });
    [alice, bob] = await two_people(server.origin, [{}, { now: () => now }]);
    await alice.say(bob, "you will regret this");
    await bob.hears(alice, "you will regret this");
  });
  after(async () => {
    alice?.close();
    bob?.close();
    await server?.stop();
  });

  /** What the operator has: reporter, account, content, note. @returns {Promise<string[]>} a line for each */
  async function reports() {
    const columns = "hex(reporter) || ' ' || hex(account) || ' ' || hex(content) || ' ' || note";
    const program = `import sqlite3, sys\nfor row in sqlite3.connect(sys.argv[1]).execute("SELECT ${columns} FROM messaging_report"): print(row[0])`;
    const { stdout } = await run(PYTHON, ["-c", program, server.database]);
    return stdout.split("\n").filter(Boolean);
  }

  /** @param {string} text */
  const message_of_alice = async (text) => (await bob.messages(alice)).find((message) => message.text === text);

  /** What Bob's device would show. @param {string} text */
  async function shown(text) {
    const { id } = await message_of_alice(text);
    const kept = await bob.device.store.list("messages", { prefix: "p/" });
    const { value } = /** @type {{ value: any }} */ (kept.find((row) => row.id.endsWith(id)));
    return { ...value, account: alice.account };
  }

  it("shows the operator one message, who wrote it and who reports it, and nothing else", async () => {
    const { id } = await message_of_alice("you will regret this");
    await bob.do("report_message", { conversation: alice.account, id, note: "a threat" });
    const [line, ...more] = await reports();
    assert.deepEqual(more, []);
    const [reporter, account, content, ...note] = line.split(" ");
    assert.equal(reporter.toLowerCase(), hex(bob.account));
    assert.equal(account.toLowerCase(), hex(alice.account));
    assert.equal(note.join(" "), "a threat");
    const words = Buffer.from(content, "hex").toString("latin1");
    assert.ok(words.includes("you will regret this"));
    assert.ok(!words.includes("first") && !words.includes("second"), "what else was said");
  });

  it("of the same message again changes nothing", async () => {
    const { id } = await message_of_alice("you will regret this");
    await bob.do("report_message", { conversation: alice.account, id });
    assert.equal((await reports()).length, 1);
  });

  it("is made of what others have sent only", async () => {
    const own = (await bob.messages(alice)).find((message) => message.own);
    const refused = (/** @type {string} */ id) =>
      assert.rejects(bob.do("report_message", { conversation: alice.account, id }), (error) => is_talk2me_error(error, "not_found"));
    await refused(own.id);
    await refused("AAAAAAAAAAAAAAAAAAAAAA");
    assert.equal((await reports()).length, 1);
  });

  it("is refused with other words, of another author, place or time, however the rest is kept", async () => {
    const good = await shown("you will regret this");
    const changed = new Uint8Array(good.content);
    changed[changed.length - 1] ^= 1;
    const other = await shown("second");
    const forged = {
      "other words": { content: changed },
      "another opening": { opening: other.opening },
      "another's tag": { franking: other.franking },
      "another commitment": { commitment: other.commitment, opening: other.opening, content: other.content },
      "another author": { account: bob.account },
      "another mailbox": { mailbox: alice.device.device_mailbox },
      "another place": { sequence: good.sequence + 1 },
      "another time": { minute: good.minute - 60 },
    };
    for (const [what, change] of Object.entries(forged)) {
      await assert.rejects(
        bob.device.api.report({ ...good, ...change }),
        (error) => is_talk2me_error(error, "report_refused"),
        what,
      );
    }
    assert.equal((await reports()).length, 1);
  });

  it("is refused from somebody who was never in the conversation, with the very proof", async () => {
    const [stranger, friend] = await two_people(server.origin);
    const proof = await shown("you will regret this");
    await assert.rejects(stranger.device.api.report(proof), (error) => is_talk2me_error(error, "report_refused"));
    stranger.close();
    friend.close();
    assert.equal((await reports()).length, 1);
  });

  it("can't be made of words that somebody made up, with a commitment of their own", async () => {
    const good = await shown("second");
    const content = new TextEncoder().encode("I never said this");
    const commitment = await make_commitment(good.opening, from_base64url(good.mailbox), content);
    await assert.rejects(bob.device.api.report({ ...good, content, commitment }), (error) => is_talk2me_error(error, "report_refused"));
    assert.equal((await reports()).length, 1);
  });

  it("keeps its proof as long as the message, and thirty days at most", async () => {
    await alice.say(bob, "for a while");
    await bob.hears(alice, "for a while");
    const { id } = await message_of_alice("for a while");
    const has_proof = async () => (await bob.device.store.list("messages", { prefix: "p/" })).some((row) => row.id.endsWith(id));
    assert.ok(await has_proof());
    await bob.do("delete_message", { conversation: alice.account, id, for: "own" });
    assert.ok(!(await has_proof()), "deleted with it");
    assert.ok((await bob.device.store.list("messages", { prefix: "p/" })).length > 0);
    now += 32 * DAY;
    await bob.reload();
    await until(async () => (await bob.device.store.list("messages", { prefix: "p/" })).length === 0);
    const old = await message_of_alice("you will regret this");
    await assert.rejects(bob.do("report_message", { conversation: alice.account, id: old.id }), (error) => is_talk2me_error(error, "not_found"));
  });
});

/** @param {string} id base64url */
const hex = (id) => Buffer.from(id, "base64url").toString("hex");

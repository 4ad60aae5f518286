// @ts-check
// A bot by the `talk2me` command, and people in browsers, on one server.
import assert from "node:assert/strict";
import { cp, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { Browser, until } from "../support/browser.js";
import { all_hear, say_in } from "../support/groups.js";
import { Person } from "../support/people.js";
import { start_server } from "../support/server.js";
import { Command } from "./command.js";

describe("the talk2me command", { timeout: 480_000 }, () => {
  /** @type {import("../support/server.js").Server} */
  let server;
  /** @type {Person} */
  let alice;
  /** @type {Command} */
  let bot;
  /** @type {Person[]} */
  const people = [];
  /** @type {Command[]} */
  const bots = [];
  let recovery_key = "";
  /** What a person says to, and hears from, the bot. */
  const robot = { name: "robot", account: "" };
  const hears = (/** @type {string} */ text) => alice.hears(/** @type {any} */ (robot), text);
  const said = () => alice.texts(/** @type {any} */ (robot));

  before(async () => {
    server = await start_server();
    alice = await Person.sign_up(server.origin, "alice");
    people.push(alice);
    bot = await Command.make();
    bots.push(bot);
  });
  after(async () => {
    for (const person of people) person.close();
    for (const one of bots) await one.close();
    await server?.stop();
  });

  it("signs up once, shows the recovery key once, and keeps everything from others' eyes", async () => {
    const made = await bot.do("sign-up", "robot", "--server", server.origin);
    assert.match(made.recovery_key, /^([0-9A-Z]{4}-){6}[0-9A-Z]{4}$/);
    [recovery_key, robot.account] = [made.recovery_key, made.account];
    const again = await bot.run(["sign-up", "robot2", "--server", server.origin]);
    assert.deepEqual([again.code, again.errors[0].error], [1, "already_signed_up"]);
    assert.equal((await bot.do("whoami")).username, "robot");
    for (const name of ["", ...(await readdir(bot.folder))]) {
      assert.equal((await stat(join(bot.folder, name))).mode & 0o077, 0, `${name} is for its owner alone`);
    }
  });

  it("meets by an invitation link, and both talk", async () => {
    const { link } = await alice.do("make_invitation");
    assert.equal((await bot.do("meet", link)).verified, true);
    const sent = await bot.run(["send", "alice"], "disk full\non /var\n");
    assert.deepEqual([sent.code, sent.lines[0].status], [0, "stored"]);
    await hears("disk full\non /var");
    await alice.say(/** @type {any} */ (robot), "which disk?");
    await alice.sees_status(/** @type {any} */ (robot), "which disk?", "stored");
    const [got, ...others] = (await bot.run(["receive"])).lines;
    assert.deepEqual([got.from, got.text, got.type, got.verified, others], ["alice", "which disk?", "text", true, []]);
    assert.deepEqual((await bot.run(["receive"])).lines, []);
    assert.deepEqual((await bot.run(["history", "alice"])).lines.map(({ text }) => text), ["disk full\non /var", "which disk?"]);
  });

  it("sends files, and saves those of others", async () => {
    const [path, other] = ["report.bin", "answer.bin"].map((name) => join(bot.folder, name));
    const octets = crypto.getRandomValues(new Uint8Array(60_000));
    await writeFile(path, octets);
    await bot.do("send", "alice", "--file", path, "see this");
    const { id, files } = await until(async () => (await alice.messages(/** @type {any} */ (robot))).find(({ text }) => text === "see this"));
    assert.equal(files[0].name, "report.bin");
    const { blob } = await alice.do("read_file", { conversation: robot.account, id, index: 0 });
    assert.deepEqual(new Uint8Array(await blob.arrayBuffer()), octets);
    const file = { blob, name: "../../answer.bin", media: "application/octet-stream", kind: "file" };
    await alice.do("send_files", { conversation: robot.account, files: [file] });
    const got = await until(async () => (await bot.run(["receive"])).lines.find((line) => line.files?.[0].state === "there"));
    await bot.do("save-file", "alice", got.id, other);
    assert.deepEqual(new Uint8Array(await readFile(other)), octets);
    const again = await bot.run(["save-file", "alice", got.id, other]);
    assert.deepEqual([again.code, again.errors[0].error], [1, "file_exists"]);
  });

  it("lets nobody talk who asks, unless it is told to", async () => {
    const eve = await Person.sign_up(server.origin, "eve");
    people.push(eve);
    await eve.do("start_conversation", { account: (await eve.do("find_account", { username: "robot" })).account });
    await eve.say(/** @type {any} */ (robot), "may I?");
    const [asked] = await until(async () => (await bot.run(["receive"])).lines.filter(({ text }) => text === "may I?"));
    assert.deepEqual([asked.from, asked.request, asked.verified], ["eve", true, false]);
    assert.equal((await bot.run(["list"])).lines.find(({ title }) => title === "eve").state, "request");
    await bot.do("accept", "eve");
    assert.equal((await bot.run(["list"])).lines.find(({ title }) => title === "eve").state, "active");
  });

  it("shows the same digits as the other side, and takes no others", async () => {
    const { digits } = await alice.do("safety_number", { account: robot.account });
    assert.equal((await bot.do("verify", "alice")).digits, digits);
    const wrong = await bot.run(["verify", "alice", digits.replace(/\d$/, (/** @type {string} */ last) => String((Number(last) + 1) % 10))]);
    assert.deepEqual([wrong.code, wrong.errors[0].error], [3, "digits_differ"]);
    assert.deepEqual(await bot.do("verify", "alice", ...digits.split(" ")), { verified: true });
  });

  it("is in a group of three", async () => {
    const carol = await Person.sign_up(server.origin, "carol");
    people.push(carol);
    await carol.meet(alice);
    const { conversation } = await alice.do("create_group", { title: "ops", members: [carol.account, robot.account] });
    await say_in(alice, conversation, "hello all");
    const seen = await until(async () => (await bot.run(["receive"])).lines.find(({ text }) => text === "hello all"));
    assert.deepEqual([seen.title, seen.kind, seen.from], ["ops", "group", "alice"]);
    await bot.do("send", "ops", "--group", "I watch");
    await all_hear([alice, carol], conversation, "I watch");
  });

  it("keeps nobody waiting who reads what a command writes, while others go on with what it has started", async () => {
    const first = bot.follow("receive", "--follow");
    await until(async () => (await readdir(bot.folder)).includes("socket"), "the first one has started it");
    const second = bot.follow("receive", "--follow");
    await alice.say(/** @type {any} */ (robot), "to both");
    await until(() => [first, second].every((one) => one.lines().some(({ text }) => text === "to both")), "both hear");
    await first.end();
    await until(first.closed, "nobody has to wait for more of it");
    await alice.say(/** @type {any} */ (robot), "to one");
    await until(() => second.lines().some(({ text }) => text === "to one"), "the second one goes on");
    await second.end();
  });

  it("follows, while other commands use the same folder; what it died over comes again", async () => {
    const following = bot.follow("receive", "--follow");
    await alice.say(/** @type {any} */ (robot), "one");
    await until(() => following.lines().some(({ text }) => text === "one"), "the one that follows hears");
    await Promise.all([bot.do("send", "alice", "by the same process"), bot.do("send", "alice", "at once")]);
    await hears("by the same process");
    await hears("at once");
    await following.end();
    await alice.say(/** @type {any} */ (robot), "two");
    const heard = await until(async () => (await bot.run(["receive"])).lines.map(({ text }) => text).filter((text) => text === "two")[0]);
    assert.equal(heard, "two");
  });

  it("keeps what can't leave, and sends it once", async () => {
    await server.kill();
    const { code, errors } = await bot.run(["send", "alice", "while you were out", "--wait", "1"]);
    assert.deepEqual([code, errors[0]], [75, { error: "timed_out", kept: true }]);
    await server.restart();
    await alice.reload();
    await bot.do("receive");
    await hears("while you were out");
    assert.equal((await said()).filter((text) => text === "while you were out").length, 1);
  });

  it("put back to an older state, says so and uses no key twice", async () => {
    const copy = `${bot.folder}-copy`;
    await cp(bot.folder, copy, { recursive: true });
    await bot.do("send", "alice", "before");
    await rm(bot.folder, { recursive: true });
    await rename(copy, bot.folder);
    const { code, errors } = await bot.run(["send", "alice", "after"]);
    assert.equal(code, 0);
    assert.ok(errors.some(({ alert }) => ["state_rolled_back", "clone_found"].includes(alert?.code)), JSON.stringify(errors));
    await hears("before");
    await hears("after");
  });

  it("exports what a browser opens with the recovery key", async () => {
    const path = join(bot.folder, "export.t2m");
    await bot.do("export", path);
    assert.equal((await stat(path)).mode & 0o077, 0);
    assert.equal((await bot.run(["export", path])).errors[0].error, "file_exists");
    const browser = new Browser(server.origin);
    const person = new Person(browser, await browser.open_tab());
    people.push(person);
    await person.do("import_account", { file: new Blob([await readFile(path)]), recovery_key });
    assert.ok((await person.texts(alice)).includes("which disk?"));
  });

  it("becomes another device of an account, once a person has compared the numbers", async () => {
    const device = await Command.make();
    bots.push(device);
    const { code } = await alice.do("begin_link");
    /** @type {any} */
    let shown;
    alice.session.on("link", (detail) => (shown = detail.step === "compare" ? detail : shown));
    const linking = device.follow("link", code, "--server", server.origin, "--device-name", "pager");
    const { number } = await until(() => linking.lines()[0], "it shows a number");
    assert.equal(number, (await until(() => shown)).code);
    await alice.do("confirm_link", { match: true });
    assert.equal((await until(() => linking.lines()[1], "it is linked")).username, "alice");
    await until(() => linking.code() === 0, "it ends");
    await device.do("send", "robot", "from the pager");
    await until(async () => (await bot.run(["receive"])).lines.some(({ text }) => text === "from the pager"));
  });

  it("sends nothing to a key that has changed, until somebody has compared", async () => {
    const dave = await Person.sign_up(server.origin, "dave");
    people.push(dave);
    await bot.do("send", "dave", "first");
    const key = await dave.do("pending_recovery_key");
    const other = new Browser(server.origin);
    const again = new Person(other, await other.open_tab());
    people.push(again);
    await again.do("reset_account", { username: "dave", recovery_key: key, device_name: "" });
    const { code, errors } = await bot.run(["send", "dave", "secret"]);
    assert.deepEqual([code, errors.at(-1).error], [3, "identity_changed"], JSON.stringify(errors));
    await until(async () => (await again.ask("conversations")).length >= 0);
    const { digits, changed } = await bot.do("verify", "dave");
    assert.equal(changed, true);
    await bot.do("verify", "dave", digits);
    await bot.do("send", "dave", "still you");
    await again.hears(/** @type {any} */ (robot), "still you");
  });

  it("says nothing to anybody new while the server's key log is another than before", async () => {
    await server.kill();
    await server.restart({ KEYLOG_KEY: "another key than the one with which it began" });
    const { code, errors } = await bot.run(["send", "carol", "who are you?"]);
    assert.deepEqual([code, errors.at(-1).error], [3, "key_log_broken"], JSON.stringify(errors));
    assert.ok(errors.some(({ alert }) => alert?.code === "log_broken"), JSON.stringify(errors));
  });

  it("opens with its own key file alone", async () => {
    const path = join(bot.folder, "key");
    const key = await readFile(path);
    await writeFile(path, "0".repeat(64));
    const { code, errors } = await bot.run(["whoami"]);
    assert.deepEqual([code, errors[0].error], [3, "storage_damaged"]);
    await writeFile(path, key);
    assert.equal((await bot.do("whoami")).username, "robot");
  });
});

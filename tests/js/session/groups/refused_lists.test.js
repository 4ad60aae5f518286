// @ts-check
// Whom a refused commit named is on the server's list for a moment, and that is no lie of the server; whoever else is there, or stays there, is.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { from_base64url } from "../../../../static/js/codec/base64url.js";
import { equal } from "../../../../static/js/codec/bytes.js";
import { random_bytes } from "../../../../static/js/crypto/random.js";
import { describe as describe_group, remove_members } from "../../../../static/js/protocol/mls.js";
import { until } from "../../support/browser.js";
import { commit_anyhow, smuggle_in } from "../../support/changed_client.js";
import { all_hear, close_all, faults_of, is_told, make_group, notices_in, people_who_know_each_other, say_in } from "../../support/groups.js";
import { start_server } from "../../support/server.js";
import { tampering_sockets } from "../../support/tampering_socket.js";

/** @import { Person } from "../../support/people.js" */

describe("the list of those to whom the server delivers, after a refused commit", { timeout: 240_000 }, () => {
  /** @type {import("../../support/server.js").Server} */
  let server;
  /** @type {Person} */
  let ana;
  /** @type {Person} */
  let ben;
  /** @type {Person} */
  let mallory;
  /** @type {Person} */
  let eve;
  let id = "";
  /** What ben's browser is told of a commit. @type {(envelope: any) => any} */
  let to_ben = (envelope) => envelope;
  /** Commits that ben was told of. @type {any[]} */
  let commits = [];

  before(async () => {
    // Whoever adds the same person again and again is held up by the server as well.
    server = await start_server({ RATE_ADD_PAIR: "1000/hour" });
    const watched = tampering_sockets(server.origin, () => (frame) => {
      if (!frame.envelopes) return frame;
      const envelopes = frame.envelopes.map((/** @type {any} */ envelope) => (envelope.kind === "commit" ? to_ben(envelope) : envelope));
      commits.push(...envelopes.filter((/** @type {any} */ { kind }) => kind === "commit"));
      return { ...frame, envelopes };
    });
    const names = ["ana", "ben", "mallory", "eve"];
    [ana, ben, mallory, eve] = await people_who_know_each_other(server.origin, names, [{}, { make_socket: watched }]);
  });
  beforeEach(async () => {
    id = await make_group(ana, [ben, mallory]);
    for (const person of [mallory, ben, ana]) await say_in(person, id, `hello from ${person.name}`);
    for (const person of [mallory, ben, ana]) await all_hear([ana, ben, mallory], id, `hello from ${person.name}`);
    commits = [];
    for (const person of [ana, ben]) person.browser.alerts.length = 0;
  });
  afterEach(() => {
    to_ben = (envelope) => envelope;
  });
  after(async () => {
    close_all([ana, ben, mallory, eve]);
    await server?.stop();
  });

  /** @param {Person} person @returns {Uint8Array} */
  const device_of = (person) => from_base64url(person.device.own.device);
  /** @param {any} envelope @param {Person} person */
  const names = ({ subscribers }, person) => subscribers.some((/** @type {Uint8Array} */ one) => equal(one, device_of(person)));
  /** @param {Person[]} people */
  const alarms_of = (people) => people.flatMap(({ alert_codes }) => alert_codes.filter((code) => code === "subscribers_differ"));

  /** A commit of ana or ben has put the list right, for both. */
  async function is_put_right() {
    for (const person of [ana, ben]) {
      await until(async () => {
        const cursor = await person.device.store.get("cursors", id);
        return !cursor.repair && !cursor.behind;
      }, `the list is right for ${person.name}`);
    }
  }

  /** Mallory sends what nobody can open, and a list of her own. @param {Person[]} people */
  async function send_garbage(people) {
    const frame = { type: "commit.send", mailbox: from_base64url(id), body: random_bytes(300), welcomes: [], group_info: random_bytes(10) };
    const members = people.map(({ account }) => from_base64url(account));
    await until(async () => {
      const { slot } = await mallory.device.request({ type: "group_info.fetch", mailbox: from_base64url(id) });
      const sent = mallory.device.request({ ...frame, id: random_bytes(16), slot, members, subscribers: people.map(device_of) });
      return sent.then(() => true, () => false);
    }, "garbage was taken by the server");
  }

  it("says who was refused, and does not blame the server, however often she goes on by herself", async () => {
    // Her own browser would come back to the others after a while, as ours do.
    const { rejoin } = mallory.device.tasks;
    mallory.device.tasks.rejoin = () => {};
    await smuggle_in(mallory, id, eve.account);
    for (const person of [ana, ben]) await is_told(person, id, `refused_add ${mallory.name}`);
    await is_put_right();
    const { length } = commits;
    await send_garbage([ana, ben, mallory, eve]);
    await until(() => commits.slice(length).some((envelope) => names(envelope, eve)), "ben has got it");
    await until(() => !names(commits.at(-1), eve), "somebody has put it right");
    await is_put_right();
    await say_in(ana, id, "so it is");
    await all_hear([ben], id, "so it is");
    assert.deepEqual(alarms_of([ana, ben]), []);
    for (const person of [ana, ben]) assert.ok(!(await notices_in(person, id)).some((notice) => notice.startsWith("subscribers_differ")));
    mallory.device.tasks.rejoin = rejoin;
  });

  it("does not blame it either for whom she would have put out", async () => {
    await commit_anyhow(mallory, id, (group, policy) => {
      const { members } = describe_group(group);
      return remove_members(group, members.filter(({ device }) => equal(device, device_of(ana))).map(({ leaf }) => leaf), policy);
    });
    await is_told(ben, id, `refused_remove ${mallory.name}`);
    await until(async () => !(await ben.device.store.get("cursors", id)).repair, "ben has put it right");
    await say_in(ben, id, "you are here");
    await all_hear([ana], id, "you are here");
    assert.deepEqual(alarms_of([ben]), []);
  });

  it("tells of another device that is put on it together with whom she named", async () => {
    const ghost = random_bytes(16);
    to_ben = (envelope) => (names(envelope, eve) ? { ...envelope, subscribers: [...envelope.subscribers, ghost] } : envelope);
    await smuggle_in(mallory, id, eve.account);
    await is_told(ben, id, `refused_add ${mallory.name}`);
    await until(() => alarms_of([ben]).length > 0, "ben is told");
    assert.deepEqual(alarms_of([ana]), []);
  });

  it("tells that somebody whom she named stays on it after a commit that was taken", async () => {
    let told = 0;
    to_ben = (envelope) => {
      // Once: each commit by which ben puts it right would be answered so again.
      if (names(envelope, eve) || (told > 0 && told !== envelope.sequence)) return envelope;
      told = envelope.sequence;
      return { ...envelope, subscribers: [...envelope.subscribers, device_of(eve)] };
    };
    await smuggle_in(mallory, id, eve.account);
    await is_told(ben, id, `refused_add ${mallory.name}`);
    await until(() => alarms_of([ben]).length > 0, "ben is told");
    assert.deepEqual(alarms_of([ana]), []);
  });

  it("tells of somebody whom no refused commit has named, whatever nobody could open", async () => {
    await send_garbage([ana, ben, mallory, eve]);
    await until(() => alarms_of([ana]).length + alarms_of([ben]).length === 2, "both are told");
  });

  it("without a fault of our own", () => {
    assert.deepEqual(faults_of([ana, ben]), []);
  });
});

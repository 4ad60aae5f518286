// @ts-check
import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { make_history, seal_history } from "../../../benchmarks/archive/history.js";
import { from_base64url } from "../../../static/js/codec/base64url.js";
import { unpack } from "../../../static/js/codec/msgpack.js";
import { open_archive } from "../../../static/js/session/archive/open_archive.js";
import { until } from "../support/browser.js";
import { add_device, is_restored } from "../support/archives.js";
import { two_people } from "../support/people.js";
import { start_server } from "../support/server.js";

const MESSAGES = 1_200;

/** @type {import("../support/server.js").Server} */
let server;
before(async () => {
  server = await start_server();
});
after(() => server?.stop());

/** @param {string} origin @param {(frame: any) => void} see */
function watched_socket(origin, see) {
  return (/** @type {string} */ url) => {
    const socket = new WebSocket(url, /** @type {any} */ ({ headers: { origin } }));
    const send = socket.send.bind(socket);
    socket.send = (data) => {
      for (const frame of /** @type {any[]} */ (unpack(/** @type {Uint8Array} */ (data)))) see(frame);
      send(data);
    };
    return socket;
  };
}

it("a new device reads the newest thousand before it joins a conversation, and the rest after all else", { timeout: 120_000 }, async () => {
  const [alice, bob] = await two_people(server.origin);
  const archive = await until(() => open_archive(alice.device), "an archive");
  const [own, peer] = [alice, bob].map(({ account }) => from_base64url(account));
  const history = make_history({ own, peers: [peer], count: MESSAGES, now: Date.now() });
  const same = { type: "envelope.send", mailbox: archive.mailbox, kind: "archive", slot: 0, commitment: new Uint8Array(32), expires_in: null };
  for await (const sealed of seal_history({ mailbox: archive.mailbox, keys: archive.keys[0] }, history)) {
    await Promise.all(sealed.map((one) => alice.device.request({ ...same, ...one })));
  }
  const recovery_key = await alice.do("pending_recovery_key");
  alice.close();
  /** @type {string[]} */
  const asked = [];
  const see = (/** @type {any} */ { type, before: place }) => asked.push(place ? "older entries" : type);
  const second = await add_device(alice, server.origin, recovery_key, { make_socket: watched_socket(server.origin, see) });
  await until(() => is_restored(second), "restored");
  const joined = asked.indexOf("commit.send");
  const older = asked.map((what) => what === "older entries");
  // One is asked for ahead.
  assert.equal(older.slice(0, joined).filter(Boolean).length, 9);
  assert.ok(older.slice(joined).filter(Boolean).length > 0);
  const texts = await second.ask("messages", { conversation: bob.account, limit: 2 * MESSAGES });
  assert.ok(texts.filter((/** @type {any} */ { type }) => type === "text").length >= MESSAGES);
  assert.deepEqual([second.alert_codes, second.browser.faults], [[], []]);
  for (const one of [bob, second]) one.close();
});

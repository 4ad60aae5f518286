// @ts-check
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it, mock } from "node:test";
import { is_talk2me_error, Talk2meError } from "../../../static/js/errors.js";
import { connect } from "../../../static/js/transport/mailbox_socket.js";
import { FakeSocket } from "../support/fake_socket.js";

/** @import { State } from "../../../static/js/transport/mailbox_socket.js" */

/** Lets promises go on while the clock stands. */
const settle = async () => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};

describe("the socket of a device", () => {
  /** @type {FakeSocket[]} */
  let sockets;
  /** @type {State[]} */
  let states;
  /** @type {any[]} */
  let pushed;
  /** @type {boolean[]} */
  let asked_fresh;
  /** @type {(() => Promise<Uint8Array>) | null} */
  let give_token;
  /** @type {EventTarget} */
  let network;
  /** @type {ReturnType<typeof connect>} */
  let socket;

  beforeEach(async () => {
    mock.timers.enable({ apis: ["setTimeout"] });
    [sockets, states, pushed, asked_fresh, give_token, network] = [[], [], [], [], null, new EventTarget()];
    socket = connect({
      url: "ws://x/ws",
      network,
      now: () => 1_000_000,
      random: (length) => new Uint8Array(length),
      make_socket: () => {
        const made = new FakeSocket();
        sockets.push(made);
        return /** @type {any} */ (made);
      },
      get_token: async ({ fresh }) => {
        asked_fresh.push(fresh);
        return give_token ? give_token() : new Uint8Array(32).fill(asked_fresh.length);
      },
      on_frame: (frame) => {
        pushed.push(frame);
        if (frame.type === "trouble") throw new Error("of a listener");
      },
      on_state: (state) => {
        states.push(state);
      },
    });
    await settle();
  });
  afterEach(() => {
    socket.close();
    mock.timers.reset();
  });

  const present = () => sockets[sockets.length - 1];
  const last_state = () => states[states.length - 1];
  const go_online = async (expires_in = 3600) => {
    present().onopen();
    await settle();
    const { ref } = present().frames[0];
    present().tell({ type: "hello.ok", ref, account: "a", device: "d", device_mailbox: "m", expires_in, time: 0 });
    await settle();
  };

  it("says hello with its token as soon as it is open, and is online once that is answered", async () => {
    assert.deepEqual(states, [{ state: "connecting" }]);
    present().onopen();
    await settle();
    const [hello] = present().frames;
    assert.deepEqual([hello.type, hello.version, hello.token], ["hello", 1, new Uint8Array(32).fill(1)]);
    assert.equal(present().binaryType, "arraybuffer");
    await assert.rejects(socket.request({ type: "ping" }), (error) => is_talk2me_error(error, "offline"));
    present().tell({ type: "hello.ok", ref: hello.ref, expires_in: 60 });
    await settle();
    assert.equal(last_state().state, "online");
  });

  it("puts what is asked in one go into one message, and gives each its answer", async () => {
    await go_online();
    const answers = [socket.request({ type: "a" }), socket.request({ type: "b" }), socket.request({ type: "c" })];
    const failed = assert.rejects(answers[1], (error) => is_talk2me_error(error, "slot_conflict") && error.details.slot === 7);
    await settle();
    assert.equal(present().messages.length, 2);
    const [a, b, c] = present().messages[1];
    present().tell({ type: "ok", ref: c.ref, of: "c" }, { type: "error", ref: b.ref, code: "slot_conflict", slot: 7 });
    present().tell({ type: "ok", ref: a.ref, of: "a" });
    assert.equal((await answers[0]).of, "a");
    assert.equal((await answers[2]).of, "c");
    await failed;
  });

  it("gives pushed frames on, and survives a listener that throws and a message that is garbage", async () => {
    await go_online();
    present().tell({ type: "trouble" }, { type: "signal", body: 1 });
    assert.deepEqual(pushed.map(({ type }) => type), ["trouble", "signal"]);
    present().tell_bytes(Uint8Array.of(0xc1));
    assert.equal(last_state().state, "offline");
    mock.timers.tick(30_000);
    await settle();
    assert.equal(sockets.length, 2);
    assert.doesNotThrow(() => sockets[0].tell({ type: "signal" }));
    assert.equal(pushed.length, 2, "an old socket is not heard");
  });

  it("comes back after longer and longer waits, and begins anew once it was online", async () => {
    const waits = [];
    for (let attempt = 0; attempt < 10; attempt += 1) {
      present().end(1006);
      waits.push((last_state().retry_at ?? 0) - 1_000_000);
      mock.timers.tick(30_000);
      await settle();
    }
    assert.deepEqual(waits, [250, 500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000, 15_000]);
    await go_online();
    present().end(4503);
    assert.equal((last_state().retry_at ?? 0) - 1_000_000, 250);
  });

  it("fails what is under way when the connection goes", async () => {
    await go_online();
    const answer = assert.rejects(socket.request({ type: "a" }), (error) => is_talk2me_error(error, "offline"));
    await settle();
    present().end(1006);
    await answer;
  });

  it("notices a connection that is dead, by a ping without answer", async () => {
    await go_online();
    mock.timers.tick(25_000);
    await settle();
    const ping = present().frames[1];
    assert.equal(ping.type, "ping");
    present().tell({ type: "pong", ref: ping.ref });
    await settle();
    mock.timers.tick(25_000);
    await settle();
    assert.equal(present().frames.length, 3);
    mock.timers.tick(30_000);
    await settle();
    assert.ok(sockets[0].closed);
    assert.notEqual(last_state().state, "online");
  });

  it("drops a server that does not answer hello", async () => {
    present().onopen();
    mock.timers.tick(15_000);
    await settle();
    assert.ok(sockets[0].closed);
    assert.equal(last_state().state, "offline");
  });

  it("renews its token before it ends, on the same socket", async () => {
    await go_online(130);
    // Half of a short life; a ping is due before.
    mock.timers.tick(25_000);
    await settle();
    present().tell({ type: "pong", ref: present().frames[1].ref });
    await settle();
    mock.timers.tick(40_000);
    await settle();
    const hellos = present().frames.filter(({ type }) => type === "hello");
    assert.equal(hellos.length, 2);
    assert.deepEqual(asked_fresh, [false, true]);
    assert.deepEqual(hellos[1].token, new Uint8Array(32).fill(2));
    assert.equal(sockets.length, 1);
  });

  it("asks for a fresh token after the server has refused the old one", async () => {
    await go_online();
    present().end(4401);
    mock.timers.tick(1_000);
    await settle();
    assert.deepEqual(asked_fresh, [false, true]);
  });

  for (const [code, reason] of /** @type {[number, string][]} */ ([[4403, "device_revoked"], [4409, "replaced"]])) {
    it(`does not come back by itself after close code ${code}`, async () => {
      await go_online();
      present().tell({ type: "session.ended", code: reason });
      present().end(code);
      assert.deepEqual(last_state(), { state: "offline", stopped: reason });
      mock.timers.tick(120_000);
      await settle();
      assert.equal(sockets.length, 1);
    });
  }

  it("waits as long as a refusal to sign in says, and stops when the device is unknown", async () => {
    give_token = () => Promise.reject(new Talk2meError("rate_limited", { retry_after: 60 }));
    present().end(4401);
    mock.timers.tick(1_000);
    await settle();
    assert.equal(last_state().retry_at, 1_060_000);
    give_token = () => Promise.reject(new Talk2meError("sign_in_refused"));
    mock.timers.tick(60_000);
    await settle();
    assert.deepEqual(last_state(), { state: "offline", stopped: "sign_in_refused" });
  });

  it("follows the network: down when it goes, back at once when it is there", async () => {
    await go_online();
    network.dispatchEvent(new Event("offline"));
    assert.equal(last_state().state, "offline");
    network.dispatchEvent(new Event("online"));
    await settle();
    assert.equal(sockets.length, 2);
  });

  it("is quiet once closed", async () => {
    await go_online();
    socket.close();
    mock.timers.tick(120_000);
    await settle();
    assert.equal(sockets.length, 1);
    assert.deepEqual(last_state(), { state: "offline" });
  });
});

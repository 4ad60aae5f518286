// @ts-check
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { pack, unpack } from "../../../static/js/codec/msgpack.js";
import { is_talk2me_error } from "../../../static/js/errors.js";
import { backoff_delay, throw_dice } from "../../../static/js/transport/backoff.js";
import { is_final_refusal, reaction_to_close } from "../../../static/js/transport/close_reasons.js";
import { batch_frames, pack_frame } from "../../../static/js/transport/frame_batches.js";

describe("waits between attempts", () => {
  it("grow from a quarter of a second to half a minute, and differ", () => {
    fc.assert(
      fc.property(fc.nat(100), fc.double({ min: 0, max: 0.999, noNaN: true }), (attempt, dice) => {
        const wait = backoff_delay(attempt, dice);
        assert.ok(wait >= 250 && wait <= 30_000);
        assert.ok(backoff_delay(attempt + 1, dice) >= wait);
      }),
    );
    assert.notEqual(backoff_delay(3, 0), backoff_delay(3, 0.9));
    assert.ok(throw_dice((length) => new Uint8Array(length).fill(255)) < 1);
  });
});

describe("close codes", () => {
  it("of docs/wire_format.md each have their reaction, and any other is a mere loss", () => {
    const codes = [4400, 4401, 4403, 4408, 4409, 4429, 4503, 1006];
    assert.deepEqual(codes.map(reaction_to_close), ["slow", "sign_in", "stop", "retry", "stop", "slow", "retry", "retry"]);
    assert.deepEqual(["device_revoked", "sign_in_refused", "offline"].map(is_final_refusal), [true, true, false]);
  });
});

describe("messages of frames", () => {
  it("hold every frame once, in order, within the limits", () => {
    const frames = fc.array(fc.record({ type: fc.string(), body: fc.uint8Array({ maxLength: 400 }) }), { maxLength: 200 });
    fc.assert(
      fc.property(frames, (list) => {
        const messages = batch_frames(list.map(pack_frame));
        const read = messages.map((message) => /** @type {any[]} */ (unpack(message)));
        assert.ok(read.every(({ length }) => length >= 1 && length <= 64));
        assert.deepEqual(pack(read.flat()), pack(list));
      }),
      { numRuns: 50 },
    );
  });

  it("stay below a megabyte and a half", () => {
    const frames = Array.from({ length: 7 }, (_, at) => pack_frame({ type: "x", at, body: new Uint8Array(500_000) }));
    const messages = batch_frames(frames);
    assert.ok(messages.every(({ length }) => length <= 1_572_864));
    assert.deepEqual(messages.map((message) => /** @type {any[]} */ (unpack(message)).length), [3, 3, 1]);
    const too_large = () => pack_frame({ type: "x", body: new Uint8Array(1_600_000) });
    assert.throws(too_large, (error) => is_talk2me_error(error, "too_large"));
  });
});

// @ts-check
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { keep_release } from "../../../static/js/transport/worker_registration.js";

/** A window as far as it is asked for: what was registered, and what looks again by the clock. */
function make_platform() {
  const workers = Object.assign(new EventTarget(), {
    /** @type {any} */
    controller: null,
    registration: make_registration(),
    register: async () => workers.registration,
  });
  /** @type {(() => void)[]} */
  const clocks = [];
  return { navigator: { serviceWorker: workers }, workers, clocks, setInterval: (/** @type {() => void} */ work) => clocks.push(work) };
}

function make_registration() {
  return Object.assign(new EventTarget(), {
    /** @type {any} */
    waiting: null,
    /** @type {any} */
    installing: null,
    asked: 0,
    async update() {
      this.asked += 1;
    },
  });
}

describe("keeping a release", () => {
  it("tells nobody of the first worker, and of each later one once, however often somebody has come in", async () => {
    const platform = make_platform();
    const { workers, clocks } = platform;
    /** @type {string[]} */
    const told = [];
    for (let time = 0; time < 3; time += 1) await keep_release(platform, (state) => told.push(state));
    workers.controller = {};
    workers.dispatchEvent(new Event("controllerchange"));
    assert.deepEqual(told, []);
    workers.registration.installing = new EventTarget();
    workers.registration.dispatchEvent(new Event("updatefound"));
    workers.registration.waiting = workers.registration.installing;
    workers.registration.installing.dispatchEvent(new Event("statechange"));
    workers.dispatchEvent(new Event("controllerchange"));
    assert.deepEqual(told, ["ready", "taken"]);
    for (const look of clocks) look();
    assert.equal(workers.registration.asked, 1);
  });

  it("watches the new worker where this browser was erased", async () => {
    const platform = make_platform();
    const { workers, clocks } = platform;
    /** @type {string[]} */
    const told = [];
    workers.controller = {};
    await keep_release(platform, (state) => told.push(state));
    workers.registration = make_registration();
    workers.registration.waiting = {};
    await keep_release(platform, (state) => told.push(state));
    assert.deepEqual(told, ["ready"]);
    for (const look of clocks) look();
    assert.equal(workers.registration.asked, 1);
  });
});

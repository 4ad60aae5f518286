// @ts-check
// What was chosen for the looks is shown, kept, and forgotten with everything else.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

/** @type {Map<string, string>} */
const kept = new Map();
/** @type {Record<string, string | undefined>} */
const dataset = {};
const asked = Object.assign(new EventTarget(), { matches: false });
Object.assign(globalThis, {
  document: { documentElement: { dataset } },
  matchMedia: () => asked,
  localStorage: {
    getItem: (/** @type {string} */ key) => kept.get(key) ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ value) => kept.set(key, value),
    removeItem: (/** @type {string} */ key) => kept.delete(key),
  },
});

const { choose_look, forget_looks, read_look, show_looks } = await import("../../../static/js/ui/kit/appearance.js");

beforeEach(() => {
  kept.clear();
  asked.matches = false;
});

test("nothing chosen: as the system, comfortable", () => {
  show_looks();
  assert.deepEqual({ ...dataset }, { appearance: "system", contrast: "system", density: "comfortable" });
});

test("what was chosen is there when the page is opened again, and nothing else is kept", () => {
  choose_look("appearance", "dark");
  choose_look("contrast", "more");
  choose_look("density", "compact");
  choose_look("appearance", "system");
  assert.deepEqual([...kept], [["talk2me contrast", "more"], ["talk2me density", "compact"]]);
  for (const look of Object.keys(dataset)) delete dataset[look];
  show_looks();
  assert.deepEqual({ ...dataset }, { appearance: "system", contrast: "more", density: "compact" });
});

test("a system that asks for more contrast gets it, also later, and the choice stays what it is", () => {
  show_looks();
  asked.matches = true;
  asked.dispatchEvent(new Event("change"));
  assert.equal(dataset.contrast, "more");
  assert.equal(read_look("contrast"), "system");
  asked.matches = false;
  asked.dispatchEvent(new Event("change"));
  assert.equal(dataset.contrast, "system");
});

test("what nobody could have chosen counts as nothing", () => {
  kept.set("talk2me density", "toString");
  assert.equal(read_look("density"), "comfortable");
});

test("a browser that is erased looks as at first", () => {
  choose_look("contrast", "more");
  choose_look("density", "compact");
  forget_looks();
  assert.deepEqual([...kept], []);
  assert.deepEqual([dataset.contrast, dataset.density], ["system", "comfortable"]);
});

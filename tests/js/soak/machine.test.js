// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { is_talk2me_error } from "../../../static/js/errors.js";
import { Machine } from "./machine.js";

const NOWHERE = "http://127.0.0.1:9";

/** @param {import("../../../static/js/session/open_session.js").Session} session */
function store_of({ device }) {
  if (!device) throw new Error("a view");
  return device.store;
}

test("a page that loses its power has what it committed and nothing that it was about to, and writes no more", async () => {
  const machine = new Machine(NOWHERE);
  const store = store_of(await machine.open_tab());
  await store.transaction((changes) => changes.put("meta", "settings", { committed: true }));
  const begin = store.database.transaction.bind(store.database);
  /** @type {Promise<void>} */
  const is_writing = new Promise((resolve) => {
    store.database.transaction = (...wish) => {
      if (wish[1] === "readwrite") setImmediate(resolve);
      return begin(...wish);
    };
  });
  const lost = assert.rejects(store.transaction((changes) => changes.put("meta", "settings", { committed: false })));
  await is_writing;
  const again = store_of(await machine.kill());
  await lost;
  assert.deepEqual(await again.get("meta", "settings"), { committed: true });
  await assert.rejects(
    store.get("meta", "settings"),
    (error) => is_talk2me_error(error, "storage_blocked"),
  );
  await again.transaction((changes) => changes.put("meta", "settings", { again: true }));
  assert.deepEqual(await again.get("meta", "settings"), { again: true });
  machine.close();
});

test("without a cable nothing is asked and nothing answers", async () => {
  const machine = new Machine(NOWHERE);
  const session = await machine.open_tab();
  machine.disconnect();
  await assert.rejects(session.api.server(), (error) => is_talk2me_error(error, "offline"));
  assert.throws(() => machine.options.make_socket?.(NOWHERE));
  machine.close();
});

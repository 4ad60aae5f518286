// @ts-check
// The store's database without a browser. Run by tests/unit/client/test_state.py, in a Node that has SQLite.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, beforeEach, describe, it } from "node:test";
import { DatabaseFactory } from "../../../client/host/database_factory.js";
import { make_form, make_keys_readable } from "../../../client/host/key_records.js";
import { KeyRange } from "../../../client/host/transaction.js";
import { generate_signing_key, sign, verify } from "../../../static/js/crypto/ed25519.js";
import { is_talk2me_error } from "../../../static/js/errors.js";
import { delete_store, open_store } from "../../../static/js/store/open_store.js";

globalThis.IDBKeyRange = /** @type {any} */ (KeyRange);
make_keys_readable();

/** @param {number} length */
const random = (length) => crypto.getRandomValues(new Uint8Array(length));
/** @param {string} code */
const is = (code) => (/** @type {unknown} */ error) => is_talk2me_error(error, /** @type {any} */ (code));

describe("the store on SQLite", () => {
  const folder = mkdtempSync(join(tmpdir(), "talk2me-database-"));
  /** @type {any} */
  let factory;
  /** @type {import("../../../static/js/store/store.js").Store} */
  let store;

  const open = async (secret = "00") => {
    factory = new DatabaseFactory(folder, make_form(secret));
    store = await open_store("any", { random, factory });
    await store.take_ownership();
    return store;
  };
  const in_file = (/** @type {Uint8Array} */ part) => readFileSync(join(folder, "state.sqlite3")).includes(Buffer.from(part));
  beforeEach(async () => {
    store?.close();
    await delete_store("any", factory ?? new DatabaseFactory(folder, make_form("00")));
    await open();
  });
  after(() => {
    store.close();
    rmSync(folder, { recursive: true });
  });

  it("keeps records, in order and by parts, over a restart", async () => {
    const ids = Array.from({ length: 300 }, (_, at) => `m/${String(at).padStart(4, "0")}`);
    await store.transaction((changes) => ids.forEach((id) => changes.put("messages", id, { id })));
    await store.transaction((changes) => changes.put("messages", "n/0", { id: "n/0" }));
    store.close();
    await open();
    const listed = async (/** @type {any} */ range) => (await store.list("messages", range)).map(({ id, value }) => (assert.equal(value.id, id), id));
    assert.deepEqual(await listed({ prefix: "m/" }), ids);
    assert.deepEqual(await listed({ prefix: "m/", newest_first: true, limit: 100 }), ids.slice(200).reverse());
    assert.deepEqual(await listed({ prefix: "m/", after: ids[9], before: ids[12] }), ids.slice(10, 12));
    assert.equal(await store.count("messages", "m/", ids[9]), 290);
  });

  it("writes all of a transaction or nothing, and nothing for who does not own it any more", async () => {
    const later = store.fork();
    await later.take_ownership();
    const refused = store.transaction((changes) => changes.put("meta", "one", 1));
    await assert.rejects(refused, is("not_owner"));
    const failed = later.transaction((changes) => {
      changes.put("meta", "two", 2);
      changes.put_key("wrong", () => {});
    });
    await assert.rejects(failed, is("storage_damaged"));
    assert.deepEqual(await later.get_many("meta", ["one", "two"]), [undefined, undefined]);
    await later.transaction((changes) => changes.put("meta", "two", 3));
    assert.equal(await later.get("meta", "two"), 3);
  });

  it("keeps keys that sign, sealed: another key file opens nothing", async () => {
    const key = await generate_signing_key({ extractable: false });
    await store.transaction((changes) => changes.put_key("mls", key));
    const seed = new Uint8Array(await crypto.subtle.exportKey("pkcs8", key.private_key)).slice(-32);
    store.close();
    assert.equal(in_file(seed), false);
    await assert.rejects(open("01"), is("storage_damaged"));
    await open();
    const held = await store.get_key("mls");
    const text = random(9);
    assert.equal(await verify(key.public_key, text, await sign(held.private_key, text)), true);
  });

  it("leaves no trace of what was deleted in the file", async () => {
    await store.transaction((changes) => changes.put("meta", "gone", random(5000)));
    const sealed = (await store.read_sealed("meta", "", 9)).map((row) => row.sealed.slice(100, 200));
    const holds = () => sealed.some((part) => in_file(part));
    assert.equal(holds(), true);
    await store.transaction((changes) => changes.delete("meta", "gone"));
    assert.equal(holds(), false);
  });

  it("runs what comes at once one after the other", async () => {
    await store.transaction((changes) => changes.put("meta", "count", 0));
    const add = () => store.transaction((changes) => changes.update("meta", "count", () => {}).then(async () => changes.put("meta", "count", (await changes.get("meta", "count")) + 1)));
    await Promise.all([...Array.from({ length: 20 }, add), store.list("meta", { prefix: "" })]);
    assert.equal(await store.get("meta", "count"), 20);
  });
});

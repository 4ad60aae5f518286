// @ts-check
import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { IDBFactory, IDBKeyRange, IDBObjectStore } from "fake-indexeddb";
import { random_bytes } from "../../../static/js/crypto/random.js";
import { is_talk2me_error } from "../../../static/js/errors.js";
import { change_lock, finish_change } from "../../../static/js/store/change_lock.js";
import { make_lock } from "../../../static/js/store/lock_key.js";
import { open_store, VERSION } from "../../../static/js/store/open_store.js";
import { read_lock, refresh_keys, unlock_store } from "../../../static/js/store/unlock_store.js";

/** @import { Store } from "../../../static/js/store/store.js" */

globalThis.IDBKeyRange = IDBKeyRange;

const RECORDS = 450;
const passphrase = "correct horse battery";

/** @param {any} code @returns {(error: unknown) => boolean} */
const is = (code) => (error) => is_talk2me_error(error, code);

const by_passphrase = (/** @type {string} */ words) => make_lock({ passphrase: words }, random_bytes);

// A passkey's output costs no time.
const [prf_1, prf_2] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
const by_passkey = (/** @type {Uint8Array} */ prf) =>
  make_lock({ prf, credential_id: random_bytes(16), prf_salt: random_bytes(32) }, random_bytes);

describe("the store's lock", { timeout: 240_000 }, () => {
  /** @type {IDBFactory} */
  let factory;
  /** @type {Store} */
  let store;

  const open = async () => {
    const opened = await open_store("test", { random: random_bytes, factory });
    await opened.take_ownership();
    return opened;
  };
  /** @param {Store} of */
  const everything = async (of) => {
    const messages = await of.list("messages", { prefix: "m/" });
    return [messages.length, messages.every(({ id, value }) => value.text === `text of ${id}`), await of.get("meta", "profile")];
  };
  const whole = [RECORDS, true, { username: "alice" }];
  /** @param {string} id @param {any} value @param {string} [name] */
  const overwrite = (id, value, name = "keys") =>
    new Promise((resolve) => {
      const transaction = store.database.transaction(name, "readwrite");
      if (value === undefined) transaction.objectStore(name).delete(id);
      else transaction.objectStore(name).put(value, id);
      transaction.oncomplete = resolve;
    });
  const key_names = () =>
    new Promise((resolve) => {
      const request = store.database.transaction("keys").objectStore("keys").getAllKeys();
      request.onsuccess = () => resolve(request.result);
    });

  beforeEach(async () => {
    factory = new IDBFactory();
    store = await open();
    await store.transaction((changes) => {
      changes.put("meta", "profile", { username: "alice" });
      for (let at = 0; at < RECORDS; at += 1) changes.put("messages", `m/${at}`, { text: `text of m/${at}` });
    });
  });

  it("opens with the passphrase alone, however its accents were typed, and says what is wrong", async () => {
    await change_lock(store, await by_passphrase("Zoë's passphrase"));
    assert.deepEqual(await everything(store), whole);
    store.close();
    store = await open();
    assert.ok(store.locked);
    await assert.rejects(store.get("meta", "profile"), is("locked"));
    await assert.rejects(store.list("messages", { prefix: "" }), is("locked"));
    await assert.rejects(store.transaction((changes) => changes.put("meta", "x", {})), is("locked"));
    await assert.rejects(unlock_store(store, { passphrase: "Zoe's passphrase" }), is("lock_wrong"));
    await assert.rejects(unlock_store(store, { prf: random_bytes(32) }), is("lock_wrong"));
    await unlock_store(store, { passphrase: "Zoë's passphrase".normalize("NFD") });
    assert.deepEqual(await everything(store), whole);
    store.keyring.clear();
    await assert.rejects(store.get("meta", "profile"), is("locked"));
  });

  it("takes no passphrase of fewer than eight characters", async () => {
    await assert.rejects(by_passphrase("seven77"), is("lock_short"));
    await assert.rejects(by_passphrase("e\u0301e\u0301e\u0301e\u0301"), is("lock_short"));
    await by_passphrase("eight888");
  });

  it("opens with a passkey's output alone", async () => {
    await change_lock(store, await by_passkey(prf_1));
    store.close();
    store = await open();
    await assert.rejects(unlock_store(store, { prf: random_bytes(32) }), is("lock_wrong"));
    await assert.rejects(unlock_store(store, { passphrase }), is("lock_wrong"));
    await unlock_store(store, { prf: prf_1 });
    assert.deepEqual(await everything(store), whole);
  });

  it("leaves nothing that the browser's key or the old data key could open, and with every change another key", async () => {
    const old = store.keyring.current;
    await change_lock(store, await by_passkey(prf_1));
    assert.deepEqual(await key_names(), ["lock"]);
    const [{ id, sealed }] = await store.read_sealed("messages", "", 1);
    await assert.rejects(async () => old?.open("messages", id, sealed), is("storage_damaged"));
    await change_lock(store, await by_passkey(prf_2));
    await change_lock(store, null);
    assert.deepEqual(await key_names(), ["data_key", "wrapping"]);
    store.close();
    store = await open();
    assert.deepEqual(await everything(store), whole);
  });

  const changes_of_lock = {
    "turned on": { first: null, next: prf_1 },
    "turned off": { first: prf_1, next: null },
    "changed": { first: prf_2, next: prf_1 },
  };
  for (const [name, { first, next }] of Object.entries(changes_of_lock)) {
    it(`${name}: a page that ends after any transaction loses nothing, and the next one goes on`, async () => {
      if (first) await change_lock(store, await by_passkey(first));
      const lock = next ? await by_passkey(next) : null;
      let done = false;
      for (let room = 1; !done; room += 1) {
        const broken = new IDBFactory();
        await copy(factory, broken);
        done = await stop_after(broken, room, first, lock);
        const again = await open_store("test", { random: random_bytes, factory: broken });
        await again.take_ownership();
        const opener = done ? next : first;
        assert.equal(again.locked, opener !== null, `after ${room}`);
        if (opener) await unlock_store(again, { prf: opener });
        assert.deepEqual(await everything(again), whole, `after ${room}`);
        await again.transaction((changes) => changes.put("meta", "later", { room }));
        await finish_change(again);
        again.close();
        await only_opens_with(broken, next);
      }
    });
  }

  /** Changes the lock in a page that ends after `room` transactions. @returns {Promise<boolean>} whether that was all of it */
  async function stop_after(/** @type {IDBFactory} */ of, /** @type {number} */ room, /** @type {Uint8Array | null} */ first, /** @type {any} */ lock) {
    const page = await open_store("test", { random: random_bytes, factory: of });
    await page.take_ownership();
    if (first) await unlock_store(page, { prf: first });
    const run = page.transaction.bind(page);
    let left = room;
    page.transaction = async (work) => {
      if (left === 0) throw new Error("ended");
      left -= 1;
      return run(work);
    };
    const ended = await change_lock(page, lock).then(
      () => true,
      (error) => error.message !== "ended" && Promise.reject(error),
    );
    page.close();
    return ended;
  }

  /** @param {IDBFactory} of @param {Uint8Array | null} words */
  async function only_opens_with(of, words) {
    const page = await open_store("test", { random: random_bytes, factory: of });
    assert.equal(page.locked, words !== null);
    if (words) await unlock_store(page, { prf: words });
    assert.equal(page.keyring.old, null);
    assert.deepEqual(await everything(page), whole);
    const left = await Promise.all(["wrapping", "data_key", "lock", "change"].map((id) => page.get_key(id)));
    assert.deepEqual(left.map(Boolean), words ? [false, false, true, false] : [true, true, false, false]);
    page.close();
  }

  it("a disk that is full in the middle loses nothing, and the change goes on later", async () => {
    const { put } = IDBObjectStore.prototype;
    let left = 300;
    IDBObjectStore.prototype.put = function full(/** @type {any} */ ...given) {
      left -= 1;
      if (left < 0) throw new DOMException("", "QuotaExceededError");
      return put.apply(this, given);
    };
    await assert.rejects(change_lock(store, await by_passkey(prf_1)), is("storage_full"));
    IDBObjectStore.prototype.put = put;
    assert.deepEqual(await everything(store), whole);
    assert.equal(await read_lock(store), null);
    await finish_change(store);
    assert.deepEqual(await everything(store), whole);
    assert.equal((await read_lock(store))?.kind, "passkey");
  });

  it("what is written while it goes on stays", async () => {
    const changing = change_lock(store, await by_passkey(prf_1));
    const writes = Array.from({ length: 40 }, (_, at) =>
      store.transaction(async (changes) => {
        await new Promise((resolve) => void setTimeout(resolve, 1));
        await changes.update("messages", `m/${at * 10}`, (message) => {
          message.text = `altered ${at}`;
        });
      }),
    );
    await Promise.all([changing, ...writes]);
    for (let at = 0; at < 40; at += 1) assert.equal((await store.get("messages", `m/${at * 10}`)).text, `altered ${at}`);
    assert.equal((await store.get("messages", "m/1")).text, "text of m/1");
  });

  it("parameters that somebody has changed open nothing, and hang nothing", async () => {
    await change_lock(store, await by_passphrase(passphrase));
    store.close();
    store = await open();
    const lock = await read_lock(store);
    for (const changed of [{ m: 19_455 }, { t: 1 }, { p: 2 }, { m: 2 ** 30 }, { t: 17 }, { t: 2.5 }, { m: "65536" }]) {
      await overwrite("lock", { ...lock, ...changed });
      await assert.rejects(unlock_store(store, { passphrase }), is("lock_weak"), JSON.stringify(changed));
    }
    await overwrite("lock", { ...lock, m: 19_456, t: 2 });
    await assert.rejects(unlock_store(store, { passphrase }), is("lock_wrong"));
    for (const changed of [{ v: 2 }, { kind: "none" }, { salt: "text" }, { wrapped: null }]) {
      await overwrite("lock", { ...lock, ...changed });
      await assert.rejects(unlock_store(store, { passphrase }), is("storage_damaged"), JSON.stringify(changed));
    }
    await overwrite("lock", lock);
    await unlock_store(store, { passphrase });
    assert.deepEqual(await everything(store), whole);
  });

  it("keys that are gone while records are there are damage, and nothing is made in their place", async () => {
    for (const gone of ["wrapping", "data_key"]) {
      const broken = new IDBFactory();
      await copy(factory, broken, (id) => id !== gone);
      await assert.rejects(open_store("test", { random: random_bytes, factory: broken }), is("storage_damaged"), gone);
      await assert.rejects(open_store("test", { random: random_bytes, factory: broken }), is("storage_damaged"), gone);
    }
  });

  it("another page takes the keys that it is given; one that missed them finds them, or is locked", async () => {
    const view = await open_store("test", { random: random_bytes, factory });
    const asleep = await open_store("test", { random: random_bytes, factory });
    await change_lock(store, await by_passkey(prf_1), () => {
      const { keys } = store.keyring;
      if (keys) view.keyring.use(keys);
    });
    assert.deepEqual(await everything(view), whole);
    const late = asleep.get("meta", "profile");
    setTimeout(() => asleep.keyring.use(/** @type {any} */ (store.keyring.keys)), 50);
    assert.deepEqual(await late, { username: "alice" });

    const old = asleep.keyring.keys;
    await change_lock(store, await by_passkey(prf_2));
    await asleep.take_ownership();
    assert.deepEqual(asleep.keyring.keys, old);
    await refresh_keys(asleep);
    assert.ok(asleep.locked);
    await refresh_keys(store);
    assert.deepEqual(await everything(store), whole);
  });

  it("a page that becomes the owner in the middle of a change finds the new key by the old one", async () => {
    const next = await open_store("test", { random: random_bytes, factory });
    const run = store.transaction.bind(store);
    let left = 3;
    store.transaction = async (work) => (left-- > 0 ? run(work) : Promise.reject(new Error("ended")));
    await assert.rejects(change_lock(store, await by_passkey(prf_1)), /ended/);
    await next.take_ownership();
    await refresh_keys(next);
    assert.deepEqual(await everything(next), whole);
    await finish_change(next);
    assert.deepEqual(await everything(next), whole);
    assert.equal((await read_lock(next))?.kind, "passkey");
  });
});

/** @param {IDBFactory} from @param {IDBFactory} to @param {(id: string) => boolean} [keeps] keys */
async function copy(from, to, keeps = () => true) {
  /** @param {IDBFactory} of @returns {Promise<IDBDatabase>} */
  const database = (of) =>
    new Promise((resolve) => {
      const request = of.open("test", VERSION);
      request.onupgradeneeded = () => {
        for (const name of source.objectStoreNames) request.result.createObjectStore(name);
      };
      request.onsuccess = () => resolve(request.result);
    });
  const source = await database(from);
  const target = await database(to);
  for (const name of source.objectStoreNames) {
    const read = source.transaction(name).objectStore(name);
    const [ids, values] = await Promise.all([read.getAllKeys(), read.getAll()].map((request) => new Promise((resolve) => void (request.onsuccess = () => resolve(request.result)))));
    const transaction = target.transaction(name, "readwrite");
    for (const [at, id] of /** @type {string[]} */ (ids).entries()) if (name !== "keys" || keeps(id)) transaction.objectStore(name).put(values[at], id);
    await new Promise((resolve) => void (transaction.oncomplete = resolve));
  }
  source.close();
  target.close();
}

// @ts-check
// The vault on the server follows what is stored here: marked in the transaction that changes something, written a little
// later, taken in first when another device wrote one meanwhile. An older one than this device knows is never taken in.
import { from_base64url } from "../codec/base64url.js";
import { is_talk2me_error, Talk2meError } from "../errors.js";
import { open_vault, seal_vault } from "../protocol/vault.js";
import { absorb_vault } from "./absorb_vault.js";
import { gather_vault } from "./gather_vault.js";

/** @import { Changes } from "../store/changes.js" */
/** @import { Device } from "./device.js" */

const TRIES = 5;

/** @type {WeakSet<Device>} those that have looked at the server's since their page is the owner */
const looked = new WeakSet();
/** @type {WeakSet<Device>} those whose person was told that something is wrong with it */
const told = new WeakSet();

/** Notes that the stored vault is out of date. @param {Changes} changes @param {Device} device */
export async function mark_vault(changes, device) {
  const { version = 0, marks = 0 } = (await changes.get("meta", "vault")) ?? {};
  changes.put("meta", "vault", { version, dirty: true, marks: marks + 1 });
  changes.after(() => device.tasks.vault());
}

/**
 * Stores the vault if it is out of date. The first time since this page is the owner it looks at what the server has: what is older
 * than what this device knows, or can't be opened, is told and replaced.
 * @param {Device} device
 * @throws {Talk2meError} `vault_conflict` when other devices keep writing, or the server refuses what is newer than what it shows;
 *   `vault_invalid` when it refuses and shows what can't be opened; what the transport throws
 */
export function keep_vault(device) {
  return device.mutexes.run("vault", async () => {
    if (!looked.has(device)) await look_first(device);
    for (let tries = 0; tries < TRIES; tries += 1) {
      const state = await device.store.get("meta", "vault");
      if (!state?.dirty) return;
      if (await write_vault(device, state.version + 1, state.marks)) return;
    }
    throw new Talk2meError("vault_conflict");
  });
}

/** @param {Device} device */
async function look_first(device) {
  try {
    // A device that has not had one yet learns of another's when it writes its own.
    if ((await device.store.get("meta", "vault"))?.version > 0) await take_in(device);
  } catch (error) {
    if (!is_talk2me_error(error, "vault_invalid")) throw error;
    tell(device, error.code);
    await mark_only(device);
  }
  looked.add(device);
}

/**
 * @param {Device} device
 * @param {number} version
 * @param {number | undefined} marks how often it had been marked before what is written now was gathered
 * @returns {Promise<boolean>} false when another one is there, now taken in
 */
async function write_vault(device, version, marks) {
  const secrets = await device.store.get("meta", "secrets");
  const vault = await seal_vault({
    vault_key: secrets.vault_key,
    account: from_base64url(device.own.account),
    version,
    wraps: secrets.wraps,
    contents: await gather_vault(device.store),
    random: device.random,
  });
  try {
    await device.api.put_vault({ version, vault });
    await device.store.transaction((changes) =>
      changes.update("meta", "vault", (state) => {
        state.version = Math.max(version, state.version);
        // Marked again while it was on its way: then there is more to write.
        state.dirty = state.marks !== marks;
      }),
    );
    return true;
  } catch (error) {
    if (!is_talk2me_error(error, "vault_conflict")) throw error;
    // A server that refuses a newer one than it shows would go on doing so.
    if ((await take_in(device)) !== "newer") throw error;
    return false;
  }
}

/**
 * Takes in what the server has, if it is newer.
 * @param {Device} device
 * @returns {Promise<"newer" | "same" | "older">} of the stored one; an older one has been told, and ours is to be written again
 * @throws {Talk2meError} `vault_invalid` when it can't be opened
 */
async function take_in(device) {
  const opened = await open_stored(device);
  const order = await device.store.transaction(async (changes) => {
    const state = (await changes.get("meta", "vault")) ?? { version: 0, dirty: false };
    if (!opened || opened.version <= state.version) return (opened?.version ?? 0) < state.version ? "older" : "same";
    await absorb_vault(changes, device, opened.contents);
    changes.put("meta", "vault", { ...state, version: opened.version, dirty: true });
    return "newer";
  });
  if (order === "older") {
    tell(device, "vault_rolled_back");
    await mark_only(device);
  }
  return order;
}

/** @param {Device} device @returns {Promise<Awaited<ReturnType<typeof open_vault>> | null>} null when there is none */
async function open_stored(device) {
  let stored;
  try {
    stored = await device.api.get_vault();
  } catch (error) {
    if (is_talk2me_error(error, "not_found")) return null;
    throw error;
  }
  const { vault_key } = await device.store.get("meta", "secrets");
  const opened = await open_vault({ vault: stored.vault, account: from_base64url(device.own.account), vault_key });
  // The version inside is sealed, the server's word for it is not.
  if (opened.version !== stored.version) throw new Talk2meError("vault_invalid");
  return opened;
}

/** Once for each page: what the server keeps doing is no news. @param {Device} device @param {string} code */
function tell(device, code) {
  if (told.has(device)) return;
  told.add(device);
  device.emit("alert", { code });
}

/** Ours is to be written again; whoever calls does so now. @param {Device} device */
async function mark_only(device) {
  await device.store.transaction((changes) => changes.update("meta", "vault", (state) => (state.dirty = true)));
}

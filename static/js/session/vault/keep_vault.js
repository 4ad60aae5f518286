// @ts-check
// The vault on the server follows what is stored here: marked in the transaction that changes something, written a little
// later, taken in first when another device wrote one meanwhile. An older one than this device knows, or one that no active device of
// the account signed, is never taken in.
import { from_base64url } from "../../codec/base64url.js";
import { equal } from "../../codec/bytes.js";
import { sha256 } from "../../crypto/hash.js";
import { is_talk2me_error, Talk2meError } from "../../errors.js";
import { seal_vault } from "../../protocol/vault.js";
import { absorb_vault } from "./absorb_vault.js";
import { adds_to_contents, lacks_wraps } from "./adds_to_vault.js";
import { gather_vault } from "./gather_vault.js";
import { wrap_for_all } from "./make_wraps.js";
import { add_archive_key } from "./merge_secrets.js";
import { open_stored_vault } from "./open_stored_vault.js";
import { get_secrets } from "./secrets.js";

/** @import { Changes } from "../../store/changes.js" */
/** @import { Device } from "../device.js" */
/** @import { Secrets } from "../records.js" */

const TRIES = 5;
// How far a version that can't be believed is followed, so that what replaces it is newer. A device takes the server's a million further with
// each it writes; what is left is enough for thousands of lies.
const MOST_AHEAD = 2 ** 40;

/** @type {WeakSet<Device>} those that have looked at the server's since their page is the owner */
const looked = new WeakSet();
/** @type {WeakSet<Device>} those whose person was told that something is wrong with it */
const told = new WeakSet();

/** Notes that the stored vault is out of date. @param {Changes} changes @param {Device} device */
export async function mark_vault(changes, device) {
  const state = (await changes.get("meta", "vault")) ?? { version: 0 };
  changes.put("meta", "vault", { ...state, dirty: true, marks: (state.marks ?? 0) + 1 });
  changes.after(() => device.tasks.vault());
}

/**
 * Stores the vault if it is out of date. The first time since this page is the owner, and when asked to, it looks at what the server
 * has: what is older than what this device knows, or can't be opened, is told and replaced.
 * @param {Device} device
 * @param {{ look?: boolean }} [options]
 * @throws {Talk2meError} `vault_conflict` when other devices keep writing, or the server refuses what is newer than what it shows;
 *   `vault_invalid` when it refuses and shows what can't be opened; what the transport throws
 */
export function keep_vault(device, { look = false } = {}) {
  return device.mutexes.run("vault", async () => {
    if (look || !looked.has(device)) await look_at(device);
    for (let tries = 0; tries < TRIES; tries += 1) {
      const state = await device.store.get("meta", "vault");
      if (!state?.dirty) return;
      if (await write_vault(device, state.version + 1, state.marks)) return;
    }
    throw new Talk2meError("vault_conflict");
  });
}

/** @param {Device} device */
async function look_at(device) {
  // A device that has not had one yet learns of another's when it writes its own.
  if ((await device.store.get("meta", "vault"))?.version > 0) await take_in(device);
  looked.add(device);
}

/**
 * Another device says, in the archive, that it has written one.
 * @param {Device} device
 * @param {{ version: number }} note
 */
export async function heed_vault_note(device, { version }) {
  if (version > ((await device.store.get("meta", "vault"))?.version ?? 0)) await keep_vault(device, { look: true });
}

/**
 * @param {Device} device
 * @param {number} version
 * @param {number | undefined} marks how often it had been marked before what is written now was gathered
 * @returns {Promise<boolean>} false when another one is there, now taken in
 */
async function write_vault(device, version, marks) {
  const vault = await seal_own(device, version);
  try {
    await device.api.put_vault({ version, vault });
  } catch (error) {
    if (!is_talk2me_error(error, "vault_conflict")) throw error;
    // A server that refuses a newer one than it shows would go on doing so.
    const order = await take_in(device);
    if (order === "newer") return false;
    throw order === "invalid" ? new Talk2meError("vault_invalid") : error;
  }
  await device.store.transaction((changes) =>
    changes.update("meta", "vault", (state) => {
      state.version = Math.max(version, state.version);
      state.signed = true;
      // A key that was made since is not there yet.
      if (!(state.rotated > (marks ?? 0))) state.rotated = 0;
      // Marked again while it was on its way: then there is more to write.
      state.dirty = state.marks !== marks;
    }),
  );
  device.tasks.tell_vault({ version, hash: await sha256(vault) });
  return true;
}

/** @param {Device} device @param {number} version */
async function seal_own(device, version) {
  const { store, own, origin, random } = device;
  const { secrets, chain } = await wrap_for_all(device);
  return seal_vault({
    vault_key: secrets.vault_key,
    account: from_base64url(own.account),
    origin,
    version,
    author: from_base64url(own.device),
    sign_in_key: /** @type {NonNullable<Device["keys"]>} */ (device.keys).sign_in.private_key,
    wraps: secrets.wraps,
    contents: await gather_vault(store, chain),
    random,
  });
}

/**
 * Takes in what the server has, if it is newer.
 * @param {Device} device
 * @returns {Promise<"newer" | "same" | "older" | "invalid">} of the stored one; one that is older, or can't be believed, has been told, and
 *   ours is to be written again; `newer` also when it can't be believed and ours will be newer than that
 */
async function take_in(device) {
  const found = await open_or_tell(device);
  if (found === "newer" || found === "invalid") return found;
  const order = await device.store.transaction(async (changes) => {
    const state = (await changes.get("meta", "vault")) ?? { version: 0, dirty: false };
    if (!found || found.version <= state.version) return (found?.version ?? 0) < state.version ? "older" : "same";
    const { contents, vault_key, wraps, was_form_1 } = found.opened;
    const secrets = await get_secrets({ store: changes });
    // Another device may have made a new key. One that this device has made, and nobody has yet, comes after it.
    if (!state.rotated) changes.put("meta", "secrets", { ...secrets, vault_key, wraps });
    await absorb_vault(changes, device, contents);
    if (state.rotated) await keep_archive_key_newest(changes, device, secrets);
    changes.put("meta", "vault", { ...state, version: found.version, dirty: true, signed: !was_form_1 });
    return state.dirty || state.rotated || was_form_1 ? "newer" : "taken";
  });
  if (order === "taken") return settle(device, /** @type {NonNullable<typeof found>} */ (found));
  if (order === "older") {
    tell(device, "vault_rolled_back");
    await mark_only(device, 0);
  }
  return order;
}

/**
 * Nothing was to be written here before: then nothing is now, unless the other vault lacks something.
 * @param {Device} device
 * @param {NonNullable<Awaited<ReturnType<typeof open_stored_vault>>>} taken
 * @returns {Promise<"newer">}
 */
async function settle({ store, own }, { opened: { contents, wraps }, version }) {
  const { marks } = await store.get("meta", "vault");
  const { chain } = await store.get("contacts", own.account);
  const mine = await gather_vault(store, chain);
  const who = { device: from_base64url(own.device), recovery: mine.recovery };
  if (adds_to_contents(mine, contents) || lacks_wraps(wraps, who)) return "newer";
  await store.transaction((changes) =>
    changes.update("meta", "vault", (state) => {
      if (state.version === version && state.marks === marks) state.dirty = false;
    }),
  );
  return "newer";
}

/**
 * Whom this device has left out was able to read the other device's vault, and its archive key with it.
 * @param {Changes} changes
 * @param {Device} device
 * @param {Secrets} before with the key that this device has made
 */
async function keep_archive_key_newest(changes, device, { archive: { keys } }) {
  const secrets = await get_secrets({ store: changes });
  if (keys.length > 0 && equal(secrets.archive.keys[0].key, keys[0].key)) return;
  changes.put("meta", "secrets", { ...secrets, archive: add_archive_key(secrets.archive, device.random(32)) });
}

/** @param {Device} device @returns {Promise<Awaited<ReturnType<typeof open_stored_vault>> | "newer" | "invalid">} as `take_in` */
async function open_or_tell(device) {
  const { signed = false, version: known = 0 } = (await device.store.get("meta", "vault")) ?? {};
  try {
    const found = await open_stored_vault(device);
    // One of a release before 0.4 says of nobody that he wrote it.
    if (found?.opened.was_form_1 && signed && found.version > known) throw new Talk2meError("vault_invalid", { version: found.version });
    return found;
  } catch (error) {
    if (!is_talk2me_error(error, "vault_invalid")) throw error;
    tell(device, error.details.by_removed === true ? "vault_by_removed_device" : "vault_invalid");
    // Who is being revoked must not put its own in the place of what it can't read.
    if (error.details.left_out === true) return "invalid";
    return (await mark_only(device, Number(error.details.version ?? 0))) ? "newer" : "invalid";
  }
}

/** Once for each page: what the server keeps doing is no news. @param {Device} device @param {string} code */
function tell(device, code) {
  // With the account its vault goes, as was asked.
  if (device.hold_end || told.has(device)) return;
  told.add(device);
  device.emit("alert", { code });
}

/**
 * Ours is to be written again, as a newer one than what is there; whoever calls does so now.
 * @param {Device} device
 * @param {number} version what the server calls what is there
 * @returns {Promise<boolean>} whether ours is of a later version than before by that
 */
async function mark_only(device, version) {
  let is_later = false;
  await device.store.transaction((changes) =>
    changes.update("meta", "vault", (state) => {
      state.dirty = true;
      is_later = version > state.version && version <= state.version + MOST_AHEAD;
      if (is_later) state.version = version;
    }),
  );
  return is_later;
}

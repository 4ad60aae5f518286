// @ts-check
// The vault on the server follows what is stored here: marked in the transaction that changes something, written a little
// later, taken in first when another device wrote one meanwhile.
import { from_base64url } from "../codec/base64url.js";
import { is_talk2me_error, Talk2meError } from "../errors.js";
import { open_vault, seal_vault } from "../protocol/vault.js";
import { absorb_vault } from "./absorb_vault.js";
import { gather_vault } from "./gather_vault.js";

/** @import { Changes } from "../store/changes.js" */
/** @import { Device } from "./device.js" */

const TRIES = 5;

/** Notes that the stored vault is out of date. @param {Changes} changes @param {Device} device */
export async function mark_vault(changes, device) {
  const { version = 0, marks = 0 } = (await changes.get("meta", "vault")) ?? {};
  changes.put("meta", "vault", { version, dirty: true, marks: marks + 1 });
  changes.after(() => device.tasks.vault());
}

/**
 * Stores the vault if it is out of date.
 * @param {Device} device
 * @throws {Talk2meError} `vault_conflict` when other devices keep writing; what the transport throws
 */
export function keep_vault(device) {
  return device.mutexes.run("vault", async () => {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const state = await device.store.get("meta", "vault");
      if (!state?.dirty) return;
      if (await write_vault(device, state.version + 1, state.marks)) return;
    }
    throw new Talk2meError("vault_conflict");
  });
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
    await take_in(device);
    return false;
  }
}

/** @param {Device} device */
async function take_in(device) {
  const stored = await device.api.get_vault();
  const { vault_key } = await device.store.get("meta", "secrets");
  const opened = await open_vault({ vault: stored.vault, account: from_base64url(device.own.account), vault_key });
  // The version inside is sealed, the server's word for it is not.
  if (opened.version !== stored.version) throw new Talk2meError("vault_invalid");
  await device.store.transaction(async (changes) => {
    const state = await changes.get("meta", "vault");
    // It only grows: an older one is a rollback.
    if (opened.version > state.version) await absorb_vault(changes, device, opened.contents);
    changes.put("meta", "vault", { ...state, version: Math.max(state.version, opened.version), dirty: true });
  });
}

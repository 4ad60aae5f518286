// @ts-check
// The devices of the account, and what a person can say of them: a name, that it is the one that was meant.
import { to_base64url } from "../../codec/base64url.js";
import { is_talk2me_error, Talk2meError } from "../../errors.js";
import { device_code } from "../../protocol/device_code.js";
import { change_device_entry, find_entry, get_device_entries } from "../vault/device_entries.js";
import { check_device_name } from "./device_name.js";
import { refresh_contact } from "../refresh_contact.js";

/** @import { Bytes } from "../../codec/bytes.js" */
/** @import { ChainDevice } from "../../protocol/account_chain.js" */
/** @import { Device } from "../device.js" */
/**
 * @typedef {{ device: string, own: boolean, name: string, added: number, active: boolean, created: string | null,
 *   last_seen: string | null, idle: boolean, verified: boolean, code: string }} Listed `added`: the number of the chain's event;
 *   `created`, `last_seen`: days, as the server says; `code`: six groups of five digits
 */

const IDLE = 30 * 86_400_000;

/** @type {Map<string, Promise<string>>} computed once: it takes a while */
const codes = new Map();

/** @param {Device} device @returns {Promise<Listed[]>} */
export async function list_devices(device) {
  const { chain } = await refresh_contact(device, device.own.account);
  const entries = await get_device_entries(device.store);
  const seen = await days_seen(device);
  return Promise.all(
    chain.devices.map(async (listed) => {
      const id = to_base64url(listed.device_id);
      const entry = find_entry(entries, id);
      const { created = null, last_seen = null } = seen.get(id) ?? {};
      const own = id === device.own.device;
      return {
        ...{ device: id, own, name: entry?.name ?? "", added: listed.added, active: listed.removed === null, created, last_seen },
        idle: last_seen !== null && !own && device.now() - Date.parse(last_seen) > IDLE,
        verified: own || (entry?.verified ?? false),
        code: await code_of(chain.account, listed),
      };
    }),
  );
}

/** @param {Device} device @returns {Promise<Map<string, { created: string, last_seen: string | null }>>} nothing where it is not to be had now */
async function days_seen(device) {
  try {
    const { devices } = await device.api.devices();
    return new Map(devices.map(({ device: id, created, last_seen }) => [id, { created, last_seen }]));
  } catch (error) {
    if (!is_talk2me_error(error)) throw error;
    return new Map();
  }
}

/** @param {Bytes} account @param {ChainDevice} device */
function code_of(account, { device_id, signature_key, sign_in_key }) {
  const id = to_base64url(signature_key);
  const code = codes.get(id) ?? device_code(account, device_id, signature_key, sign_in_key);
  codes.set(id, code);
  return code;
}

/** @param {Device} device @param {{ device: string, name: string }} wish @throws {Talk2meError} `not_found` */
export async function rename_device(device, { device: id, name }) {
  await change(device, id, { name: check_device_name(name) });
  if (id !== device.own.device) return;
  const profile = { ...device.own, device_name: check_device_name(name) };
  await device.store.transaction((changes) => changes.put("meta", "profile", profile));
  device.profile = profile;
  device.emit("profile");
}

/** @param {Device} device @param {{ device: string, verified: boolean }} wish @throws {Talk2meError} `not_found` */
export async function verify_device(device, { device: id, verified }) {
  await change(device, id, { verified: verified === true });
}

/** @param {Device} device @param {string} id @param {{ name?: string, verified?: boolean }} said */
async function change(device, id, said) {
  const is_known = await device.store.transaction((changes) => change_device_entry(changes, device, id, said));
  if (!is_known) throw new Talk2meError("not_found");
}

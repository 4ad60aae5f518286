// @ts-check
// Everything a person can cause, by name (docs/browser_layers.md, Commands). The owner's tab carries them out.
import { accept_identity } from "./accept_identity.js";
import { accept_request, decline_request } from "./accept_request.js";
import { confirm_recovery_key, pending_recovery_key } from "./confirm_recovery_key.js";
import { export_account } from "./export_account.js";
import { find_account } from "./find_account.js";
import { import_account } from "./import_account.js";
import { dismiss_key_log_alarm, restart_key_log, save_evidence } from "./key_log/answer_alarm.js";
import { set_witnesses } from "./key_log/check_witnesses.js";
import { watch_log } from "./key_log/watch_log.js";
import { keep_vault } from "./keep_vault.js";
import { list_devices } from "./list_devices.js";
import { make_invitation } from "./make_invitation.js";
import { mark_read } from "./mark_read.js";
import { publish_key_packages } from "./publish_key_packages.js";
import { read_invitation } from "./read_invitation.js";
import { retry, send_text } from "./send_text.js";
import { set_setting } from "./set_setting.js";
import { sign_up } from "./sign_up.js";
import { start_conversation } from "./start_conversation.js";
import { safety_number, unverify_contact, verify_contact } from "./verify_contact.js";

/** @import { Device } from "./device.js" */
/** @import { Session } from "./open_session.js" */
/** @import { Profile } from "./records.js" */
/** @typedef {(device: Device, args: any, session: Session) => Promise<any>} Command */

const FIRST_KEY_PACKAGES = 2;

/** @type {Record<string, Command>} */
export const COMMANDS = {
  sign_up: (device, args, session) => begin_account(device, session, sign_up(device, args)),
  pending_recovery_key,
  confirm_recovery_key,
  make_invitation,
  read_invitation: async (device, args) => {
    // The token stays below: only start_conversation needs it, and reads it again.
    const { account, username, own, known } = await read_invitation(device, args);
    return { account, username, own, known };
  },
  find_account,
  start_conversation,
  accept_request,
  decline_request,
  send_text,
  retry,
  mark_read,
  safety_number,
  verify_contact,
  unverify_contact,
  accept_identity,
  export_account,
  import_account: (device, args, session) => begin_account(device, session, import_account(device, args)),
  devices: list_devices,
  set_setting,
  save_evidence,
  dismiss_key_log_alarm,
  restart_key_log,
  set_witnesses,
  check_key_log: watch_log,
  erase_browser: (_device, _args, session) => session.erase(),
};

/**
 * @param {Device} device
 * @param {Session} session
 * @param {Promise<Profile>} made
 */
async function begin_account(device, session, made) {
  await session.adopt(await made);
  session.connect();
  session.emit("profile");
  // Whoever is told that the account is there can be written to. The rest of the key packages takes seconds on a slow machine:
  // it is made when the socket is up, as is what fails here.
  const outcomes = await Promise.allSettled([keep_vault(device), publish_key_packages(device, { at_most: FIRST_KEY_PACKAGES })]);
  for (const outcome of outcomes) if (outcome.status === "rejected") device.tell_failure(outcome.reason);
  return session.profile();
}

// @ts-check
// Everything a person can cause, by name (docs/browser_layers.md, Commands). The owner's tab carries them out.
import { delete_account } from "./account/delete_account.js";
import { known_of_account } from "./account/known_of_account.js";
import { set_archive, set_conversation_archive } from "./archive/set_archive.js";
import { accept_identity } from "./accept_identity.js";
import { accept_request, decline_request } from "./accept_request.js";
import { confirm_recovery_key, pending_recovery_key } from "./confirm_recovery_key.js";
import { export_account } from "./export_account.js";
import { FILES_COMMANDS } from "./files/files_commands.js";
import { find_account } from "./find_account.js";
import { GROUP_COMMANDS } from "./groups/group_commands.js";
import { import_account } from "./join/import_account.js";
import { dismiss_key_log_alarm, restart_key_log, save_evidence } from "./key_log/answer_alarm.js";
import { set_witnesses } from "./key_log/check_witnesses.js";
import { watch_log } from "./key_log/watch_log.js";
import { keep_vault } from "./vault/keep_vault.js";
import { begin_link, confirm_link } from "./link/begin_link.js";
import { finish_linking } from "./link/finish_linking.js";
import { link_browser } from "./link/link_browser.js";
import { cancel_link } from "./link/link_box.js";
import { list_devices, rename_device, verify_device } from "./devices/list_devices.js";
import { make_invitation } from "./make_invitation.js";
import { MESSAGE_COMMANDS } from "./messages/message_commands.js";
import { persist_after_first_message, persist_storage } from "./lock/persist_storage.js";
import { add_passkey, list_passkeys, passkey_options, remove_passkey } from "./passkeys/manage_passkeys.js";
import { passkey_sign_in } from "./passkeys/passkey_sign_in.js";
import { PEOPLE_COMMANDS } from "./people/people_commands.js";
import { publish_key_packages } from "./publish_key_packages.js";
import { PUSH_COMMANDS } from "./push/push_commands.js";
import { read_invitation } from "./read_invitation.js";
import { finish_recovery, recover_account } from "./join/recover_account.js";
import { check_recovery_key, postpone_recovery_reminder } from "./recovery/check_recovery_key.js";
import { new_recovery_key, object_recovery_key, object_reset } from "./recovery/new_recovery_key.js";
import { reset_account } from "./join/reset_account.js";
import { revoke_devices } from "./devices/revoke_devices.js";
import { send_text } from "./messages/send_text.js";
import { remove_lock, set_lock, set_lock_timeout, sign_out } from "./lock/set_lock.js";
import { set_setting } from "./set_setting.js";
import { sign_up } from "./join/sign_up.js";
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
  send_text: async (device, args, session) => {
    const sent = await send_text(device, args);
    device.background(() => persist_after_first_message(device, session.platform));
    return sent;
  },
  ...MESSAGE_COMMANDS,
  ...FILES_COMMANDS,
  safety_number,
  verify_contact,
  unverify_contact,
  accept_identity,
  export_account,
  import_account: (device, args, session) => begin_account(device, session, import_account(device, args)),
  begin_link,
  confirm_link,
  cancel_link,
  link_browser: (device, args, session) => begin_account(device, session, link_browser(device, args)),
  finish_linking: (device, _args, session) => begin_account(device, session, finish_linking(device)),
  recover_account: (device, args, session) => begin_account(device, session, recover_account(device, args)),
  finish_recovery,
  reset_account: (device, args, session) => begin_account(device, session, reset_account(device, args)),
  object_reset,
  // These four by way of the authenticator: passkeys/ask_authenticator.js.
  passkey_sign_in: (device, args, session) => begin_account(device, session, passkey_sign_in(device, args)),
  add_passkey,
  remove_passkey,
  new_recovery_key,
  passkey_options,
  list_passkeys,
  check_recovery_key,
  object_recovery_key,
  postpone_recovery_reminder,
  devices: list_devices,
  rename_device,
  verify_device,
  revoke_devices,
  set_setting,
  set_archive,
  set_conversation_archive,
  save_evidence,
  dismiss_key_log_alarm,
  restart_key_log,
  set_witnesses,
  check_key_log: watch_log,
  set_lock,
  remove_lock,
  set_lock_timeout,
  sign_out,
  ...GROUP_COMMANDS,
  ...PEOPLE_COMMANDS,
  ...PUSH_COMMANDS,
  known_of_account,
  delete_account: async (device, _args, session) => {
    await delete_account(device);
    await session.erase();
  },
  erase_browser: (_device, _args, session) => session.erase(),
};

/**
 * @param {Device} device
 * @param {Session} session
 * @param {Promise<Profile>} made
 */
async function begin_account(device, session, made) {
  await session.adopt(await made);
  await session.connect();
  session.emit("profile");
  void persist_storage(session.platform);
  // Whoever is told that the account is there can be written to. The rest of the key packages takes seconds on a slow machine:
  // it is made when the socket is up, as is what fails here.
  const outcomes = await Promise.allSettled([keep_vault(device), publish_key_packages(device, { at_most: FIRST_KEY_PACKAGES })]);
  for (const outcome of outcomes) if (outcome.status === "rejected") device.tell_failure(outcome.reason);
  return session.profile();
}

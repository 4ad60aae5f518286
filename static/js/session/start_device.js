// @ts-check
// Connects a signed-in device and keeps everything that follows from being connected going.
import { to_base64url } from "../codec/base64url.js";
import { is_bytes } from "../codec/bytes.js";
import { connect } from "../transport/mailbox_socket.js";
import { follow_archive } from "./archive/follow_archive.js";
import { note_vault } from "./archive/note_archive.js";
import { is_archive, read_forward } from "./archive/read_forward.js";
import { write_archive } from "./archive/write_archive.js";
import { catch_up, flush_all } from "./catch_up.js";
import { flush_outbox } from "./flush_outbox.js";
import { compare_told } from "./key_log/compare_told.js";
import { watch_log } from "./key_log/watch_log.js";
import { heed_vault_note, keep_vault } from "./vault/keep_vault.js";
import { forget_old_proofs } from "./people/keep_proof.js";
import { settle_notes } from "./notes/settle_notes.js";
import { expire_messages } from "./messages/expire_messages.js";
import { take_signal } from "./messages/typing.js";
import { publish_key_packages } from "./publish_key_packages.js";
import { receive_device_mailbox } from "./receive_device_mailbox.js";
import { read_pushed } from "./read_envelopes.js";
import { receive_envelopes } from "./receive_envelopes.js";
import { look_for_more } from "./refresh_contact.js";
import { rejoin_conversation } from "./rejoin_conversation.js";
import { index_messages } from "./search/index_messages.js";
import { watch_account } from "./devices/watch_account.js";
import { try_until_done } from "./try_until_done.js";

/** @import { Device } from "./device.js" */
/** @import { State } from "../transport/mailbox_socket.js" */

const VAULT_WAIT = 1_500;
const REPLACED_WAIT = 2_000;
// Many messages of one moment name one checkpoint.
const COMPARE_WAIT = 200;
// What is written is in the index a moment later.
const INDEX_WAIT = 2_000;
// How often a log that is not as it should be is looked at.
const LOOK_AGAIN = 60_000;
const HOUR = 3_600_000;

/**
 * @param {Device} device with profile and keys
 * @param {{ get_token: (options: { fresh: boolean }) => Promise<Uint8Array>, make_socket?: (url: string) => WebSocket,
 *   network?: EventTarget, on_state: (state: State) => void }} options
 */
export function start_device(device, { get_token, make_socket, network, on_state }) {
  set_tasks(device);
  device.socket = connect({
    url: `${device.origin.replace(/^http/, "ws")}/ws`,
    get_token,
    make_socket,
    network,
    now: device.now,
    random: device.random,
    on_frame: (frame) => take_frame(device, frame),
    on_state: (state) => {
      const { stopped } = state;
      const tell = () => {
        on_state(state);
        if (stopped) tell_end(device, stopped);
      };
      if (stopped && device.hold_end) device.hold_end(tell);
      else tell();
      if (state.state !== "online") return;
      const device_mailbox = state.hello?.device_mailbox;
      device.device_mailbox = is_bytes(device_mailbox, 16) ? to_base64url(device_mailbox) : null;
      device.background(() => catch_up(device));
    },
  });
  every_hour(device);
  device.background(() => expire_messages(device));
  device.background(() => forget_old_proofs(device));
  device.later(INDEX_WAIT, () => index_messages(device));
}

/**
 * Another page of this browser closes this device before it connects with its keys; who does so elsewhere has a copy of them.
 * @param {Device} device
 * @param {string} code
 */
function tell_end(device, code) {
  if (code === "replaced") device.later(REPLACED_WAIT, async () => device.emit("alert", { code: "clone_found" }));
  else device.emit("alert", { code });
}

/** @param {Device} device */
function set_tasks(device) {
  /** @type {Map<string, any>} several wishes for one thing become one */
  const planned = new Map();
  /** @param {string} name @param {number} wait @param {() => Promise<unknown>} work */
  const soon = (name, wait, work) => {
    if (planned.has(name)) {
      if (wait > 0) return;
      device.cancel(planned.get(name));
    }
    planned.set(
      name,
      device.later(wait, () => {
        planned.delete(name);
        return work();
      }),
    );
  };
  /** @type {Set<string>} */
  const to_index = new Set();
  device.tasks = {
    flush: (conversation, wait = 0) => soon(`flush/${conversation}`, wait, () => flush_outbox(device, conversation)),
    join: () => soon("join", 0, async () => (device.online ? try_until_done(device, () => join_and_receive(device)) : undefined)),
    rejoin: (mailbox) => soon(`rejoin/${mailbox}`, 0, () => rejoin_conversation(device, mailbox)),
    refresh: (account, told) => soon(`refresh/${account}`, 0, () => look_for_more(device, account, told)),
    vault: () => soon("vault", VAULT_WAIT, () => keep_vault(device)),
    replenish: () => soon("replenish", 0, () => publish_key_packages(device)),
    compare_log: (wait = COMPARE_WAIT) => soon(`compare log/${wait}`, wait, () => compare_told(device)),
    flush_all: () => soon("flush all", 0, () => flush_all(device)),
    vault_note: (note) => soon("vault note", 0, () => heed_vault_note(device, note)),
    tell_vault: (note) => device.background(() => device.store.transaction((changes) => note_vault(changes, device, note))),
    archive: (wait) => soon("archive", wait, () => write_archive(device)),
    follow_archive: () => soon("follow archive", 0, async () => (device.online ? follow_archive(device) : undefined)),
    read_archive: (wait) => soon("read archive", wait, async () => (device.online ? read_forward(device) : undefined)),
    index: (conversation) => {
      to_index.add(conversation);
      soon("index", INDEX_WAIT, () => index_messages(device, to_index));
    },
    settle_notes: () => soon("settle notes", 0, () => settle_notes(device)),
    look_again: () => soon("look again", LOOK_AGAIN, async () => (device.online ? watch_log(device) : undefined)),
  };
}

/** @param {Device} device @param {any} frame pushed by the server */
function take_frame(device, frame) {
  const mailbox = is_bytes(frame.mailbox, 16) ? to_base64url(frame.mailbox) : null;
  if (!mailbox) return;
  if (frame.type === "envelope.new" && mailbox === device.device_mailbox) {
    device.background(() => try_until_done(device, () => join_and_receive(device)));
  } else if (frame.type === "envelope.new") {
    device.background(() => try_until_done(device, () => receive_pushed(device, mailbox, frame)));
  } else if (frame.type === "signal") {
    device.background(() => take_signal(device, mailbox, frame.body));
  } else if (frame.type === "subscription.ended") {
    device.background(() => try_until_done(device, () => receive_envelopes(device, mailbox)));
  }
}

/** @param {Device} device @param {string} mailbox @param {any} frame */
async function receive_pushed(device, mailbox, frame) {
  if (await is_archive(device, mailbox)) {
    await read_forward(device, frame);
    return;
  }
  // Where numbers are missing this device may have been put out and let in again: the welcome comes first.
  if (!(await is_next(device, mailbox, frame))) await join_and_receive(device);
  await receive_envelopes(device, mailbox, frame);
}

/** @param {Device} device @param {string} mailbox @param {any} frame */
async function is_next(device, mailbox, frame) {
  const cursor = await device.store.get("cursors", mailbox);
  const [first] = read_pushed(frame)?.envelopes ?? [];
  return cursor === undefined || first === undefined || first.sequence <= cursor.sequence + 1;
}

/** @param {Device} device */
async function join_and_receive(device) {
  for (const mailbox of await receive_device_mailbox(device)) await receive_envelopes(device, mailbox);
}

/** @param {Device} device */
function every_hour(device) {
  device.later(HOUR, async () => {
    every_hour(device);
    await forget_old_proofs(device);
    if (!device.online) return;
    await watch_log(device);
    await watch_account(device);
    await publish_key_packages(device);
  });
}

// @ts-check
// The account with its history as one encrypted file, to be opened with the recovery key (docs/protocol.md 5).
import { from_base64url } from "../codec/base64url.js";
import { Talk2meError } from "../errors.js";
import { write_account_file } from "../protocol/account_file.js";
import { gather_vault } from "./vault/gather_vault.js";
import { wrap_for_all } from "./vault/make_wraps.js";
import { message_prefix } from "./records.js";

/** @import { ChainState } from "../protocol/account_chain.js" */
/** @import { Device } from "./device.js" */
/** @import { FileRecord } from "../protocol/account_file.js" */
/** @import { Store } from "../store/store.js" */
/** @import { Conversation } from "./records.js" */

const PAGE = 500;

/**
 * @param {Device} device
 * @returns {Promise<{ file: Blob, name: string }>}
 * @throws {Talk2meError} `recovery_key_needed` when no recovery key could open it
 */
export async function export_account(device) {
  const { account, username } = device.own;
  const { secrets, chain } = await wrap_for_all(device);
  const wrap = secrets.wraps.find(({ kind }) => kind !== "device");
  if (!wrap) throw new Talk2meError("recovery_key_needed");
  const pieces = [];
  const file = write_account_file({
    account: from_base64url(account),
    username,
    origin: device.origin,
    wrap,
    vault_key: secrets.vault_key,
    now: device.now(),
    random: device.random,
    records: all_records(device.store, chain),
  });
  for await (const piece of file) pieces.push(piece);
  const day = new Date(device.now()).toISOString().slice(0, 10);
  return { file: new Blob(pieces, { type: "application/octet-stream" }), name: `talk2me-${username}-${day}.t2m` };
}

/** @param {Store} store @param {ChainState} chain @returns {AsyncGenerator<FileRecord, void>} */
async function* all_records(store, chain) {
  yield { type: "vault", contents: await gather_vault(store, chain) };
  const rows = await store.list("conversations", { prefix: "" });
  const conversations = rows.map(({ value }) => /** @type {Conversation} */ (value));
  for (const conversation of conversations) yield { type: "conversation", conversation };
  for (const conversation of conversations) yield* messages_of(store, conversation);
}

/** @param {Store} store @param {Conversation} conversation @returns {AsyncGenerator<FileRecord, void>} */
async function* messages_of(store, { id }) {
  // Page by page from the newest back: a long history is never in memory as a whole.
  let before;
  for (;;) {
    /** @type {{ id: string, value: any }[]} */
    const rows = await store.list("messages", { prefix: message_prefix(id), before, newest_first: true, limit: PAGE });
    for (const { value } of rows) yield { type: "message", conversation: id, message: value };
    if (rows.length < PAGE) return;
    before = rows[rows.length - 1].id;
  }
}

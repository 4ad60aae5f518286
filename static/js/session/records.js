// @ts-check
// What the session keeps, by store, and how record ids are formed. Ids of accounts, devices, mailboxes and contents are
// base64url text in records; keys, hashes and bodies are bytes.

/** @import { Bytes } from "../codec/bytes.js" */
/** @import { ChainState } from "../protocol/account_chain.js" */
/** @import { Verification } from "../protocol/vault_contents.js" */
/** @import { Wrap } from "../protocol/vault_wraps.js" */
/** @import { TypedBody } from "../protocol/content_schema.js" */
/** @import { FileBody, SealedFileBody } from "../protocol/file_schema.js" */
/** @import { Role } from "../protocol/group_rules.js" */
/** @import { PartName, StatePart } from "../protocol/group_state.js" */
/**
 * @typedef {{ account: string, chain: ChainState, fetched: number, own: boolean, added: number,
 *   verified: Verification | null, changed: ChainState | null, proven?: number }} Contact `chain` is what is pinned; `changed`
 *   another identity that the server showed since; `proven`: size of the key log that has shown it, 0 or nothing for none yet
 *
 * @typedef {{ account: string, username: string, device: string, created: number, recovery_confirmed: boolean,
 *   device_name?: string, recovered?: true }} Profile `recovered`: until its owner has said which of the old devices are lost
 * @typedef {{ v: 2, identity_seed: Bytes, vault_key: Bytes, wraps: Wrap[], archive: { mailbox: Bytes | null, keys: ArchiveKey[] },
 *   recovery: RecoveryEntry[], hpke: { public_key: Bytes, private_key: Bytes } | null }} Secrets `hpke`: this device's; null until
 *   the record is of the form of now
 * @typedef {{ generation: number, key: Bytes }} ArchiveKey the newest first
 * @typedef {{ key: Bytes, hpke: Bytes, kind: "key" | "passkey", name: string, created: number }} RecoveryEntry `key`: the signing
 *   key that stands in the chain
 * @typedef {{ device: Bytes, hpke: Bytes, name: string, verified: boolean, links: number, time: number }} DeviceEntry
 *
 * @typedef {{ text: string, own: boolean, time: number, status: string, order: number, author?: string, type?: "join_request", files?: string[], deleted?: "all", blocked?: true }} LastMessage
 *   `files`: their names; `blocked`: only where it is asked for, by somebody blocked
 * @typedef {{ id: string, kind: "direct" | "group", peer: string, suite: number,
 *   state: "request" | "active" | "declined" | "stopped", stopped: string | null,
 *   before_stop: "request" | "active" | "declined", mailboxes: string[], unread: number, next_order: number,
 *   next_outgoing: number, read_order: number, last: LastMessage | null, time: number, receipts_due: string[],
 *   archive?: boolean, archive_time?: number, state_time?: number, left?: string[], group?: GroupRecord,
 *   ahead?: Record<string, number>, reads_due?: string[], timer?: number, timer_set?: { time: number, id: string } }} Conversation `peer`: "" in a group; `mailboxes`: those whose group this device is in; `time` sorts the list;
 *   `archive`: false leaves it out of the archive, as was said at `archive_time`; `left`: the mailboxes of before it was declined;
 *   `ahead`: by mailbox, the highest sequence of what came by another way, such as the archive, perhaps before its mailbox brought it;
 *   `timer`: seconds after which messages of a direct conversation disappear, as was said last with `timer_set`
 *
 * @typedef {{ roles: StatePart | null, rights: StatePart | null, settings: StatePart | null, members: MemberEntry[], kept?: KeptPart[], leaving?: true,
 *   wanted?: string[], wished?: number, changed?: string[], giving?: Giving[], entered?: Entered, history?: GivenHistory, only_archived?: true }} GroupRecord `roles`, `rights`, `settings`: in force here; `kept`: of the archive, until the group says which of
 *   them holds; `leaving`: asked to be let out; `wanted`: accounts that are yet to be added; `wished`: when this device asked for what it lacks;
 *   `changed`: accounts that had been verified and have another key now: nothing is sent until the person has decided;
 *   `giving`: past messages that this device has yet to give; `entered`: how this account was let in, until it was given some; `history`: those, until they are taken;
 *   `only_archived`: the archive alone has told of it, and the vault may yet
 * @typedef {{ id: string, accounts: string[], most: number, before: number, since: number, count?: number, file?: SealedFileBody }} Giving of the messages before
 *   the sequence `before` the newest, `most` of them; `file`: once they are sealed
 * @typedef {{ by: string, sequence: number, time: number }} Entered by whom, by the commit of which sequence
 * @typedef {SealedFileBody & { by: string, before: number, count: number, since: number }} GivenHistory `since`: when it was told of
 * @typedef {{ account: string, devices: number }} MemberEntry
 * @typedef {StatePart & { part: PartName, time: number }} KeptPart
 *
 * @typedef {"waiting" | "stored" | "delivered" | "read" | "failed"} Status
 * @typedef {{ id: string, order: number, own: boolean, author: string, type: "text" | "notice" | "unknown" | "join_request", text?: string,
 *   code?: string, about?: string[], role?: Role, seconds?: number, group?: string, token?: string, answered?: "added" | "refused", by?: "recovery" | "operator", time: number, received: number, clock_ahead?: true, status: Status, error?: string, place?: Place, here?: true, archived?: true,
 *   reply?: Reply, mentions?: string[], forwarded?: true, files?: FileRecord[], timer?: number, expires?: number, edits?: Version[], edited?: number, edit?: string,
 *   shared_by?: string, count?: number, deleted?: "all", reactions?: Record<string, Reaction>, pinned?: Pin, receipts?: Record<string, { delivered?: number, read?: number }> }} Message
 *   `clock_ahead`: its author's clock was more than ten minutes ahead of this device's when it came; `by`: who vouches for a reset; `about`, `role`, `seconds`: of a notice,
 *   about whom and what; `group`, `token`: of a wish to join; `archived`: it is in the archive,
 *   or noted to be written there; `here`: this device wrote it, so it stands where it was written and not where its place says
 *   `shared_by`: the account that gave it (docs/groups.md 6); `count`: of a notice, how many messages
 *   `timer`: seconds, and `expires` when it is deleted here; `edits`: what it said before, the first one first, `edited`: when it said what it says now, by the change `edit`;
 *   `reactions` and `receipts` by account
 * @typedef {{ id: string, author: string, text: string }} Reply what is answered to, as whoever answered saw it
 * @typedef {{ text: string, time: number, id?: string }} Version `id`: of the change; the first has none
 * @typedef {{ emoji: string | null, time: number, id: string, shared?: true }} Reaction null: taken back; `shared`: whoever gave the message says so
 * @typedef {{ on: boolean, by: string, time: number, id: string }} Pin
 * @typedef {Omit<FileBody, "id"> & { id: string, expires?: number, kept?: true, uploading?: true }} FileRecord `expires`: when the server forgets it,
 *   where that is known; `kept`: it does not, for this account; `uploading`: it is not whole there yet
 * @typedef {{ type: "edit" | "delete" | "reaction" | "pin" | "hide", to: string, text?: string, mentions?: string[], emoji?: string | null,
 *   pinned?: boolean, author: string, id: string, time: number, received: number, place?: Place, archived?: true }} ChangeRecord what somebody does to the message `to`;
 *   `archived`: this account has it in its archive
 * @typedef {{ mailbox: string, sequence: number }} Place where the server has put it
 *
 * @typedef {{ mailbox: string, conversation: string, sequence: number, slot: number, fresh: boolean, repair: boolean,
 *   behind: boolean, refused: "no" | "yes" | "covered", differs: boolean, spent?: number, joined?: number, led?: true,
 *   misdelivers?: true, named?: NamedDevices[] }} Cursor `sequence`: the last one processed;
 *   `fresh`: this device has committed or joined by its own commit; `repair`: a commit of ours has to put the server's
 *   subscribers or group info right; `behind`: others are in an epoch that this device can't reach by itself; `refused`: a
 *   commit was, and nothing since has shown whether the others did too (`covered`: and this device has committed since);
 *   `differs`: the last transcript that another told was not ours; `spent`: up to there another state of this device may have
 *   used the keys that this one has, so that it has to join anew before it sends; `joined`: the slot of the commit by which this device joined by itself; `led`: only what others sent says that it is behind;
 *   `misdelivers`: the person was told that the server delivers to others than it should, which has not ended; `named`: in commits that this device has refused
 * @typedef {{ by: string, added: string[], removed: string[] }} NamedDevices `by`: the device that committed
 * @typedef {{ sequence: number, hashes: Bytes }} Transcript `hashes`: 32 bytes for each of the last sequences, the last one
 *   being that of `sequence`
 *
 * @typedef {{ id: string, slot: number, body: Bytes, commitment: Bytes }} Envelope
 * @typedef {{ key: string, conversation: string, content_id: string, type: TypedBody["type"] | "leave", body: any,
 *   time: number, order: number | null, mailbox: string | null, envelope: Envelope | null, accepted: boolean, expires_in?: number }} Outgoing `expires_in`: seconds, for the server; `leave` is no content: the wish to be let out of the group
 * @typedef {{ mailbox: string, id: string, slot: number, body: Bytes, members: Bytes[], subscribers: Bytes[],
 *   welcomes: { device: Bytes, id: Bytes, body: Bytes }[], group_info: Bytes, create: boolean, states?: StateContent[], history?: { accounts: string[], most: number } }} OutgoingCommit `states`: sent once it is accepted; `history`: given then
 * @typedef {Extract<TypedBody, { type: "state" }>["body"]} StateContent
 * @typedef {{ reference: Bytes, suite: number, key_package: Bytes, private_part: Bytes, created: number, not_after: number,
 *   last_resort: boolean }} KeyPackage times in unix ms
 */

/** Between two messages of a conversation, so that one which this device has missed finds its place. */
export const ORDER_STEP = 2 ** 20;
/** Of a conversation's first message: older ones out of the archive go below. */
export const FIRST_ORDER = 2 ** 52;

/** Orders and counters sort as text. @param {number} number */
export const sortable = (number) => number.toString(16).padStart(14, "0");

/** @param {string} conversation */
export const message_prefix = (conversation) => `m/${conversation}/`;
/** @param {string} conversation @param {number} order */
export const message_id = (conversation, order) => `${message_prefix(conversation)}${sortable(order)}`;
/** Where a content id was stored. @param {string} conversation @param {string} content_id */
export const content_index_id = (conversation, content_id) => `i/${conversation}/${content_id}`;
/** Changes to a message that is not there. @param {string} conversation @param {string} [to] */
export const waiting_prefix = (conversation, to) => `w/${conversation}/${to === undefined ? "" : `${to}/`}`;
/** @param {string} conversation */
export const pin_prefix = (conversation) => `pin/${conversation}/`;
/** What was sent up to then. @param {number} time unix ms */
export const proof_prefix = (time) => `p/${sortable(Math.floor(time / 86_400_000))}/`;
/** That of the day on which it came, which is the first, or had begun to. @param {string} conversation @param {{ id: string, received: number }} message */
export const proof_ids = (conversation, { id, received }) =>
  [received, received + 86_400_000].map((time) => `${proof_prefix(time)}${conversation}/${id}`);
/** @param {string} conversation */
export const outgoing_prefix = (conversation) => `m/${conversation}/`;
/** @param {string} conversation @param {number} number */
export const outgoing_id = (conversation, number) => `${outgoing_prefix(conversation)}${sortable(number)}`;
/** @param {string} mailbox */
export const outgoing_commit_id = (mailbox) => `c/${mailbox}`;
/** @param {string} mailbox @param {boolean} pending */
export const group_prefix = (mailbox, pending) => `${pending ? "pending" : "group"}/${mailbox}/`;

/** Before the first envelope. @param {string} mailbox @param {string} conversation @returns {Cursor} */
export function new_cursor(mailbox, conversation) {
  return {
    mailbox,
    conversation,
    sequence: 0,
    slot: 0,
    fresh: false,
    repair: false,
    behind: false,
    refused: "no",
    differs: false,
  };
}

// @ts-check
// The working state of one batch: everything that its envelopes change, in memory until all of it is stored at once.
import { to_base64url } from "../codec/base64url.js";
import { outgoing_commit_id, outgoing_prefix } from "./records.js";

/** @import { Device } from "./device.js" */
/** @import { Content, UnknownContent } from "../protocol/content_schema.js" */
/** @import { PartName, StatePart } from "../protocol/group_state.js" */
/** @import { LeafPolicy } from "./check_leaves.js" */
/** @import { Proof } from "./people/keep_proof.js" */
/** @import { Conversation, Cursor, Outgoing, OutgoingCommit, Transcript } from "./records.js" */
/**
 * @typedef {{ kind: "own_sent", outgoing: Outgoing, sequence: number } | { kind: "own_commit", sequence: number } | { kind: "own_late" } |
 *   { kind: "content", author: string, device: string, sequence: number, content: Content | UnknownContent, proof?: Proof } |
 *   { kind: "notice", code: string, author?: string, alert?: boolean, about?: string[] } | { kind: "removed", author?: string } |
 *   { kind: "state", part: PartName, state: StatePart, author: string, quiet?: boolean }} Item in the order of the envelopes; `removed` by whom; `own_late`: a commit of this device that it does not take itself
 */

export class EnvelopeBatch {
  /**
   * @param {Device} device
   * @param {{ cursor: Cursor, group: any, transcript: Transcript, outgoing: Map<string, Outgoing>,
   *   commit: OutgoingCommit | undefined, conversation: Conversation | undefined }} state `group` null while this device is
   *   only about to join
   */
  constructor(device, { cursor, group, transcript, outgoing, commit, conversation }) {
    this.device = device;
    this.cursor = cursor;
    this.group = group;
    this.transcript = transcript;
    this.outgoing = outgoing;
    this.commit = commit;
    this.conversation = conversation;
    this.group_changed = false;
    /** @type {Item[]} */
    this.items = [];
    /** What a group has agreed on, as far as it was read up to here. */
    this.record = conversation?.group && { ...conversation.group };
    /** @type {LeafPolicy[]} those by which something was accepted */
    this.policies = [];
  }

  /** @param {Device} device @param {Cursor} cursor */
  static async begin(device, cursor) {
    const { store } = device;
    // One that a gap has left behind can't be compared with: a new one begins when this device has joined again.
    const transcript = await store.get("transcripts", cursor.mailbox);
    const outgoing = await store.list("outbox", { prefix: outgoing_prefix(cursor.conversation) });
    const by_envelope = outgoing
      .filter(({ value }) => value.envelope && value.mailbox === cursor.mailbox)
      .map(({ value }) => /** @type {[string, Outgoing]} */ ([value.envelope.id, value]));
    return new EnvelopeBatch(device, {
      cursor: { ...cursor },
      group: await device.groups.find(cursor.mailbox),
      transcript: transcript?.sequence === cursor.sequence ? transcript : undefined,
      outgoing: new Map(by_envelope),
      commit: await store.get("outbox", outgoing_commit_id(cursor.mailbox)),
      conversation: await store.get("conversations", cursor.conversation),
    });
  }

  /** @param {any} group */
  take_group(group) {
    this.group = group;
    this.group_changed = true;
  }

  /** @param {string} code @param {{ author?: string, alert?: boolean, about?: string[] }} [more] */
  note(code, more = {}) {
    // Many in a row say no more than one.
    const last = this.items.at(-1);
    if (last?.kind === "notice" && last.code === code && last.author === more.author && !more.about) return;
    this.items.push({ kind: "notice", code, ...more });
  }

  /** @param {Uint8Array} id */
  own_outgoing(id) {
    return this.outgoing.get(to_base64url(id));
  }
}

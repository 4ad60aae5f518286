// @ts-check
// A message out of the archive: put where it belongs, unless this device has it. What was done to it is done to it here as well.
import { to_base64url } from "../../codec/base64url.js";
import { clock_mark, new_conversation, new_group_conversation } from "../conversation_log.js";
import { keep_state } from "../groups/keep_state.js";
import { from_change } from "../messages/change_body.js";
import { apply_waiting, change_message, list_waiting } from "../messages/change_message.js";
import { from_body } from "../messages/message_body.js";
import { from_shared, give_way } from "../messages/shared_message.js";
import { find_lowest, place_message } from "../place_message.js";
import { content_index_id, message_id } from "../records.js";
import { noted_change_key, noted_key } from "./note_archive.js";
import { tell_restored } from "./tell_restored.js";

/** @import { Changes } from "../../store/changes.js" */
/** @import { Bytes } from "../../codec/bytes.js" */
/** @import { ChangeBody, MessageBody, SharedBody, StateBody } from "../../protocol/archive_schema.js" */
/** @import { Device } from "../device.js" */
/** @import { ChangeRecord, Conversation, Message } from "../records.js" */
/** @import { Lowest } from "../place_message.js" */
/** @typedef {"placed" | "noted" | "known"} Taken `noted`: this device was about to write it as well */

export class ArchivedMessages {
  /**
   * @param {Changes} changes
   * @param {Device} device
   * @param {boolean} is_past it is from before this device reads on: nothing of it is unread
   */
  constructor(changes, device, is_past) {
    this.changes = changes;
    this.device = device;
    this.is_past = is_past;
    /** @type {Map<string, Conversation>} */
    this.conversations = new Map();
    /** @type {Lowest} */
    this.lowest = new Map();
    /** @type {Map<string, ChangeRecord[]> | null} by conversation and message what waits for it, once that was looked for */
    this.waiting = null;
    /** Whether the list of conversations shows something else now. */
    this.is_list_changed = false;
  }

  /** Reads at once what `take` asks for. @param {(MessageBody | SharedBody | ChangeBody)[]} bodies those that come next */
  async read_ahead(bodies) {
    const places = bodies.map((body) => ({ conversation: to_base64url(body.conversation), id: to_base64url("change" in body ? body.change.body.to : body.id) }));
    const conversations = new Set(places.map(({ conversation }) => conversation));
    await this.changes.read_ahead("conversations", [...conversations]);
    await this.changes.read_ahead("messages", places.map(({ conversation, id }) => content_index_id(conversation, id)));
    this.lowest = await find_lowest(this.changes, [...conversations]);
    this.waiting = new Map();
    const waiting = await Promise.all([...conversations].map((id) => list_waiting(this.changes, id)));
    for (const [at, id] of [...conversations].entries()) for (const change of waiting[at]) this.#note_waiting(id, change);
  }

  /** @param {ChangeBody} body @returns {Promise<Taken>} */
  async take_change(body) {
    const conversation = await this.#conversation(body);
    const { last } = conversation;
    const change = to_record(body);
    const key = noted_change_key(change);
    const is_noted = Boolean(await this.changes.get("outbox", key));
    if (is_noted) this.changes.delete("outbox", key);
    const outcome = await change_message(this.changes, this.device, conversation, change);
    if (outcome === "waiting") this.#note_waiting(conversation.id, change);
    if (conversation.last !== last) this.is_list_changed = true;
    if (is_noted) return "noted";
    return outcome === "applied" ? "placed" : "known";
  }

  /** @param {MessageBody | SharedBody} body @returns {Promise<Taken>} */
  async take(body) {
    const conversation = await this.#conversation(body);
    const id = to_base64url(body.id);
    const index = await this.changes.get("messages", content_index_id(conversation.id, id));
    /** @type {Message | undefined} */
    const there = index && (await this.changes.get("messages", message_id(conversation.id, index.order)));
    const gives_way = body.type === "text" && there?.shared_by !== undefined;
    if (index && !gives_way) return there ? this.#note_known(conversation, there, body) : "known";
    const done = gives_way ? await give_way(this.changes, this.device, conversation, there) : this.#waiting_for(conversation.id, id);
    const own = body.type === "text" && to_base64url(body.author) === this.device.own.account;
    const { last, unread, state } = conversation;
    const message = await place_message(this.changes, conversation, this.#fields(body, id, own), {
      unread: !own && body.type === "text" && !this.is_past && body.received >= this.device.own.created,
      lowest: this.lowest,
    });
    if (message) await apply_waiting(this.changes, this.device, conversation, message, done);
    // Who has written in it has not declined it.
    if (own && conversation.state === "declined" && conversation.last) conversation.state = "active";
    if (conversation.last !== last || conversation.unread !== unread || conversation.state !== state) this.is_list_changed = true;
    return "placed";
  }

  /** Notes what has become of the conversations. */
  store() {
    for (const [id, conversation] of this.conversations) this.changes.put("conversations", id, conversation);
    const told = { conversations: this.conversations.keys(), is_list_changed: this.is_list_changed };
    if (this.conversations.size > 0) this.changes.after(() => tell_restored(this.device, told));
  }

  /** @param {string} conversation @param {ChangeRecord} change */
  #note_waiting(conversation, change) {
    const key = `${conversation}/${change.to}`;
    const others = this.waiting?.get(key) ?? [];
    this.waiting?.set(key, change.type === "hide" ? [change, ...others] : [...others, change]);
  }

  /** @param {string} conversation @param {string} id @returns {ChangeRecord[] | undefined} undefined where it has yet to be looked for */
  #waiting_for(conversation, id) {
    return this.waiting ? (this.waiting.get(`${conversation}/${id}`) ?? []) : undefined;
  }

  /** @param {MessageBody | SharedBody} whole @param {string} id @param {boolean} own @returns {Omit<Message, "order">} */
  #fields(whole, id, own) {
    if (whole.type === "shared") return { ...from_shared(whole, { own: this.device.own.account, now: this.device.now() }), archived: true };
    const { author, time, received, place, ...body } = whole;
    return {
      id,
      own,
      author: to_base64url(author),
      type: "text",
      ...from_body(body),
      time,
      received,
      ...clock_mark(time, received),
      status: "stored",
      archived: true,
      ...(place ? { place: { mailbox: to_base64url(place.mailbox), sequence: place.sequence } } : {}),
    };
  }

  /** @param {Conversation} conversation @param {Message} message @param {MessageBody | SharedBody} body @returns {Promise<Taken>} */
  async #note_known(conversation, message, { type, place }) {
    // What somebody gave says nothing of the message itself.
    if (type === "shared" && !message.shared_by) return "known";
    if (!message.archived || (!message.place && place)) {
      message.archived = true;
      if (place) message.place ??= { mailbox: to_base64url(place.mailbox), sequence: place.sequence };
      this.changes.put("messages", message_id(conversation.id, message.order), message);
    }
    const key = noted_key(message);
    if (!(await this.changes.get("outbox", key))) return "known";
    this.changes.delete("outbox", key);
    return "noted";
  }

  /** @param {StateBody} body */
  async take_state({ group, part, salt, value, time }) {
    const conversation = await this.#conversation({ conversation: group, received: time, group: true });
    if (!conversation.group) return;
    await keep_state(this.device, { ...conversation, group: conversation.group }, { part, salt, value, time });
    this.is_list_changed = true;
  }

  /**
   * One that neither this device nor the vault knows has no group: it was declined, or nobody has written in it for long. Whoever
   * writes in it begins a new group. In one of several people who knows no more of it than this has been put out, or has left.
   * @param {{ conversation: Bytes, received: number, group?: true }} body
   */
  async #conversation({ conversation: bytes, received: time, group = undefined }) {
    const id = to_base64url(bytes);
    const known = this.conversations.get(id) ?? (await this.changes.get("conversations", id));
    const conversation = known ?? (group ? this.#ended_group(id, time) : this.#unknown_peer(id, time));
    this.conversations.set(id, conversation);
    return conversation;
  }

  /** @param {string} peer @param {number} time */
  #unknown_peer(peer, time) {
    return new_conversation({ peer, state: this.is_past ? "declined" : "request", suite: 0, time });
  }

  /** @param {string} mailbox @param {number} time @returns {Conversation} */
  #ended_group(mailbox, time) {
    const begun = new_group_conversation({ mailbox, state: "stopped", suite: 0, time });
    return { ...begun, stopped: "removed", before_stop: "declined", group: { ...begun.group, only_archived: true } };
  }
}

/** @param {ChangeBody} body @returns {ChangeRecord} */
function to_record({ id, author, time, received, place, change }) {
  return {
    ...from_change(change),
    ...{ id: to_base64url(id), author: to_base64url(author), time, received, archived: true },
    ...(place ? { place: { mailbox: to_base64url(place.mailbox), sequence: place.sequence } } : {}),
  };
}

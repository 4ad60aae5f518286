// @ts-check
// A session in memory with the interface of docs/browser_layers.md, for looking at the interface without a server.

import { Talk2meError } from "../../../static/js/errors.js";
import { find_in, wanted_terms } from "../../../static/js/session/search/search_terms.js";
import { make_device_commands, make_device_queries, RECOVERY_KEY } from "./fake_devices.js";
import { make_file_commands } from "./fake_files.js";
import { make_known_commands } from "./fake_known.js";
import { make_group_commands, make_group_queries } from "./fake_groups.js";
import { make_message_commands, make_message_queries } from "./fake_messages.js";
import { make_people_commands, make_people_queries } from "./fake_people.js";
import { FILE_SCENES } from "./file_scenes.js";
import { GROUP_SCENES } from "./group_scenes.js";
import { MESSAGE_SCENES } from "./message_scenes.js";
import { SCENES } from "./scenes.js";
import { SHOWN_SCENES } from "./shown_scenes.js";

/** @import { Session, Topics, Profile, Message, Conversation, Commands, Queries } from "../../../static/js/ui/session_types.js" */
/** @import { Scene } from "./scenes.js" */

const DIGITS = "30147 82956 11408 67523 90031 44872 25690 78113 06654 39287 51946 80275";

/** @param {string} name of a scene */
export function make_fake_session(name) {
  return new FakeSession(SCENES[name] ?? GROUP_SCENES[name] ?? MESSAGE_SCENES[name] ?? FILE_SCENES[name] ?? SHOWN_SCENES[name] ?? SCENES.many);
}

/** @implements {Session} */
export class FakeSession {
  /** @type {Map<string, Set<Function>>} */
  #listeners = new Map();
  #next_id = 1;

  /** @param {() => Scene} scene */
  constructor(scene) {
    this.scene = scene();
    this.commands = this.#make_commands();
    this.queries = this.#make_queries();
    for (const [delay, topic, event] of this.scene.events) setTimeout(() => this.emit(topic, event), delay);
  }

  profile() {
    return this.scene.locked ? null : this.scene.profile;
  }

  locked() {
    return this.scene.locked;
  }

  was_here() {
    return this.scene.cleared;
  }

  touch() {}
  prepare() {}
  look() {}

  /**
   * @template {keyof Topics} T
   * @param {T} topic
   * @param {(event: Topics[T]) => void} listener
   */
  on(topic, listener) {
    const listeners = this.#listeners.get(topic) ?? new Set();
    this.#listeners.set(topic, listeners.add(listener));
    return () => void listeners.delete(listener);
  }

  close() {
    this.#listeners.clear();
  }

  /**
   * @template {keyof Topics} T
   * @param {T} topic
   * @param {Topics[T]} [event]
   */
  emit(topic, event) {
    for (const listener of [...(this.#listeners.get(topic) ?? [])]) listener(event);
  }

  /**
   * Somebody else writes.
   * @param {string} conversation
   * @param {string} text
   */
  receive(conversation, text) {
    const { peer } = this.#find(conversation);
    this.#add(conversation, { own: false, author: peer, text, status: "delivered" });
  }

  /**
   * This person says something.
   * @param {string} conversation
   * @param {Partial<Message>} fields
   * @returns {string} its id
   */
  say(conversation, fields) {
    const message = this.#add(conversation, fields);
    this.#deliver(conversation, message);
    return message.id;
  }

  /** @param {string} conversation @param {string} id @param {(message: Message) => void} change */
  change(conversation, id, change) {
    const message = this.scene.messages[conversation]?.find((one) => one.id === id);
    if (message) change(message);
    this.#changed(conversation);
  }

  // Internal

  /** @param {string} id */
  #find(id) {
    const found = this.scene.conversations.find((conversation) => conversation.id === id);
    if (found === undefined) throw new Talk2meError("group_missing");
    return found;
  }

  /** @param {string} account */
  #peer(account) {
    const found = this.scene.conversations.find(({ peer }) => peer.account === account);
    if (found === undefined) throw new Talk2meError("not_found");
    return found;
  }

  /**
   * @param {string} id
   * @param {Partial<Message>} fields
   * @returns {Message}
   */
  #add(id, fields) {
    const conversation = this.#find(id);
    const messages = (this.scene.messages[id] ??= []);
    const own = /** @type {Profile} */ (this.scene.profile);
    /** @type {Message} */
    const message = {
      id: `new${this.#next_id++}`,
      order: (messages.at(-1)?.order ?? 0) + 1,
      own: true,
      author: { account: own.account, username: own.username },
      type: "text",
      time: Date.now(),
      status: "waiting",
      ...fields,
    };
    messages.push(message);
    conversation.last = { text: message.text ?? "", own: message.own, time: message.time, status: message.status };
    if (!message.own) conversation.unread += 1;
    this.scene.conversations.sort((one, other) => (other.last?.time ?? 0) - (one.last?.time ?? 0));
    this.#changed(id);
    return message;
  }

  /** @param {string} id */
  #changed(id) {
    this.emit("messages", { conversation: id });
    this.emit("conversations");
  }

  /**
   * @param {string} id
   * @param {Message} message
   * @param {Message["status"]} status
   */
  #become(id, message, status) {
    message.status = status;
    const conversation = this.#find(id);
    if (conversation.last?.own && conversation.last.time === message.time) conversation.last.status = status;
    this.#changed(id);
  }

  /**
   * @param {string} id
   * @param {Message} message
   */
  #deliver(id, message) {
    if (this.scene.offline) return;
    setTimeout(() => this.#become(id, message, "stored"), 350);
    setTimeout(() => this.#become(id, message, "delivered"), 1100);
  }

  /** @returns {Queries} */
  #make_queries() {
    const { scene } = this;
    return {
      conversations: async () => structuredClone(scene.conversations),
      conversation: async ({ id }) => structuredClone(scene.conversations.find((one) => one.id === id) ?? null),
      contacts: async () => scene.conversations.filter(({ kind }) => kind === "direct").map(({ peer }) => peer),
      settings: async () => ({ ...scene.settings }),
      key_log: async () => structuredClone(scene.key_log),
      search: async (wish) => find_in_scene(scene, wish),
      ...make_device_queries(this),
      ...make_message_queries(this),
      ...make_group_queries(this),
      ...make_people_queries(this),
    };
  }

  /** @returns {Commands} */
  #make_commands() {
    const { scene } = this;
    const pause = (ms = 250) => new Promise((resolve) => setTimeout(resolve, ms));
    return {
      keep_release: async () => undefined,
      take_release: async () => this.emit("release", { state: "taken" }),
      check_browser: async () => ({ missing: scene.missing }),
      server_info: async () => ({ origin: "https://talk.example.org", version: "0.1.0", manifest: "5f2ac1d09b7e4386".repeat(4), registration: scene.registration, invites: 3, gate: scene.gate ?? null }),
      sign_up: async ({ username, invite }) => {
        await pause(700);
        if (username === "taken") throw new Talk2meError("username_taken");
        if (scene.registration === "invite" && !["let me in", "k3J9-q_XnV0aZtR7bLwY2Q"].includes(invite ?? "")) throw new Talk2meError("invite_required");
        scene.profile = { account: "me00", username, device: "d1", created: Date.now(), recovery_confirmed: false, role: "owner" };
        this.emit("profile");
        return scene.profile;
      },
      pending_recovery_key: async () => (scene.profile?.recovery_confirmed ? null : RECOVERY_KEY),
      confirm_recovery_key: async ({ groups }) => {
        await pause();
        const right = RECOVERY_KEY.split("-");
        const confirmed = Object.entries(groups).every(([index, text]) => right[Number(index)] === text.toUpperCase());
        if (confirmed && scene.profile) scene.profile.recovery_confirmed = true;
        if (confirmed) this.emit("profile");
        return { confirmed };
      },
      make_invitation: async ({ newcomer = false } = {}) => {
        await pause();
        const code = newcomer ? ".k3J9-q_XnV0aZtR7bLwY2Q" : "";
        const link = `https://talk.example.org/#i=${"Zk3vQ1xT8nLw5RbY7uPcMg"}.${"hV2mD0sJqE4tK9zX6aBfW1yNrC8oUiL3pGdS5wTvQxk"}.${"A7rPz2LkVt9QmXcW4nYbJg"}${code}`;
        return { link, expires: Date.now() + 7 * 86_400_000 };
      },
      read_invitation: async ({ fragment }) => {
        await pause(500);
        if (fragment === "i=bad") throw new Talk2meError("invitation_invalid");
        return { account: "acc_nora", username: "nora", own: fragment === "i=own", known: false };
      },
      find_account: async ({ username }) => {
        await pause();
        if (username === "closed") throw new Talk2meError("claim_refused");
        if (username === scene.profile?.username) return { account: "me00", username, own: true, known: true };
        return username === "nora" || username === "bob" ? { account: `acc_${username}`, username, own: false, known: false } : null;
      },
      start_conversation: async ({ account }) => {
        await pause();
        const there = scene.conversations.find(({ peer }) => peer.account === account);
        if (there) return { conversation: there.id };
        const peer = { account, username: account.replace("acc_", ""), verified: account === "acc_nora", identity_changed: false };
        /** @type {Conversation} */
        const conversation = { id: `c_${account}`, kind: "direct", state: "active", peer, last: null, unread: 0 };
        scene.conversations.unshift(conversation);
        this.emit("conversations");
        return { conversation: conversation.id };
      },
      accept_request: async ({ conversation }) => {
        await pause();
        this.#find(conversation).state = "active";
        this.#changed(conversation);
      },
      decline_request: async ({ conversation }) => {
        await pause();
        this.#find(conversation).state = "declined";
        this.#changed(conversation);
      },
      send_text: async ({ conversation, text, reply }) => {
        const answered = scene.messages[conversation]?.find(({ id }) => id === reply);
        const quote = answered && { reply: { id: answered.id, author: answered.author, text: answered.text ?? "", here: true } };
        const message = this.#add(conversation, { text, ...quote });
        this.#deliver(conversation, message);
        return { id: message.id };
      },
      retry: async ({ conversation, id }) => {
        const message = scene.messages[conversation]?.find((one) => one.id === id);
        if (!message) throw new Talk2meError("not_found");
        this.#become(conversation, message, "waiting");
        this.#deliver(conversation, message);
      },
      mark_read: async ({ conversation }) => {
        const found = this.#find(conversation);
        if (found.unread === 0) return;
        found.unread = 0;
        this.emit("conversations");
      },
      safety_number: async ({ account }) => {
        const { peer } = this.#peer(account);
        return { digits: DIGITS, qr: "VDJNMQG".repeat(26), verified: peer.verified ? Date.now() - 40 * 86_400_000 : null, changed: peer.identity_changed };
      },
      verify_contact: async ({ account }) => {
        await pause();
        const conversation = this.#peer(account);
        Object.assign(conversation.peer, { verified: true, identity_changed: false });
        conversation.waits_for_log = false;
        if (conversation.state === "stopped") conversation.state = "active";
        this.#changed(conversation.id);
        this.emit("contacts");
        return { verified: true };
      },
      unverify_contact: async ({ account }) => {
        this.#peer(account).peer.verified = false;
        this.emit("conversations");
        this.emit("contacts");
      },
      accept_identity: async ({ account }) => {
        await pause();
        const conversation = this.#peer(account);
        Object.assign(conversation.peer, { verified: false, identity_changed: false });
        conversation.state = "active";
        this.#changed(conversation.id);
      },
      export_account: async () => {
        await pause(800);
        return { file: new Blob(["T2MA"]), name: "talk2me-maya.t2m" };
      },
      import_account: async ({ recovery_key }) => {
        for (let done = 0; done <= 400; done += 20) {
          this.emit("alert", { code: "import_progress", done, total: 400 });
          await pause(60);
        }
        if (!recovery_key.startsWith("7K3M")) throw new Talk2meError("recovery_key_wrong");
        scene.profile = { account: "me00", username: "maya", device: "d2", created: Date.now(), recovery_confirmed: true, role: "owner" };
        this.emit("profile");
        return scene.profile;
      },
      set_setting: async ({ name, value }) => {
        await pause();
        scene.settings[name] = value;
      },
      check_key_log: async () => {
        await pause(700);
        if (scene.offline) throw new Talk2meError("offline");
        scene.key_log.checked = Date.now();
        this.emit("key_log");
      },
      save_evidence: async () => {
        await pause();
        const { alarm } = scene.key_log;
        if (alarm === null) throw new Talk2meError("not_found");
        return { file: new Blob([JSON.stringify({ code: alarm.code })]), name: `talk2me-evidence-${new Date(alarm.found).toISOString().slice(0, 10)}.json` };
      },
      dismiss_key_log_alarm: async () => {
        await pause();
        if (scene.key_log.alarm !== null) scene.key_log.alarm.seen = true;
        this.emit("key_log");
        this.emit("conversations");
      },
      restart_key_log: async () => {
        await pause();
        Object.assign(scene.key_log, { state: "ok", alarm: null, checked: Date.now() });
        for (const conversation of scene.conversations) conversation.waits_for_log = false;
        this.emit("key_log");
        this.emit("conversations");
      },
      set_witnesses: async ({ witnesses, quorum }) => {
        await pause();
        if (witnesses !== "" && !witnesses.split("\n").every((line) => /^[^\s+]+\+[0-9a-f]{8}\+[\w+/]{43}=*$/.test(line))) throw new Talk2meError("witnesses_invalid");
        Object.assign(scene.key_log, { witnesses, quorum });
        this.emit("key_log");
      },
      erase_browser: async () => {
        await pause(400);
        Object.assign(scene, { profile: null, locked: false, conversations: [], messages: {} });
        this.emit("profile");
      },
      ...make_device_commands(this),
      ...make_message_commands(this),
      ...make_file_commands(this),
      ...make_group_commands(this),
      ...make_known_commands(this),
      ...make_people_commands(this),
    };
  }
}

/**
 * @param {Scene} scene
 * @param {import("../../../static/js/ui/search_types.js").SearchWish} wish
 * @returns {import("../../../static/js/ui/search_types.js").SearchHit[]}
 */
function find_in_scene({ messages }, { text, conversation: within, author, files, limit }) {
  const wanted = wanted_terms(text);
  const hits = Object.entries(messages).flatMap(([conversation, list]) =>
    list.flatMap((message) => {
      const ranges = message.type === "text" ? find_in(message.text ?? "", wanted) : null;
      if (!ranges || files || (within !== undefined && within !== conversation)) return [];
      if (author !== undefined && message.author.account !== author) return [];
      return [{ conversation, id: message.id, order: message.order, time: message.time, author: message.author, text: message.text ?? "", ranges }];
    }),
  );
  return hits.sort((a, b) => b.time - a.time).slice(0, limit);
}

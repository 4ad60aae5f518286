// @ts-check
// Scenes with groups, for the fake session: `?scene=group` of the preview.

import { SCENES } from "./scenes.js";

/** @import { Conversation, Message, Person } from "../../../static/js/ui/session_types.js" */
/** @import { Group, Member } from "../../../static/js/ui/group_types.js" */
/** @import { Scene } from "./scenes.js" */

const MINUTE = 60_000;
const ID = "g_boat";

/** @type {WeakMap<Scene, Map<string, Group>>} */
const GROUPS = new WeakMap();

/** @param {Scene} scene @returns {Map<string, Group>} the groups of a scene, by conversation */
export function groups_of(scene) {
  const groups = GROUPS.get(scene) ?? new Map();
  GROUPS.set(scene, groups);
  return groups;
}

/** @type {Record<string, () => Scene>} */
export const GROUP_SCENES = {
  group: () => with_group({}),
  group_member: () => with_group({ role: "member", may: { add: false, edit: false, write: true, rights: false, roles: false }, who_adds: "admins", who_edits: "admins" }),
  group_request: () => with_group({}, { state: "request", unread: 1 }),
  group_quiet: () => with_group({ role: "member", who_writes: "admins", may: { add: false, edit: false, write: false, rights: false, roles: false } }, { may_write: false }),
  group_left: () => with_group({}, { state: "stopped", stopped: "left" }),
  group_changed: () => with_group({}, { state: "stopped", stopped: "identity_changed" }),
  group_removed: () => with_group({}, { state: "stopped", stopped: "removed" }),
  group_last_owner: () => with_group({ members: members().slice(0, 3).map((one) => (one.own ? one : { ...one, role: "member" })) }),
  group_large: () => with_group({ members: [...members(), ...Array.from({ length: 190 }, (_, index) => member(`person.${index + 1}`, {}))] }),
  group_given: () => with_group({}, {}, given),
  group_notices: () => with_group({}, {}, notices),
  notes: () => with_notes(),
};

/**
 * @param {string} username
 * @param {Partial<Member>} fields
 * @returns {Member}
 */
export function member(username, fields) {
  return { account: `acc_${username}`, username, verified: false, identity_changed: false, role: "member", own: false, devices: 1, ...fields };
}

/** @returns {Member[]} */
function members() {
  return [
    member("maya", { account: "me00", role: "owner", own: true, devices: 2 }),
    member("alice", { role: "owner", verified: true }),
    member("jun.watanabe", { role: "admin" }),
    member("tomas", { identity_changed: true }),
    member("elisabeth-von-hohenzollern.1987", {}),
    member("zoë", { verified: true }),
  ];
}

/** @returns {Scene} */
function with_notes() {
  const scene = SCENES.many();
  const now = Date.now();
  const own = { account: "me00", username: "maya" };
  const texts = ["Milk, bread, the good olives", "The key for the shed hangs behind the door", "Ask Alice about the sheets"];
  scene.messages.c_notes = texts.map((text, index) => ({
    ...{ id: `notes_${index}`, order: index + 1, own: true, author: own, type: "text", text, time: now - (40 - index) * MINUTE, status: "stored" },
  }));
  open_fake_notes(scene);
  const entry = scene.conversations[0];
  entry.last = { text: texts[2], own: true, time: now - 38 * MINUTE, status: "stored" };
  return scene;
}

/** @param {Scene} scene @returns {string} the conversation of its notes, made if there is none */
export function open_fake_notes(scene) {
  const id = "c_notes";
  if (scene.conversations.some((one) => one.id === id)) return id;
  const may = { add: true, edit: true, write: true, rights: true, roles: true };
  const alone = members().slice(0, 1);
  groups_of(scene).set(id, { title: "Notes to self", picture: null, role: "owner", who_adds: "admins", who_edits: "members", who_writes: "members", timer: 0, link: false, may, members: alone });
  const peer = { account: id, username: "Notes to self", verified: false, identity_changed: false };
  scene.conversations.unshift({ id, kind: "group", state: "active", notes: true, title: "Notes to self", picture: null, role: "owner", suite: 83, unread: 0, peer, last: null });
  return id;
}

/**
 * @param {Partial<Group>} fields
 * @param {Partial<Conversation>} [entry]
 * @param {(now: number) => Message[]} [say]
 * @returns {Scene}
 */
function with_group(fields, entry = {}, say = talk) {
  const scene = SCENES.many();
  /** @type {Group} */
  const group = {
    ...{ title: "Boat trip", picture: null, role: "owner", who_adds: "members", who_edits: "admins", who_writes: "members", timer: 0, link: false },
    ...{ may: { add: true, edit: true, write: true, rights: true, roles: true }, members: members() },
    ...fields,
  };
  groups_of(scene).set(ID, group);
  const messages = say(Date.now()).map((message, index) => ({ ...message, order: index + 1, id: `${ID}_${index}` }));
  const last = messages.filter(({ type }) => type === "text").at(-1);
  scene.messages[ID] = messages;
  scene.messages.c_alice.push(...requests(Date.now()).map((message, index) => ({ ...message, order: 100 + index, id: `join_${index}` })));
  scene.conversations.unshift({
    ...{ id: ID, kind: "group", state: "active", title: group.title, picture: group.picture, role: group.role, suite: 83, unread: 0 },
    peer: { account: ID, username: group.title, verified: false, identity_changed: false },
    last: last === undefined ? null : { text: last.text ?? "", own: last.own, time: last.time, status: last.status, author: last.author.username },
    ...entry,
  });
  return scene;
}

/**
 * @param {number} time
 * @param {string} username
 * @param {Partial<Message>} fields
 * @returns {Message}
 */
function said(time, username, fields) {
  const own = username === "maya";
  return { id: "", order: 0, own, author: person(username), type: "text", time, status: "delivered", ...fields };
}

/** @param {string} username @returns {Person} */
function person(username) {
  return { account: username === "maya" ? "me00" : `acc_${username}`, username };
}

/** @param {number} now @returns {Message[]} */
function talk(now) {
  return [
    said(now - 190 * MINUTE, "maya", { type: "notice", code: "group_created" }),
    said(now - 189 * MINUTE, "maya", { type: "notice", code: "added", about: ["alice", "jun.watanabe", "tomas"].map(person) }),
    said(now - 60 * MINUTE, "alice", { text: "The harbour says nine o'clock, and that we should bring something warm." }),
    said(now - 59 * MINUTE, "alice", { text: "I can take three people in the car." }),
    said(now - 50 * MINUTE, "jun.watanabe", { text: "I'll come by train and bring lunch for everybody." }),
    said(now - 30 * MINUTE, "maya", { text: "Wonderful. Then let's meet at the lighthouse." }),
    said(now - 12 * MINUTE, "zoë", { text: "Is there room for one more?" }),
  ];
}

/** @param {number} now @returns {Message[]} past messages that alice gave */
function given(now) {
  const shared_by = person("alice");
  const past = talk(now).filter(({ type, own }) => type === "text" && !own);
  return [
    ...past.map((message) => ({ ...message, time: message.time - 600 * MINUTE, shared_by })),
    said(now - 9 * MINUTE, "alice", { type: "notice", code: "added", about: [person("maya")] }),
    said(now - 8 * MINUTE, "alice", { type: "notice", code: "history_given", about: [person("maya")], count: past.length }),
    said(now - 7 * MINUTE, "zoë", { text: "Hello maya! All of us are coming." }),
    said(now - 5 * MINUTE, "maya", { text: "Thank you, I've read it all." }),
  ];
}

/** @param {number} now @returns {Message[]} who asks to be let in, in the conversation with alice */
function requests(now) {
  return [
    said(now - 6 * MINUTE, "alice", { type: "join_request", group: ID }),
    said(now - 5 * MINUTE, "alice", { type: "join_request", group: ID, answered: "refused" }),
    said(now - 4 * MINUTE, "alice", { type: "join_request", group: "gone" }),
    said(now - 3 * MINUTE, "maya", { type: "join_request", group: "theirs" }),
  ];
}

/** @param {number} now @returns {Message[]} */
function notices(now) {
  const about = [person("tomas")];
  /** @type {[string, string, Partial<Message>][]} */
  const lines = [
    ["maya", "group_created", {}],
    ["maya", "added", { about: [person("alice"), person("tomas")] }],
    ["alice", "added", { about: [person("maya")] }],
    ["alice", "title_changed", { text: "Boat trip" }],
    ["maya", "picture_changed", {}],
    ["alice", "settings_changed", {}],
    ["maya", "role_changed", { about: [person("alice")], role: "admin" }],
    ["alice", "role_changed", { about: [person("maya")], role: "owner" }],
    ["maya", "role_changed", { about, role: "member" }],
    ["tomas", "refused_roles", {}],
    ["tomas", "refused_add", {}],
    ["tomas", "refused_remove", {}],
    ["tomas", "refused_rights", {}],
    ["tomas", "refused_settings", {}],
    ["tomas", "refused_write", {}],
    ["tomas", "refused_history", {}],
    ["alice", "history_given", { about: [person("maya")], count: 84 }],
    ["maya", "history_given", { about: [person("zoë"), person("tomas")], count: 1 }],
    ["maya", "history_not_given", { about: [person("zoë")] }],
    ["alice", "history_damaged", {}],
    ["alice", "removed", { about }],
    ["zoë", "left", {}],
  ];
  return lines.map(([name, code, fields], index) => said(now - (60 - index) * MINUTE, name, { type: "notice", code, ...fields }));
}

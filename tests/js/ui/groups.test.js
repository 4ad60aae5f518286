// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { announcement, is_muted, preview, shown_conversations } from "../../../static/js/ui/helpers/conversation_lists.js";
import { group_notice_words } from "../../../static/js/ui/helpers/group_notices.js";
import { all_verified, is_last_owner, members_words, name_of, protection_words, sort_members } from "../../../static/js/ui/helpers/group_words.js";
import { invitation_in, is_group_link, read_route, write_route } from "../../../static/js/ui/helpers/routes.js";
import { list_names } from "../../../static/js/ui/language/spoken.js";
import { TEXTS } from "../../../static/js/ui/texts.js";

/** @import { Conversation, Message } from "../../../static/js/ui/session_types.js" */
/** @import { Member } from "../../../static/js/ui/group_types.js" */

const ME = "me00";

/** @param {string} username @param {Partial<Member>} [fields] @returns {Member} */
function member(username, fields = {}) {
  return { account: `acc_${username}`, username, verified: false, role: "member", own: false, devices: 1, ...fields };
}

/** @param {Partial<Conversation>} [fields] @returns {Conversation} */
function group(fields = {}) {
  const peer = { account: "g1", username: "", verified: false, identity_changed: false };
  return { id: "g1", kind: "group", state: "active", peer, title: "Boat trip", last: null, unread: 0, ...fields };
}

/** @param {string} code @param {string} username @param {Partial<Message>} [fields] @returns {Message} */
function notice(code, username, fields = {}) {
  const account = username === "maya" ? ME : `acc_${username}`;
  return { id: "1", order: 1, own: false, author: { account, username }, type: "notice", code, time: 0, status: "stored", ...fields };
}

/** @param {string[]} names @returns {Pick<Message, "about">} */
const about = (...names) => ({ about: names.map((username) => ({ account: username === "maya" ? ME : `acc_${username}`, username })) });

test("those in charge come first, each kind by name, and before them whose key has changed", () => {
  const members = [member("zoë"), member("ben", { role: "admin" }), member("ana"), member("carl", { role: "owner" })];
  assert.deepEqual(sort_members(members).map(({ username }) => username), ["carl", "ben", "ana", "zoë"]);
  assert.equal(members[0].username, "zoë");
  assert.equal(sort_members([...members, member("yan", { identity_changed: true })])[0].username, "yan");
});

test("a group counts as verified only when everybody else in it is", () => {
  const own = member("maya", { own: true });
  assert.equal(all_verified([own]), false);
  assert.equal(all_verified([own, member("ana", { verified: true })]), true);
  assert.equal(all_verified([own, member("ana", { verified: true }), member("ben")]), false);
  assert.equal(members_words([own, member("ana")]), "2 members");
  assert.equal(members_words([own, member("ana", { verified: true })]), "2 members, all verified");
  assert.equal(members_words([own]), "1 member");
});

test("whoever is the only owner is told so, unless nobody else is there", () => {
  const own = member("maya", { own: true, role: "owner" });
  assert.equal(is_last_owner([own, member("ana", { role: "admin" })]), true);
  assert.equal(is_last_owner([own, member("ana", { role: "owner" })]), false);
  assert.equal(is_last_owner([{ ...own, role: "admin" }, member("ana", { role: "owner" })]), false);
  assert.equal(is_last_owner([own]), false);
});

test("a group is called by its title, a person by their name, and nothing is ever nameless", () => {
  assert.equal(name_of(group()), "Boat trip");
  assert.equal(name_of(group({ title: undefined })), TEXTS.group_untitled);
  const peer = { account: "a", username: "ana", verified: true, identity_changed: false };
  assert.equal(name_of({ kind: "direct", peer, title: "not this" }), "ana");
  assert.equal(list_names(["ana", "ben", "carl"]), "ana, ben, and carl");
});

test("only the suite that withstands quantum computers is said to", () => {
  assert.equal(protection_words(83), TEXTS.protection_quantum);
  for (const suite of [1, 0, undefined]) assert.equal(protection_words(suite), TEXTS.protection_today);
});

test("a notice says who did what to whom, and speaks to whoever reads it", () => {
  /** @type {[Message, string][]} */
  const cases = [
    [notice("added", "ana", about("ben", "carl")), "ana added ben and carl."],
    [notice("added", "ana", about("maya", "ben")), "ana added you and ben."],
    [notice("added", "maya", { own: true, ...about("ben") }), "You added ben."],
    [notice("removed", "ana", about("ben")), "ana removed ben."],
    [notice("removed", "ana"), "ana removed you from this group."],
    [notice("left", "maya"), "You left the group."],
    [notice("title_changed", "ana", { text: "Lake {name}" }), "ana named the group “Lake {name}”."],
    [notice("role_changed", "ana", { role: "owner", ...about("maya") }), "ana made you an owner."],
    [notice("role_changed", "maya", { role: "member", ...about("maya") }), "You took the role from yourself."],
    [notice("role_changed", "ana", { role: "admin", ...about("ben") }), "ana made ben an admin."],
    [notice("refused_roles", "ben"), "ben tried to change who is in charge. This was refused."],
    [notice("picture_changed", ""), "Somebody changed the group's picture."],
  ];
  for (const [message, words] of cases) assert.equal(group_notice_words(message, ME), words);
});

test("another key of one of many does not say that nothing is sent", () => {
  for (const code of ["identity_changed", "identity_reset"]) {
    assert.match(group_notice_words(notice(code, "ana", { by: "operator" }), ME, true) ?? "", /^ana has another key now/);
    assert.equal(group_notice_words(notice(code, "ana"), ME), null);
  }
});

test("what is no matter of groups is left to the others", () => {
  for (const message of [notice("removed", ""), notice("removed", "maya"), notice("left", "ana"), notice("device_added", "ana"), notice("nonsense", "ana")]) {
    assert.equal(group_notice_words(message, ME), null, message.code);
  }
});

test("the list names who wrote in a group, and puts a draft before it", () => {
  const last = /** @type {const} */ ({ text: "hello", own: false, time: 1, status: "delivered" });
  assert.equal(preview(group({ last: { ...last, author: "ana" } })), "ana: hello");
  assert.equal(preview(group({ last: { ...last, own: true, author: "maya" } })), "You: hello");
  assert.equal(preview(group({ last })), "hello");
  assert.equal(preview(group({ last: { ...last, text: "", files: ["lake.jpg", "map.pdf"], author: "ana" } })), "ana: lake.jpg, map.pdf");
  assert.equal(preview(group({ last: { ...last, text: "", deleted: "all", author: "ana" } })), `ana: ${TEXTS.last_deleted}`);
  assert.equal(preview({ ...group({ last: { ...last, author: "ana" } }), kind: "direct" }), "hello");
  assert.equal(preview(group({ last, draft: " not yet " })), "Draft: not yet");
  assert.equal(preview(group({ last, draft: "  " })), "hello");
  assert.equal(preview(group({ last, draft: "x", state: "stopped" })), TEXTS.last_stopped);
  assert.equal(preview(group({ last, state: "stopped", stopped: "removed" })), TEXTS.group_you_out);
  assert.equal(preview({ ...group({ last, state: "stopped", stopped: "left" }), kind: "direct" }), TEXTS.last_stopped);
  assert.equal(preview(group({ state: "request" })), TEXTS.group_request);
  assert.equal(preview(group()), TEXTS.last_none);
});

test("a screen reader is told who wrote where, and what only where it can be seen", () => {
  const last = /** @type {const} */ ({ text: "hello", own: false, time: 1, status: "delivered", author: "ana" });
  assert.equal(announcement(group({ last }), true), "ana in Boat trip: hello");
  assert.equal(announcement(group({ last }), false), "New message in Boat trip");
});

test("groups are found by their title", () => {
  assert.equal(shown_conversations([group({ title: "Café" })], "cafe").length, 1);
  assert.equal(shown_conversations([group()], "ana").length, 0);
});

test("a conversation is muted until its time is over", () => {
  assert.equal(is_muted(group({ muted: 10 }), 9), true);
  assert.equal(is_muted(group({ muted: 10 }), 10), false);
  assert.equal(is_muted(group(), 0), false);
});

test("a group's link is no invitation and no place, wherever it is pasted", () => {
  const fragment = "g/ab-c.d_ef.ghi.jkl";
  assert.deepEqual(read_route(`#${fragment}`), { name: "group_link", fragment });
  assert.equal(write_route({ name: "group_link", fragment }), `#${fragment}`);
  assert.equal(invitation_in(`https://chat.example/#${fragment} `), fragment);
  assert.equal(is_group_link(fragment), true);
  for (const other of ["i=abc.def.ghi", "/c/g", "", "/g/x"]) assert.equal(is_group_link(other), false);
});

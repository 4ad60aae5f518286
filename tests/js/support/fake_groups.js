// @ts-check
// The part of the fake session that is about groups.

import { Talk2meError } from "../../../static/js/errors.js";
import { groups_of, member, open_fake_notes } from "./group_scenes.js";

/** @import { GroupCommands, GroupQueries } from "../../../static/js/ui/group_types.js" */
/** @import { FakeSession } from "./fake_session.js" */

const pause = (ms = 300) => new Promise((resolve) => setTimeout(resolve, ms));

/** @param {FakeSession} fake @returns {GroupQueries} */
export function make_group_queries({ scene }) {
  return { group: async ({ id }) => structuredClone(groups_of(scene).get(id) ?? null) };
}

/** @param {FakeSession} fake @returns {GroupCommands} */
export function make_group_commands(fake) {
  const { scene } = fake;
  /** @param {string} id */
  const find = (id) => {
    const group = groups_of(scene).get(id);
    const conversation = scene.conversations.find((one) => one.id === id);
    if (group === undefined || conversation === undefined) throw new Talk2meError("group_missing");
    return { group, conversation };
  };
  return {
    open_notes: async () => {
      await pause();
      const conversation = open_fake_notes(scene);
      fake.emit("conversations");
      return { conversation };
    },
    create_group: async ({ title, picture = null, members }) => {
      await pause();
      const id = `g_${scene.conversations.length}`;
      const people = [member("maya", { account: "me00", role: "owner", own: true }), ...members.map((account) => member(account.replace("acc_", ""), {}))];
      const may = { add: true, edit: true, write: true, rights: true, roles: true };
      groups_of(scene).set(id, { title, picture, role: "owner", who_adds: "admins", who_edits: "admins", who_writes: "members", timer: 0, link: false, may, members: people });
      const peer = { account: id, username: title, verified: false, identity_changed: false };
      scene.conversations.unshift({ id, kind: "group", state: "active", title, picture, role: "owner", suite: 83, peer, last: null, unread: 0 });
      fake.emit("conversations");
      return { conversation: id };
    },
    change_group: async ({ conversation, ...change }) => {
      await pause();
      const found = find(conversation);
      Object.assign(found.group, change);
      const { title, picture } = found.group;
      Object.assign(found.conversation, { title, picture });
      fake.emit("conversations");
    },
    set_role: async ({ conversation, account, role }) => {
      await pause();
      for (const one of find(conversation).group.members) if (one.account === account) one.role = role;
      fake.emit("conversations");
    },
    add_to_group: async ({ conversation, accounts }) => {
      await pause();
      if (accounts.includes("acc_sam")) throw new Talk2meError("no_key_package");
      find(conversation).group.members.push(...accounts.map((account) => member(account.replace("acc_", ""), {})));
      fake.emit("conversations");
    },
    remove_from_group: async ({ conversation, account }) => {
      await pause();
      const { group } = find(conversation);
      group.members = group.members.filter((one) => one.account !== account);
      fake.emit("conversations");
    },
    leave_group: async ({ conversation }) => {
      await pause();
      Object.assign(find(conversation).conversation, { state: "stopped", stopped: "left" });
      fake.emit("conversations");
    },
    make_group_link: async ({ conversation }) => {
      await pause();
      find(conversation).group.link = true;
      fake.emit("conversations");
      return { link: `https://talk.example.org/#g/${"Zk3vQ1xT8nLw5RbY7uPcMg"}.${"hV2mD0sJqE4tK9zX6aBfW1yNrC8oUiL3pGdS5wTvQxk"}.${"A7rPz2LkVt9QmXcW4nYbJg"}`, expires: Date.now() + 7 * 86_400_000 };
    },
    revoke_group_link: async ({ conversation }) => {
      await pause();
      find(conversation).group.link = false;
      fake.emit("conversations");
    },
    read_group_link: async ({ fragment }) => {
      await pause();
      if (fragment === "g/bad") throw new Talk2meError("invitation_invalid");
      return { account: "acc_nora", username: "nora", own: fragment === "g/own", known: false };
    },
    join_by_link: async () => {
      await pause();
      return fake.commands.start_conversation({ account: "acc_nora" });
    },
    answer_join_request: async ({ conversation, id, accept }) => {
      await pause();
      const message = scene.messages[conversation]?.find((one) => one.id === id);
      if (message === undefined) throw new Talk2meError("not_found");
      message.answered = accept ? "added" : "refused";
      fake.emit("messages", { conversation });
    },
  };
}

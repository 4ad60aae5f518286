// @ts-check
// The part of the fake session that is about blocking, muting, reporting and notifications.

/** @import { Conversation, Person } from "../../../static/js/ui/session_types.js" */
/** @import { PeopleCommands, PeopleQueries } from "../../../static/js/ui/people_types.js" */
/** @import { FakeSession } from "./fake_session.js" */

/** @type {WeakMap<FakeSession, { notifications: { on: boolean, texts: boolean, pushed: boolean }, reports: any[] }>} */
const STATES = new WeakMap();

/** @param {FakeSession} fake */
export function people_state(fake) {
  const state = STATES.get(fake) ?? { notifications: { on: false, texts: false, pushed: false }, reports: [] };
  STATES.set(fake, state);
  return state;
}

/** @param {FakeSession} fake @returns {PeopleQueries} */
export function make_people_queries(fake) {
  return {
    blocked: async () => fake.scene.conversations.filter(({ blocked }) => blocked).map(({ peer }) => to_person(peer)),
    notifications: async () => structuredClone(people_state(fake).notifications),
  };
}

/** @param {FakeSession} fake @returns {PeopleCommands} */
export function make_people_commands(fake) {
  /** @param {(conversation: Conversation) => boolean} is_it @param {Partial<Conversation>} changed */
  const change = (is_it, changed) => {
    const found = fake.scene.conversations.find(is_it);
    if (found) Object.assign(found, changed);
    fake.emit("conversations", undefined);
    fake.emit("contacts", undefined);
  };
  /** @param {Partial<ReturnType<typeof people_state>["notifications"]>} changed */
  const set = (changed) => {
    Object.assign(people_state(fake).notifications, changed);
    fake.emit("notifications", undefined);
  };
  return {
    block: async ({ account }) => change(({ peer }) => peer.account === account, { blocked: true, unread: 0 }),
    unblock: async ({ account }) => change(({ peer }) => peer.account === account, { blocked: false }),
    mute: async ({ conversation, until }) => change(({ id }) => id === conversation, { muted: until }),
    report_message: async (report) => void people_state(fake).reports.push(report),
    enable_push: async () => set({ on: true, pushed: true }),
    disable_push: async () => set({ on: false, pushed: false }),
    refresh_push: async () => undefined,
    set_notifications: async (wish) => set(wish),
  };
}

/** @param {Person} person @returns {Person} */
const to_person = ({ account, username }) => ({ account, username });

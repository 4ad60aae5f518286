// @ts-check
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { is_talk2me_error } from "../../../static/js/errors.js";
import { until } from "../support/browser.js";
import { two_people } from "../support/people.js";
import { start_server } from "../support/server.js";

/** @import { Person } from "../support/people.js" */
/** @import { Session } from "../../../static/js/session/open_session.js" */

describe("several tabs of one browser", { timeout: 120_000 }, () => {
  /** @type {import("../support/server.js").Server} */
  let server;
  /** @type {Person} */
  let alice;
  /** @type {Person} */
  let bob;
  /** @type {Session} */
  let view;

  before(async () => {
    server = await start_server();
    [alice, bob] = await two_people(server.origin);
  });
  after(async () => {
    alice?.close();
    bob?.close();
    await server?.stop();
  });

  it("one is the owner, the next a view that knows the same", async () => {
    view = await alice.browser.open_tab();
    assert.equal(alice.session.profile()?.role, "owner");
    assert.deepEqual(view.profile(), { ...alice.session.profile(), role: "view" });
    assert.deepEqual(await view.queries.conversations(), await alice.ask("conversations"));
    await until(() => view.connection.state === "online");
  });

  it("a view sends through the owner, and hears what the owner hears", async () => {
    const heard = new Promise((resolve) => view.on("messages", resolve));
    const { id } = await view.commands.send_text({ conversation: bob.account, text: "from the view" });
    assert.equal(typeof id, "string");
    await bob.hears(alice, "from the view");
    assert.deepEqual(await heard, { conversation: bob.account });
  });

  it("a view gets errors as they are", async () => {
    const refused = view.commands.send_text({ conversation: bob.account, text: "" });
    await assert.rejects(refused, (error) => is_talk2me_error(error, "text_invalid"));
    const unknown = view.commands.send_text({ conversation: "nobody", text: "x" });
    await assert.rejects(unknown, (error) => is_talk2me_error(error, "not_found"));
  });

  it("a view becomes the owner when the owner goes, and talks on", async () => {
    alice.session.close();
    await until(() => view.profile()?.role === "owner");
    alice.session = view;
    await bob.say(alice, "to whoever is there");
    await alice.hears(bob, "to whoever is there");
    await alice.say(bob, "here");
    await bob.hears(alice, "here");
  });

  it("a visible view takes over from an owner that is frozen, whose writes then count no more", async () => {
    const frozen = alice.session;
    const old_device = alice.device;
    const next = await alice.browser.open_tab();
    frozen.remote.listeners.is_owner = () => false;
    await next.commands.send_text({ conversation: bob.account, text: "from the one that took over" });
    await bob.hears(alice, "from the one that took over");
    assert.equal(next.profile()?.role, "owner");
    assert.equal(frozen.profile()?.role, "view");
    const late = old_device.store.transaction((changes) => changes.put("meta", "x", {}));
    await assert.rejects(late, (error) => is_talk2me_error(error, "not_owner"));
    frozen.close();
    alice.session = next;
  });

  it("what an owner had under way does not write once it is the owner again", async () => {
    const first = alice.session;
    const before_it = alice.device;
    const second = await alice.browser.open_tab();
    await second.ownership.steal();
    await until(() => second.profile()?.role === "owner");
    second.close();
    await until(() => first.profile()?.role === "owner");
    assert.notEqual(alice.device, before_it);
    const late = before_it.store.transaction((changes) => changes.put("meta", "x", {}));
    await assert.rejects(late, (error) => is_talk2me_error(error, "not_owner"));
    await alice.say(bob, "owner again");
    await bob.hears(alice, "owner again");
  });

  it("a page that is overtaken while it begins to own stays a view", async () => {
    const first = alice.session;
    const second = await alice.browser.open_tab();
    const third = await alice.browser.open_tab();
    const [, taken] = await Promise.all([second.ownership.steal(), third.ownership.steal()]);
    assert.ok(taken);
    await new Promise((resolve) => void setTimeout(resolve, 300));
    assert.deepEqual([first, second, third].map((tab) => tab.profile()?.role), ["view", "view", "owner"]);
    for (const tab of [first, second]) tab.close();
    alice.session = third;
    await alice.say(bob, "from the third");
    await bob.hears(alice, "from the third");
  });

  it("a hidden view leaves it to the owner", async () => {
    const hidden = await alice.browser.open_tab({ is_visible: () => false });
    alice.session.remote.listeners.is_owner = () => false;
    const waiting = hidden.commands.send_text({ conversation: bob.account, text: "some time" });
    await new Promise((resolve) => void setTimeout(resolve, 2_300));
    assert.equal(alice.session.profile()?.role, "owner");
    alice.session.close();
    await waiting;
    alice.session = hidden;
    await bob.hears(alice, "some time");
  });

  it("goes online by itself once its code can be fetched", async () => {
    for (const tab of alice.browser.tabs) tab.close();
    let is_there = false;
    const load_work = async () => {
      if (!is_there) throw new TypeError("no network");
      return import("../../../static/js/session/account_work.js");
    };
    alice.session = await alice.browser.open_tab({ load_work });
    await until(() => alice.session.device);
    assert.equal(alice.session.connection.state, "offline");
    is_there = true;
    await until(() => alice.session.connection.state === "online");
  });

  it("makes no fault of our own", () => {
    assert.deepEqual([...alice.browser.faults, ...bob.browser.faults], []);
  });
});

// @ts-check
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { is_talk2me_error } from "../../../static/js/errors.js";
import { until } from "../support/browser.js";
import { Person } from "../support/people.js";
import { start_server } from "../support/server.js";

describe("people who don't know each other", { timeout: 120_000 }, () => {
  /** @type {import("../support/server.js").Server} */
  let server;
  /** @type {Person[]} */
  const everyone = [];
  const person = async (/** @type {string} */ name) => {
    const made = await Person.sign_up(server.origin, name);
    everyone.push(made);
    return made;
  };

  before(async () => {
    server = await start_server();
  });
  after(async () => {
    for (const one of everyone) one.close();
    await server?.stop();
  });

  it("are found by their exact name only", async () => {
    const [ann, ben] = [await person("ann"), await person("ben")];
    assert.deepEqual(await ann.do("find_account", { username: "BEN " }), {
      account: ben.account,
      username: "ben",
      own: false,
      known: false,
    });
    assert.equal(await ann.do("find_account", { username: "be" }), null);
    assert.equal((await ann.do("find_account", { username: "ann" })).own, true);
  });

  it("can't be written to when they don't want it", async () => {
    const [cat, dan] = [await person("cat"), await person("dan")];
    await dan.do("set_setting", { name: "open_to_strangers", value: false });
    assert.deepEqual(await dan.ask("settings"), { open_to_strangers: false, receipts: true, read_receipts: false, typing: false });
    const refused = cat.do("start_conversation", { account: dan.account });
    await assert.rejects(refused, (error) => is_talk2me_error(error, "claim_refused"));
    assert.deepEqual(await cat.ask("conversations"), []);
  });

  it("see a request, and tell nothing until it is accepted", async () => {
    const [eve, fred] = [await person("eve"), await person("fred")];
    await eve.do("start_conversation", { account: fred.account });
    await eve.say(fred, "do you remember me?");
    await fred.hears(eve, "do you remember me?");
    assert.equal((await fred.ask("conversation", { id: eve.account })).state, "request");
    await eve.sees_status(fred, "do you remember me?", "stored");
    const { cursor: before_accepting } = await fred.place(eve);
    await new Promise((resolve) => void setTimeout(resolve, 700));
    const { cursor } = await fred.place(eve);
    assert.equal(cursor.sequence, before_accepting.sequence, "nothing was sent");
    await fred.do("accept_request", { conversation: eve.account });
    await eve.sees_status(fred, "do you remember me?", "delivered");
    assert.equal((await fred.ask("conversation", { id: eve.account })).state, "active");
  });

  it("decline without a trace, and may change their mind", async () => {
    const [gus, hal] = [await person("gus"), await person("hal")];
    await gus.do("start_conversation", { account: hal.account });
    await gus.say(hal, "buy this");
    await hal.hears(gus, "buy this");
    await hal.do("decline_request", { conversation: gus.account });
    assert.equal((await hal.ask("conversation", { id: gus.account })).state, "declined");
    await gus.say(hal, "really, buy this");
    await gus.sees_status(hal, "really, buy this", "stored");
    assert.equal((await hal.texts(gus)).length, 1);
    await hal.do("start_conversation", { account: gus.account });
    await hal.say(gus, "on second thoughts");
    await gus.hears(hal, "on second thoughts");
  });

  it("start at once, see one conversation, and send in the same group", async () => {
    const [ida, jon] = [await person("ida"), await person("jon")];
    const [for_ida, for_jon] = [await jon.do("make_invitation"), await ida.do("make_invitation")];
    await Promise.all([
      ida.do("start_conversation", { account: jon.account, invitation_fragment: new URL(for_ida.link).hash }),
      jon.do("start_conversation", { account: ida.account, invitation_fragment: new URL(for_jon.link).hash }),
    ]);
    await ida.say(jon, "you first");
    await jon.say(ida, "no, you");
    await ida.hears(jon, "no, you");
    await jon.hears(ida, "you first");
    for (const one of [ida, jon]) {
      await until(async () => {
        const { mailboxes } = await one.device.store.get("conversations", one === ida ? jon.account : ida.account);
        return mailboxes.length === 2;
      });
      assert.equal((await one.ask("conversations")).length, 1);
    }
    const before_sending = await Promise.all([ida.device.store.list("cursors", { prefix: "" }), 0]);
    await ida.say(jon, "from ida");
    await jon.hears(ida, "from ida");
    await jon.say(ida, "from jon");
    await ida.hears(jon, "from jon");
    const grown = async () => {
      const now = await ida.device.store.list("cursors", { prefix: "" });
      return now.filter(({ id, value }) => {
        const old = before_sending[0].find((/** @type {any} */ row) => row.id === id);
        return value.conversation === jon.account && old && value.sequence > old.value.sequence;
      });
    };
    const { choose_mailbox } = await import("../../../static/js/session/choose_mailbox.js");
    const { mailboxes } = await ida.device.store.get("conversations", jon.account);
    assert.ok((await grown()).some(({ id }) => id === choose_mailbox(mailboxes)));
  });

  it("make no fault of our own", () => {
    assert.deepEqual(everyone.flatMap(({ browser }) => browser.faults), []);
  });
});

/* global load */
// @ts-nocheck - it runs in the page.
// What a person does with a long history: evaluates to functions for the page.
(() => {
  const open = async () => {
    const { open_store } = await load("store/open_store.js");
    return open_store("talk2me", { random: (length) => crypto.getRandomValues(new Uint8Array(length)) });
  };
  return {
    /** How many messages are in the index by now. */
    indexed: async () => {
      const store = await open();
      const rows = await store.list("search", { prefix: "s/" });
      store.close();
      return rows.reduce((sum, { value }) => sum + value.segment.docs.length, 0);
    },
    /** Each search as the interface asks for it, the first one with nothing opened yet; and beside it all messages read and looked through. */
    search: async ({ texts }) => {
      const [store, { find_messages }, terms] = [await open(), await load("session/search/find_messages.js"), await load("session/search/search_terms.js")];
      const took = [];
      for (const text of texts) {
        const started = performance.now();
        const found = await find_messages(store, { text, limit: 21 });
        took.push({ text, ms: performance.now() - started, found: found.length });
      }
      const started = performance.now();
      const wanted = terms.wanted_terms(texts.at(-1));
      let found = 0;
      for (const { value } of await store.list("conversations", { prefix: "" })) {
        const messages = await store.list("messages", { prefix: `m/${value.id}/` });
        found += messages.filter((one) => one.value.type === "text" && terms.find_in(one.value.text, wanted)).length;
      }
      const through_all = { ms: performance.now() - started, found };
      const rows = await store.read_sealed("search", "", 100_000);
      store.close();
      return { took, through_all, index_bytes: rows.reduce((sum, { sealed }) => sum + sealed.length, 0) };
    },
    /** Tasks over 50 ms since a moment. */
    tasks_since: async ({ at }) => globalThis.measured.tasks.filter((task) => task.at >= at),
    now: async () => performance.now(),
  };
})();

/* global load, indexedDB, IDBKeyRange, location */
// @ts-nocheck - it runs in the page.
// What nobody can beat here, in the same browser and from the same server: evaluates to functions for the page.
({
  /** That many bytes as one body, dropped as they come. */
  fetch_bytes: async ({ count }) => {
    const started = performance.now();
    const reader = (await fetch(`/bench/bytes/${count}`)).body.getReader();
    let got = 0;
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) got += piece.value.length;
    return { seconds: (performance.now() - started) / 1000, bytes: got };
  },
  /** The same archive through the same socket in the same pieces, and nothing done with it. */
  drain_socket: async ({ token, mailbox, size }) => {
    const [{ connect }, { from_base64url }] = await Promise.all([load("transport/mailbox_socket.js"), load("codec/base64url.js")]);
    const socket = await new Promise((resolve) => {
      const opened = connect({
        url: `${location.origin.replace(/^http/, "ws")}/ws`,
        get_token: async () => from_base64url(token),
        random: (length) => crypto.getRandomValues(new Uint8Array(length)),
        on_frame: () => undefined,
        on_state: ({ state }) => state === "online" && resolve(opened),
      });
    });
    const same = { type: "envelope.drain", mailbox: from_base64url(mailbox), after: 0, limit: size };
    const started = performance.now();
    let [bytes, entries, before] = [0, 0, (await socket.request({ ...same, limit: 1 })).head + 1];
    let asked = socket.request({ ...same, before });
    while (asked) {
      const { envelopes } = await asked;
      before = envelopes[0].sequence;
      asked = before > 1 ? socket.request({ ...same, before }) : null;
      entries += envelopes.length;
      bytes += envelopes.reduce((sum, { body }) => sum + body.length, 0);
    }
    socket.close();
    return { seconds: (performance.now() - started) / 1000, bytes, entries };
  },
  /** Two records for each message, as large as they are when they are sealed, and nothing read or sealed. */
  put_records: async ({ count, size }) => {
    const opening = indexedDB.open("ceiling", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("records");
    await new Promise((resolve) => (opening.onsuccess = resolve));
    const [message, index] = [400, 40].map((length) => crypto.getRandomValues(new Uint8Array(length)));
    const started = performance.now();
    for (let at = 0; at < count; at += size) {
      const transaction = opening.result.transaction("records", "readwrite", { durability: "strict" });
      const records = transaction.objectStore("records");
      for (let number = at; number < Math.min(at + size, count); number += 1) {
        records.put(message, `m/0123456789abcdef012345/${String(count - number).padStart(14, "0")}`);
        records.put(index, `i/0123456789abcdef012345/${Math.random()}`);
      }
      await new Promise((resolve) => (transaction.oncomplete = resolve));
    }
    const seconds = (performance.now() - started) / 1000;
    opening.result.close();
    indexedDB.deleteDatabase("ceiling");
    return { seconds };
  },
  /** What this browser has stored. */
  count_stored: async () => {
    const [{ name }] = (await indexedDB.databases()).filter((one) => one.name !== "ceiling");
    const opening = indexedDB.open(name);
    await new Promise((resolve) => (opening.onsuccess = resolve));
    const counting = opening.result.transaction("messages").objectStore("messages").count(IDBKeyRange.bound("m/", "m/\uffff"));
    await new Promise((resolve) => (counting.onsuccess = resolve));
    opening.result.close();
    return { messages: counting.result, bytes: (await navigator.storage.estimate()).usage };
  },
})

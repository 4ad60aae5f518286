/* global load, location */
// @ts-nocheck - it runs in the page.
// One file on its ways, each told in milliseconds: by the session as people send it, as plain bytes over the same endpoints, and what
// seals it alone. Evaluates to functions for the page.
(() => {
  const random = (length) => crypto.getRandomValues(new Uint8Array(length));
  const state = (globalThis.measured ??= {});

  async function timed(work) {
    const started = performance.now();
    await work();
    return performance.now() - started;
  }

  async function until(look) {
    for (;;) {
      const found = await look();
      if (found) return found;
      await new Promise((resolve) => void setTimeout(resolve, 20));
    }
  }

  async function sign_up(username) {
    const { open_session } = await load("session/open_session.js");
    const fetch_and_look = (input, init) => {
      state.authorization = init.headers.authorization ?? state.authorization;
      // What steers this browser would copy every body out of the page, unless it is a Blob.
      const body = init.body instanceof Uint8Array ? new Blob([init.body]) : init.body;
      return fetch(input, { ...init, body });
    };
    const options = { origin: location.origin, network: globalThis, database_name: username, fetch: fetch_and_look };
    const session = await open_session(options);
    await session.commands.sign_up({ username });
    return session;
  }

  async function call(method, path, { headers, body } = {}) {
    const sent = { authorization: state.authorization, "content-type": "application/octet-stream", ...headers };
    const response = await fetch(`/api/attachments${path}`, { method, headers: sent, body, cache: "no-store" });
    if (!response.ok) throw new Error(`${response.status} to ${method}`);
    return response;
  }

  async function upload_plain({ blob }) {
    const { to_base64url } = await load("codec/base64url.js");
    const id = to_base64url(random(16));
    const body = JSON.stringify({ id, size: blob.size });
    const { part } = await (await call("POST", "", { headers: { "content-type": "application/json" }, body })).json();
    for (let offset = 0; offset < blob.size; offset += part) {
      await (await call("PUT", `/${id}?offset=${offset}`, { body: blob.slice(offset, offset + part) })).json();
    }
    state.plain = { id, part, size: blob.size };
  }

  async function download_plain({ id, part, size }) {
    const parts = [];
    for (let offset = 0; offset < size; offset += part) {
      const range = `bytes=${offset}-${Math.min(size, offset + part) - 1}`;
      parts.push(await (await call("GET", `/${id}`, { headers: { range } })).arrayBuffer());
    }
    return new Blob(parts);
  }

  /** As a person sends it: sealed into the browser's store, then brought to the server from there. */
  async function upload_sealed({ alice, peer, blob }) {
    const done = new Promise((resolve) => {
      const stop = alice.on("file", ({ state: how }) => {
        if (how !== "done") return;
        stop();
        resolve();
      });
    });
    const file = { blob, name: "a film", media: "video/mp4", kind: "file" };
    state.sealed = await alice.commands.send_files({ conversation: peer, files: [file] });
    await done;
  }

  /** As WebCrypto has it, chunk after chunk, from memory to memory. */
  async function aes_alone(step) {
    const [length, key] = [65_536, await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"])];
    const how = { name: "AES-GCM", iv: random(12) };
    const plain = random(length);
    const given = step === "encrypt" ? plain : await crypto.subtle.encrypt(how, key, plain);
    return timed(async () => {
      for (let at = 0; at < state.blob.size; at += length) await crypto.subtle[step](how, key, given);
    });
  }

  async function check_same(blob) {
    const hash = async (one) => String(new Uint8Array(await crypto.subtle.digest("SHA-256", await one.arrayBuffer())));
    if ((await hash(blob)) !== (await hash(state.blob))) throw new Error("another file came");
  }

  return {
    /** Two people who talk, both in this page. */
    begin: async () => {
      const [alice, bob] = [await sign_up("alice"), await sign_up("bob")];
      const { link } = await alice.commands.make_invitation();
      const peer = alice.profile().account;
      await bob.commands.start_conversation({ account: peer, invitation_fragment: new URL(link).hash });
      await until(async () => (await bob.queries.conversation({ id: peer }))?.state === "active");
      await bob.commands.send_text({ conversation: peer, text: "hello" });
      const of_bob = bob.profile().account;
      await until(async () => (await alice.queries.messages({ conversation: of_bob, limit: 9 })).some(({ text }) => text === "hello"));
      Object.assign(state, { alice, bob, conversation: peer, peer: of_bob });
    },
    make_file: async ({ size }) => {
      const pieces = [];
      for (let at = 0; at < size; at += 65_536) pieces.push(random(Math.min(65_536, size - at)));
      state.blob = new Blob(pieces);
    },
    upload_sealed: () => timed(() => upload_sealed(state)),
    /** Not measured: until the other person has the message. */
    arrive: async () => {
      const { bob, conversation, sealed } = state;
      await until(async () => (await bob.queries.messages({ conversation, limit: 9 })).some(({ id }) => id === sealed.id));
    },
    download_sealed: async () => {
      const { bob, conversation, sealed } = state;
      let found = null;
      const took = await timed(async () => (found = await bob.commands.read_file({ conversation, id: sealed.id, index: 0 })));
      await check_same(found.blob);
      return took;
    },
    upload_plain: () => timed(() => upload_plain(state)),
    download_plain: async () => {
      let found = null;
      const took = await timed(async () => (found = await download_plain(state.plain)));
      await check_same(found);
      return took;
    },
    encrypt: () => aes_alone("encrypt"),
    decrypt: () => aes_alone("decrypt"),
    /** What the protocol does with a file, with nothing stored and nothing sent. */
    seal: async () => {
      const { derive_file, FileSealer, CHUNK_LENGTH } = await load("protocol/file_sealing.js");
      const bytes = new Uint8Array(await state.blob.arrayBuffer());
      const about = { key: random(32), id: random(16), size: bytes.length };
      const file = await derive_file(about);
      const sealer = new FileSealer(file);
      const stored = [];
      const took = await timed(async () => {
        for (let at = 0; at < file.chunks; at += 1) stored.push(await sealer.seal(bytes.subarray(at * CHUNK_LENGTH, (at + 1) * CHUNK_LENGTH)));
      });
      Object.assign(state, { stored, file, digest: await sealer.end() });
      return took;
    },
    open: async () => {
      const { FileOpener } = await load("protocol/file_sealing.js");
      const { stored, file, digest } = state;
      const opener = new FileOpener(file, digest);
      const took = await timed(async () => {
        for (const chunk of stored) await opener.take(chunk);
        await opener.end();
      });
      state.stored = null;
      return took;
    },
  };
})();

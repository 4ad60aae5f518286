// @ts-check
// One function for each HTTP path of docs/wire_format.md 2. Ids go in and out as base64url text, everything else that is
// bytes as bytes.
import { to_base64url } from "../codec/base64url.js";
import { from_utf8 } from "../codec/bytes.js";
import { is_talk2me_error, Talk2meError } from "../errors.js";
import { make_account_calls } from "./account_calls.js";
import { bytes, list, read_events, text } from "./answer_fields.js";
import { make_attachment_calls } from "./attachment_calls.js";
import { call_api, call_bytes } from "./call_api.js";
import { make_link_box_calls } from "./link_box_calls.js";
import { make_passkey_calls } from "./passkey_calls.js";
import { make_people_calls } from "./people_calls.js";
import { make_recovery_calls } from "./recovery_calls.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @import { Call, Fetch } from "./call_api.js" */
/**
 * @typedef {{ identity: Uint8Array, sign_in?: Uint8Array, mls?: Uint8Array,
 *             authority?: { key: Uint8Array, signature: Uint8Array } }} Signatures
 * @typedef {{ event: Uint8Array, signatures: Signatures }} SignedEvent
 * @typedef {{ event: Bytes, signatures: any }} ReadEvent
 * @typedef {{ events: ReadEvent[], log: any }} ReadChain `log` as it came (docs/key_log.md 4): checked by who asked
 * @typedef {{ token: Bytes, expires_in: number }} Grant
 */

// Called as a function of its own: a browser's `fetch` refuses to be another object's method.
/** @type {Fetch} */
const platform_fetch = (input, init) => fetch(input, init);

/**
 * @param {{ origin: string, fetch?: Fetch, get_token: (options: { fresh: boolean }) => Promise<Uint8Array> }} options
 *   `get_token`: with `fresh`, never one that it gave before
 */
export function make_api({ origin, fetch: do_fetch = platform_fetch, get_token }) {
  /** @param {Call} call */
  const open_call = (call) => call_api({ origin, fetch: do_fetch }, call);

  /** @param {Call} call */
  const open_bytes_call = (call) => call_bytes({ origin, fetch: do_fetch }, call);

  /**
   * @template T
   * @param {(call: Call) => Promise<T>} do_call
   * @returns {(call: Call) => Promise<T>} the same with a token
   */
  const signed_in = (do_call) => async (call) => {
    const token = to_base64url(await get_token({ fresh: false }));
    try {
      return await do_call({ ...call, token });
    } catch (error) {
      if (!is_talk2me_error(error, "token_expired") && !is_talk2me_error(error, "unauthenticated")) throw error;
      return do_call({ ...call, token: to_base64url(await get_token({ fresh: true })) });
    }
  };
  const signed_in_call = signed_in(open_call);

  return {
    server: () => open_call({ method: "GET", path: "server" }),

    /** @param {SignedEvent & { invite?: string, work?: string }} account a registration code; the solution of a challenge */
    create_account: ({ event, signatures, invite, work }) =>
      open_call({
        method: "POST",
        path: "accounts",
        body: { ...event_fields({ event, signatures }), ...(invite ? { invite } : {}), ...(work ? { work } : {}) },
      }),

    /** @param {string} account that is to be made @returns {Promise<unknown>} as it came: checked by who solves it */
    work_challenge: async (account) => (await open_call({ method: "POST", path: "accounts/work", body: { account } })).challenge,

    /** @param {string} account @param {SignedEvent} signed @param {{ reset_code?: string }} [more] the operator's code */
    append_event: (account, signed, { reset_code } = {}) =>
      open_call({
        method: "POST",
        path: `accounts/${account}/events`,
        body: { ...event_fields(signed), ...(reset_code ? { reset_code } : {}) },
      }),

    /**
     * @param {string} account
     * @param {{ since: number, token?: Uint8Array }} held `since`: size of the log that is held; `token`: of a device that has no session yet
     * @returns {Promise<ReadChain>}
     */
    chain: async (account, { since, token }) => {
      /** @type {Call} */
      const call = { method: "GET", path: `accounts/${account}/chain?after=0&since=${since}` };
      const answer = await (token ? open_call({ ...call, token: to_base64url(token) }) : signed_in_call(call));
      return { events: read_events(answer), log: answer.log };
    },

    /** @param {string} username @param {{ since: number }} held @returns {Promise<ReadChain & { account: string }>} */
    lookup: async (username, { since }) => {
      const answer = await signed_in_call({ method: "POST", path: "accounts/lookup", body: { username, since } });
      return { account: text(answer.account), events: read_events(answer), log: answer.log };
    },

    /** @param {number} since @returns {Promise<{ log: any, genesis: any, frontier: any }>} as it came */
    key_log_directory: async (since) => {
      const { log, genesis, frontier } = await signed_in_call({ method: "GET", path: `key_log/directory?since=${since}` });
      return { log, genesis, frontier };
    },

    /** @param {number} since @returns {Promise<{ log: any }>} */
    key_log_news: async (since) => ({ log: (await open_call({ method: "GET", path: `key_log/news?since=${since}` })).log }),

    /** @param {number} from @param {number} to not included @returns {Promise<Bytes>} leaves joined */
    key_log_leaves: (from, to) =>
      call_bytes({ origin, fetch: do_fetch }, { method: "GET", path: `key_log/leaves?from=${from}&to=${to}` }),

    /** @param {number} from @param {number} to sizes @returns {Promise<Bytes>} hashes joined */
    key_log_consistency: async (from, to) =>
      bytes((await open_call({ method: "GET", path: `key_log/consistency?from=${from}&to=${to}` })).proof),

    /** @param {number} position @param {number} size @returns {Promise<Bytes>} hashes joined */
    key_log_inclusion: async (position, size) =>
      bytes((await open_call({ method: "GET", path: `key_log/inclusion?position=${position}&size=${size}` })).proof),

    /** The newest checkpoint that witnesses have signed. @returns {Promise<string>} a signed note; fails with `not_found` */
    key_log_cosigned: async () => {
      const note = await call_bytes({ origin, fetch: do_fetch }, { method: "GET", path: "key_log/checkpoint?cosigned=1" });
      try {
        return from_utf8(note);
      } catch {
        throw new Talk2meError("answer_invalid");
      }
    },

    /** @param {string} account @param {string} device @returns {Promise<Bytes>} the nonce to sign */
    challenge: async (account, device) =>
      bytes((await open_call({ method: "POST", path: "sign_in/challenge", body: { account, device } })).nonce),

    /**
     * @param {{ account: string, device: string, nonce: Uint8Array, signature: Uint8Array }} proof
     * @returns {Promise<Grant>}
     */
    sign_in: async ({ account, device, nonce, signature }) => {
      const body = { account, device, nonce: to_base64url(nonce), signature: to_base64url(signature) };
      const { token, expires_in } = await open_call({ method: "POST", path: "sign_in", body });
      return { token: bytes(token), expires_in };
    },

    /** The token that this browser has is forgotten. */
    sign_out: () => signed_in_call({ method: "POST", path: "sign_out", body: {} }),

    /** @param {{ suite: number, key_packages: Uint8Array[], last_resort?: Uint8Array }} batch */
    publish_key_packages: ({ suite, key_packages, last_resort }) =>
      signed_in_call({
        method: "POST",
        path: "key_packages",
        body: {
          suite,
          key_packages: key_packages.map(to_base64url),
          ...(last_resort ? { last_resort: to_base64url(last_resort) } : {}),
        },
      }),

    /** @returns {Promise<{ remaining: Record<string, number>, last_resort: Record<string, boolean> }>} */
    count_key_packages: async () => {
      const { remaining = {}, last_resort = {} } = await signed_in_call({ method: "GET", path: "key_packages" });
      return { remaining, last_resort };
    },

    /**
     * @param {{ account: string, suite: number, invitation?: Uint8Array }} claim
     * @returns {Promise<{ device: string, key_package: Bytes, last_resort: boolean }[]>}
     */
    claim_key_packages: async ({ account, suite, invitation }) => {
      const body = { account, suite, ...(invitation ? { invitation: to_base64url(invitation) } : {}) };
      const { devices } = await signed_in_call({ method: "POST", path: "key_packages/claim", body });
      return list(devices).map(({ device, key_package, last_resort }) => ({
        device: text(device),
        key_package: bytes(key_package),
        last_resort: last_resort === true,
      }));
    },

    /** @param {{ token_hash: Uint8Array, expires_in: number }} invitation seconds */
    publish_invitation: ({ token_hash, expires_in }) =>
      signed_in_call({ method: "POST", path: "invitations", body: { token_hash: to_base64url(token_hash), expires_in } }),

    /** @param {{ token?: Uint8Array }} [recovering] a recovery token @returns {Promise<{ version: number, vault: Bytes }>} */
    get_vault: async ({ token } = {}) => {
      /** @type {Call} */
      const call = { method: "GET", path: "vault" };
      const { version, vault } = await (token ? open_call({ ...call, token: to_base64url(token) }) : signed_in_call(call));
      return { version, vault: bytes(vault) };
    },

    /** @param {{ version: number, vault: Uint8Array }} stored */
    put_vault: ({ version, vault }) =>
      signed_in_call({ method: "PUT", path: "vault", body: { version, vault: to_base64url(vault) } }),

    get_settings: () => signed_in_call({ method: "GET", path: "settings" }),

    /** @param {{ open_to_strangers: boolean }} settings */
    put_settings: (settings) => signed_in_call({ method: "PUT", path: "settings", body: settings }),

    ...make_link_box_calls({ open_call, signed_in_call }),
    ...make_recovery_calls({ open_call, signed_in_call }),
    ...make_passkey_calls({ open_call, signed_in_call }),
    ...make_people_calls({ signed_in_call }),
    ...make_account_calls({ signed_in_call }),
    ...make_attachment_calls({ signed_in_call, signed_in_bytes_call: signed_in(open_bytes_call) }),
  };
}

/** @typedef {ReturnType<typeof make_api>} Api */

/** @param {SignedEvent} signed */
function event_fields({ event, signatures }) {
  const { identity, sign_in, mls, authority } = signatures;
  return {
    event: to_base64url(event),
    signatures: {
      identity: to_base64url(identity),
      ...(sign_in ? { sign_in: to_base64url(sign_in) } : {}),
      ...(mls ? { mls: to_base64url(mls) } : {}),
      ...(authority ? { authority: { key: to_base64url(authority.key), signature: to_base64url(authority.signature) } } : {}),
    },
  };
}

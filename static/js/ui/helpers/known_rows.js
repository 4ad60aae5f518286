// @ts-check
// What the server knows, as lines to read.
import { text } from "../texts.js";
import { format_size } from "./archive_words.js";
import { format_day, format_last_seen } from "./format_last_seen.js";
import { full_date, time_of_day } from "./format_time.js";
import { counted } from "./plural.js";

/** @import { Clock } from "./format_time.js" */
/** @import { Known, KnownBox, KnownGroup, KnownRow } from "../known_types.js" */

// One by one are shown so many; the downloaded file has the rest.
const MOST = 50;

/**
 * @param {Known} known
 * @param {{ clock: Clock, device: string }} reader `device`: this browser's
 * @returns {KnownGroup[]} those without a line are left out
 */
export function known_groups(known, { clock, device }) {
  const groups = [about_account(known, clock), about_devices(known, clock, device), about_kept(known, clock), about_ways(known, clock), about_room(known)];
  return groups.filter(({ rows }) => rows.length > 0);
}

/** @param {Known} known @param {Clock} clock @returns {KnownGroup} */
function about_account({ account, chain, operators, registration, reset_permit }, clock) {
  const open = text(account.open_to_strangers ? "known_open" : "known_closed");
  const date = whole_date(account.created, clock);
  const keys = { events: counted("known_events", chain.events), leaves: counted("known_leaves", chain.leaves) };
  return {
    title: text("known_you"),
    rows: [
      { name: text("known_name", { name: account.username }), hint: text("known_name_hint", { date, open }) },
      { name: text("known_keys"), hint: text("known_keys_hint", keys), size: format_size(chain.bytes) },
      ...(registration ? [{ name: registration_words(registration), hint: whole_date(registration.day, clock) }] : []),
      ...(reset_permit ? [{ name: text("known_reset", { date: format_day(reset_permit.from_day, clock) }) }] : []),
      ...operators.map(({ time, what }) => ({ name: text("known_operator", { what }), hint: moment(time, clock) })),
    ],
  };
}

/** @param {Known} known @param {Clock} clock @param {string} own @returns {KnownGroup} */
function about_devices({ devices, pushes, sign_ins }, clock, own) {
  const rows = devices.map(({ device, created, last_seen, removed, key_packages }, at) => {
    const count = key_packages.single_use + key_packages.last_resort;
    const push = pushes.find((one) => one.device === device);
    const hints = [
      text("known_device_days", { day: format_day(created, clock), seen: format_last_seen(last_seen, clock) }),
      count > 0 ? counted("known_packages", count) : "",
      push ? text("known_push", { host: push.host }) : "",
    ];
    const key = removed ? text("known_device_removed", { number: at + 1 }) : text(device === own ? "known_device_own" : "known_device", { number: at + 1 });
    return { name: key, hint: hints.filter(Boolean).join(" "), size: size_of(key_packages.bytes) };
  });
  return { title: text("known_devices"), hint: text("known_devices_hint"), rows: [...rows, ...ending(sign_ins, "known_sign_ins", clock)] };
}

/** @param {Known} known @param {Clock} clock @returns {KnownGroup} */
function about_kept({ vault, mailboxes, attachments }, clock) {
  /** @param {KnownBox["kind"]} kind */
  const of_kind = (kind) => mailboxes.rows.filter((row) => row.kind === kind);
  const conversations = of_kind("conversation");
  const waiting = counted("known_sealed", sum(conversations.map(({ envelopes }) => envelopes)));
  const own = of_kind("device").filter(({ envelopes }) => envelopes > 0);
  const rows = [
    vault ? [{ name: text("known_vault"), hint: text("known_vault_hint", { time: moment(vault.updated, clock) }), size: format_size(vault.bytes) }] : [],
    of_kind("archive").map((row) => ({
      name: text("known_archive"),
      hint: text("known_archive_hint", { count: counted("known_sealed", row.envelopes) }),
      size: format_size(row.bytes),
    })),
    own.map((row) => ({ name: text("known_own_box"), hint: box_hint(row, clock), size: format_size(row.bytes) })),
    conversations.length > 0
      ? [
          {
            part: "conversations",
            name: counted("known_conversations", conversations.length),
            hint: text("known_conversations_hint", { count: waiting }),
            size: format_size(sum(conversations.map(({ bytes }) => bytes))),
            rows: at_most(conversations.map((row, at) => ({ name: text("known_conversation", { number: at + 1 }), hint: box_hint(row, clock), size: format_size(row.bytes) }))),
          },
        ]
      : [],
    sent_files(attachments, clock),
    kept_files(attachments),
  ];
  return { title: text("known_kept"), hint: text("known_kept_hint"), rows: rows.flat() };
}

/** Once it is whole: before that it goes by itself. @param {Known["attachments"]["rows"][number]} file */
const is_kept = ({ keep, complete }) => keep && complete;

/** @param {Known["attachments"]} attachments @param {Clock} clock @returns {KnownRow[]} */
function sent_files({ count, bytes, rows }, clock) {
  const kept = rows.filter(is_kept);
  const sent = rows.filter((row) => !is_kept(row));
  const total = count - kept.length;
  if (total <= 0) return [];
  const shown = sent.map((row, at) => ({ name: text("known_file", { number: at + 1 }), hint: file_hint(row, clock), size: format_size(row.bytes) }));
  const size = format_size(bytes - sum(kept.map((row) => row.bytes)));
  return [{ part: "sent", name: counted("known_files", total), hint: text("known_files_hint"), size, rows: at_most(shown, total) }];
}

/** What nobody else has a use for, so that its owner can delete it by this alone. @param {Known["attachments"]} attachments @returns {KnownRow[]} */
function kept_files({ rows }) {
  const kept = rows.filter(is_kept);
  if (kept.length === 0) return [];
  const size = format_size(sum(kept.map(({ bytes }) => bytes)));
  const each = kept.map(({ id, bytes }, at) => ({ name: text("known_kept_file", { number: at + 1 }), size: format_size(bytes), kept: [id] }));
  const all = each.length > 1 ? [{ name: text("known_kept_all"), size, kept: kept.map(({ id }) => id) }] : [];
  return [{ part: "kept", name: counted("known_kept_files", kept.length), hint: text("known_kept_files_hint"), size, rows: [...all, ...at_most(each)] }];
}

/** @param {Known} known @param {Clock} clock @returns {KnownGroup} */
function about_ways({ account, passkeys, invitations, invited, link_boxes, recoveries, reports }, clock) {
  return {
    title: text("known_ways"),
    rows: [
      ...(account.recovery_keys > 0 ? [{ name: counted("known_recovery", account.recovery_keys), hint: text("known_recovery_hint") }] : []),
      ...passkeys.map(({ created, last_used }, at) => ({
        name: text("known_passkey", { number: at + 1 }),
        hint: text("known_passkey_hint", { day: format_day(created, clock), seen: format_last_seen(last_used, clock) }),
      })),
      ...invitations.map(({ expires, used }, at) => ({
        name: text("known_invitation", { number: at + 1 }),
        hint: text("known_invitation_hint", { used: counted("known_used", used), end: moment(expires, clock) }),
      })),
      ...invited.map((one) => ({ name: invited_words(one, clock) })),
      ...link_boxes.map(({ expires, bytes }) => ({ name: text("known_link_box"), hint: text("known_link_box_hint", { end: moment(expires, clock) }), size: size_of(bytes) })),
      ...ending(recoveries, "known_recoveries", clock),
      ...reports.map(({ received, bytes, note }) => ({
        name: text("known_report"),
        hint: text(note === "" ? "known_report_plain" : "known_report_hint", { time: moment(received, clock), note }),
        size: format_size(bytes),
      })),
    ],
  };
}

/** @param {string} day @param {Clock} clock */
const whole_date = (day, clock) => full_date(Date.parse(`${day}T12:00:00Z`), { ...clock, zone: "UTC" });

/** @param {NonNullable<Known["registration"]>} registration */
function registration_words({ by, label }) {
  if (by !== null) return text("known_registration_by", { name: by });
  return label === "" ? text("known_registration") : text("known_registration_label", { label });
}

/** @param {Known["invited"][number]} invited @param {Clock} clock */
function invited_words({ accounts, expires, state }, clock) {
  if (accounts.length > 0) return text("known_invited", { names: accounts.join(", ") });
  return state === "open" ? text("known_invited_open", { end: moment(expires, clock) }) : text("known_invited_ended");
}

/** @param {Known} known @returns {KnownGroup} */
function about_room({ quotas: { share, attachments } }) {
  const rows = [
    { name: text("known_room_share"), quota: share },
    { name: text("known_room_attachments"), quota: attachments },
  ].filter(({ quota }) => quota);
  return { title: text("known_room"), rows: rows.map(({ name, quota }) => ({ name, hint: text("known_room_of", { most: format_size(quota.most) }), size: format_size(quota.used) })) };
}

/**
 * @param {{ expires: number }[]} rows
 * @param {"known_sign_ins" | "known_recoveries"} key
 * @param {Clock} clock
 * @returns {KnownRow[]} one line for all, or none
 */
function ending(rows, key, clock) {
  if (rows.length === 0) return [];
  const end = moment(Math.max(...rows.map(({ expires }) => expires)), clock);
  const name = key === "known_sign_ins" ? counted("known_sign_ins", rows.length) : counted("known_recoveries", rows.length);
  return [{ name, hint: text("known_link_box_hint", { end }) }];
}

/** @param {KnownBox} box @param {Clock} clock */
function box_hint({ envelopes, oldest, expires }, clock) {
  const count = counted("known_sealed", envelopes);
  if (oldest === null) return count;
  const since = text("known_since", { count, oldest: moment(oldest, clock) });
  return expires === null ? since : text("known_until", { since, end: full_date(expires, clock) });
}

/** @param {Known["attachments"]["rows"][number]} file @param {Clock} clock */
function file_hint({ complete, expires }, clock) {
  if (expires === null) return "";
  return text(complete ? "known_file_until" : "known_file_unfinished", { end: full_date(expires, clock) });
}

/** @param {KnownRow[]} rows @param {number} [count] of all @returns {KnownRow[]} */
function at_most(rows, count = rows.length) {
  const shown = rows.slice(0, MOST);
  return count > shown.length ? [...shown, { name: counted("known_more", count - shown.length) }] : shown;
}

/** Within a sentence, so never "Today". @param {number} time @param {Clock} clock @returns {string} `7 March 2026, 14:05` */
const moment = (time, clock) => text("day_and_time", { day: full_date(time, clock), time: time_of_day(time, clock) });

/** @param {number} bytes @returns {string | undefined} */
const size_of = (bytes) => (bytes > 0 ? format_size(bytes) : undefined);

/** @param {number[]} numbers */
const sum = (numbers) => numbers.reduce((all, one) => all + one, 0);

// @ts-check
// The session as the interface sees it (docs/browser_layers.md). Ids are base64url text, times unix ms.

/** @import { DeviceCommands, DeviceQueries, LinkNews } from "./device_types.js" */
/** @import { KnownCommands } from "./known_types.js" */
/** @import { FileCommands, FileProgress, MessageFile } from "./file_types.js" */
/** @import { GroupCommands, GroupQueries, Role } from "./group_types.js" */
/** @import { PeopleCommands, PeopleQueries } from "./people_types.js" */
/** @import { SearchQueries } from "./search_types.js" */
/** @import { MessageCommands, MessageExtras, MessageQueries, Typing } from "./message_types.js" */

/**
 * @typedef {object} Profile
 * @property {string} account
 * @property {string} username
 * @property {string} device
 * @property {string} [device_name]
 * @property {number} created
 * @property {boolean} recovery_confirmed
 * @property {true} [recovered] which of the old devices are lost has yet to be said
 * @property {"owner" | "view"} role
 */

/** @typedef {{ account: string, username: string }} Person */
/** @typedef {Person & { verified: boolean, identity_changed: boolean }} Peer */
/** @typedef {Person & { own: boolean, known: boolean }} Found */
/** @typedef {"waiting" | "stored" | "delivered" | "read" | "failed"} Status */

/**
 * @typedef {object} LastMessage
 * @property {string} text
 * @property {boolean} own
 * @property {number} time
 * @property {Status} status
 * @property {string} [author] the name of who wrote it, in groups
 * @property {"join_request"} [type] where it is no text
 * @property {string[]} [files] their names
 * @property {"all"} [deleted]
 * @property {true} [blocked] in a group, by somebody whom this account hears nothing of: it says no more than that
 */

/**
 * @typedef {object} Conversation
 * @property {string} id
 * @property {"direct" | "group"} kind
 * @property {"request" | "active" | "declined" | "stopped"} state
 * @property {string} [stopped] the code of why
 * @property {Peer} peer
 * @property {null | LastMessage} last
 * @property {number} unread
 * @property {boolean} [waits_for_log] what is written waits until the key log is in order or the contact verified
 * @property {boolean} [archive] its messages go into the archive
 * @property {string} [title] of a group
 * @property {Uint8Array | null} [picture] of a group
 * @property {Role} [role] one's own in a group
 * @property {boolean} [notes] a group that holds the notes to oneself
 * @property {boolean} [may_write] in a group where only admins write
 * @property {number} [suite] of its encryption (docs/protocol.md 5)
 * @property {boolean} [blocked] with somebody whom this account hears nothing of
 * @property {number} [muted] until then (unix ms) it says nothing by itself
 * @property {string} [draft] what was typed here and not sent
 * @property {number} [timer] seconds after which messages disappear
 */

/** @typedef {BasicMessage & MessageExtras & { files?: MessageFile[] }} Message */

/**
 * @typedef {object} BasicMessage
 * @property {string} id
 * @property {number} order grows with time within a conversation
 * @property {boolean} own
 * @property {Person} author
 * @property {"text" | "notice" | "join_request" | "unknown"} type
 * @property {string} [text]
 * @property {string} [code] of a notice
 * @property {string} [group] of a request to join: the conversation of the group
 * @property {"added" | "refused"} [answered] of a request to join
 * @property {Role} [role] of a notice: the one that somebody has now
 * @property {"recovery" | "operator"} [by] of a notice: who vouches for what happened
 * @property {number} time
 * @property {Status} status
 * @property {string} [error] the code of why it failed
 * @property {boolean} [clock_ahead] the author's clock was more than ten minutes ahead of ours when it came
 */

/** @typedef {{ state: "offline" | "connecting" | "online", retry_at?: number, stopped?: string }} Connection `stopped`: why it is not tried again */
/** @typedef {{ code: string, conversation?: string, account?: string, username?: string, own?: boolean, done?: number, total?: number, missing?: number, name?: string }} Alert */
/** @typedef {{ open_to_strangers: boolean, receipts: boolean, read_receipts: boolean, typing: boolean }} Settings */
/** @typedef {{ digits: string, qr: string, verified: number | null, changed: boolean }} SafetyNumber */
/** @typedef {"log_split" | "log_rolled_back" | "log_own_account" | "log_entry_dropped" | "log_key_changed"} KeyLogCode */
/** @typedef {{ code: KeyLogCode, found: number, seen: boolean, username?: string }} KeyLogAlarm */

/**
 * What this device knows of the server's key log (docs/key_log.md 6).
 * @typedef {object} KeyLog
 * @property {"ok" | "frozen" | "unreachable" | "unwitnessed" | "broken"} state
 * @property {KeyLogAlarm | null} alarm
 * @property {number} size entries in it
 * @property {number} time of the newest entry, 0 without one
 * @property {number} checked when it was looked at, 0 for never
 * @property {string} witnesses their verifier keys, one a line
 * @property {number} quorum how many of them have to confirm it
 * @property {string} name
 * @property {number} clock ms by which this device's clock is behind (+) or ahead (-) of it; 0 where that matters to nobody
 */

/** @typedef {{ origin: string, version: string, manifest: string, registration: "open" | "invite" | "closed", invites?: number, gate?: string | null, limits?: { attachment?: number } }} ServerInfo */

/**
 * @typedef {object} Topics
 * @property {Connection} connection
 * @property {unknown} profile
 * @property {unknown} conversations
 * @property {{ conversation: string }} messages
 * @property {unknown} contacts
 * @property {unknown} key_log
 * @property {Alert} alert
 * @property {unknown} role
 * @property {LinkNews} link
 * @property {unknown} archive
 * @property {{ locked: boolean }} locked
 * @property {unknown} devices
 * @property {FileProgress} file
 * @property {Typing} typing
 * @property {unknown} notifications
 * @property {{ state: "ready" | "taken" }} release another release than this page's waits, or has begun
 */

/** @typedef {BasicCommands & DeviceCommands & FileCommands & GroupCommands & KnownCommands & MessageCommands & PeopleCommands} Commands */
/** @typedef {BasicQueries & DeviceQueries & GroupQueries & MessageQueries & PeopleQueries & SearchQueries} Queries */

/**
 * @typedef {object} BasicCommands
 * @property {() => Promise<{ missing: string[] }>} check_browser
 * @property {() => Promise<ServerInfo>} server_info
 * @property {() => Promise<unknown>} keep_release in this browser, to work without a network; topic `release` tells of another
 * @property {() => Promise<unknown>} take_release
 * @property {(input: { username: string, invite?: string, device_name: string }) => Promise<Profile>} sign_up
 * @property {() => Promise<string | null>} pending_recovery_key
 * @property {(input: { groups: Record<string, string> }) => Promise<{ confirmed: boolean }>} confirm_recovery_key
 * @property {(input?: { newcomer?: boolean }) => Promise<{ link: string, expires: number }>} make_invitation
 * @property {(input: { fragment: string }) => Promise<Found>} read_invitation
 * @property {(input: { username: string }) => Promise<Found | null>} find_account
 * @property {(input: { account: string, invitation_fragment?: string }) => Promise<{ conversation: string }>} start_conversation
 * @property {(input: { conversation: string }) => Promise<unknown>} accept_request
 * @property {(input: { conversation: string }) => Promise<unknown>} decline_request
 * @property {(input: { conversation: string, text: string, reply?: string, mentions?: string[] }) => Promise<{ id: string }>} send_text
 * @property {(input: { conversation: string, id: string }) => Promise<unknown>} retry
 * @property {(input: { conversation: string, order: number }) => Promise<unknown>} mark_read
 * @property {(input: { account: string }) => Promise<SafetyNumber>} safety_number
 * @property {(input: { account: string, method?: "digits", scanned?: string }) => Promise<{ verified: boolean }>} verify_contact
 * @property {(input: { account: string }) => Promise<unknown>} unverify_contact
 * @property {(input: { account: string }) => Promise<unknown>} accept_identity
 * @property {() => Promise<{ file: Blob, name: string }>} export_account
 * @property {(input: { file: Blob, recovery_key: string, device_name: string }) => Promise<Profile>} import_account
 * @property {(input: { name: keyof Settings, value: boolean }) => Promise<unknown>} set_setting
 * @property {() => Promise<unknown>} erase_browser
 * @property {() => Promise<unknown>} check_key_log
 * @property {() => Promise<{ file: Blob, name: string }>} save_evidence
 * @property {() => Promise<unknown>} dismiss_key_log_alarm
 * @property {() => Promise<unknown>} restart_key_log
 * @property {(input: { witnesses: string, quorum: number }) => Promise<unknown>} set_witnesses
 */

/**
 * @typedef {object} BasicQueries
 * @property {() => Promise<Conversation[]>} conversations
 * @property {(input: { id: string }) => Promise<Conversation | null>} conversation
 * @property {(input: { conversation: string, before?: number, after?: number, around?: number, limit: number }) => Promise<Message[]>} messages
 * @property {() => Promise<Peer[]>} contacts
 * @property {() => Promise<Settings>} settings
 * @property {() => Promise<KeyLog>} key_log
 */

/**
 * @typedef {object} Session
 * @property {() => Profile | null} profile
 * @property {() => boolean} locked
 * @property {() => boolean} was_here there was an account in this browser, and its storage was cleared
 * @property {() => void} touch somebody is here: the lock waits
 * @property {() => void} look the page is seen again: the lock may be due
 * @property {<T extends keyof Topics>(topic: T, listener: (event: Topics[T]) => void) => () => void} on
 * @property {() => void} prepare an account is about to be made: what that takes is loaded
 * @property {() => void} close
 * @property {Commands} commands
 * @property {Queries} queries
 */


export {};

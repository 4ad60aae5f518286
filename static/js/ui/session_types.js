// @ts-check
// The session as the interface sees it (docs/browser_layers.md). Ids are base64url text, times unix ms.

/** @typedef {{ account: string, username: string, device: string, created: number, recovery_confirmed: boolean, role: "owner" | "view" }} Profile */
/** @typedef {{ account: string, username: string }} Person */
/** @typedef {Person & { verified: boolean, identity_changed: boolean }} Peer */
/** @typedef {Person & { own: boolean, known: boolean }} Found */
/** @typedef {"waiting" | "stored" | "delivered" | "failed"} Status */

/**
 * @typedef {object} Conversation
 * @property {string} id
 * @property {"direct" | "group"} kind
 * @property {"request" | "active" | "declined" | "stopped"} state
 * @property {string} [stopped] the code of why
 * @property {Peer} peer
 * @property {null | { text: string, own: boolean, time: number, status: Status }} last
 * @property {number} unread
 * @property {boolean} [waits_for_log] what is written waits until the key log is in order or the contact verified
 */

/**
 * @typedef {object} Message
 * @property {string} id
 * @property {number} order grows with time within a conversation
 * @property {boolean} own
 * @property {Person} author
 * @property {"text" | "notice" | "unknown"} type
 * @property {string} [text]
 * @property {string} [code] of a notice
 * @property {number} time
 * @property {Status} status
 * @property {string} [error] the code of why it failed
 * @property {boolean} [clock_ahead] the author's clock was more than ten minutes ahead of ours when it came
 */

/** @typedef {{ state: "offline" | "connecting" | "online", retry_at?: number }} Connection */
/** @typedef {{ code: string, conversation?: string, account?: string, username?: string, own?: boolean, done?: number, total?: number }} Alert */
/** @typedef {{ device: string, own: boolean, added: number, active: boolean }} Device `added`: the number of the account's event */
/** @typedef {{ open_to_strangers: boolean, receipts: boolean }} Settings */
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

/** @typedef {{ origin: string, version: string, registration: "open" | "invite" | "closed" }} ServerInfo */

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
 */

/**
 * @typedef {object} Commands
 * @property {() => Promise<{ missing: string[] }>} check_browser
 * @property {() => Promise<ServerInfo>} server_info
 * @property {(input: { username: string, invite?: string }) => Promise<Profile>} sign_up
 * @property {() => Promise<string | null>} pending_recovery_key
 * @property {(input: { groups: Record<string, string> }) => Promise<{ confirmed: boolean }>} confirm_recovery_key
 * @property {() => Promise<{ link: string, expires: number }>} make_invitation
 * @property {(input: { fragment: string }) => Promise<Found>} read_invitation
 * @property {(input: { username: string }) => Promise<Found | null>} find_account
 * @property {(input: { account: string, invitation_fragment?: string }) => Promise<{ conversation: string }>} start_conversation
 * @property {(input: { conversation: string }) => Promise<unknown>} accept_request
 * @property {(input: { conversation: string }) => Promise<unknown>} decline_request
 * @property {(input: { conversation: string, text: string }) => Promise<{ id: string }>} send_text
 * @property {(input: { conversation: string, id: string }) => Promise<unknown>} retry
 * @property {(input: { conversation: string, order: number }) => Promise<unknown>} mark_read
 * @property {(input: { account: string }) => Promise<SafetyNumber>} safety_number
 * @property {(input: { account: string, method?: "digits", scanned?: string }) => Promise<{ verified: boolean }>} verify_contact
 * @property {(input: { account: string }) => Promise<unknown>} unverify_contact
 * @property {(input: { account: string }) => Promise<unknown>} accept_identity
 * @property {() => Promise<{ file: Blob, name: string }>} export_account
 * @property {(input: { file: Blob, recovery_key: string }) => Promise<Profile>} import_account
 * @property {() => Promise<Device[]>} devices
 * @property {(input: { name: "open_to_strangers" | "receipts", value: boolean }) => Promise<unknown>} set_setting
 * @property {() => Promise<unknown>} erase_browser
 * @property {() => Promise<unknown>} check_key_log
 * @property {() => Promise<{ file: Blob, name: string }>} save_evidence
 * @property {() => Promise<unknown>} dismiss_key_log_alarm
 * @property {() => Promise<unknown>} restart_key_log
 * @property {(input: { witnesses: string, quorum: number }) => Promise<unknown>} set_witnesses
 */

/**
 * @typedef {object} Queries
 * @property {() => Promise<Conversation[]>} conversations
 * @property {(input: { id: string }) => Promise<Conversation | null>} conversation
 * @property {(input: { conversation: string, before?: number, limit: number }) => Promise<Message[]>} messages
 * @property {() => Promise<Peer[]>} contacts
 * @property {() => Promise<Settings>} settings
 * @property {() => Promise<KeyLog>} key_log
 */

/**
 * @typedef {object} Session
 * @property {() => Profile | null} profile
 * @property {<T extends keyof Topics>(topic: T, listener: (event: Topics[T]) => void) => () => void} on
 * @property {() => void} close
 * @property {Commands} commands
 * @property {Queries} queries
 */

/** @typedef {(text: string) => { size: number, dark: (x: number, y: number) => boolean }} MakeQr */

export {};

"""What can go wrong, as a code, and what a shell gets to know of it."""

from __future__ import annotations

REFUSED = 1
NOT_SAFE = 3
NOT_NOW = 75  # EX_TEMPFAIL of sysexits.h

# Somebody has to look before anything goes on.
_NOT_SAFE = {
    "chain_invalid", "digits_differ", "identity_changed", "key_log_broken", "key_log_invalid", "log_entry_dropped",
    "log_foreign", "log_key_changed", "log_own_account", "log_rolled_back", "log_split", "storage_damaged",
    "state_readable",
}  # fmt: skip
_NOT_NOW = {
    "interrupted", "key_log_unreachable", "no_key_package", "offline", "rate_limited", "state_busy", "storage_failed",
    "stored_only", "timed_out",
}  # fmt: skip

_WORDS = {
    "account_missing": "there is no account here: talk2me sign-up",
    "already_signed_up": "there is an account here already; another one needs a folder of its own (--state)",
    "ambiguous": "several groups have this title",
    "claim_refused": "they don't take messages from strangers: ask them for an invitation link (talk2me meet)",
    "conversation_stopped": "this conversation has stopped",
    "device_revoked": "this device was removed from the account, or the account was suspended",
    "digits_differ": "the digits are not the same: somebody may stand between you",
    "file_exists": "there is a file already",
    "identity_changed": "their key has changed: compare digits with them (talk2me verify)",
    "interrupted": "what runs the session has ended",
    "invite_required": "this server wants a code of its operator: --code",
    "key_file_missing": "the key file is missing: without it nothing here can be opened",
    "key_file_short": "a key file needs at least 32 bytes",
    "key_log_unreachable": "it waits until the server's key log can be looked at, or they are verified",
    "no_key_package": "none of their devices can be written to now",
    "node_missing": "needs Node 24 or newer: make client",
    "not_found": "nobody, or nothing, of this name",
    "offline": "the server can't be reached",
    "recovery_key_needed": "there is no recovery key that could open the file",
    "registration_closed": "this server takes no new accounts",
    "sign_in_refused": "the server does not know this account or device any more",
    "server_invalid": "an address like https://chat.example; http only on this machine",
    "state_busy": "another talk2me has this folder and does not answer",
    "state_long": "the folder's path is too long for a socket (100 characters)",
    "state_unusable": "the folder, or a file in it, can't be read or written",
    "state_readable": "others on this machine can read the folder or the key file: chmod 700, chmod 600",
    "storage_damaged": "what is stored here was altered, or belongs to another key file",
    "stored_only": "the server has it, but it has not come further in time; don't send it again",
    "text_invalid": "a text has 1 to 16384 characters",
    "timed_out": "it took too long",
    "username_invalid": "this server does not allow that name",
    "username_taken": "that name is taken, or looks too much like one that is",
}


class Failed(Exception):
    """`code` is one of docs/wire_format.md 1, static/js/errors.js or the table above."""

    def __init__(self, code: str, *, kept: bool = False) -> None:
        """`kept`: a message is stored here, and leaves with a later command."""
        super().__init__(code)
        self.code = code
        self.kept = kept

    @property
    def words(self) -> str:
        """One sentence for people."""
        kept = "; the message is kept and leaves with the next command, so don't send it again" if self.kept else ""
        return f"{_WORDS.get(self.code, 'refused')} ({self.code}){kept}"

    @property
    def exit_code(self) -> int:
        """For the shell."""
        if self.code in _NOT_SAFE:
            return NOT_SAFE
        return NOT_NOW if self.kept or self.code in _NOT_NOW else REFUSED

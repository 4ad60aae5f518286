"""What can be done with accounts, devices and keys. Views, the admin and `messaging` call these."""

from keys.services.append_account_event import append_account_event
from keys.services.append_log_leaves import append_log_leaves
from keys.services.authenticate_token import SignedIn, authenticate_recovery_token, authenticate_token, sign_out
from keys.services.authorize_push import authorize_push, push_key_of_server
from keys.services.beat_key_log import beat_key_log
from keys.services.claim_key_packages import ClaimedKeyPackage, claim_key_packages
from keys.services.continue_log import continue_log
from keys.services.cosign_checkpoint import NotNext, NotProven, NotSigned, cosign_checkpoint
from keys.services.create_account import create_account
from keys.services.create_invitation import create_invitation
from keys.services.delete_expired import delete_expired
from keys.services.delete_key_packages import delete_key_packages
from keys.services.delete_own_account import delete_own_account, start_deletion
from keys.services.end_sessions import end_sessions
from keys.services.gather_cosignatures import Gathered, gather_cosignatures
from keys.services.hold_devices import hold_devices
from keys.services.keep_from_strangers import keep_from_strangers, let_to_strangers
from keys.services.link_boxes import (
    account_of_link_box,
    delete_link_box,
    make_link_box,
    put_link_part,
    read_link_part,
)
from keys.services.lookup_account import lookup_account
from keys.services.pass_gate import pass_gate
from keys.services.passkeys import (
    add_passkey,
    delete_passkey,
    list_passkeys,
    passkey_sign_in,
    start_passkey,
    start_passkey_sign_in,
)
from keys.services.publish_key_packages import (
    publish_key_packages,
    remaining_key_packages,
    suites_with_last_resort,
)
from keys.services.read_cosigned import read_cosigned
from keys.services.read_key_log import (
    MOST_LEAVES,
    LoggedChain,
    read_chain,
    read_checkpoint,
    read_consistency,
    read_directory,
    read_inclusion,
    read_leaves,
    read_log,
)
from keys.services.record_about_accounts import record_about_accounts
from keys.services.recovery_sign_in import (
    RecoveryChallenge,
    recovery_sign_in,
    start_recovery,
    start_recovery_by_name,
)
from keys.services.recovery_token import give_recovery_token
from keys.services.registration_codes import (
    Invite,
    create_registration_code,
    invite,
    registration_link,
    revoke_registration_codes,
    rows_of_codes,
)
from keys.services.reset_permits import create_reset_permit, start_reset, withdraw_reset_permit
from keys.services.set_open_to_strangers import set_open_to_strangers
from keys.services.sign_in import sign_in, start_sign_in
from keys.services.start_work import start_work
from keys.services.store_vault import store_vault
from keys.services.suspend_account import delete_account, reinstate_account, suspend_account
from keys.services.tell_account import tell_account

__all__ = [
    "MOST_LEAVES",
    "ClaimedKeyPackage",
    "Gathered",
    "Invite",
    "LoggedChain",
    "NotNext",
    "NotProven",
    "NotSigned",
    "RecoveryChallenge",
    "SignedIn",
    "account_of_link_box",
    "add_passkey",
    "append_account_event",
    "append_log_leaves",
    "authenticate_recovery_token",
    "authenticate_token",
    "authorize_push",
    "beat_key_log",
    "claim_key_packages",
    "continue_log",
    "cosign_checkpoint",
    "create_account",
    "create_invitation",
    "create_registration_code",
    "create_reset_permit",
    "delete_account",
    "delete_expired",
    "delete_key_packages",
    "delete_link_box",
    "delete_own_account",
    "delete_passkey",
    "end_sessions",
    "gather_cosignatures",
    "give_recovery_token",
    "hold_devices",
    "invite",
    "keep_from_strangers",
    "let_to_strangers",
    "list_passkeys",
    "lookup_account",
    "make_link_box",
    "pass_gate",
    "passkey_sign_in",
    "publish_key_packages",
    "push_key_of_server",
    "put_link_part",
    "read_chain",
    "read_checkpoint",
    "read_consistency",
    "read_cosigned",
    "read_directory",
    "read_inclusion",
    "read_leaves",
    "read_link_part",
    "read_log",
    "record_about_accounts",
    "recovery_sign_in",
    "registration_link",
    "reinstate_account",
    "remaining_key_packages",
    "revoke_registration_codes",
    "rows_of_codes",
    "set_open_to_strangers",
    "sign_in",
    "sign_out",
    "start_deletion",
    "start_passkey",
    "start_passkey_sign_in",
    "start_recovery",
    "start_recovery_by_name",
    "start_reset",
    "start_sign_in",
    "start_work",
    "store_vault",
    "suites_with_last_resort",
    "suspend_account",
    "tell_account",
    "withdraw_reset_permit",
]

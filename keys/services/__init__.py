"""What can be done with accounts, devices and keys. Views, the admin and `messaging` call these."""

from keys.services.append_account_event import append_account_event
from keys.services.append_log_leaves import append_log_leaves
from keys.services.authenticate_token import SignedIn, authenticate_token, sign_out
from keys.services.beat_key_log import beat_key_log
from keys.services.claim_key_packages import ClaimedKeyPackage, claim_key_packages
from keys.services.cosign_checkpoint import NotNext, NotProven, NotSigned, cosign_checkpoint
from keys.services.create_account import create_account
from keys.services.create_invitation import create_invitation
from keys.services.delete_expired import delete_expired
from keys.services.gather_cosignatures import Gathered, gather_cosignatures
from keys.services.lookup_account import lookup_account
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
from keys.services.set_open_to_strangers import set_open_to_strangers
from keys.services.sign_in import sign_in, start_sign_in
from keys.services.spend_registration_code import create_registration_code
from keys.services.store_vault import store_vault
from keys.services.suspend_account import delete_account, reinstate_account, suspend_account

__all__ = [
    "MOST_LEAVES",
    "ClaimedKeyPackage",
    "Gathered",
    "LoggedChain",
    "NotNext",
    "NotProven",
    "NotSigned",
    "SignedIn",
    "append_account_event",
    "append_log_leaves",
    "authenticate_token",
    "beat_key_log",
    "claim_key_packages",
    "cosign_checkpoint",
    "create_account",
    "create_invitation",
    "create_registration_code",
    "delete_account",
    "delete_expired",
    "gather_cosignatures",
    "lookup_account",
    "publish_key_packages",
    "read_chain",
    "read_checkpoint",
    "read_consistency",
    "read_cosigned",
    "read_directory",
    "read_inclusion",
    "read_leaves",
    "read_log",
    "reinstate_account",
    "remaining_key_packages",
    "set_open_to_strangers",
    "sign_in",
    "sign_out",
    "start_sign_in",
    "store_vault",
    "suites_with_last_resort",
    "suspend_account",
]

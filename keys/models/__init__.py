"""The tables of `keys`: public keys, hashes of tokens and sealed vaults; nothing that opens anything.

Rows have Django's integer keys for joins and the admin. `uid` is the 16-byte random id that browsers and frames use;
it is the only one that leaves this app.
"""

from keys.models.access_token import AccessToken
from keys.models.account import Account
from keys.models.account_event import AccountEvent
from keys.models.claim_grant import ClaimGrant
from keys.models.cosigned_checkpoint import CosignedCheckpoint
from keys.models.device import Device
from keys.models.invitation import Invitation, InvitationUse
from keys.models.key_package import KeyPackage, SpentKeyPackage
from keys.models.link_box import LinkBox, LinkPart
from keys.models.log_leaf import LogLeaf
from keys.models.log_map import LogMapEntry, LogMapNode
from keys.models.log_node import LogNode
from keys.models.log_state import LogState
from keys.models.passkey import Passkey
from keys.models.recovery_token import RecoveryToken
from keys.models.registration_code import GateMark, Registration, RegistrationCode
from keys.models.reset_permit import ResetPermit
from keys.models.vault import Vault
from keys.models.witnessed_log import WitnessedLog

__all__ = [
    "AccessToken",
    "Account",
    "AccountEvent",
    "ClaimGrant",
    "CosignedCheckpoint",
    "Device",
    "GateMark",
    "Invitation",
    "InvitationUse",
    "KeyPackage",
    "LinkBox",
    "LinkPart",
    "LogLeaf",
    "LogMapEntry",
    "LogMapNode",
    "LogNode",
    "LogState",
    "Passkey",
    "RecoveryToken",
    "Registration",
    "RegistrationCode",
    "ResetPermit",
    "SpentKeyPackage",
    "Vault",
    "WitnessedLog",
]

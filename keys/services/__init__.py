"""What can be done with accounts, devices and keys. Views, the admin and `messaging` call these."""

from keys.services.append_account_event import append_account_event
from keys.services.authenticate_token import SignedIn, authenticate_token, sign_out
from keys.services.create_account import create_account
from keys.services.sign_in import sign_in, start_sign_in

__all__ = [
    "SignedIn",
    "append_account_event",
    "authenticate_token",
    "create_account",
    "sign_in",
    "sign_out",
    "start_sign_in",
]

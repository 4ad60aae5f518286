"""Entering in the key log what happens to accounts.

The last thing that a transaction does, because the log's lock has to be the last one that it takes.
"""

from django.db import transaction

from keys.key_log import leaf as leaves
from keys.log_storage.tables import TABLES
from keys.log_storage.writer import Entered, Entering, LogWriter
from keys.models import Account
from talk2me.errors import UsernameTaken


def append_log_leaves(account: Account, seq: int, event: bytes, *, with_name: bool) -> Entered:
    """Add the leaf of an account's event, and one for its name if asked to; return the event's place.

    Only inside the transaction that stores the event. Nothing of it is signed before that has committed. Raises
    UsernameTaken for a name that 1,024 accounts have had.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError
    log = LogWriter(TABLES)
    entering = [Entering(leaves.ACCOUNT, leaves.account_index(account.uid, seq), event)]
    if with_name:
        account.name_version = log.next_version(account.username)
        if account.name_version > leaves.MOST_VERSIONS:
            raise UsernameTaken
        index = leaves.username_index(log.directory_key, account.username, account.name_version)
        entering.append(Entering(leaves.USERNAME, index, account.uid))
    of_event, *of_name = log.enter(entering)
    for entered in of_name:
        account.name_position, account.name_opening = entered.position, entered.opening
        account.save(update_fields=["name_version", "name_position", "name_opening"])
    return of_event

"""Writing into the operators' audit list about accounts that `messaging` knows by their ids."""

from collections.abc import Iterable

from keys.models import Account
from operators.services.record_action import record_actions


def record_about_accounts(operator: str, action: str, account_ids: Iterable[bytes]) -> None:
    """Write an entry for each of the accounts that exists."""
    record_actions(operator, action, Account.objects.filter(uid__in=list(account_ids)))

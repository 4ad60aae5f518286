"""Give one account quotas of its own."""

from messaging.models import AccountQuota
from messaging.selectors import Quotas, quotas_of


def set_quotas(account: bytes, **changed: int | None) -> Quotas:
    """Set `share` or `attachments`, in bytes, or None for those of the settings; return what counts from now on.

    Workers see another share when the account has sent a MiB more, or, if it was full, within seconds.
    """
    AccountQuota.objects.update_or_create(account=account, defaults=changed)
    AccountQuota.objects.filter(account=account, share=None, attachments=None).delete()
    return quotas_of(account)

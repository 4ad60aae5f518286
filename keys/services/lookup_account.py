"""Finding an account by its exact name."""

from keys import usernames
from keys.models import Account
from talk2me import limits
from talk2me.errors import NotFound, UsernameInvalid


def lookup_account(requester: bytes, username: str) -> bytes:
    """Return the id of the account called `username`, whatever its case or width. Raises NotFound, RateLimited."""
    limits.hit("lookup", requester)
    try:
        canonical = usernames.canonical(username)
    except UsernameInvalid as error:
        raise NotFound from error
    found = Account.objects.filter(username=canonical, suspended=False).values_list("uid", flat=True).first()
    if found is None:
        raise NotFound
    return found

"""Who has signed in at the identity provider may make an account here: which one, nobody is told."""

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac

from keys.models import GateMark
from keys.services.registration_codes import GATE_DAYS, create_registration_code
from talk2me.errors import GateUsedUp


def pass_gate(subject: str) -> str:
    """Return a code for one account, of the person whom the provider calls `subject`; one of before counts no more.

    Raises GateUsedUp when that person has made as many as they may.
    """
    with transaction.atomic():
        person, _made = GateMark.objects.get_or_create(mark=_mark(settings.OIDC_ISSUER, subject))
        if person.accounts >= settings.OIDC_ACCOUNTS:
            raise GateUsedUp
        person.codes.all().delete()
        return create_registration_code(GATE_DAYS, gate_mark=person)


def _mark(issuer: str, subject: str) -> bytes:
    """Return what is kept of a person: without SECRET_KEY nobody can tell of whom it is."""
    return salted_hmac("keys.gate", f"{issuer}\0{subject}", algorithm="sha256").digest()

"""manage.py create_registration_code and delete_expired_keys."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from keys import services
from keys.models import RegistrationCode
from talk2me.errors import InviteRequired
from tests import factories

pytestmark = pytest.mark.django_db


def test_codes_are_printed_once_and_kept_as_hashes(settings):
    settings.REGISTRATION = "invite"
    out = StringIO()
    call_command("create_registration_code", "--count", "3", "--days", "2", stdout=out)
    codes = out.getvalue().split()
    assert len(set(codes)) == 3
    assert RegistrationCode.objects.count() == 3
    assert not any(code in repr(row) for code in codes for row in RegistrationCode.objects.values_list())
    _, event, signatures = factories.new_account()
    services.create_account(event, signatures, codes[0])


def test_a_code_expires(settings):
    settings.REGISTRATION = "invite"
    code = services.create_registration_code(-1)
    _, event, signatures = factories.new_account()
    with pytest.raises(InviteRequired):
        services.create_account(event, signatures, code)
    services.delete_expired()
    assert not RegistrationCode.objects.exists()


@pytest.mark.parametrize("options", [("--count", "0"), ("--count", "1001"), ("--days", "0"), ("--days", "366")])
def test_numbers_that_make_no_sense_are_refused(options):
    with pytest.raises(CommandError):
        call_command("create_registration_code", *options)


@pytest.mark.parametrize(("verbosity", "said"), [(1, "keys.RegistrationCode: 1\n"), (0, "")])
def test_what_has_expired_is_deleted_and_counted(verbosity, said):
    services.create_registration_code(-1)
    services.create_registration_code(1)
    out = StringIO()
    call_command("delete_expired_keys", stdout=out, verbosity=verbosity)
    assert out.getvalue() == said
    assert RegistrationCode.objects.count() == 1

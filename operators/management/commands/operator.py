"""`manage.py operator`: make an operator, give another role, help who can't sign in."""

import getpass
import sys
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from operators.roles import MEANINGS, ROLES, give_role, role_of
from operators.services.record_action import record_action
from operators.services.second_factor import factor_of, remove_factor

# In the place of an operator's name in the audit list.
SHELL = "(manage.py)"


class Command(BaseCommand):
    help = "Make an operator or change one; without a name, list them. Roles: " + "; ".join(
        f"{role} {words}" for role, words in MEANINGS.items()
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who, and what to do."""
        parser.add_argument("name", nargs="?")
        parser.add_argument("--role", choices=ROLES, help="give this role; makes the operator if there is none")
        parser.add_argument("--password", action="store_true", help="ask for a new password (or read it from stdin)")
        parser.add_argument("--remove-second-factor", action="store_true", help="for who has lost phone and codes")
        parser.add_argument("--off", action="store_true", help="let them sign in no more")
        parser.add_argument("--on", action="store_true", help="let them sign in again")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Do it, in one transaction."""
        if options["name"] is None:
            self._list()
            return
        with transaction.atomic():
            user = User.objects.filter(username=options["name"]).first()
            if user is None:
                if not options["role"]:
                    raise CommandError("nobody is called so: --role makes an operator")
                user = User(username=options["name"])
                options["password"] = True
            self._change(user, options)
        self.stdout.write(_line(user))

    def _change(self, user: User, options: dict[str, Any]) -> None:
        if options["password"]:
            self._set_password(user)
            user.save()
            record_action(SHELL, "password set", user)
        if options["role"]:
            give_role(user, options["role"])
            record_action(SHELL, f"given the role {options['role']}", user)
        if options["off"] or options["on"]:
            user.is_active = bool(options["on"])
            user.save(update_fields=["is_active"])
            record_action(SHELL, "switched on" if user.is_active else "switched off", user)
        if options["remove_second_factor"]:
            remove_factor(user, SHELL)

    def _set_password(self, user: User) -> None:
        password = getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
        try:
            user.full_clean(exclude=["password"])
            validate_password(password, user)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        user.set_password(password)

    def _list(self) -> None:
        for user in User.objects.order_by("username"):
            self.stdout.write(_line(user))


def _line(user: User) -> str:
    state = "" if user.is_active else ", can't sign in"
    factor = ", second factor" if factor_of(user) else ""
    return f"{user.get_username()}: {role_of(user) or 'no role'}{factor}{state}"

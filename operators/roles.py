"""The roles of operators, and what each may do: Django's groups with Django's permissions.

A group is made when somebody first gets the role, so that a new server has no row of it.
"""

from typing import Literal, get_args

from django.contrib.auth.models import Group, Permission, User
from django.db.models import Q

Role = Literal["viewer", "moderator", "owner"]
ROLES: tuple[Role, ...] = get_args(Role)

# Numbers, sizes and days. A report holds what somebody wrote, so it is not among them.
_VIEWER = (
    "keys.view_account", "keys.view_device", "keys.view_accountevent",
    "keys.view_registrationcode", "keys.view_registration",
    "messaging.view_mailbox", "messaging.view_subscription", "messaging.view_attachment",
    "operators.view_auditentry",
)  # fmt: skip
# What can be taken back, and reports.
_MODERATOR = (
    *_VIEWER, "keys.change_account", "keys.change_device",
    "keys.add_registrationcode", "keys.change_registrationcode",
    "messaging.view_report", "messaging.change_report", "messaging.delete_report",
)  # fmt: skip
# What can't: deleting accounts, and letting somebody else take one over. And who operates.
_OWNER = (
    *_MODERATOR, "keys.delete_account", "keys.add_resetpermit",
    "auth.view_user", "auth.add_user", "auth.change_user",
)  # fmt: skip
PERMISSIONS: dict[Role, tuple[str, ...]] = {"viewer": _VIEWER, "moderator": _MODERATOR, "owner": _OWNER}
MEANINGS: dict[Role, str] = {
    "viewer": "sees names, numbers, sizes and days",
    "moderator": "also reports; suspends accounts, ends sessions, lets people in",
    "owner": "also deletes accounts, lets them start over, says who operates",
}


def role_of(user: User) -> Role | None:
    """Return the highest role of the operator; None for who has none, or has rights of another kind."""
    if user.is_superuser:
        return "owner"
    names = {group.name for group in user.groups.all()}
    return next((role for role in reversed(ROLES) if role in names), None)


def give_role(user: User, role: Role) -> None:
    """Make the user an operator with this role, and no other rights."""
    group, _ = Group.objects.get_or_create(name=role)
    _allow(group, role)
    user.is_staff, user.is_superuser = True, False
    user.save(update_fields=["is_staff", "is_superuser"])
    user.user_permissions.clear()
    user.groups.set([group])


def bring_roles_up_to_date() -> None:
    """Give every group of a role what this release lets it do."""
    for group in Group.objects.filter(name__in=ROLES):
        _allow(group, next(role for role in ROLES if role == group.name))


def is_last_owner(user: User) -> bool:
    """Say whether nobody else who can sign in has the role of an owner."""
    owners = User.objects.filter(Q(is_superuser=True) | Q(groups__name="owner"), is_active=True, is_staff=True)
    return role_of(user) == "owner" and user.is_active and not owners.exclude(pk=user.pk).exists()


def _allow(group: Group, role: Role) -> None:
    wanted = Q(pk=None)
    for name in PERMISSIONS[role]:
        app, _, codename = name.partition(".")
        wanted |= Q(content_type__app_label=app, codename=codename)
    group.permissions.set(Permission.objects.filter(wanted))

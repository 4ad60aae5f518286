"""The error tree. A code tells a browser what happened; nothing of the input is ever repeated in an answer.

docs/wire_format.md lists the codes and what each means; static/js/errors.js has the same.
"""

from typing import ClassVar


class Talk2meError(Exception):
    """Anything that is told to a browser: `code` for the machine, `status` for HTTP, `retry_after` in seconds.

    `slot` and `offset` are for those who have to go on from there.
    """

    code: ClassVar[str] = "internal"
    status: ClassVar[int] = 500

    def __init__(self, *, retry_after: int | None = None, slot: int | None = None, offset: int | None = None) -> None:
        super().__init__(self.code)
        self.retry_after = retry_after
        self.slot = slot
        self.offset = offset

    def as_fields(self) -> dict[str, str | int]:
        """Return what an answer carries: the code and whichever details are set."""
        details = {"retry_after": self.retry_after, "slot": self.slot, "offset": self.offset}
        return {"error": self.code, **{name: value for name, value in details.items() if value is not None}}


class BadRequest(Talk2meError):
    code, status = "bad_request", 400


class TooLarge(Talk2meError):
    code, status = "too_large", 413


class Unauthenticated(Talk2meError):
    code, status = "unauthenticated", 401


class TokenExpired(Talk2meError):
    code, status = "token_expired", 401


class SignInRefused(Talk2meError):
    code, status = "sign_in_refused", 401


class RecoveryRefused(Talk2meError):
    code, status = "recovery_refused", 401


class ResetRefused(Talk2meError):
    code, status = "reset_refused", 401


class DeviceRevoked(Talk2meError):
    code, status = "device_revoked", 403


class ForeignOrigin(Talk2meError):
    code, status = "foreign_origin", 403


class NotFound(Talk2meError):
    code, status = "not_found", 404


class RateLimited(Talk2meError):
    code, status = "rate_limited", 429


class QuotaReached(Talk2meError):
    code, status = "quota_reached", 507


class RegistrationClosed(Talk2meError):
    code, status = "registration_closed", 403


class InviteRequired(Talk2meError):
    code, status = "invite_required", 403


class InvitesUsedUp(Talk2meError):
    code, status = "invites_used_up", 409


class GateRefused(Talk2meError):
    code, status = "gate_refused", 403


class GateUsedUp(Talk2meError):
    code, status = "gate_used_up", 403


class GateUnreachable(Talk2meError):
    code, status = "gate_unreachable", 502


class WorkRequired(Talk2meError):
    code, status = "work_required", 403


class UsernameInvalid(Talk2meError):
    code, status = "username_invalid", 400


class UsernameTaken(Talk2meError):
    code, status = "username_taken", 409


class AccountTaken(Talk2meError):
    code, status = "account_taken", 409


class EventInvalid(Talk2meError):
    code, status = "event_invalid", 400


class SignatureInvalid(Talk2meError):
    code, status = "signature_invalid", 400


class ChainConflict(Talk2meError):
    code, status = "chain_conflict", 409


class KeyPackageInvalid(Talk2meError):
    code, status = "key_package_invalid", 400


class KeyPackageUsed(Talk2meError):
    code, status = "key_package_used", 409


class NoKeyPackage(Talk2meError):
    code, status = "no_key_package", 404


class ClaimRefused(Talk2meError):
    code, status = "claim_refused", 403


class VaultConflict(Talk2meError):
    code, status = "vault_conflict", 409


class LinkPartTaken(Talk2meError):
    code, status = "link_part_taken", 409


class PasskeyRefused(Talk2meError):
    code, status = "passkey_refused", 401


class BadFrame(Talk2meError):
    code, status = "bad_frame", 400


class UnknownFrame(Talk2meError):
    code, status = "unknown_frame", 400


class HelloRequired(Talk2meError):
    code, status = "hello_required", 401


class MailboxUnknown(Talk2meError):
    code, status = "mailbox_unknown", 404


class SlotConflict(Talk2meError):
    code, status = "slot_conflict", 409


class SlotStale(Talk2meError):
    code, status = "slot_stale", 409


class SubscribersInvalid(Talk2meError):
    code, status = "subscribers_invalid", 400


class IdConflict(Talk2meError):
    code, status = "id_conflict", 409


class OffsetWrong(Talk2meError):
    code, status = "offset_wrong", 409


class RangeInvalid(Talk2meError):
    code, status = "range_invalid", 416


class ReportRefused(Talk2meError):
    code, status = "report_refused", 400


class StorageFailed(Talk2meError):
    code, status = "storage_failed", 503


class Internal(Talk2meError):
    code, status = "internal", 500


def all_codes() -> dict[str, int]:
    """Return every code with its HTTP status."""
    return {error.code: error.status for error in Talk2meError.__subclasses__()}

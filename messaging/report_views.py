"""The endpoint of reports of abuse (docs/wire_format.md 2)."""

from typing import Annotated

from msgspec import Meta, Struct

from keys.api import Answer, Call, as_bytes, by_method, endpoint
from keys.schemas import Hash, Id
from messaging.franking import Shown
from messaging.services.store_report import NOTE_CHARACTERS, store_report
from talk2me import limits
from talk2me.errors import BadRequest, TooLarge

# As much as an envelope holds, and then as base64url.
CONTENT_BYTES = 256 * 1024
BODY_BYTES = 512 * 1024
# What JSON carries exactly.
Number = Annotated[int, Meta(ge=0, le=2**53 - 1)]


class NewReport(Struct, forbid_unknown_fields=True, frozen=True):
    mailbox: Id
    sequence: Number
    minute: Number
    account: Id
    commitment: Hash
    franking: Hash
    opening: Hash
    content: Annotated[str, Meta(min_length=1)]
    note: Annotated[str, Meta(max_length=NOTE_CHARACTERS)] = ""


@endpoint(NewReport, signed_in=True, body_bytes=BODY_BYTES)
def _report(call: Call[NewReport]) -> Answer:
    body, reporter = call.body, call.signed_in.account
    content, opening = as_bytes(body.content), as_bytes(body.opening, 32)
    if len(content) > CONTENT_BYTES:
        raise TooLarge
    # PostgreSQL takes every character but this one.
    if "\0" in body.note:
        raise BadRequest
    shown = Shown(
        content=content,
        opening=opening,
        mailbox=as_bytes(body.mailbox, 16),
        sequence=body.sequence,
        account=as_bytes(body.account, 16),
        minute=body.minute,
        commitment=as_bytes(body.commitment, 32),
        franking=as_bytes(body.franking, 32),
    )
    # Also for those that are refused.
    limits.hit("report", reporter)
    store_report(reporter, shown, body.note)
    return 201, {}


reports = by_method(POST=_report)

"""The endpoints of attachments (docs/wire_format.md 2)."""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated, Any

from django.db import connection
from django.http import StreamingHttpResponse
from msgspec import UNSET, Meta, Struct, UnsetType

from keys.api import Answer, Call, as_bytes, as_number, by_method, endpoint
from keys.schemas import Id, Nothing
from messaging.byte_range import read_range
from messaging.models import Attachment
from messaging.part_storage import read_part
from messaging.services.delete_attachment import delete_attachment
from messaging.services.read_attachment import find_attachment
from messaging.services.store_attachment import EACH_BYTES, begin_attachment, store_part
from talk2me import limits, metrics
from talk2me.bounds import LARGEST_BODY
from talk2me.errors import BadRequest, RangeInvalid, StorageFailed
from talk2me.views import error_answer

KIB = 1024
OCTETS = "application/octet-stream"
# Sealed bytes are nothing that a browser should make something of, wherever somebody opens the address.
HEADERS = {
    "Accept-Ranges": "bytes",
    "Content-Disposition": "attachment",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
}
# Storages may be slow: not the threads that other work waits for.
_readers = ThreadPoolExecutor(4, "attachments")


class NewAttachment(Struct, forbid_unknown_fields=True, frozen=True):
    """`keep` is without `expires_in`."""

    id: Id
    size: Annotated[int, Meta(ge=1)]
    expires_in: Annotated[int, Meta(ge=60)] | UnsetType = UNSET
    keep: bool = False


@endpoint(NewAttachment, signed_in=True)
def _begin(call: Call[NewAttachment]) -> Answer:
    body, account = call.body, call.signed_in.account
    expires_in = None if body.expires_in is UNSET else body.expires_in
    if body.keep and expires_in is not None:
        raise BadRequest
    limits.hit("upload", account, cost=EACH_BYTES // KIB)
    begun = begin_attachment(account, as_bytes(body.id, 16), body.size, expires_in, keep=body.keep)
    return 201, {"part": begun.part, "offset": begun.offset, "expires": _milliseconds(begun.expires)}


@endpoint(bytes, signed_in=True, body_bytes=LARGEST_BODY)
def _put_part(call: Call[bytes], attachment: bytes) -> Answer:
    if call.request.content_type != OCTETS or not call.body:
        raise BadRequest
    account, offset = call.signed_in.account, as_number(call.request, "offset")
    limits.hit("upload", account, cost=-(-len(call.body) // KIB))
    stored = store_part(account, attachment, offset, call.body)
    return {"offset": stored.offset, "complete": stored.complete}


@endpoint(Nothing, signed_in=True)
def _read_state(call: Call[Nothing], attachment: bytes) -> Answer:
    found = find_attachment(attachment, unfinished_of=call.signed_in.account)
    return {
        "size": found.size,
        "offset": found.offset,
        "complete": found.complete,
        "expires": _milliseconds(found.expires),
    }


@endpoint(Nothing, signed_in=True)
def _read(call: Call[Nothing], attachment: bytes) -> Answer:
    found = find_attachment(attachment)
    try:
        wanted = read_range(call.request.headers.get("Range"), found.size)
    except RangeInvalid as error:
        refusal = error_answer(error)
        refusal["Content-Range"] = f"bytes */{found.size}"
        return refusal
    first, last = wanted or (0, found.size - 1)
    limits.hit("download", call.signed_in.account, cost=-(-(last + 1 - first) // KIB))
    headers = HEADERS | {"Content-Length": str(last + 1 - first)}
    if wanted:
        headers["Content-Range"] = f"bytes {first}-{last}/{found.size}"
    if not connection.in_atomic_block:
        # This request's own: else whoever takes the answer slowly would hold one of the database's few.
        connection.close()
    return StreamingHttpResponse(
        _stream(found, first, last), status=206 if wanted else 200, content_type=OCTETS, headers=headers
    )


@endpoint(Nothing, signed_in=True)
def _delete(call: Call[Nothing], attachment: bytes) -> Answer:
    delete_attachment(call.signed_in.account, attachment)
    return {}


def _milliseconds(seconds: int | None) -> int | None:
    """Return a time as browsers count it, and as other times in JSON are."""
    return None if seconds is None else seconds * 1000


async def _stream(found: Attachment, first: int, last: int) -> AsyncIterator[bytes]:
    """Yield the bytes `first` to `last`, one part after the other; the next is read when this one has left.

    An error cuts the answer short, and the server then ends the connection: nobody takes half of it for all.
    """
    loop, id_, size, part = asyncio.get_running_loop(), found.id, found.size, found.part
    for number in range(first // part, last // part + 1):
        body: Any = await loop.run_in_executor(_readers, read_part, id_, number)
        begin = number * part
        if len(body) != min(part, size - begin):
            raise StorageFailed
        piece = body[max(0, first - begin) : last + 1 - begin]
        metrics.attachment_bytes_read.inc(len(piece))
        yield piece


attachments = by_method(POST=_begin)
attachment = by_method(GET=_read, PUT=_put_part, DELETE=_delete)
state = by_method(GET=_read_state)

"""The endpoints of link boxes (docs/devices.md 1). Whoever has a box's id may read and write its sealed parts."""

from keys import base64url, schemas, services
from keys.api import Answer, Call, as_bytes, as_number, by_method, endpoint
from keys.views import chain_answer
from talk2me.errors import BadRequest


@endpoint(schemas.NewLinkBox, signed_in=True)
def _make_link_box(call: Call[schemas.NewLinkBox]) -> Answer:
    return 201, {"expires_in": services.make_link_box(call.signed_in.account, as_bytes(call.body.box, 16))}


@endpoint(schemas.NewLinkPart, signed_in=False, limit="link")
def _put_link_part(call: Call[schemas.NewLinkPart], box: bytes) -> Answer:
    services.put_link_part(box, call.body.number, as_bytes(call.body.body))
    return {}


@endpoint(schemas.Nothing, signed_in=False, limit="link")
def _read_link_part(call: Call[schemas.Nothing], box: bytes) -> Answer:
    number = as_number(call.request, "number")
    if number not in schemas.LINK_PARTS:
        raise BadRequest
    found = services.read_link_part(box, number)
    return {"body": None if found is None else base64url.encode(found)}


@endpoint(schemas.Nothing, signed_in=True)
def _delete_link_box(call: Call[schemas.Nothing], box: bytes) -> Answer:
    services.delete_link_box(call.signed_in.account, box)
    return {}


@endpoint(schemas.ChainToJoin, signed_in=False, limit="link")
def _read_chain(call: Call[schemas.ChainToJoin], box: bytes) -> Answer:
    """Tell the chain to the browser that is being linked; the account is that of the box."""
    return chain_answer(services.account_of_link_box(box), 0, call.body.since)


link_boxes = by_method(POST=_make_link_box)
link_box = by_method(GET=_read_link_part, PUT=_put_link_part, DELETE=_delete_link_box)
chain = by_method(POST=_read_chain)

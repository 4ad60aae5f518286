"""The endpoints of push subscriptions (docs/wire_format.md 2)."""

from typing import Annotated

from msgspec import Meta, Struct

from keys import base64url
from keys.api import Answer, Call, by_method, endpoint
from keys.schemas import Nothing
from keys.services import push_key_of_server
from messaging.models.push_subscription import ENDPOINT_CHARACTERS
from messaging.services.push_subscriptions import subscribe_push, unsubscribe_push
from talk2me.errors import NotFound


class NewPush(Struct, forbid_unknown_fields=True, frozen=True):
    endpoint: Annotated[str, Meta(min_length=1, max_length=ENDPOINT_CHARACTERS)]


@endpoint(NewPush, signed_in=True)
def _subscribe(call: Call[NewPush]) -> Answer:
    if push_key_of_server() is None:
        raise NotFound
    subscribe_push(call.signed_in.device, call.body.endpoint)
    return {}


@endpoint(Nothing, signed_in=True)
def _unsubscribe(call: Call[Nothing]) -> Answer:
    unsubscribe_push([call.signed_in.device])
    return {}


@endpoint(Nothing, signed_in=True)
def _read_key(_call: Call[Nothing]) -> Answer:
    key = push_key_of_server()
    return {"key": None if key is None else base64url.encode(key)}


push = by_method(PUT=_subscribe, DELETE=_unsubscribe)
key = by_method(GET=_read_key)

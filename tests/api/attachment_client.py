"""Sends and reads attachments in tests."""

import os

from asgiref.sync import async_to_sync

from tests.api.keys_client import b64

OCTETS = "application/octet-stream"
PART = 8


def begin(api, id_=None, size=20, **more):
    """The id of an attachment that may be sent."""
    id_ = os.urandom(16) if id_ is None else id_
    answer = api.post("attachments", {"id": b64(id_), "size": size, **more})
    assert answer.status_code == 201, answer.json()
    return id_


def put(api, id_, offset, body, content_type=OCTETS):
    path = f"/api/attachments/{b64(id_)}?offset={offset}"
    headers = {"Authorization": f"Bearer {api.token}"} if api.token else {}
    return api.client.put(path, body, content_type=content_type, headers=headers)


def send(api, body, **more):
    """The id of an attachment that is complete."""
    id_ = begin(api, size=len(body), **more)
    for offset in range(0, len(body), PART):
        assert put(api, id_, offset, body[offset : offset + PART]).status_code == 200
    return id_


def get(api, id_, **headers):
    return api.get(f"attachments/{b64(id_)}", **headers)


def state(api, id_):
    return api.get(f"attachments/{b64(id_)}/state")


def content(answer) -> bytes:
    """What an answer streams."""

    async def read():
        return b"".join([piece async for piece in answer.streaming_content])

    return async_to_sync(read)()

"""The tutorial's consumer: an ORM call for each thing, and `group_send` to the recipient."""

import json
from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer

from benchmarks.tutorial_peer.models import Member, Message


class ChatConsumer(AsyncWebsocketConsumer):
    """One person; everybody's group has their name."""

    async def connect(self) -> None:
        """Join the person's group."""
        self.person = self.scope["url_route"]["kwargs"]["person"]
        await self.channel_layer.group_add(self.person, self.channel_name)
        await self.accept()

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:  # noqa: ARG002
        """Store a message and hand it on, or note how far was read."""
        content = json.loads(text_data or "")
        if content["type"] == "acknowledge":
            await self.acknowledge(content["room"], content["id"])
            return
        stored = await self.store(content["room"], content["body"])
        if stored is None:
            await self.send(text_data=json.dumps({"type": "refused", "ref": content["ref"]}))
            return
        event = {"type": "chat.message", "room": content["room"], "id": stored, "body": content["body"]}
        await self.channel_layer.group_send(content["to"], event | {"ref": content["ref"]})
        await self.send(text_data=json.dumps({"type": "accepted", "ref": content["ref"], "id": stored}))

    @database_sync_to_async
    def store(self, room: str, body: str) -> int | None:
        """Return the id of the stored message; None when the person is not in the room."""
        if not Member.objects.filter(room=room, person=self.person).exists():
            return None
        return Message.objects.create(room=room, body=body).pk

    @database_sync_to_async
    def acknowledge(self, room: str, number: int) -> None:
        """Note how far the person has read."""
        Member.objects.filter(room=room, person=self.person, acknowledged__lt=number).update(acknowledged=number)

    async def chat_message(self, event: dict[str, Any]) -> None:
        """Send a message of the group to the socket."""
        await self.send(text_data=json.dumps(event))

"""Model fields that both apps use."""

from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    # Django's class takes type arguments for the type checker only.
    Binary = models.BinaryField[bytes, bytes]
else:
    Binary = models.BinaryField


class BytesField(Binary):
    """Bytes, as `bytes` whichever database is behind; the ids of the protocol are 16 of them."""

    _pyi_private_set_type: bytes
    _pyi_private_get_type: bytes
    _pyi_lookup_exact_type: bytes

    def from_db_value(self, value: Any, *_rest: object) -> bytes | None:
        """Return plain bytes: drivers differ in the buffer that they hand out."""
        return None if value is None else bytes(value)


class NullableBytesField(BytesField):
    """The same, for a column that may hold nothing."""

    _pyi_private_set_type: bytes | None  # type: ignore[assignment]
    _pyi_private_get_type: bytes | None  # type: ignore[assignment]
    _pyi_lookup_exact_type: bytes | None  # type: ignore[assignment]

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "null": True})

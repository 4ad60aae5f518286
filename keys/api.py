"""The frame around every endpoint: who asks, from where, how much, and how an error is told (docs/wire_format.md 1)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

import msgspec
from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from keys import base64url, services, strict_json
from keys.services import SignedIn
from talk2me import limits
from talk2me.errors import BadRequest, ForeignOrigin, StorageFailed, Talk2meError, TooLarge, Unauthenticated
from talk2me.views import error_answer

BODY_BYTES = 64 * 1024
METHODS_WITH_BODY = ("POST", "PUT")

Body = TypeVar("Body")
# The fields of a JSON object, with another status than 200 if need be; or a whole response for what is not JSON.
Answer = dict[str, Any] | tuple[int, dict[str, Any]] | HttpResponseBase
View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Call(Generic[Body]):
    """One request, checked. `body` is what the endpoint's schema describes, `address` the key of the client's."""

    request: HttpRequest
    body: Body
    address: bytes
    token: bytes
    session: SignedIn | None
    recovering: bytes | None = None

    @property
    def signed_in(self) -> SignedIn:
        """Who asks. Raises Unauthenticated at an endpoint for everyone."""
        if self.session is None:
            raise Unauthenticated
        return self.session

    @property
    def account(self) -> bytes:
        """The account that the token is of, a device's or one to recover with. Raises Unauthenticated without one."""
        return self.signed_in.account if self.recovering is None else self.recovering


def endpoint(
    schema: type[Body],
    *,
    signed_in: bool,
    recovering: bool = False,
    body_bytes: int = BODY_BYTES,
    limit: str | None = None,
) -> Callable[[Callable[..., Answer]], View]:
    """Make a view of a function from a `Call` (and what the path names) to the answer's fields.

    It wants a device's token if it is `signed_in`, a recovery token if it is `recovering`, one of them if it is both.
    `limit` names the rate limit of one address besides `api`. With `bytes` for a schema the body is taken as it is.
    """

    def decorate(answer: Callable[..., Answer]) -> View:
        def view(request: HttpRequest, **path: Any) -> HttpResponseBase:
            _check_address(request, limit)
            call = _authenticated(request, schema, body_bytes, signed_in=signed_in, recovering=recovering)
            found = answer(call, **path)
            if isinstance(found, HttpResponseBase):
                return found
            status, fields = found if isinstance(found, tuple) else (200, found)
            return JsonResponse(fields, status=status)

        return view

    return decorate


def by_method(**views: View) -> View:
    """Return the view of one path from the endpoints for each of its methods, with errors told as codes.

    Exempt from Django's CSRF check: no cookie means anything here, and a foreign Origin is refused.
    """

    @csrf_exempt
    def view(request: HttpRequest, **path: Any) -> HttpResponseBase:
        try:
            chosen = views.get(request.method or "")
            if chosen is None:
                raise BadRequest
            response = chosen(request, **path)
        except Talk2meError as error:
            response = error_answer(error)
        except OperationalError:
            response = error_answer(StorageFailed(retry_after=1))
        response["Cache-Control"] = "no-store"
        return response

    return view


def as_number(request: HttpRequest, name: str, default: int | None = None) -> int:
    """Return a number of the query, from 0 up to what every reader knows exactly. Raises BadRequest."""
    text = request.GET.get(name)
    if text is None and default is not None:
        return default
    if text is None or not text.isascii() or not text.isdigit() or len(text) > 16 or int(text) > strict_json.LARGEST:
        raise BadRequest
    return int(text)


def as_bytes(text: str, size: int | None = None) -> bytes:
    """Return the bytes of base64url text. Raises BadRequest."""
    try:
        return base64url.decode(text, size)
    except ValueError as error:
        raise BadRequest from error


def client_address(request: HttpRequest) -> bytes:
    """Return the key of the client's address, for limits."""
    meta = request.META
    return limits.address_key(meta.get("REMOTE_ADDR") or "", meta.get("HTTP_X_FORWARDED_FOR", ""))


def _check_address(request: HttpRequest, limit: str | None) -> None:
    if request.META.get("HTTP_ORIGIN", settings.ORIGIN) != settings.ORIGIN:
        raise ForeignOrigin
    address = client_address(request)
    limits.hit("api", address)
    if limit is not None:
        limits.hit(limit, address)


def _authenticated(
    request: HttpRequest, schema: type[Body], body_bytes: int, *, signed_in: bool, recovering: bool
) -> Call[Body]:
    token = _token(request) if signed_in or recovering else b""
    session, account = _who(token, signed_in=signed_in, recovering=recovering)
    if session is not None:
        limits.hit("api", session.device)
    body = _read_bytes(request, body_bytes) if schema is bytes else _read_json(request, schema, body_bytes)
    return Call(request, cast("Body", body), client_address(request), token, session, account)


def _who(token: bytes, *, signed_in: bool, recovering: bool) -> tuple[SignedIn | None, bytes | None]:
    """Return the device that is signed in, or the account that is being recovered."""
    if signed_in:
        try:
            return services.authenticate_token(token), None
        except Unauthenticated:
            if not recovering:
                raise
    return None, services.authenticate_recovery_token(token) if recovering else None


def _token(request: HttpRequest) -> bytes:
    scheme, _, text = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme.lower() != "bearer":
        raise Unauthenticated
    try:
        return base64url.decode(text, 32)
    except ValueError as error:
        raise Unauthenticated from error


def _read_json(request: HttpRequest, schema: type[Body], most: int) -> Body:
    has_body = request.method in METHODS_WITH_BODY
    if has_body and request.content_type != "application/json":
        raise BadRequest
    data = _read_bytes(request, most) if has_body else b"{}"
    try:
        return msgspec.convert(strict_json.read_object(data), schema)
    except ValueError as error:  # msgspec.ValidationError is one
        raise BadRequest from error


def _read_bytes(request: HttpRequest, most: int) -> bytes:
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isascii() or not length.isdigit():
        raise BadRequest
    if int(length) > most:
        raise TooLarge
    # A body without a length is read as far as one byte too many.
    data: bytes = request.read(most + 1)
    if len(data) > most:
        raise TooLarge
    return data

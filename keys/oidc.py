"""OpenID Connect, as much of it as the gate needs: who is this person, at that provider.

Authorization code with PKCE (RFC 7636) and a nonce; the token is verified by PyJWT. Only `openid` is asked for: the
provider tells an issuer and a subject, no name and no address.
"""

import base64
import hashlib
import hmac
import json
import math
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import jwt
from django.conf import settings

from keys.witness_client import ask
from keys.witness_settings import THIS_MACHINE
from talk2me.errors import GateRefused, GateUnreachable

# Never one that a shared secret signs, and never none.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
MOST_BYTES = 256 * 1024
KEPT_SECONDS = 3600
# One that was found away is not asked again for so long: every try keeps a thread waiting.
AWAY_SECONDS = 10
# Keys change; a token with an unknown one makes us look again, and not more often than so.
LOOK_AGAIN_SECONDS = 30
CLOCK_SKEW_SECONDS = 60


@dataclass(frozen=True)
class Attempt:
    """What one try of one browser is known by: `state` comes back, `nonce` is in the token, `verifier` is for PKCE."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Provider:
    """What it says of itself, and since when we know."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    secret_in_body: bool
    keys: jwt.PyJWKSet
    since: float


class _Known:
    provider: Provider | None = None
    away_since = -math.inf


def forget_provider() -> None:
    """Ask it anew next time, whatever came out before."""
    _Known.provider, _Known.away_since = None, -math.inf


def provider_name() -> str | None:
    """Return what the provider is called on the page; None where nobody signs up by way of one."""
    if not settings.OIDC_ISSUER or settings.REGISTRATION != "invite":
        return None
    name: str = settings.OIDC_NAME or urlsplit(settings.OIDC_ISSUER).netloc
    return name


def ask_provider() -> None:
    """Ask it for its addresses and keys now. Raises GateUnreachable."""
    _Known.provider = _discover()


def redirect_uri() -> str:
    """Return where the provider sends people back to; it has to know that address."""
    return f"{settings.ORIGIN}/api/gate/callback"


def is_allowed(url: object) -> bool:
    """Say whether an address of the provider's may be used: by https, or on this machine."""
    if not isinstance(url, str):
        return False
    parts = urlsplit(url)
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in THIS_MACHINE)
    )


def authorization_url(attempt: Attempt) -> str:
    """Return where to send the browser. Raises GateUnreachable."""
    challenge = base64.urlsafe_b64encode(hashlib.sha256(attempt.verifier.encode()).digest()).rstrip(b"=").decode()
    query = {
        "response_type": "code",
        "scope": "openid",
        "client_id": settings.OIDC_CLIENT_ID,
        "redirect_uri": redirect_uri(),
        "state": attempt.state,
        "nonce": attempt.nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    endpoint = _provider().authorization_endpoint
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(query)}"


def person_of(code: str, attempt: Attempt) -> str:
    """Return the subject of who has signed in there, for the code that the browser came back with.

    Raises GateUnreachable; GateRefused when the provider knows no such code, or its token is not for us and now.
    """
    token = _fetch_token(code, attempt)
    claims = _claims(token)
    if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), attempt.nonce.encode()):
        raise GateRefused
    # Of several who may use the token, it has to have been given to us.
    audience = claims["aud"]
    if claims.get("azp", settings.OIDC_CLIENT_ID) != settings.OIDC_CLIENT_ID:
        raise GateRefused
    if isinstance(audience, list) and len(audience) > 1 and "azp" not in claims:
        raise GateRefused
    subject = claims["sub"]
    if not isinstance(subject, str) or not 1 <= len(subject) <= 255:
        raise GateRefused
    return subject


def _fetch_token(code: str, attempt: Attempt) -> str:
    provider = _provider()
    fields = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri(),
        "code_verifier": attempt.verifier,
        "client_id": settings.OIDC_CLIENT_ID,
    }
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    secret = settings.OIDC_CLIENT_SECRET
    if secret and provider.secret_in_body:
        fields["client_secret"] = secret
    elif secret:
        # RFC 6749, 2.3.1: both are form-encoded first.
        pair = f"{quote(settings.OIDC_CLIENT_ID, safe='')}:{quote(secret, safe='')}"
        headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
    answer = _ask("POST", provider.token_endpoint, urlencode(fields).encode(), headers, refused=(400, 401))
    token = answer.get("id_token")
    if not isinstance(token, str):
        raise GateUnreachable
    return token


def _claims(token: str) -> dict[str, Any]:
    """Return what a token says that is signed by the provider, for us, and not too old."""
    try:
        return dict(
            jwt.decode(
                token,
                _key_of(token),
                algorithms=list(ALGORITHMS),
                audience=settings.OIDC_CLIENT_ID,
                issuer=settings.OIDC_ISSUER,
                leeway=CLOCK_SKEW_SECONDS,
                options={"require": ["iss", "sub", "aud", "exp", "iat"]},
            )
        )
    except jwt.PyJWTError as error:
        raise GateRefused from error


def _key_of(token: str) -> jwt.PyJWK:
    wanted = jwt.get_unverified_header(token).get("kid")
    provider = _provider()
    found = _find_key(provider, wanted)
    if found is None and time.monotonic() - provider.since > LOOK_AGAIN_SECONDS:
        forget_provider()
        found = _find_key(_provider(), wanted)
    if found is None:
        raise GateRefused
    return found


def _find_key(provider: Provider, wanted: str | None) -> jwt.PyJWK | None:
    """Return the key that a token names; one that names none is signed by the only key there is."""
    usable = [key for key in provider.keys.keys if key.public_key_use in (None, "sig")]
    if wanted is None:
        return usable[0] if len(usable) == 1 else None
    return next((key for key in usable if key.key_id == wanted), None)


def _provider() -> Provider:
    known = _Known.provider
    if known is not None and time.monotonic() - known.since <= KEPT_SECONDS:
        return known
    if time.monotonic() - _Known.away_since <= AWAY_SECONDS:
        raise GateUnreachable
    try:
        known = _Known.provider = _discover()
    except GateUnreachable:
        _Known.away_since = time.monotonic()
        raise
    return known


def _discover() -> Provider:
    said = _get(settings.OIDC_ISSUER.rstrip("/") + "/.well-known/openid-configuration")
    addresses = [said.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
    # Who answers for another issuer could sign for it.
    if said.get("issuer") != settings.OIDC_ISSUER or not all(map(is_allowed, addresses)):
        raise GateUnreachable
    methods = said.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    in_body = "client_secret_basic" not in methods and "client_secret_post" in methods
    try:
        keys = jwt.PyJWKSet.from_dict(_get(str(addresses[2])))
    except jwt.PyJWTError as error:
        raise GateUnreachable from error
    authorization, token, jwks = map(str, addresses)
    return Provider(authorization, token, jwks, in_body, keys, time.monotonic())


def _get(url: str) -> dict[str, Any]:
    return _ask("GET", url, None, {"Accept": "application/json"})


def _ask(
    method: str, url: str, body: bytes | None, headers: dict[str, str], *, refused: tuple[int, ...] = ()
) -> dict[str, Any]:
    """Return the object that it answers. Raises GateRefused for a status in `refused`, else GateUnreachable."""
    try:
        reply = ask(method, url, body, headers, most=MOST_BYTES)
        answer = json.loads(reply.body)
    except (OSError, ValueError, RecursionError) as error:
        raise GateUnreachable from error
    if reply.status in refused:
        raise GateRefused
    if reply.status != 200 or not isinstance(answer, dict):
        raise GateUnreachable
    return answer

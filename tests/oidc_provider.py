"""A small provider of OpenID Connect on this machine: real HTTP, real signatures, one person at a time, or lies."""

import base64
import hashlib
import json
import secrets
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID, CLIENT_SECRET = "talk2me of the tests", "a secret: of & the tests"


def new_key(kid):
    """A signing key, and what the provider tells of it."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return key, public | {"kid": kid, "use": "sig", "alg": "RS256"}


class Provider:
    """`person` is who signs in next. `claims`, `said` change what is told; `sign` makes the token."""

    def __init__(self):
        self.origin = ""
        self.first = new_key("first")
        self.begin_anew()

    def begin_anew(self):
        """Be honest again, and forget."""
        self.person = "person 1"
        self.claims, self.said, self.answers = {}, {}, {}
        self.key, self.public = self.first[0], [self.first[1]]
        self.codes, self.asked = {}, []
        self.sign = self.sign_honestly

    @property
    def issuer(self):
        return f"{self.origin}/realm"

    def sign_honestly(self, claims):
        return jwt.encode(claims, self.key, "RS256", headers={"kid": self.public[-1]["kid"]})

    # What it answers

    def discovery(self):
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.origin}/authorize?realm=1",
            "token_endpoint": f"{self.origin}/token",
            "jwks_uri": f"{self.origin}/keys",
        } | self.said

    def authorize(self, query):
        """The person is signed in and says yes: where that leads."""
        assert (query["response_type"], query["scope"], query["client_id"]) == ("code", "openid", CLIENT_ID)
        assert query["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self.codes[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state'], 'iss': self.issuer})}"

    def token(self, fields, authorization):
        begun = self.codes.pop(fields.get("code"), None)
        verifier = hashlib.sha256(fields.get("code_verifier", "").encode()).digest()
        if begun is None or begun["code_challenge"] != base64.urlsafe_b64encode(verifier).rstrip(b"=").decode():
            return 400, {"error": "invalid_grant"}
        if begun["redirect_uri"] != fields["redirect_uri"] or not self.is_client(fields, authorization):
            return 401, {"error": "invalid_client"}
        now = int(time.time())
        claims = {"iss": self.issuer, "sub": self.person, "aud": CLIENT_ID, "iat": now, "exp": now + 60}
        claims |= {"nonce": begun["nonce"]} | self.claims
        return 200, {"token_type": "Bearer", "access_token": "x", "id_token": self.sign({k: v for k, v in claims.items() if v is not None})}  # fmt: skip # noqa: E501

    def is_client(self, fields, authorization):
        if "token_endpoint_auth_methods_supported" in self.said:
            return fields.get("client_secret") == CLIENT_SECRET
        pair = f"{quote(CLIENT_ID, safe='')}:{quote(CLIENT_SECRET, safe='')}"
        return authorization == "Basic " + base64.b64encode(pair.encode()).decode()


def handler(provider):  # noqa: C901 - one branch for each address
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_args):
            pass

        def answer(self, status, body, **headers):
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def do_GET(self):
            parts = urlsplit(self.path)
            provider.asked.append(parts.path)
            if parts.path in provider.answers:
                self.answer(*provider.answers[parts.path])
            elif parts.path == "/realm/.well-known/openid-configuration":
                self.answer(200, provider.discovery())
            elif parts.path == "/keys":
                self.answer(200, {"keys": provider.public})
            elif parts.path == "/authorize":
                query = {name: values[0] for name, values in parse_qs(parts.query).items()}
                self.answer(302, b"", Location=provider.authorize(query))
            else:
                self.answer(404, {})

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            provider.asked.append(self.path)
            if self.path in provider.answers:
                self.answer(*provider.answers[self.path])
            else:
                fields = {name: values[0] for name, values in parse_qs(body).items()}
                self.answer(*provider.token(fields, self.headers.get("Authorization")))

    return Handler


@contextmanager
def running_provider():
    """A provider that answers until the block ends."""
    provider = Provider()
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(provider))
    provider.origin = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

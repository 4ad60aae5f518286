"""A small client of the JSON endpoints for tests: signs in, posts, unpacks."""

import importlib

from keys import base64url
from tests import factories

b64 = base64url.encode


class Api:
    """Calls as `device`, or as nobody."""

    def __init__(self, client, device=None):
        self.client = client
        self.token = factories.sign_in(client, device) if device else None

    def call(self, method, path, body=None, **headers):
        if self.token:
            headers = {"Authorization": f"Bearer {self.token}"} | headers
        send = getattr(self.client, method)
        if body is None:
            return send(f"/api/{path}", headers=headers)
        return send(f"/api/{path}", body, content_type="application/json", headers=headers)

    def get(self, path, **headers):
        return self.call("get", path, **headers)

    def post(self, path, body, **headers):
        return self.call("post", path, body, **headers)

    def put(self, path, body, **headers):
        return self.call("put", path, body, **headers)

    def delete(self, path, **headers):
        return self.call("delete", path, **headers)


def recovering(account):
    """Headers of somebody who has shown a recovery key of the account."""
    return {"Authorization": f"Bearer {b64(factories.make_recovery_token(account))}"}


def service_module(name):
    """The module of a service; as an attribute of the package the name is the function."""
    return importlib.import_module(f"keys.services.{name}")


def error(answer):
    """The status and the code of a refused request, whose answer holds nothing else but `retry_after`."""
    assert set(answer.json()) <= {"error", "retry_after"}
    return answer.status_code, answer.json()["error"]

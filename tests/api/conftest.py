"""What tests of the API share."""

import pytest

from tests import factories
from tests.api.keys_client import Api


@pytest.fixture
def alice(db):
    return factories.make_account()


@pytest.fixture
def bob(db):
    return factories.make_account()


@pytest.fixture
def as_alice(client, alice):
    return Api(client, alice.device)


@pytest.fixture
def as_bob(client, bob):
    return Api(client, bob.device)


@pytest.fixture
def as_nobody(client, db):
    return Api(client)

"""What REDIS_URL may look like; tests/workers/test_redis_url.py uses each shape."""

import pytest

from talk2me.redis import BadRedisUrl, parse_redis_url


@pytest.mark.parametrize(
    "url",
    ["127.0.0.1:6379", "http://127.0.0.1", "redis+other://a", "unix+cluster:///a", "redis+sentinel://a:26379",
     "redis+cluster://", "redis+cluster://a,,b", "redis://[::1:6379", "redis+sentinel://a:b/main"],
)  # fmt: skip
def test_anything_else_is_refused_without_repeating_it(url):
    with pytest.raises(BadRedisUrl) as raised:
        parse_redis_url(url)
    assert url not in str(raised.value)


def test_sentinels_get_no_password_but_their_own():
    found = parse_redis_url("rediss+sentinel://user:p%40ss@a,b:1/main/3?sentinel_password=own")
    layer = found.layer_hosts()[0]
    assert (layer["sentinels"], layer["master_name"], layer["db"]) == ([("a", 26379), ("b", 1)], "main", 3)
    assert (layer["username"], layer["password"], layer["ssl"]) == ("user", "p@ss", True)
    storage, options = found.limits_storage()
    assert storage == "redis+sentinel://a:26379,b:1/main"
    for named in (layer, options):
        assert named["sentinel_kwargs"]["username"] is None
        assert named["sentinel_kwargs"]["password"] == "own"


def test_of_a_cluster_the_layer_takes_the_first_node_and_the_limits_all():
    found = parse_redis_url("valkey+cluster://:p%40ss@a:7000,[::1]:7001")
    assert found.layer_hosts()[0]["address"] == "redis://:p%40ss@a:7000"
    storage, options = found.limits_storage()
    assert storage == "redis+cluster://a:7000,[::1]:7001"
    assert options["password"] == "p@ss"


def test_valkey_is_another_word_for_redis():
    assert parse_redis_url("valkeys://a:1/2").layer_hosts() == parse_redis_url("rediss://a:1/2").layer_hosts()

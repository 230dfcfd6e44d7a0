"""How long one waits after wrong tries, and whose address a request has."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kalata.address import client, networks
from kalata.people.rules.throttle import FORGOTTEN, FREE, LONGEST, counted, opens_at, wait_after

NOW = datetime(2027, 2, 28, 20, tzinfo=UTC)


def test_ten_wrong_tries_cost_nothing_until_the_eleventh_is_made():
    assert wait_after(FREE - 1) == timedelta() and FREE == 10
    assert [wait_after(FREE + n).total_seconds() for n in range(4)] == [30, 60, 120, 240]


def test_the_door_opens_at_the_very_moment_the_wait_ends():
    assert opens_at(FREE, NOW) == NOW + timedelta(seconds=30)


@given(st.integers(0, 10_000))
def test_a_wait_never_shrinks_and_never_passes_half_an_hour(n):
    assert wait_after(n) <= wait_after(n + 1) <= LONGEST


def test_a_day_without_a_wrong_try_begins_a_new_count_to_the_second():
    assert counted(50, NOW - FORGOTTEN, NOW) == 1
    assert counted(50, NOW - FORGOTTEN + timedelta(seconds=1), NOW) == 51


TRUSTED = networks("10.0.0.0/8, 2001:db8::/32")


@pytest.mark.parametrize(
    ("peer", "header", "forwarded", "want"),
    [
        ("203.0.113.9", "198.51.100.1", False, "203.0.113.9"),  # a stranger's header is not read
        ("10.0.0.1", "198.51.100.1", False, "198.51.100.1"),
        ("10.0.0.1", "1.1.1.1, 198.51.100.1", False, "198.51.100.1"),  # what the client wrote itself stands left
        ("10.0.0.1", "1.1.1.1, 198.51.100.1, 10.0.0.2", False, "198.51.100.1"),
        ("10.0.0.1", "", False, "10.0.0.1"),
        ("10.0.0.1", "<script>, 10.0.0.7", False, "10.0.0.7"),
        ("10.0.0.1", "198.51.100.1:4711", False, "198.51.100.1"),
        ("10.0.0.1", "[2001:db9::5]:443", False, "2001:db9::5"),
        ("::ffff:10.0.0.1", "198.51.100.1", False, "198.51.100.1"),
        ("2001:db8::1", 'for=1.1.1.1, for="[2001:db9::5]:443";proto=https', True, "2001:db9::5"),
        ("10.0.0.1", "for=_hidden", True, "10.0.0.1"),
        ("10.0.0.1", "198.51.100.1", True, "10.0.0.1"),  # the header the proxy does not write is not read
        ("", "198.51.100.1", False, ""),
    ],
)
def test_the_address_is_the_rightmost_that_no_trusted_proxy_bears(peer, header, forwarded, want):
    assert client(peer, header, TRUSTED, forwarded=forwarded) == want


def test_without_a_named_proxy_no_header_is_believed():
    assert client("127.0.0.1", "1.1.1.1", ()) == "127.0.0.1"


def test_a_network_badly_written_stops_the_start():
    with pytest.raises(ValueError):
        networks("10.0.0.0/8, maison")

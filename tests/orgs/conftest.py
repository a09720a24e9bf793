"""The cast of tests/people.py, and a browser that has signed in."""

import pytest
from django.test import Client
from django.utils import timezone

from tests.orgs.rosters import teller, township
from tests.people import Cast


@pytest.fixture
def cast(db, clock):
    """The small county of tests/people.py, on Monday 2 March 2026, 09:00."""
    return Cast()


@pytest.fixture
def signed_in():
    """`signed_in(user)`: a client of this user, past the sign-in page."""

    def enter(user):
        client = Client()
        client.force_login(user)
        session = client.session
        session["started"] = timezone.now().timestamp()
        session.save()
        user.move_session(session.session_key)
        return client

    return enter


@pytest.fixture
def queries(django_assert_max_num_queries, signed_in):
    """`queries(user, url)`: how many queries the page takes."""

    def count(user, url):
        client = signed_in(user)
        with django_assert_max_num_queries(100) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    return count


@pytest.fixture
def town(clock):
    """柳河镇 of tests/orgs/rosters.py, with its two branches and the county above."""
    return township()


@pytest.fixture
def found(town, tmp_path):
    """`found(row, row…)`: (rows, new, error, skipped) of a sheet that is brought to the town."""
    return teller(tmp_path)

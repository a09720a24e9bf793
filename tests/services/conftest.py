import pytest

from tests.people import Cast


@pytest.fixture
def cast(db, clock):
    """The small county of tests/people.py, on Monday 2 March 2026, 09:00."""
    return Cast()


@pytest.fixture
def enter(client):
    """Sign in as somebody, as the sign-in page does it."""

    def enter(user):
        client.force_login(user)
        session = client.session
        session["started"] = 4_000_000_000
        session.save()
        user.session_key = session.session_key
        user.save(update_fields=["session_key"])
        return client

    return enter

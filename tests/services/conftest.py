import pytest

from tests.people import Cast


@pytest.fixture
def cast(db, clock):
    """The small county of tests/people.py, on Monday 2 March 2026, 09:00."""
    return Cast()

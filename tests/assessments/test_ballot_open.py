"""The poster: anybody may say something; it is shown apart and never counts."""

import pytest
from django.urls import reverse

from assessments.models import OpenVote
from assessments.public_results import public_result
from tests.assessments.balloting import cast_votes, closed, opened

SAID = {"cast": "1", **{f"q{n}": "D" for n in range(1, 8)}}


@pytest.fixture
def found(cast):
    return opened(cast)


def test_hundred_posts_of_one_device_are_cut_and_flagged(client, found):
    """Case 12."""
    for code in ("SERVED", "PUBLIC", "PARTY"):
        cast_votes(found, code, ["A" * 7] * 10)
    url = reverse("assessments:vote_open", args=[found.ballot.key])

    statuses = [client.post(url, SAID).status_code for _ in range(100)]

    assert statuses == [200] * 3 + [429] * 97
    assert OpenVote.objects.count() == 3
    ballot = closed(found)
    assert ballot.open_refused == 97
    assert public_result(found.assessment).score == 100
    assert client.get(url).status_code == 410


def test_fresh_cookies_do_not_help_beyond_the_network(client, found):
    url = reverse("assessments:vote_open", args=[found.ballot.key])
    statuses = []
    for _ in range(70):
        client.cookies.clear()
        statuses.append(client.post(url, SAID).status_code)

    assert statuses.count(200) == 60


def test_page_links_to_the_vote_with_a_code(client, found):
    page = client.get(reverse("assessments:vote_open", args=[found.ballot.key]))

    assert reverse("assessments:vote") in page.content.decode()
    assert page.cookies["opinion"]["httponly"]

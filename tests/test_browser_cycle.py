"""A whole year in Chromium, from opening to 公示: a village, a state-owned company, a university.

Whoever acts signs in and uses the pages; what three organizations would only repeat goes through
the verbs. The totals at the end were computed by hand:

    西岭村党支部         自评 100，群众 0.4·100 + 0.4·90 + 0.2·80 = 92，考评 90
                         0.1·100 + 0.5·92 + 0.4·90 = 92
    西岭水务公司党支部   自评 80，群众 0.4·80 + 0.4·70 + 0.2·100 = 80，考评 70
                         0.1·80 + 0.5·80 + 0.4·70 = 76
    西岭师专党总支       自评 90，群众 0.4·50 + 0.4·60 + 0.2·80 = 60，考评 60
                         0.1·90 + 0.5·60 + 0.4·60 = 63

自评 and 组织考评 give the same share of the points to every indicator, so that the part is that
share whatever its goals weigh. A ballot says the same to every question: 满意 100, 比较满意 80,
基本满意 60, 不满意 0. Stars: five from 90 and 群众 85, four from 80, three from 70, two from 60.
"""

from decimal import Decimal

import pytest
from django.apps import apps

from assessments.default_scheme import seed
from assessments.models import (
    Code,
    CodeIssue,
    Result,
    Review,
)
from orgs.models import Sector
from tests.assessments.cycles import CyclePeople
from tests.assessments.resulting import shift
from tests.assessments.year_walk import PHONE, QUESTIONS, Walk, share, vote
from tests.people import Cast

pytestmark = pytest.mark.django_db(transaction=True)

#: sector → shares of the points in 自评 and 组织考评, and the ten ballots of each group
YEAR = {
    Sector.RURAL: ("1", "0.9", {"SERVED": 10 * "A", "PUBLIC": 5 * "AB", "PARTY": 10 * "B"}),
    Sector.STATE_OWNED: ("0.8", "0.7", {"SERVED": 10 * "B", "PUBLIC": 5 * "BC", "PARTY": 10 * "A"}),
    Sector.UNIVERSITY: ("0.9", "0.6", {"SERVED": 5 * "AD", "PUBLIC": 10 * "C", "PARTY": 10 * "B"}),
}
#: sector → 自评, 群众测评, 组织考评, 总分, stars, as by hand above
EXPECTED = {
    Sector.RURAL: ("100.00", "92.00", "90.00", "92.00", 5, "先进"),
    Sector.STATE_OWNED: ("80.00", "80.00", "70.00", "76.00", 3, "中间"),
    Sector.UNIVERSITY: ("90.00", "60.00", "60.00", "63.00", 2, "后进"),
}
SHOWN = [
    "西岭村党支部 5 星 · 先进 第 1 名，总分 92.00，群众测评有效票 30 张，应参评 30 人",
    "西岭水务公司党支部 3 星 · 中间 第 1 名，总分 76.00，群众测评有效票 30 张，应参评 30 人",
    "西岭师专党总支 2 星 · 后进 第 1 名，总分 63.00，群众测评有效票 30 张，应参评 30 人",
]


@pytest.fixture
def people(transactional_db):
    seed(apps.get_app_config("assessments").get_model)  # gone with the test before
    return CyclePeople(Cast())


@pytest.fixture
def server(live_server, settings):
    settings.PUBLIC_URL = live_server.url
    return live_server


@pytest.fixture
def phone_without_script(browser, browser_context_args):
    """The page of a voter who shares nothing with the others, not even a cookie."""
    context = browser.new_context(**browser_context_args, viewport=PHONE, java_script_enabled=False)
    yield context.new_page()
    context.close()


def cast_all(codes, ballots):
    """{group: codes} cast as {group: letters}."""
    for group, letters in ballots.items():
        for code, letter in zip(codes[group], letters, strict=True):
            Code.find(code).cast(letter * QUESTIONS)


def assess_and_vote(walk, sector):
    """What the first did in its pages, by the same verbs: 自评 and 群众测评."""
    form, people = walk.form(sector), walk.people
    own, _, ballots = YEAR[sector]
    entries = {
        answer.pk: {"self_points": Decimal(share(answer, own))}
        for answer in form.answers.select_related("indicator")
    }
    form.submit(actor=people.secretaries[sector], version=form.version, summary="", entries=entries)
    ballot = form.ballots.get()
    numbers = {row.pk: {"eligible": 10} for row in ballot.strata.all()}
    ballot.set_numbers(actor=people.department, numbers=numbers)
    issue = CodeIssue.ask(ballot=ballot, actor=people.department)
    issue.allow(actor=people.second)
    printed = issue.print(actor=people.second)
    ballot.open(actor=people.department)
    codes = {row.group.code: [one.fragment for one in drawn] for row, drawn in printed}
    cast_all(codes, ballots)
    ballot.close(actor=people.department, reason="应到人员已全部投票")


def review_and_confirm(walk, sector):
    row = Review.of(walk.form(sector))
    scores = {
        answer.pk: (Decimal(share(answer, YEAR[sector][1])), "实地核查")
        for answer in row.answers()
        if answer.wants_review_points
    }
    row.score(actor=walk.people.second, version=row.version, scores=scores)
    row.look(actor=walk.people.superior)
    row.confirm(actor=walk.people.superior)


def numbers(row):
    parts = (row.own, row.public, row.review, row.total)
    return *map(str, parts), row.stars, row.get_tier_display()


def test_three_organizations_from_opening_to_publication(
    page, server, people, phone_without_script
):
    walk, others = Walk(page, server, people), (Sector.STATE_OWNED, Sector.UNIVERSITY)
    walk.open_year()
    own, reviewed, ballots = YEAR[Sector.RURAL]
    walk.assess_by_keyboard(Sector.RURAL, own)
    walk.prepare_ballots()
    codes = walk.print_codes()
    walk.look_at_ballot(codes["PUBLIC"][0])
    vote(phone_without_script, server, codes["PUBLIC"].pop(0))
    cast_all(codes, ballots | {"PUBLIC": ballots["PUBLIC"][1:]})
    walk.close_ballot(Sector.RURAL)
    walk.review(Sector.RURAL, reviewed)
    for sector in others:
        assess_and_vote(walk, sector)
        review_and_confirm(walk, sector)

    days_go_by = {"self": (-40, -30), "vote": (-29, -20), "review": (-19, -1)}
    shift(walk.cycle, **days_go_by, publication=(0, 9), appeal=(0, 9))
    walk.publish()
    walk.read_publicity(SHOWN)

    rows = Result.objects.select_related("assessment")
    assert {row.assessment.sector: numbers(row) for row in rows} == EXPECTED
    assert walk.problems == []

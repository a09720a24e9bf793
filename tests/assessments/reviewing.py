"""A small year ready to be assessed: windows around today by the clock of the database."""

from datetime import timedelta
from decimal import Decimal

from django.apps import apps

from assessments.default_scheme import seed
from assessments.models import Answer, Assessment, Cycle, Review, database_today
from orgs.models import Role
from tests.people import person, post

COMPUTED = {"figure": "COMPUTED", "numerator": 9, "denominator": 10}


def open_year(cast, *, review=(-5, 5), year=2025, **fields):
    """A cycle over the county; `review` are the first and last day from today."""
    today = database_today()
    first, last = (today + timedelta(days=days) for days in review)
    spans = {"self": -60, "vote": -40, "publication": 30, "appeal": 30}
    windows = {}
    for name, start in spans.items():
        windows[f"{name}_from"] = today + timedelta(days=start)
        windows[f"{name}_until"] = today + timedelta(days=start + 10)
    scheme = seed(apps.get_app_config("assessments").get_model)
    return Cycle.objects.create(
        organization=cast.county, scheme=scheme, year=year,
        since="2025-01-01", until="2025-12-31", review_from=first, review_until=last,
        status="OPEN", **windows, **fields,
    )  # fmt: skip


def submitted(cycle, organization, *, self_points=1, **fields):
    """A submitted form: the portal knows 6.1, all else was typed by the organization."""
    fields = {"sector": "RURAL", "level": organization.level, "status": "SUBMITTED"} | fields
    assessment = Assessment.objects.create(
        cycle=cycle, organization=organization, name=str(organization), **fields
    )
    for indicator in cycle.scheme.indicators_for(fields["sector"]):
        said = COMPUTED | {"figure_points": 6} if indicator.code == "6.1" else {}
        own = None if said else min(Decimal(self_points), indicator.points)
        Answer.objects.create(assessment=assessment, indicator=indicator, self_points=own, **said)
    return assessment


def second_person(cast, name="柳河组工", role=Role.REVIEWER, where=None):
    """One more assessor of the township."""
    user = person(f"more-{name}", name)
    post(user, where or cast.home.organization, role)
    return user


def all_scores(assessment, points=1, but=()):
    """{answer id: (points, reason)} for all that only an assessor can tell."""
    found = {}
    for answer in Review.of(assessment).answers():
        if answer.wants_review_points and answer.indicator.code not in but:
            found[answer.pk] = (min(Decimal(points), answer.indicator.points), "实地核查")
    return found


def scored(assessment, actor, points=1, **fields):
    """The review after `actor` has given the same points for everything."""
    review = Review.of(assessment)
    review.score(
        actor=actor, version=review.version, scores=all_scores(assessment, points, **fields)
    )
    return review


def answer_of(assessment, code):
    return assessment.answers.get(indicator__code=code)

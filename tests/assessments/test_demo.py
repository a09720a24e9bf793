"""Somebody who tries the portal finds a year that runs, and one that is over and filed."""

from collections import Counter

from django.core.management import call_command

from assessments.models import Assessment, Ballot, Cycle, Rectification, Result


def test_demo_has_a_year_that_runs_and_one_that_is_filed(db, settings, capsys):
    settings.DEBUG = True

    call_command("load_demo")

    running, filed = Cycle.objects.order_by("-year")
    at_every_step(running, capsys.readouterr().out)
    told_to_the_end(filed)


def told_to_the_end(cycle):
    results = Result.objects.filter(assessment__cycle=cycle)
    assert cycle.status == Cycle.Status.LOCKED
    assert results.count() == cycle.assessments.count()
    assert {2, 3, 4, 5} <= set(results.values_list("stars", flat=True))
    assert Rectification.objects.filter(assessment__cycle=cycle).exists()
    assert cycle.publications.get().published_by.username == "hongliang"


def at_every_step(cycle, said):
    counts = Counter(cycle.assessments.values_list("status", flat=True))
    assert cycle.status == Cycle.Status.OPEN
    assert {*counts} == {"NOT_STARTED", "FILLING", "SUBMITTED", "RETURNED"}
    assert min(counts.values()) >= 3
    ballots = Ballot.objects.filter(assessment__cycle=cycle)
    assert {*ballots.values_list("status", flat=True)} == {"OPEN", "PREPARED"}
    assert not Assessment.objects.filter(cycle=cycle).overdue().exists()
    assert set(cycle.assessments.values_list("sector", flat=True)) == {
        "RURAL", "STATE_OWNED", "COMMUNITY", "AGENCY", "UNIVERSITY", "INSTITUTION", "PRIVATE",
        "SOCIAL",
    }  # fmt: skip
    assert f"考核表 {sum(counts.values())} 份" in said

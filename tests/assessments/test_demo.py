"""Somebody who tries the portal finds a year that runs, at every step of the self-assessment."""

from collections import Counter

from django.core.management import call_command

from assessments.models import Assessment, Cycle


def test_demo_has_a_running_year_at_every_step(db, settings, capsys):
    settings.DEBUG = True

    call_command("load_demo")

    cycle = Cycle.objects.get()
    counts = Counter(cycle.assessments.values_list("status", flat=True))
    assert cycle.status == Cycle.Status.OPEN
    assert {*counts} == {"NOT_STARTED", "FILLING", "SUBMITTED", "RETURNED"}
    assert min(counts.values()) >= 3
    assert not Assessment.objects.overdue().exists()
    assert set(cycle.assessments.values_list("sector", flat=True)) == {
        "RURAL", "STATE_OWNED", "COMMUNITY", "AGENCY", "UNIVERSITY", "INSTITUTION", "PRIVATE",
        "SOCIAL",
    }  # fmt: skip
    assert f"考核表 {sum(counts.values())} 份" in capsys.readouterr().out

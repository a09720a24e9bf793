"""亮灯: tone and words by the working calendar, before acceptance, while running and after."""

import pytest

from orgs.models.calendar import workdays
from services.lights import light_of


def seen(request):
    light = light_of(request, workdays())
    return light.tone, light.words


@pytest.mark.parametrize(
    ("moment", "tone", "words"),
    [
        ("2026-03-02 09:00", "green", "剩 5 个工作日"),
        ("2026-03-05 09:00", "green", "剩 2 个工作日"),
        ("2026-03-06 09:00", "yellow", "剩 1 个工作日"),
        ("2026-03-08 09:00", "yellow", "剩 1 个工作日"),
        ("2026-03-09 17:30", "yellow", "今天到期"),
        ("2026-03-09 17:31", "red", "今天已超期"),
        ("2026-03-11 09:00", "red", "超期 2 个工作日"),
    ],
)
def test_running_case(cast, clock, moment, tone, words):
    request = cast.handling()
    clock.set(moment)

    assert seen(request) == (tone, words)


@pytest.mark.parametrize(
    ("moment", "tone", "words"),
    [
        ("2026-03-02 09:00", "green", "受理剩 5 个工作日"),
        ("2026-03-06 09:00", "yellow", "受理剩 1 个工作日"),
        ("2026-03-09 09:00", "yellow", "今天须决定受理"),
    ],
)
def test_case_that_waits_for_acceptance(cast, clock, moment, tone, words):
    request = cast.register()
    clock.set(moment)

    assert seen(request) == (tone, words)


def test_answer_in_time_and_late(cast, clock):
    assert seen(cast.replied()) == ("done", "按期答复")
    late = cast.pending()
    late.approve(actor=cast.unit_head)
    clock.set("2026-03-11 09:00")
    late.reply(actor=cast.handler, channel="PHONE", proof="电话告知")

    assert seen(late) == ("red", "超期 2 个工作日答复")

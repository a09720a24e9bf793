"""Likely duplicates of the last 30 days show up while the clerk types."""

import pytest
from django.urls import reverse

from services.similar import likely_duplicates

PIPE = "村口主水管三天前破裂，路面积水，二十多户用水困难，请尽快派人维修。"


@pytest.mark.parametrize(
    ("text", "phone", "found"),
    [
        ("村口水管破裂，积水严重", "", True),
        ("水管破裂", "", True),
        ("高龄津贴怎么申请", "", False),
        ("水管", "", False),
        ("请维修一下漏水的水管", "13900000021", True),
        ("请维修一下漏水的水管", "13900000099", False),
        ("", "13900000021", False),
    ],
)
def test_same_matter_is_recognised_by_its_words_and_its_person(cast, text, phone, found):
    row = cast.register(subject="水管破裂", content=PIPE)

    assert likely_duplicates(cast.clerk, text, phone) == ([row] if found else [])


def test_older_withdrawn_and_foreign_cases_are_left_out(cast, clock):
    cast.register(content=PIPE)
    gone = cast.register(content=PIPE)
    gone.withdraw(actor=cast.clerk, reason="已修好", signed=True)
    assert likely_duplicates(cast.outsider, PIPE) == []
    assert len(likely_duplicates(cast.clerk, PIPE)) == 1

    clock.set("2026-04-02 09:00")

    assert likely_duplicates(cast.clerk, PIPE) == []


def test_clerk_sees_them_masked_on_the_intake_page(cast, enter):
    row = cast.register(subject="水管破裂", content=PIPE)

    page = enter(cast.clerk).post(reverse("services:matter_hint"), {"content": "村口水管破裂"})

    assert row.number in page.content.decode()
    assert "覃*明" in page.content.decode()


def test_two_words_bring_the_item_and_its_category(cast, enter):
    item = cast.item("高龄津贴申领")
    cast.item("农村宅基地审批", code="MZ-02")

    page = enter(cast.clerk).post(reverse("services:matter_hint"), {"content": "高龄 津贴"})

    assert page.context["suggested"].items[0].target == item
    assert f'data-fill-item="{item.pk}"' in page.content.decode()


def test_dispatcher_is_offered_the_unit_that_handled_such_matters(cast, enter):
    for _ in range(3):
        cast.handling(content=PIPE)
    request = cast.register(content=PIPE, accept=True)

    page = enter(cast.dispatcher).get(request.get_absolute_url())

    form = next(form for name, _, form in page.context["verbs"] if name == "dispatch")
    assert form.initial["department"] == cast.home.unit.pk

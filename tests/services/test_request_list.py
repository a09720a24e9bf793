"""办件: the list of a box in its order, page by page, narrowed to a part of the tree."""

import re

from django.urls import reverse

from orgs.models import Role
from tests.people import person, post

LIST = reverse("services:requests")


def test_latest_case_stands_first_among_the_overdue_on_every_page(cast, enter, clock):
    few_days_late = [cast.handling().pk for _ in range(15)]
    longest = [cast.handling(promised_days=days).pk for days in (3, 2, 1)]
    more = [cast.handling().pk for _ in range(5)]
    clock.set("2026-03-11 09:00")
    client, seen, cursor = enter(cast.clerk), [], ""

    for _ in range(2):
        page = client.get(LIST, {"box": "late", "cursor": cursor}).context["page"]
        seen += [row.pk for row in page.rows]
        cursor = page.next_cursor

    assert seen == [*reversed(longest), *few_days_late, *more]
    assert cursor == ""


def chosen(page):
    """What stands in the selects, in their order."""
    return re.findall("<option[^>]*selected[^>]*>([^<]*)", page)


def test_reader_above_the_townships_narrows_the_list_to_one_of_them(cast, enter):
    reader = person("county", "县委组织部")
    post(reader, cast.county, Role.REVIEWER)
    cast.register()
    village = cast.register(organization=cast.away.village, actor=cast.outsider)
    client = enter(reader)

    def shown(place):
        page = client.get(LIST, {"box": "all", "organization": place.pk})
        return list(page.context["page"].rows), page.content.decode()

    rows, page = shown(cast.away.organization)
    assert rows == [village]
    assert "组织（含下级）" in page
    assert chosen(page)[0] == "东山乡"
    rows, page = shown(cast.away.village)
    assert rows == [village]
    assert chosen(page)[0] == "东山乡一村"


def test_who_has_one_township_is_not_asked_for_it(cast, enter):
    page = enter(cast.clerk).get(LIST, {"box": "all"}).content.decode()

    assert "组织（含下级）" not in page

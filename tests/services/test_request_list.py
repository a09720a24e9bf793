"""办件: the list of a box in its order, page by page, narrowed to a part of the tree."""

from django.urls import reverse

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

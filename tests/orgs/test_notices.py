"""The inbox: what is new comes first, opening marks it read and leads to the matter."""

from django.urls import reverse

from orgs.models import Notice

INBOX = reverse("orgs:notices")


def leave(user, title, clock=None, **more):
    Notice.post([user], title, kind=title, **more)
    if clock:
        clock.advance(minutes=1)
    return Notice.objects.get(recipient=user, title=title)


def titles(response):
    return [row.title for row in response.context["page"].rows]


def test_unread_come_first_and_newest_on_top(cast, signed_in, clock):
    for title in ("第一条", "第二条", "第三条"):
        leave(cast.clerk, title, clock)
    Notice.objects.filter(title="第二条").mark_read()
    client = signed_in(cast.clerk)

    assert titles(client.get(INBOX)) == ["第三条", "第一条"]
    assert titles(client.get(INBOX, {"box": "all"})) == ["第三条", "第二条", "第一条"]
    assert titles(client.get(INBOX, {"box": "nonsense"})) == ["第三条", "第一条"]


def test_opening_marks_read_and_leads_to_the_matter(cast, signed_in, clock):
    notice = leave(cast.clerk, "新的派单", about=cast.home.organization)
    client = signed_in(cast.clerk)

    response = client.get(reverse("orgs:notice", args=[notice.pk]))

    assert response.url == cast.home.organization.get_absolute_url()
    first = Notice.objects.get(pk=notice.pk).read_at
    clock.advance(minutes=5)
    client.get(reverse("orgs:notice", args=[notice.pk]))
    assert Notice.objects.get(pk=notice.pk).read_at == first is not None


def test_notice_without_a_matter_leads_back_to_the_inbox(cast, signed_in):
    notice = leave(cast.clerk, "通知")

    assert signed_in(cast.clerk).get(reverse("orgs:notice", args=[notice.pk])).url == INBOX


def test_all_are_marked_read_by_post_only_and_only_one_s_own(cast, signed_in):
    leave(cast.clerk, "甲")
    leave(cast.clerk, "乙")
    leave(cast.handler, "丙")
    client = signed_in(cast.clerk)

    assert client.get(reverse("orgs:notices_read_all")).status_code == 405
    client.post(reverse("orgs:notices_read_all"))

    assert [notice.title for notice in Notice.objects.unread()] == ["丙"]


def test_notices_of_others_are_neither_listed_nor_opened(cast, signed_in):
    notice = leave(cast.handler, "丙")
    client = signed_in(cast.clerk)

    assert titles(client.get(INBOX)) == []
    assert client.get(reverse("orgs:notice", args=[notice.pk])).status_code == 404
    assert Notice.objects.get(pk=notice.pk).read_at is None


def test_count_in_the_header_is_what_is_unread(cast, signed_in):
    leave(cast.clerk, "甲")

    assert '<span class="pill">1' in signed_in(cast.clerk).get(INBOX).content.decode()


def test_inbox_takes_as_many_queries_for_three_rows_as_for_one(cast, queries):
    leave(cast.clerk, "甲", about=cast.home.organization, organization=cast.home.organization)
    one = queries(cast.clerk, INBOX)
    leave(cast.clerk, "乙", organization=cast.home.village)
    leave(cast.clerk, "丙", organization=cast.county)

    assert queries(cast.clerk, INBOX) == one


def test_more_than_a_page_goes_on(cast, signed_in, clock):
    for number in range(25):
        leave(cast.clerk, f"{number:02}", clock)
    client = signed_in(cast.clerk)

    first = client.get(INBOX)
    rest = client.get(INBOX, {"cursor": first.context["page"].next_cursor})

    assert titles(first) + titles(rest) == [f"{number:02}" for number in range(24, -1, -1)]

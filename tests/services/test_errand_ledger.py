"""代办台账: what each cadre did, who may read it, and how it leaves the portal."""

import io

import openpyxl
from django.urls import reverse

from orgs.models import Role
from tests.people import person, post
from tests.services import errand as stages
from tests.services.errand import entrusted, wanted


def text_of(page):
    return page.content.decode()


def test_ledger_counts_per_cadre_with_numerator_and_denominator(cast, enter, clock):
    stages.returned(cast)
    entrusted(cast, wanted(cast, citizen={"name": "向兰", "is_vulnerable": True}), is_visit=True)
    clock.set("2026-03-09 09:00")

    def row_of(user, **period):
        page = enter(user).get(reverse("services:errand_ledger"), period)
        ((record,),) = ([row.record for row in page.context["table"].rows],)
        return record, text_of(page)

    record, page = row_of(cast.secretary)
    counts = {name: record[name] for name in ("entrusted", "vulnerable", "due", "on_time", "done")}
    assert counts == {"entrusted": 2, "vulnerable": 1, "due": 2, "on_time": 1, "done": 1}
    assert (record["name"], record["organization"], record["visits"]) == (
        "柳代办员", "柳河镇一村", 1,
    )  # fmt: skip
    assert "1/2（50%）" in page
    record, page = row_of(cast.agent, since="2026-04-01", until="2026-04-30")
    assert (record["entrusted"], record["visits"]) == (0, 0)


def test_ledger_of_one_cadre_holds_masked_cases_and_leaves_as_a_file(cast, enter):
    errand = stages.returned(cast)
    client = enter(cast.reviewer)
    url = reverse("services:errand_ledger_of", args=[cast.agent.pk])

    page = client.get(url)
    assert [row.record for row in page.context["table"].rows] == [errand]
    assert "覃*明" in text_of(page)
    assert "覃德明" not in text_of(page)

    for name, args in (("errand_ledger_export", []), ("errand_ledger_of_export", [cast.agent.pk])):
        answer = client.get(reverse(f"services:{name}", args=args))
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
        cells = {cell.value for row in sheet.iter_rows() for cell in row}
        assert "覃德明" not in cells
        assert cells & {"柳代办员", "覃*明"}


def test_ledger_has_only_what_is_within_reach(cast, enter):
    entrusted(cast)
    colleague = person("agent-2", "柳河代办二")
    post(colleague, cast.home.village, Role.AGENT)
    url = reverse("services:errand_ledger_of", args=[cast.agent.pk])

    for user in (cast.agent, cast.centre_head, cast.secretary, cast.reviewer):
        assert enter(user).get(url).status_code == 200
    for user in (colleague, cast.clerk, cast.handler, *cast.away.people.values()):
        assert enter(user).get(url).status_code == 404
        assert enter(user).get(f"{url}export/").status_code == 404
    assert enter(cast.clerk).get(reverse("services:errand_ledger")).status_code == 403
    page = enter(colleague).get(reverse("services:errand_ledger"))
    assert [row.record["name"] for row in page.context["table"].rows] == ["柳河代办二"]


def test_period_that_makes_no_sense_is_named(cast, enter):
    page = enter(cast.agent).get(
        reverse("services:errand_ledger"), {"since": "2026-03-02", "until": "2026-01-01"}
    )

    assert "结束日期不能早于开始日期。" in text_of(page)

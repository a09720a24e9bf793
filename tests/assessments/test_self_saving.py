"""The secretary's form saves itself, in two tabs too, and never overwrites silently."""

import pytest

from tests.assessments.cycles import CycleCast
from tests.assessments.test_self_assessment import asked, first, fresh, typed


@pytest.fixture
def people(cast):
    return CycleCast(cast)


@pytest.fixture
def row(people):
    return people.assessment()


@pytest.fixture
def secretary(people):
    return people.secretaries["RURAL"]


def test_two_tabs_do_not_overwrite_each_other(row, secretary, signed_in):
    answer = first(row)
    client = signed_in(secretary)
    client.post(row.get_absolute_url(), typed(row, **{f"text_{answer.pk}": "甲窗口写的"}))

    page = client.post(row.get_absolute_url(), typed(row, **{f"text_{answer.pk}": "乙窗口写的"}))

    assert page.status_code == 409
    assert first(row).text == "甲窗口写的"
    text = page.content.decode()
    assert "乙窗口写的" in text and "2.4 说明已保存的是：甲窗口写的" in text
    again = typed(fresh(row), **{f"text_{answer.pk}": "乙窗口写的"})
    assert client.post(row.get_absolute_url(), again).status_code == 302
    assert first(row).text == "乙窗口写的"


def test_autosave_says_when_and_gives_the_next_version(row, secretary, signed_in):
    client = signed_in(secretary)

    page = client.post(row.get_absolute_url(), typed(row), headers={"HX-Request": "true"})
    stale = client.post(
        row.get_absolute_url(), typed(row, summary="别的"), headers={"HX-Request": "true"}
    )

    assert "已自动保存 09:00" in page.content.decode()
    assert 'id="version" value="2"' in page.content.decode()
    assert "没有自动保存：您打开这一页以后" in stale.content.decode()
    assert fresh(row).summary == "全年服务群众 300 人次。"


def test_page_asks_for_a_score_where_the_portal_has_none(row, secretary, signed_in):
    row.answers.filter(indicator__code="2.3").update(figure="NO_LEDGER", figure_points=None)
    row.answers.exclude(indicator__code="2.3").update(figure="")

    url, said = row.get_absolute_url(), '<span class="tag">台账尚未建立</span> 请自己填分'
    assert signed_in(secretary).get(url).content.decode().count(said) == 1


def test_page_says_how_much_is_left_and_autosave_counts_down(row, secretary, signed_in):
    client, lacking = signed_in(secretary), asked(row)
    last = {f"self_points_{answer.pk}": "" for answer in lacking[:2]}

    page = client.get(row.get_absolute_url()).content.decode()
    saved = client.post(row.get_absolute_url(), typed(row, **last), headers={"HX-Request": "true"})

    assert f"还有 {len(lacking)} 项待填" in page
    assert "还有 2 项待填" in saved.content.decode()


def test_handing_in_what_was_saved_a_moment_ago_is_no_conflict(row, secretary, signed_in):
    """Autosave is on the way when 提交 is pressed: the page does not know its new version yet."""
    client, page = signed_in(secretary), typed(row)
    client.post(row.get_absolute_url(), page, headers={"HX-Request": "true"})
    assert fresh(row).version == 2

    client.post(row.get_absolute_url(), page | {"then": "submit"})

    assert fresh(row).status == "SUBMITTED"

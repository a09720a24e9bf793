"""The search box of the header finds what its reader may see, by whatever he or she remembers."""

import pytest
from django.urls import reverse

from tests.orgs.members import PHONE, enrolled


def found(client, text):
    page = client.get(reverse("services:search"), {"q": text})
    return {group["label"]: [str(row) for row in group["rows"]] for group in page.context["groups"]}


@pytest.mark.parametrize("text", ["津贴", "覃德明", "13900000021", "0021", "FB2603"])
def test_clerk_finds_a_case_by_any_of_its_marks(cast, enter, text):
    request = cast.register()

    assert found(enter(cast.clerk), text)["办件"] == [request.number]


def test_one_word_finds_cases_items_and_organizations(cast, enter):
    item = cast.item("柳河通行证")
    request = cast.register(subject="柳河桥维修")

    assert found(enter(cast.clerk), "柳河") == {
        "办件": [request.number],
        "事项": [str(item)],
        "党组织": ["柳河镇", "柳河镇一村"],
    }


def test_nothing_of_another_branch_is_found(cast, enter):
    cast.item("柳河通行证")
    cast.register(subject="柳河桥维修")

    assert found(enter(cast.outsider), "柳河") == {}


def test_administrators_find_organizations_only(cast, enter):
    cast.register(subject="柳河桥维修")

    assert set(found(enter(cast.system_admin), "柳河")) == {"党组织"}
    assert found(enter(cast.auditor), "柳河") == {}


def test_first_results_appear_while_typing_masked(cast, enter):
    for _ in range(7):
        cast.register()

    page = enter(cast.clerk).get(reverse("services:search"), {"q": "津贴", "live": "1"})

    assert len(page.context["groups"][0]["rows"]) == 5
    assert "覃*明" in page.content.decode()
    assert "覃德明" not in page.content.decode()


@pytest.mark.parametrize("text", ["雄信", "shanx", "SXX", PHONE])
def test_secretary_finds_a_member_by_name_pinyin_or_number(cast, enter, text):
    member = enrolled(cast.home.village)
    enrolled(cast.away.village, serial=3, phone="13900000033")
    page = enter(cast.secretary).get(reverse("services:search"), {"q": text})

    [people] = [group for group in page.context["groups"] if group["label"] == "党员"]
    assert people["rows"] == [member]
    assert "单雄信" in page.content.decode()


def test_cadre_finds_members_masked_and_clerks_none(cast, enter):
    enrolled(cast.home.village)

    page = enter(cast.agent).get(reverse("services:search"), {"q": "sxx"}).content.decode()

    assert "单*信" in page
    assert "单雄信" not in page
    assert "党员" not in found(enter(cast.clerk), "sxx")


@pytest.mark.parametrize("text", ["liuhe", "LHZ", "一村"])
def test_organization_is_found_as_it_is_typed(cast, enter, text):
    assert "柳河镇一村" in found(enter(cast.clerk), text)["党组织"]


def test_citizens_are_not_found_by_pinyin_and_the_page_does_not_promise_it(cast, enter):
    cast.register()
    client = enter(cast.clerk)

    assert "办件" not in found(client, "qindeming")
    page = client.get(reverse("services:search"), {"q": "qindeming"}).content.decode()
    assert "换一个字，或用群众电话的后四位再找" in page
    assert "群众姓名（打汉字）" in page


@pytest.mark.parametrize("number", ["FB2603-99-0001", "fb2603-99-0001", None])
def test_number_of_another_place_is_said_to_be_out_of_reach_like_one_of_nowhere(
    cast, enter, number
):
    request = cast.register(actor=cast.outsider, organization=cast.away.organization)

    page = enter(cast.clerk).get(reverse("services:search"), {"q": number or request.number})

    assert "也可能是别的村（镇）登记的，不在您能查看的范围" in page.content.decode()
    assert f'href="{reverse("services:query")}"' in page.content.decode()

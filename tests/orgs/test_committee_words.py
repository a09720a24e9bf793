"""How townships write posts and terms of a committee, and which of two cells counts."""

import pytest

from orgs.models import CommitteeSeat
from orgs.rosters.committees.words import clean_posts, clean_term
from orgs.rosters.kinds import COMMITTEES
from orgs.rosters.staging import open_batch, stage
from tests.orgs.rosters import township
from tests.sheets import workbook


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("书记", {"post": ["SECRETARY"]}),
        ("村党支部书记、村委会主任", {"post": ["SECRETARY"], "heads_village": True}),
        ("党支部副书记兼组织委员", {"post": ["DEPUTY", "ORGANIZATION"]}),
        ("组织、宣传委员", {"post": ["ORGANIZATION", "PUBLICITY"]}),
        ("书记（一肩挑）", {"post": ["SECRETARY"], "heads_village": True}),
        ("委员、会计", {"post": ["MEMBER"], "concurrent": "会计"}),
        ("驻村第一书记", {"post": ["FIRST_SECRETARY"]}),
        ("纪律检查委员", {"post": ["DISCIPLINE"]}),
    ],
)
def test_posts_as_townships_write_them(said, expected):
    assert clean_posts(said) == expected


@pytest.mark.parametrize(
    ("said", "expected"), [("第七届", 7), ("12", 12), ("十", 10), ("第二十三届", 23), (8, 8)]
)
def test_terms_as_townships_write_them(said, expected):
    assert clean_term(said) == expected


@pytest.mark.django_db
def test_column_of_its_own_counts_more_than_the_post(clock, tmp_path):
    town = township()
    path = workbook(
        tmp_path / "班子.xlsx",
        ("党组织名称", "姓名", "职务", "换届时间", "一肩挑"),
        ("一村党支部", "陈立国", "书记、村委会主任", "2021年3月", "否"),
        ("二村党支部", "田秀英", "书记、村委会主任", "2021年3月", None),
    )

    batch = open_batch(path, path.name, organization=town, actor=None, kind=COMMITTEES)
    COMMITTEES.commit(stage(batch, path), actor=None)

    seats = dict(CommitteeSeat.objects.values_list("name", "heads_village"))
    assert seats == {"陈立国": False, "田秀英": True}

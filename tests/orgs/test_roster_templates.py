"""Who has no table yet takes ours: what may be chosen is offered, numbers and dates stay text, and
what is filled in by its instructions goes in without a word."""

import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from orgs.models import Level, Organization, OrganizationKind
from orgs.rosters.guides import GUIDES
from orgs.rosters.kinds import KINDS
from orgs.rosters.staging import open_batch, report, stage
from orgs.rosters.template_workbook import template_workbook
from tests.orgs.rosters import branch, id_number
from tests.people import Cast, place

pytestmark = pytest.mark.django_db
#: What the examples leave out: numbers of nobody.
FILLED = {
    "MEMBERS": [
        {"name": "陈立国", "id_number": id_number()},
        {"name": "覃秀英", "id_number": id_number("19900203", 2), "sex": "女", "stage": "预备党员",
         "confirmed": None, "organization": "二村党支部"},
        {"name": "王建", "id_number": id_number(serial=3), "lost_since": "2024"},
    ],
    "COMMITTEES": [{}, {"name": "覃秀英", "post": "副书记、组织委员", "source": None}],
    "ORGANIZATIONS": [
        {"code": "429921100203", "name": "中共柳河镇三村支部委员会"},
        {"code": "429921100204", "name": "柳河镇四村党总支", "kind": "党总支", "sector": None},
    ],
}  # fmt: skip
SAID = {
    "organization": "一村党支部", "organization_code": None, "superior": "柳河镇党委",
    "born": "1985-06-01", "parent": "429921100", "short_name": None, "supervisor": None,
    "division_code": None,
}  # fmt: skip


@pytest.fixture
def book(town):
    """`book("MEMBERS")`: the template as 柳河镇 gets it."""

    def opened(code):
        places = Organization.objects.within(town)
        return load_workbook(io.BytesIO(template_workbook(KINDS[code], places)))

    return opened


@pytest.mark.parametrize("code", KINDS)
def test_template_filled_in_by_its_examples_goes_in_without_error(book, town, tmp_path, code):
    kind, filled = KINDS[code], book(code)
    guides = GUIDES[code]
    for number, own in enumerate(FILLED[code], 2):
        said = {name: guides[name].example or None for name in kind.template} | SAID | own
        if "joined" in said and number == 3:
            said["joined"], said["born"] = "2015.06", None
        for column, name in enumerate(kind.template, 1):
            filled.worksheets[0].cell(number, column).value = said[name]
    path = tmp_path / "模板.xlsx"
    filled.save(path)

    batch = open_batch(path, path.name, organization=town, actor=None, kind=kind)
    told = report(stage(batch, path))

    assert (told["rows"], told["new"], told["skipped"]) == (len(FILLED[code]), told["rows"], 0)
    assert (told["errors"], told["warnings"]) == ([], [])
    assert {c["field"] for c in batch.columns} == set(kind.template)
    assert batch.other_sheets == []


@pytest.mark.parametrize("code", KINDS)
def test_every_column_is_text_and_explained(book, code):
    made, kind = book(code), KINDS[code]
    sheet, manual, lists = made.worksheets

    labels = [kind.words.label(name) for name in kind.template]
    assert [cell.value.rstrip("*") for cell in sheet[1]] == labels
    needed = [name for name in kind.template if GUIDES[code][name].is_required]
    starred = [cell.value[:-1] for cell in sheet[1] if cell.value.endswith("*")]
    assert starred == [kind.words.label(name) for name in needed]
    assert {sheet.column_dimensions[c.column_letter].number_format for c in sheet[1]} == {"@"}
    assert [row[0].value for row in manual.iter_rows(7)] == labels
    assert all(row[2].value for row in manual.iter_rows(7))
    assert (sheet.max_row, lists.sheet_state) == (1, "hidden")


def test_lists_to_choose_from_stand_on_a_hidden_sheet(book):
    made = book("MEMBERS")
    sheet = made.worksheets[0]

    def choices(label):
        where = made.defined_names[f"选项_{label}"].attr_text.partition("!")[2]
        return [cell.value for (cell,) in made["选项"][where.replace("$", "")]]

    assert choices("性别") == ["男", "女"]
    assert choices("人员类别") == ["正式党员", "预备党员"]
    assert len(choices("民族")) == 56
    assert choices("所在党支部") == ["中共青溪县柳河镇委员会", "一村党支部", "二村党支部"]
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    assert rules["A2:A5000"].formula1 == "=选项_所在党支部"
    assert (rules["A2:A5000"].errorStyle, rules["F2:F5000"].errorStyle) == ("warning", "stop")


def test_places_of_one_name_are_offered_by_code(book, town):
    for code in ("429921100301", "429921100302"):
        branch(code, "龙潭村党支部", town)

    lists = book("MEMBERS")["选项"]

    offered = [cell.value for cell in lists["A"] if cell.value]
    assert offered[-2:] == ["429921100301", "429921100302"]


def test_name_that_looks_like_a_formula_is_offered_as_text(book, town):
    branch("429921100301", "=HYPERLINK(1)", town)

    assert book("MEMBERS")["选项"]["A5"].data_type == "s"


@pytest.fixture
def cast(clock):
    return Cast()


def test_secretary_gets_the_branches_of_the_own_town_only(cast, signed_in):
    client = signed_in(cast.secretary)

    answer = client.get(reverse("orgs:import_template", args=["members"]))

    assert answer["Content-Disposition"].endswith("%E6%A8%A1%E6%9D%BF.xlsx")
    lists = load_workbook(io.BytesIO(answer.content))["选项"]
    assert [cell.value for cell in lists["A"] if cell.value] == [
        "所在党支部", "柳河镇", "柳河镇一村"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("who", "kind", "status"),
    [
        ("agent", "members", 200),
        ("agent", "organizations", 404),
        ("reviewer", "organizations", 200),
        ("system_admin", "organizations", 200),
        ("system_admin", "members", 404),
        ("handler", "members", 404),
        ("secretary", "people", 404),
    ],
)
def test_template_is_for_those_who_may_import(cast, signed_in, who, kind, status):
    client = signed_in(getattr(cast, who))

    assert client.get(reverse("orgs:import_template", args=[kind])).status_code == status


def test_abolished_branch_is_not_offered(town):
    gone = place("429921100301", "龙潭村党支部", Level.VILLAGE, town, OrganizationKind.BRANCH)
    Organization.objects.filter(pk=gone.pk).update(abolished_on="2026-01-01")

    places = Organization.objects.within(town).active()
    lists = load_workbook(io.BytesIO(template_workbook(KINDS["MEMBERS"], places)))["选项"]

    assert "龙潭村党支部" not in [cell.value for cell in lists["A"]]

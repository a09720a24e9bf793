"""The same roster by django-import-export, row by row."""

from time import perf_counter

import tablib
from import_export import resources
from import_export.fields import Field
from import_export.widgets import BooleanWidget, ForeignKeyWidget, Widget
from python_calamine import CalamineWorkbook

from orgs.fields import blind_index
from orgs.models import ETHNICITIES, Education, Member, Organization, Sex, Stage, Standing
from orgs.partial_date import PartialDate


class Choice(Widget):
    def __init__(self, choices):
        self.codes = {label: code for code, label in choices}

    def clean(self, value, row=None, **kwargs):
        return self.codes[value] if value else ""


class Day(Widget):
    def clean(self, value, row=None, **kwargs):
        return PartialDate.parse(value) if value else None


class Text(Widget):
    def clean(self, value, row=None, **kwargs):
        return value or ""


class Flag(BooleanWidget):
    TRUE_VALUES, FALSE_VALUES, NULL_VALUES = ["是"], ["否", "", None], []


WIDGETS = {
    "name": ("姓名", Text()), "id_number": ("公民身份号码", Text()),
    "sex": ("性别", Choice(Sex.choices)), "ethnicity": ("民族", Choice(ETHNICITIES)),
    "born": ("出生日期", Day()), "education": ("学历", Choice(Education.choices)),
    "degree": ("学位", Text()), "native_place": ("籍贯", Text()),
    "stage": ("人员类别", Choice(Stage.choices)),
    "standing": ("党籍状态", Choice(Standing.choices)),
    "organization": ("所在党支部", ForeignKeyWidget(Organization, "name")),
    "joined": ("加入党组织日期", Day()), "confirmed": ("转为正式党员日期", Day()),
    "job": ("工作岗位", Text()), "phone": ("联系电话", Text()), "landline": ("固定电话", Text()),
    "address": ("家庭住址", Text()), "is_away": ("流动党员", Flag()),
    "in_hardship": ("困难党员", Flag()), "note": ("备注", Text()),
}  # fmt: skip


class Base(resources.ModelResource):
    class Meta:
        model = Member
        fields = (*WIDGETS, "id_index")
        import_id_fields = ("id_index",)
        use_transactions = True


FIELDS = {
    name: Field(attribute=name, column_name=heading, widget=widget)
    for name, (heading, widget) in {**WIDGETS, "id_index": ("id_index", Text())}.items()
}
MemberResource = type("MemberResource", (Base,), FIELDS)


def load_and_import(path) -> dict:
    started = perf_counter()
    headings, *rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    index = headings.index("公民身份号码")
    rows = [(*row, blind_index(row[index])) for row in rows]
    dataset = tablib.Dataset(*rows, headers=[*headings, "id_index"])
    for dry_run in (True, False):
        result = MemberResource().import_data(dataset, dry_run=dry_run, raise_errors=True)
    seconds = perf_counter() - started
    assert result.totals["new"] == len(rows) == Member.objects.count()
    return {"seconds": seconds, "rows": len(rows)}

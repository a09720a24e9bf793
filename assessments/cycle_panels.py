"""Tables of a cycle's dashboard; each row is a dict, and `<column>_url` leads to what is behind."""

import django_tables2 as tables

from assessments.models import Assessment
from assessments.tables import FigureTable, LinkColumn, NumberColumn

Status = Assessment.Status
NUMBERS = {"th": {"class": "num"}, "td": {"class": "num"}}


class ShareColumn(tables.Column):
    """A share in percent with one decimal, — where nothing is known."""

    def __init__(self, label, **options):
        super().__init__(verbose_name=label, attrs=NUMBERS, **options)

    def render(self, value):
        return f"{value:.1f}%" if isinstance(value, float) else value

    def value(self, value):
        return round(value, 1) if isinstance(value, float) else value


class ProgressTable(FigureTable):
    name = LinkColumn("组织")
    all = NumberColumn("应评")
    NOT_STARTED = NumberColumn(Status.NOT_STARTED.label)
    FILLING = NumberColumn(Status.FILLING.label)
    RETURNED = NumberColumn(Status.RETURNED.label)
    SUBMITTED = NumberColumn(Status.SUBMITTED.label)
    REVIEWED = NumberColumn(Status.REVIEWED.label)
    share = ShareColumn("完成率")


class StarTable(FigureTable):
    name = LinkColumn("领域")
    stars_5 = NumberColumn("5 星")
    stars_4 = NumberColumn("4 星")
    stars_3 = NumberColumn("3 星")
    stars_2 = NumberColumn("2 星")
    stars_1 = NumberColumn("1 星")
    pending = NumberColumn("待定")


class GoalTable(FigureTable):
    name = LinkColumn("领域")

    def __init__(self, rows, *, goals):
        columns = [(f"goal_{goal.number}", ShareColumn(goal.name[-4:])) for goal in goals]
        super().__init__(rows, extra_columns=columns)


class TurnoutTable(FigureTable):
    name = LinkColumn("领域")
    organizations = NumberColumn("单位")
    eligible = NumberColumn("应参评")
    valid = NumberColumn("有效票")
    rate = ShareColumn("参评率")
    pending = NumberColumn("待定")


class GapTable(FigureTable):
    name = LinkColumn("党组织")
    sector = tables.Column(verbose_name="领域")
    own = NumberColumn("自评")
    review = NumberColumn("组织考评")
    gap = NumberColumn("差距")


class IndicatorTable(FigureTable):
    code = tables.Column(verbose_name="编号")
    name = LinkColumn("指标")
    rate = ShareColumn("得分率")
    count = NumberColumn("已评")
    zeros = NumberColumn("得零分")

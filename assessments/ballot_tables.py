"""How far the ballots of a year are."""

import django_filters as filters
import django_tables2 as tables
from django.db.models import OuterRef, Subquery, Sum
from django_tables2 import A

from assessments.models import Assessment, Ballot
from orgs.models import Sector
from orgs.tables import tag

LAST = Ballot.objects.filter(assessment=OuterRef("pk")).order_by("-round")
NONE = "未准备"


class BallotFilter(filters.FilterSet):
    q = filters.CharFilter(label="名称", field_name="name", lookup_expr="icontains")
    sector = filters.ChoiceFilter(label="领域", choices=Sector, empty_label="全部领域")
    ballot = filters.ChoiceFilter(
        label="测评", choices=[("NONE", NONE), *Ballot.Status.choices], method="standing",
        empty_label="不限",
    )  # fmt: skip

    class Meta:
        model = Assessment
        fields = ()

    def standing(self, queryset, name, value):
        if value == "NONE":
            return queryset.filter(ballots__isnull=True)
        return queryset.alias(last=Subquery(LAST.values("status")[:1])).filter(last=value)


class BallotTable(tables.Table):
    name = tables.Column(verbose_name="党组织", linkify=("assessments:ballot", {"pk": A("pk")}))
    sector = tables.Column(verbose_name="领域")
    standing = tables.Column(verbose_name="测评", empty_values=(), orderable=False)
    round = tables.Column(verbose_name="轮次", orderable=False)
    eligible = tables.Column(verbose_name="应到", orderable=False)
    issued = tables.Column(verbose_name="发出", orderable=False)

    class Meta:
        model = Assessment
        fields = ()

    def __init__(self, rows, *args, **kwargs):
        last = Ballot.objects.filter(assessment=OuterRef("pk")).order_by("-round")
        sums = last.annotate(people=Sum("strata__eligible"), slips=Sum("strata__issued"))
        rows = rows.annotate(
            standing=Subquery(last.values("status")[:1]),
            round=Subquery(last.values("round")[:1]),
            eligible=Subquery(sums.values("people")[:1]),
            issued=Subquery(sums.values("slips")[:1]),
        )
        super().__init__(rows, *args, **kwargs)

    def render_standing(self, value):
        return tag(self.value_standing(value))

    def value_standing(self, value):
        return Ballot.Status(value).label if value else NONE

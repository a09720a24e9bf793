"""What the lists of secretaries, terms and vacancies can be narrowed by."""

import django_filters as filters
from django.db.models import Q
from django.utils import timezone

from orgs.filters import named
from orgs.models import Committee, CommitteeSeat, Level, Organization, SeatSource, Sector
from orgs.models.organization import spelled
from orgs.terms import NOTICE_DAYS, too_long_since


class LeadershipFilter(filters.FilterSet):
    """Sector, level and branch of the tree; `place` leads from the row to its organization."""

    place = "organization__"
    #: What may be typed into the search.
    words = "党组织名称或代码"

    q = filters.CharFilter(method="search")
    under = filters.CharFilter(label="所属党组织（含下级）", method="below")
    sector = filters.ChoiceFilter(label="领域", method="by", choices=Sector, empty_label="全部领域")
    level = filters.ChoiceFilter(label="层级", method="by", choices=Level, empty_label="全部层级")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["q"].label = self.words

    def search(self, queryset, name, value):
        return queryset.filter(self.found(value))

    def found(self, value) -> Q:
        at = self.place
        return (
            Q(**{f"{at}name__icontains": value})
            | Q(**{f"{at}short_name__icontains": value})
            | Q(**{f"{at}code__startswith": value})
            | spelled(value, at)
        )

    def below(self, queryset, name, value):
        tops = named(value.strip()).values_list("path", flat=True)[:50]
        branch = Q(pk__in=[])
        for path in tops:
            branch |= Q(**{f"{self.place}path__startswith": path})
        return queryset.filter(branch)

    def by(self, queryset, name, value):
        return queryset.filter(**{f"{self.place}{name}": value})


class SecretaryFilter(LeadershipFilter):
    words = "姓名、党组织名称或代码"
    place = "committee__organization__"

    source = filters.ChoiceFilter(label="来源", choices=SeatSource, empty_label="全部来源")

    class Meta:
        model = CommitteeSeat
        fields = ()

    def found(self, value):
        return super().found(value) | Q(name__icontains=value)


class TermFilter(LeadershipFilter):
    state = filters.ChoiceFilter(
        label="换届",
        method="by_state",
        choices=[
            ("late", "已逾期"),
            *((str(days), f"{days} 天内到期") for days in reversed(NOTICE_DAYS)),
            ("none", "没有应换届日期"),
        ],
        empty_label="全部",
    )

    class Meta:
        model = Committee
        fields = ()

    def by_state(self, queryset, name, value):
        today = timezone.localdate()
        if value == "late":
            return queryset.overdue(today)
        if value == "none":
            return queryset.filter(due_on__isnull=True)
        return queryset.due_within(int(value), today)


class VacancyFilter(LeadershipFilter):
    place = ""

    state = filters.ChoiceFilter(
        label="空缺",
        method="by_state",
        choices=[("long", "超过 3 个月"), ("known", "3 个月以内"), ("never", "从未登记书记")],
        empty_label="全部",
    )

    class Meta:
        model = Organization
        fields = ()

    def by_state(self, queryset, name, value):
        today = timezone.localdate()
        if value == "never":
            return queryset.filter(last_led_on__isnull=True)
        late = Q(last_led_on__lt=too_long_since(today))
        return queryset.filter(late if value == "long" else ~late & Q(last_led_on__isnull=False))

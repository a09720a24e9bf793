"""What the list of members can be narrowed by; the choices stay in the URL."""

import django_filters as filters
from django import forms
from django.db.models import Q
from django.utils import timezone

from orgs.filters import named
from orgs.models import FLAGS, Education, Member, Organization, Sector, Stage, Standing
from orgs.partial_date import PartialDate

#: Full years, the first and the last included.
AGES = {"35": (0, 35), "60": (36, 60), "70": (61, 70), "over": (71, 150)}
AGE_WORDS = [("35", "35 岁及以下"), ("60", "36–60 岁"), ("70", "61–70 岁"), ("over", "71 岁及以上")]
NOBODY = Q(pk__in=[])
LONGEST = 10  # organizations that a part of a name may mean


def born_between(youngest, oldest, today) -> Q:
    """Births of people who are `youngest` to `oldest` years old today."""
    last, first = years_before(today, youngest), years_before(today, oldest + 1)
    return Q(born__gt=first, born__lte=last)


def years_before(day, years) -> PartialDate:
    return PartialDate(day.year - years, day.month, day.day)


class MemberFilter(filters.FilterSet):
    q = filters.CharFilter(label="姓名、拼音或首字母", method="search")
    branch = filters.CharFilter(label="党组织（含下级）", method="below")
    stage = filters.ChoiceFilter(label="人员类别", choices=Stage, empty_label="全部类别")
    flag = filters.ChoiceFilter(
        label="标签", method="flagged", choices=list(FLAGS.items()), empty_label="全部"
    )
    state = filters.ChoiceFilter(
        label="党籍状态",
        method="in_state",
        choices=[("gone", "已离开"), ("all", "全部（含已离开）"), *Standing.choices],
        empty_label="在册",
    )
    age = filters.ChoiceFilter(
        label="年龄", method="of_age", choices=AGE_WORDS, empty_label="全部年龄"
    )
    joined = filters.RangeFilter(label="入党年份", method="in_years")
    number = filters.CharFilter(label="身份证号或电话（完整）", method="with_number")
    # What links from elsewhere narrow by.
    under = filters.ModelChoiceFilter(
        queryset=Organization.objects.none(), method="under_node", widget=forms.HiddenInput
    )
    sector = filters.ChoiceFilter(
        choices=Sector, field_name="organization__sector", widget=forms.HiddenInput
    )
    education = filters.ChoiceFilter(choices=Education, widget=forms.HiddenInput)

    class Meta:
        model = Member
        fields = ()

    def __init__(self, data=None, *args, user, **kwargs):
        super().__init__(data, *args, **kwargs)
        self.form.fields["under"].queryset = Organization.objects.visible_to(user)

    def filter_queryset(self, queryset):
        """Without a word about it, whoever has left is left out."""
        rows = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data.get("state") else rows.on_register()

    def search(self, queryset, name, value):
        return queryset.find(value)

    def below(self, queryset, name, value):
        tops = named(value.strip()).values_list("path", flat=True)[:LONGEST]
        reach = NOBODY
        for path in tops:
            reach |= Q(organization__path__startswith=path)
        return queryset.filter(reach)

    def under_node(self, queryset, name, value):
        return queryset.within(value)

    def flagged(self, queryset, name, value):
        return queryset.filter(**{value: True})

    def in_state(self, queryset, name, value):
        if value == "all":
            return queryset
        return queryset.gone() if value == "gone" else queryset.filter(standing=value)

    def of_age(self, queryset, name, value):
        return queryset.filter(born_between(*AGES[value], timezone.localdate()))

    def in_years(self, queryset, name, value):
        first, last = (
            int(year) if year is not None else None for year in (value.start, value.stop)
        )
        if first:
            queryset = queryset.filter(joined__gte=PartialDate(min(max(first, 1), 9999)))
        if last:
            # "2016-12-31" is before "2017"
            queryset = queryset.filter(joined__lt=PartialDate(min(max(last, 0), 9998) + 1))
        return queryset

    def with_number(self, queryset, name, value):
        return queryset.with_number(value)

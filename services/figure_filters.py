"""The cases behind a figure of a dashboard: conditions that a link carries, not fields."""

import django_filters as filters
from django import forms
from django.db.models import Q
from django.utils import timezone

from orgs.models import Organization, User
from orgs.models.calendar import workdays
from services.models import Category, Source
from services.rates import BY_CODE, Period, cases
from services.volumes import AGES, ages

ANSWERED = "answered"
#: "on_time.missed" and the like, "answered" in a period, "age_6" now
FIGURES = [
    (ANSWERED, "已回复"),
    *(
        (f"{code}.{part}", f"{definition.label}：{words}")
        for code, definition in BY_CODE.items()
        for part, words in definition.parts.items()
    ),
    *((f"age_{first}", "在办时长") for first, _ in AGES),
]


def hidden(kind, **options):
    return kind(widget=forms.HiddenInput, **options)


class FigureFilter(filters.FilterSet):
    organization = hidden(
        filters.ModelChoiceFilter, queryset=Organization.objects.none(), method="within"
    )
    own = hidden(filters.ModelChoiceFilter, queryset=Organization.objects.none(), method="exactly")
    handler = hidden(filters.ModelChoiceFilter, queryset=User.objects.none())
    source = hidden(filters.ChoiceFilter, choices=Source)
    category = hidden(
        filters.ModelChoiceFilter,
        queryset=Category.objects.with_full_name(),
        null_label="未分类",
        method="of_category",
    )
    figure = hidden(filters.ChoiceFilter, choices=FIGURES, method="behind")
    start = hidden(filters.DateFilter, method="as_it_is")
    end = hidden(filters.DateFilter, method="as_it_is")

    def __init__(self, data=None, *args, user, **kwargs):
        super().__init__(data, *args, **kwargs)
        reach = Organization.objects.visible_to(user)
        self.form.fields["organization"].queryset = self.form.fields["own"].queryset = reach
        colleagues = User.objects.filter(posts__organization__in=reach).distinct()
        self.form.fields["handler"].queryset = colleagues

    def within(self, queryset, name, value):
        return queryset.filter(organization__in=Organization.objects.within(value))

    def exactly(self, queryset, name, value):
        return queryset.filter(organization=value)

    def of_category(self, queryset, name, value):
        if value == "null":
            return queryset.filter(category__isnull=True)
        below = Q(category__parent=value) | Q(category__parent__parent=value)
        return queryset.filter(Q(category=value) | below)

    def behind(self, queryset, name, value):
        period = self.period()
        if value.startswith("age_"):
            groups = {age.code: age for age in ages(workdays(), timezone.localdate())}
            return queryset.filter(groups[value].condition)
        if period is None:
            return queryset.none()
        if value == ANSWERED:
            return queryset.filter(period.holds("first_replied_at"))
        code, part = value.split(".")
        return cases(queryset, BY_CODE[code], period, part)

    def as_it_is(self, queryset, name, value):
        return queryset

    def period(self):
        said = self.form.cleaned_data
        if said.get("start") and said.get("end"):
            return Period(said["start"], said["end"])
        return None

    @property
    def narrowed(self) -> str:
        """In words, what the reader has come from; empty when it was the list itself."""
        if not self.is_bound or not self.form.is_valid():
            return ""
        said, period = self.form.cleaned_data, self.period()
        place = f"{said['own']}（本级）" if said["own"] else said["organization"]
        words = [str(word) for word in (place, said["handler"]) if word]
        if said["figure"]:
            words.append(self._figure_words(said["figure"]))
        if period and said["figure"]:
            words.append(f"{period.since:%Y年%-m月%-d日}至{period.until:%Y年%-m月%-d日}")
        if said["source"]:
            words.append(f"来源：{Source(said['source']).label}")
        if said["category"]:
            category = said["category"]
            words.append(f"分类：{'未分类' if category == 'null' else category.full_name}")
        return "，".join(words)

    def _figure_words(self, value):
        for age in ages(workdays(), timezone.localdate()):
            if age.code == value:
                return f"在办 {age.label}"
        return dict(FIGURES)[value]

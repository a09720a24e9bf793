"""公示栏: the form, the filter and the table of its keepers."""

import django_filters as filters
import django_tables2 as tables
from django import forms
from django.db.models import Q
from django.utils import timezone

from orgs.forms.fields import DayInput
from orgs.models import Organization, Role
from orgs.tables import DAY, tag
from services.item_forms import tidy_lines
from services.models import Announcement

STATES = [("current", "公示中"), ("coming", "待公示"), ("past", "已到期"), ("gone", "已撤下")]


class AnnouncementForm(forms.ModelForm):
    class Meta:
        model = Announcement
        fields = ("organization", "title", "text", "published_on", "until", "pinned")
        widgets = {
            "text": forms.Textarea(attrs={"rows": 12}),
            "published_on": DayInput(),
            "until": DayInput(),
        }
        help_texts = {"pinned": "排在公示栏最前面。", "text": "空一行分段。不写群众的个人信息。"}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        place = self.fields["organization"]
        if self.instance.pk:
            del self.fields["organization"]
        else:
            place.queryset = boards_of(user)
            place.empty_label = "请选择"
            home = {post.organization_id for post in user.acting_posts()}
            place.initial = place.queryset.filter(pk__in=home).first()

    def clean_text(self):
        return tidy_lines(self.cleaned_data["text"])


def boards_of(user):
    """The organizations whose board the user keeps."""
    home = [p.organization_id for p in user.acting_posts() if p.role == Role.SECRETARY]
    reach = Organization.objects.in_reach_of(user, Role.CENTRE_HEAD)
    return Organization.objects.active().filter(Q(pk__in=home) | Q(pk__in=reach.values("pk")))


class AnnouncementFilter(filters.FilterSet):
    q = filters.CharFilter(label="标题或内容", method="search")
    state = filters.ChoiceFilter(
        label="状态", method="by_state", choices=STATES, empty_label="全部状态"
    )

    class Meta:
        model = Announcement
        fields = ()

    def search(self, queryset, name, value):
        return queryset.filter(Q(title__icontains=value) | Q(text__icontains=value))

    def by_state(self, queryset, name, value):
        today = timezone.localdate()
        kept = queryset.filter(withdrawn_at__isnull=True)
        return {
            "current": kept.filter(pk__in=Announcement.objects.current().values("pk")),
            "coming": kept.filter(published_on__gt=today),
            "past": kept.filter(until__lt=today),
            "gone": queryset.filter(withdrawn_at__isnull=False),
        }[value]


class AnnouncementTable(tables.Table):
    title = tables.Column(verbose_name="标题", linkify=True)
    organization = tables.Column(verbose_name="公示组织", order_by="organization__path")
    published_on = tables.DateColumn(verbose_name="公示日期", format=DAY)
    until = tables.DateColumn(verbose_name="公示到", format=DAY, default="长期")
    published_by = tables.Column(verbose_name="发布人", orderable=False)
    state = tables.Column(verbose_name="状态", accessor="state_words", orderable=False)

    class Meta:
        order_by_field = "sort"

    def render_title(self, record, value):
        return f"【置顶】{value}" if record.pinned else value

    def render_state(self, value):
        return value if value == "公示中" else tag(value)

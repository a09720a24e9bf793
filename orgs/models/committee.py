"""班子届次: the committee that an organization elected, its term, and what follows at its end."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.timezone import localdate

from orgs.models.notice import Notice
from orgs.models.organization import Organization
from orgs.models.post import Role
from orgs.models.seat import CommitteeSeat
from orgs.models.term_course import TermCourse
from orgs.models.user import User
from orgs.partial_date import EarliestField, PartialDateField
from orgs.terms import EXTENSION_MONTHS, months_after, years_of_term


class CommitteeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """As the roster: secretaries and the organization department, a cadre the own branch."""
        below = Organization.objects.in_reach_of(user, Role.SECRETARY, Role.REVIEWER)
        own = [post.organization_id for post in user.acting_posts() if post.role == Role.AGENT]
        return self.filter(Q(organization__in=below) | Q(organization__in=own))

    def within(self, organization):
        return self.filter(organization__path__startswith=organization.path)

    def serving(self):
        """在任, of organizations that still exist."""
        return self.filter(status=Committee.Status.IN_OFFICE, organization__abolished_on=None)

    def due_within(self, days, day=None):
        """Terms that end in so many days, those ending today included."""
        day = day or localdate()
        return self.serving().filter(due_on__gte=day, due_on__lte=day + timedelta(days=days))

    def overdue(self, day=None):
        """应换未换."""
        return self.serving().filter(due_on__lt=day or localdate())

    def without_secretary(self, day=None):
        """书记缺, among the committees that serve."""
        led = CommitteeSeat.objects.secretaries().held(day or localdate())
        return self.serving().exclude(pk__in=led.values("committee"))

    def with_secretary_name(self):
        """`secretary`: who is it now, for lists."""
        held = CommitteeSeat.objects.secretaries().open().filter(committee=models.OuterRef("pk"))
        return self.annotate(secretary=models.Subquery(held.values("name")[:1]))


class Committee(TermCourse, models.Model):
    """One term of one organization; `elected` is known to the year, the month or the day."""

    class Status(models.TextChoices):
        IN_OFFICE = "IN_OFFICE", "在任"
        RENEWED = "RENEWED", "已换届"

    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="committees", verbose_name="党组织"
    )
    term = models.PositiveSmallIntegerField("届次", null=True, blank=True)
    elected = PartialDateField("当选日期")
    elected_on = EarliestField(source="elected")
    due_on = models.DateField("应换届日期", null=True, blank=True)
    #: What was due before an extension was approved.
    extended_from = models.DateField("延期前应换届日期", null=True, blank=True)
    renewed_on = models.DateField("实际换届日期", null=True, blank=True)
    status = models.CharField("状态", max_length=10, choices=Status, default=Status.IN_OFFICE)
    document = models.CharField("批复文号", max_length=80, blank=True)
    extension_document = models.CharField("延期批复文号", max_length=80, blank=True)
    note = models.CharField("备注", max_length=200, blank=True)
    #: Counts changes, so that an undo knows whether somebody was here since.
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = CommitteeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "班子"
        ordering = ["organization__path", F("elected_on").desc(nulls_last=True), "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization"],
                condition=Q(status="IN_OFFICE"),
                name="committee_one_in_office",
                violation_error_message="该党组织已有在任班子，请办理换届。",
            ),
            models.CheckConstraint(
                condition=Q(due_on__isnull=True)
                | Q(elected_on__isnull=True)
                | Q(due_on__gt=F("elected_on")),
                name="committee_due_after_elected",
                violation_error_message="应换届日期应晚于当选日期。",
            ),
            models.CheckConstraint(
                condition=Q(status="IN_OFFICE", renewed_on__isnull=True)
                | Q(status="RENEWED", renewed_on__isnull=False),
                name="committee_renewed_with_date",
            ),
            models.CheckConstraint(
                condition=Q(renewed_on__isnull=True)
                | Q(elected_on__isnull=True)
                | Q(renewed_on__gt=F("elected_on")),
                name="committee_renewed_after_elected",
                violation_error_message="换届日期应晚于上一届当选日期。",
            ),
        ]
        indexes = [models.Index(fields=["status", "due_on"], name="committee_due")]

    def __str__(self):
        return f"{self.organization}{self.term_words}"

    def get_absolute_url(self):
        return reverse("orgs:committee", args=[self.pk])

    @property
    def term_words(self) -> str:
        return f"第 {self.term} 届班子" if self.term else "班子"

    @property
    def without_term_words(self) -> str:
        """Why there is no day on which the term ends."""
        has_term = years_of_term(self.organization.kind, self.organization.level)
        return "未登记应换届日期" if has_term else "不设任期"

    @property
    def latest_extension(self):
        """一般不超过一年, counted from what was due first."""
        return months_after(self.extended_from or self.due_on, EXTENSION_MONTHS)

    @property
    def is_serving(self) -> bool:
        return self.status == self.Status.IN_OFFICE

    def said(self) -> str:
        """One line for records and notices."""
        names = "、".join(f"{seat}" for seat in self.seats.open().in_order())
        due = f"应于{self.due_on:%Y年%-m月%-d日}前换届" if self.due_on else self.without_term_words
        elected = f"{self.elected}当选" if self.elected else ""
        return "，".join(filter(None, [elected, due, names]))

    def tell(self, actor, title, *, kind, body=""):
        people = [person for person in answerable_for(self.organization) if person != actor]
        Notice.post(
            people, f"{title}：{self.organization}", kind=kind, about=self,
            organization=self.organization, body=body,
        )  # fmt: skip


def answerable_for(organization) -> list[User]:
    """Those with a secretary's account at the organization, else at the nearest one above; where
    there is none, the organization department."""
    above = Organization.objects.with_parents(organization).order_by("-path")
    for node in above:
        if people := list(User.objects.holding(Role.SECRETARY, organization=node)):
            return people
    return list(User.objects.covering(Role.REVIEWER, organization))

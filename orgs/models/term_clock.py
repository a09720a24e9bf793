"""What the clock does about terms and vacancies: each reminder once, however often it looks."""

from django.db import models, transaction
from django.utils import timezone

from orgs.models.committee import Committee, answerable_for
from orgs.models.notice import Notice
from orgs.models.organization import Organization
from orgs.terms import NOTICE_DAYS, VACANCY_DAYS


class LeadershipReminder(models.Model):
    """A reminder that went out, for one organization, rule and day it counts from."""

    class Rule(models.TextChoices):
        DUE_180 = "DUE_180", "换届前六个月提醒"
        DUE_90 = "DUE_90", "换届前三个月提醒"
        DUE_30 = "DUE_30", "换届前一个月提醒"
        OVERDUE = "OVERDUE", "逾期未换届提醒"
        VACANT_30 = "VACANT_30", "书记空缺一个月提醒"
        VACANT_60 = "VACANT_60", "书记空缺两个月提醒"
        VACANT_90 = "VACANT_90", "书记空缺三个月提醒"

    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="leadership_reminders", verbose_name="党组织"
    )
    rule = models.CharField("规则", max_length=10, choices=Rule)
    counted_from = models.DateField("起算日")
    created_at = models.DateTimeField("产生时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "换届和空缺提醒"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "rule", "counted_from"], name="leadership_reminder_once"
            )
        ]

    def __str__(self):
        return f"{self.organization} {self.get_rule_display()}"

    @classmethod
    def sent(cls) -> set[tuple]:
        """(organization, rule, day) of all: most of what a sweep finds has been said before."""
        return set(cls.objects.values_list("organization", "rule", "counted_from"))

    @classmethod
    @transaction.atomic
    def send(cls, organization, rule, counted_from, title, *, about, body):
        """Tell the secretary's accounts of the organization, else those above; once."""
        _, is_new = cls.objects.get_or_create(
            organization=organization, rule=rule, counted_from=counted_from
        )
        if is_new:
            Notice.post(
                answerable_for(organization), title, kind=f"leadership.{rule.lower()}",
                about=about, organization=organization, body=body,
            )  # fmt: skip
        return is_new


def remind_of_terms(day) -> int:
    """换届提醒: six, three and one month before, and when it is late. Returns how many."""
    rows = Committee.objects.due_within(NOTICE_DAYS[0], day) | Committee.objects.overdue(day)
    sent = LeadershipReminder.sent()
    return sum(remind_of_term(row, day, sent) for row in rows.select_related("organization"))


def remind_of_term(committee, day, sent) -> bool:
    left, name = (committee.due_on - day).days, committee.organization
    due = f"{committee.due_on:%Y年%-m月%-d日}"
    if left < 0:
        rule, title = "OVERDUE", f"换届已逾期：{name}"
        body = f"应于{due}前换届，请尽快换届；确需延期的，报上级党组织批准并登记。"
    else:
        rule = f"DUE_{min(days for days in NOTICE_DAYS if left <= days)}"
        title, body = f"还有 {left} 天换届：{name}", f"应于{due}前换届，请做好准备。"
    if (name.pk, rule, committee.due_on) in sent:
        return False
    return LeadershipReminder.send(name, rule, committee.due_on, title, about=committee, body=body)


def remind_of_vacancies(day) -> int:
    """书记空缺提醒: after one, two and three months; of one never led nothing is known."""
    rows = Organization.objects.active().without_secretary(day).filter(last_led_on__lt=day)
    sent = LeadershipReminder.sent()
    return sum(remind_of_vacancy(row, day, sent) for row in rows)


def remind_of_vacancy(organization, day, sent) -> bool:
    days = (day - organization.last_led_on).days
    if days < VACANCY_DAYS[0]:
        return False
    rule = f"VACANT_{max(mark for mark in VACANCY_DAYS if mark <= days)}"
    if (organization.pk, rule, organization.last_led_on) in sent:
        return False
    body = "空缺超过三个月的，按软弱涣散党组织整顿。请尽快补选，或由上级党组织指派。"
    return LeadershipReminder.send(
        organization, rule, organization.last_led_on, f"书记空缺 {days} 天：{organization}",
        about=organization, body=body,
    )  # fmt: skip

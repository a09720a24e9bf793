"""What the clock does to a request: reminders before and after the due date."""

from django.db import transaction
from django.utils import timezone

from orgs.models import Notice, Role, User
from services.models.reminder import Reminder


class ClockVerbs:
    def warn(self):
        """黄灯: tell the handler, or whoever should have taken the case by now."""
        people = [self.handler] if self.handler_id else self._unit(Role.HANDLER)
        self._remind(Reminder.Rule.YELLOW, people, "即将到期")

    def remind_due(self):
        """到期日: tell the head of the unit in the morning."""
        self._remind(Reminder.Rule.DUE_DAY, self._unit(Role.UNIT_HEAD), "今天到期")

    def urge_overdue(self):
        """催办: the day after the due date, with a copy to the head of the centre."""
        people = {*self._unit(Role.UNIT_HEAD), *self._centre_heads()}
        if self.handler_id:
            people.add(self.handler)
        self._remind(Reminder.Rule.OVERDUE, people, "超期催办")

    def _unit(self, role):
        """People of the unit; while no unit has the case, the head of the centre."""
        people = None
        if self.department_id:
            people = User.objects.holding(role, department=self.department)
        return people or self._centre_heads()

    def _centre_heads(self):
        return User.objects.covering(Role.CENTRE_HEAD, self.organization)

    @transaction.atomic
    def _remind(self, rule, people, title):
        """Once for each rule and due date, whoever asks and however often."""
        row, made = Reminder.objects.get_or_create(
            request=self,
            rule=rule,
            due_on=self.due_on,
            defaults={"created_at": timezone.now()},
        )
        if not made:
            return
        Notice.post(
            people,
            f"{title}：{self.subject}",
            kind=f"request.{rule.lower()}",
            about=self,
            organization=self.organization,
            body=f"{self.number}，应于 {self.due_on:%-m月%-d日} 前办结。",
        )
        label = row.get_rule_display()
        self._record(None, f"reminded_{rule.lower()}", label, note="、".join(map(str, people)))

    @transaction.atomic
    def follow_calendar(self):
        """The calendar has changed: count again, and say so if the due date moved."""
        self.refresh_from_db(from_queryset=type(self).objects.select_for_update())
        before = self.due_on
        if self.is_running:
            self.recompute_due()
            self.save(
                update_fields=["due_on", "due_at", "warn_on", "due_provisional", "calendar_version"]
            )
        if self.is_running and before != self.due_on:
            self._record(
                None,
                "due_recomputed",
                "按新日历重算期限",
                changes={"due_on": [str(before), str(self.due_on)]},
            )

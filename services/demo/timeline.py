"""Time in a request's past: steps in order, questions of permission, and what the clock said."""

import uuid
from datetime import datetime, time, timedelta

from django.utils import timezone

from orgs.models import NotAllowed, Notice, Role
from services import deadlines
from services.models import VERBS, Reminder, ServiceRequest
from services.models.guards import (
    anyone,
    has_rectification,
    is_handler,
    is_handler_or_agent,
    leads,
    may_review,
)

#: The sweeps begin at midnight and need their minutes.
SWEEP = time(0, 5)
#: Guards that do not look at the clock on the wall.
TIMELESS = (anyone, has_rectification, is_handler, is_handler_or_agent, leads, may_review)


class Timeline:
    """`now` is the present: a step that would lie beyond it is taken now."""

    request: ServiceRequest

    def __init__(self, at, now):
        self.now = now
        self.at = self.taken_on_at = min(at, now)
        self.notices = []

    def finish(self) -> ServiceRequest:
        """Let the clock run until now and leave the notices; the last ones are not yet read."""
        last = self.at
        self._run_clock(self.now)
        for notice in self.notices:
            notice.batch = uuid.uuid4()
            notice.claimed_at = notice.delivered_at = notice.created_at
            if notice.created_at < last:
                notice.read_at = min(notice.created_at + timedelta(minutes=35), self.now)
        Notice.objects.bulk_create(self.notices, ignore_conflicts=True)
        return self.request

    def _begin(self, verb, actor, at):
        """Ask as the verb would have asked at that time."""
        self._reach(at)
        row, rule = self.request, VERBS[verb]
        who = row.roles_of(actor) if actor else {"SYSTEM"}
        may = row.status in rule.since and who & set(rule.who)
        if may and rule.guard in TIMELESS:
            may = rule.guard(row, actor)
        if not may:
            raise NotAllowed(f"{actor} 不能{rule.label} {row.number}（{row.status}）")

    def _reach(self, at):
        at = min(at, self.now)
        if at < self.at:
            raise ValueError(f"{self.request.number}: {at} lies before {self.at}")
        self._run_clock(at)
        self.at = at

    def _move(self, status):
        self.request.status = status
        self.request.save()

    def _record(self, actor, action, label, note=""):
        self.request._record(actor, action, label, at=self.at, note=note)

    def _tell(self, people, title, kind, body="", organization=None, at=None):
        row, at = self.request, at or self.at
        for person in people:
            self.notices.append(
                Notice(
                    recipient=person,
                    kind=kind,
                    title=f"{title}：{row.subject}",
                    body=body,
                    url=row.get_absolute_url(),
                    target=f"{row._meta.label_lower}:{row.pk}",
                    organization=organization or row.organization,
                    day=timezone.localdate(at),
                    created_at=at,
                )
            )

    def _run_clock(self, until):
        """黄灯, 到期日 and 催办 as the sweeps would have sent them up to `until`."""
        row = self.request
        if not row.is_running:
            return
        late = midnight(row.due_on + timedelta(days=1))
        moments = (
            (Reminder.Rule.YELLOW, midnight(row.warn_on), late),
            (Reminder.Rule.DUE_DAY, midnight(row.due_on), late),
            (Reminder.Rule.OVERDUE, late, None),
        )
        for rule, moment, end in moments:
            moment = max(moment, self.taken_on_at + timedelta(minutes=5))
            if moment <= until and (end is None or moment < end):
                self._remind(rule, moment)

    def _remind(self, rule, at):
        row = self.request
        reminder, made = Reminder.objects.get_or_create(
            request=row, rule=rule, due_on=row.due_on, defaults={"created_at": at}
        )
        if not made:
            return
        handler = [row.handler] if row.handler_id else []
        handlers = handler or row._unit(Role.HANDLER)
        heads = row._unit(Role.UNIT_HEAD)
        people, title = {
            Reminder.Rule.YELLOW: (handlers, "即将到期"),
            Reminder.Rule.DUE_DAY: (heads, "今天到期"),
            Reminder.Rule.OVERDUE: ({*heads, *row._centre_heads(), *handler}, "超期催办"),
        }[rule]
        body = f"{row.number}，应于 {row.due_on:%-m月%-d日} 前办结。"
        self._tell(people, title, f"request.{rule.lower()}", body, at=at)
        names = "、".join(map(str, people))
        row._record(
            None, f"reminded_{rule.lower()}", reminder.get_rule_display(), at=at, note=names
        )


def midnight(day) -> datetime:
    return datetime.combine(day, SWEEP, deadlines.SHANGHAI)

"""What the clock does to an errand: the days of the 报送, reminders, news of the request.

Everything here may be asked twice or from two places: it locks the row, looks, and acts once.
"""

from django.db import transaction
from django.utils import timezone

from orgs.models import NotAllowed, Notice, Role, User
from orgs.models.calendar import calendar_version, workdays
from services import deadlines
from services.models.errand_verbs import ErrandState
from services.models.status import OPEN, Status

#: Workdays from 委托 to 报送 (村级代办制度).
SUBMIT_DAYS = 3
#: What the agent is told when the request needs him or her again.
NEWS = {
    Status.SUPPLEMENTING: ("须补交材料", "请按一次性告知的清单收齐材料，再送窗口。"),
    Status.APPROVED: ("答复已审核", "请把答复送到群众手里，再回交结果和材料。"),
    Status.REPLIED: ("已回复，请回交", "请领回结果和原件，交群众签收。"),
    Status.CLOSED: ("已办结，请回交", "请领回结果和原件，交群众签收。"),
    Status.NOT_ACCEPTED: ("不予受理", "请告知群众其他途径，交还材料后终止代办。"),
    Status.WITHDRAWN: ("已撤回", "请交还材料后终止代办。"),
}


class ErrandClock:
    @property
    def entrusted_on(self):
        return timezone.localdate(self.entrusted_at)

    @property
    def _deadline(self) -> str:
        return f"{self.submit_by:%-m月%-d日}"

    def _count(self):
        """The last workday for the 报送, by the calendar as it is now."""
        pauses = []
        if self.pk:
            rows = self.pauses.filter(state=ErrandState.ENTRUSTED)
            pauses = list(rows.values_list("started_on", "ended_on"))
        self.submit_by = deadlines.due_date(workdays(), self.entrusted_on, SUBMIT_DAYS, 0, pauses)
        self.calendar_version = calendar_version()

    def _lock(self, rows):
        """Lock and re-read the row; refused when the clock's question no longer finds it."""
        model = type(self)
        self.refresh_from_db(from_queryset=model.objects.select_for_update())
        if not rows.filter(pk=self.pk).exists():
            raise NotAllowed("已提醒过，或代办已有进展。")

    @transaction.atomic
    def remind(self):
        """报送 is due today: the agent is told in the morning."""
        self._lock(type(self).objects.to_remind())
        self.reminded_for = self.submit_by
        self.save(update_fields=["reminded_for"])
        self._tell(
            "今天应报送", "delegation.due", None, f"{self.get_place_display()}，{self.venue}"
        )
        self._record(None, "reminded", "代办报送提醒", note=str(self.agent))

    @transaction.atomic
    def urge(self):
        """报送 is late: the agent and the head of the centre are told."""
        self._lock(type(self).objects.to_urge())
        self.urged_for = self.submit_by
        self.save(update_fields=["urged_for"])
        where = self.request.organization
        people = {self.agent, *User.objects.covering(Role.CENTRE_HEAD, where)}
        Notice.post(
            people,
            f"代办超期未报送：{self.request.subject}",
            kind="delegation.overdue",
            about=self,
            organization=where,
            body=f"{self.agent}代办，应于 {self._deadline} 前报送。",
        )
        note = "、".join(sorted(map(str, people)))
        self._record(None, "urged", "代办催办", note=note)

    @transaction.atomic
    def tell_news(self):
        """The request has come to where the agent is needed."""
        self._lock(type(self).objects.to_tell())
        self.told = self.request.status
        self.save(update_fields=["told"])
        title, body = NEWS[self.told]
        self._tell(title, f"delegation.{self.told.lower()}", None, body)

    @transaction.atomic
    def follow_calendar(self):
        """The calendar has changed: count again, and say so if the day moved."""
        self._lock(type(self).objects.computed_before(calendar_version()))
        before = self.submit_by
        self._count()
        self.save(update_fields=["submit_by", "calendar_version"])
        if before != self.submit_by and self.request.status in OPEN:
            changes = {"submit_by": [str(before), str(self.submit_by)]}
            self._record(None, "recounted", "按新日历重算报送期限", changes=changes)

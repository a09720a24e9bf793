"""What happens in a term: it begins, seats are filled, it is put off, the next one follows."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from orgs.models.audit import AuditEntry
from orgs.models.organization import Organization
from orgs.models.seat import CommitteeSeat, LeftReason, SeatPost
from orgs.models.user import NotAllowed
from orgs.terms import due_day


class TermCourse:
    @classmethod
    @transaction.atomic
    def establish(cls, *, actor, organization, seats=(), **fields):
        """当选: the committee of an organization that has none; `seats` are fields of each.

        Without `due_on` the term is as long as the rules say for this kind of organization.
        """
        Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
        if organization.committees.filter(status="IN_OFFICE").exists():
            raise NotAllowed("该党组织已有在任班子，请在班子页面办理换届。")
        committee = cls._elect(organization, seats, fields)
        AuditEntry.record(
            actor, "committee.elected", committee, label="登记班子", organization=organization,
            note=committee.said(),
        )  # fmt: skip
        committee.tell(actor, "已登记班子", kind="committee.elected", body=committee.said())
        return committee

    @classmethod
    def _elect(cls, organization, seats, fields):
        committee = cls(organization=organization, **fields)
        if committee.due_on is None:
            committee.due_on = due_day(committee.elected, organization.kind, organization.level)
        committee.full_clean()
        committee.save()
        for seat in seats:
            person = CommitteeSeat(committee=committee, **{"started": committee.elected} | seat)
            person.full_clean()
            person.save()
        return committee

    @transaction.atomic
    def renew(self, *, actor, elected, seats=(), **fields):
        """换届: this committee leaves the day before; the new one, with these seats, begins."""
        self._lock()
        day = elected.earliest
        if self.elected_on and day <= self.elected_on:
            raise NotAllowed("换届日期应晚于这一届的当选日期，请核对。")
        last = day - timedelta(days=1)
        for seat in self.seats.open():
            seat.ended_on = max(last, seat.started_on or last)
            seat.left_reason = LeftReason.RENEWAL
            seat.version += 1
            seat.save()
        self.status, self.renewed_on = self.Status.RENEWED, day
        self.version += 1
        self.save()
        fields.setdefault("term", self.term + 1 if self.term else None)
        successor = self._elect(self.organization, seats, {"elected": elected, **fields})
        AuditEntry.record(
            actor, "committee.renewed", successor, label="换届", organization=self.organization,
            note=successor.said(),
        )  # fmt: skip
        successor.tell(actor, "已完成换届", kind="committee.renewed", body=successor.said())
        return successor

    @transaction.atomic
    def fill(self, *, actor, **fields):
        """任职: one more seat, or one that stood empty."""
        self._lock()
        seat = CommitteeSeat(committee=self, **fields)
        seat.full_clean()
        seat.save()
        AuditEntry.record(
            actor, "seat.filled", self, label="班子成员任职", organization=self.organization,
            note=f"{seat}，{seat.started or '任职时间未填'}",
        )  # fmt: skip
        if seat.post == SeatPost.SECRETARY:
            self.tell(actor, "书记任职", kind="seat.filled", body=str(seat))
        return seat

    @transaction.atomic
    def extend(self, *, actor, due_on, document):
        """延期换届, approved from above: by a year at most, counted from what was due first."""
        self._lock()
        before = self.due_on
        if before is None:
            raise NotAllowed("这一届没有应换届日期，不需要延期。")
        limit = self.latest_extension
        if not before < due_on <= limit:
            raise ValidationError(
                f"延期一般不超过一年：请填写 {before:%Y-%m-%d} 之后、{limit:%Y-%m-%d} 之前的日期。"
            )
        self.extended_from = self.extended_from or before
        self.due_on, self.extension_document = due_on, document
        self.version += 1
        self.save()
        AuditEntry.record(
            actor, "committee.extended", self, label="批准延期换届", organization=self.organization,
            changes={"due_on": [str(before), str(due_on)]}, note=document,
        )  # fmt: skip
        self.tell(actor, "已批准延期换届", kind="committee.extended", body=f"延至 {due_on}")

    @transaction.atomic
    def revise(self, *, actor, **fields):
        """更正: what was written down wrongly."""
        self.refresh_from_db(from_queryset=type(self).objects.select_for_update(of=("self",)))
        changes = {
            name: [str(getattr(self, name) or ""), str(value or "")]
            for name, value in fields.items()
            if getattr(self, name) != value
        }
        for name, value in fields.items():
            setattr(self, name, value)
        self.version += 1
        self.full_clean()
        self.save()
        AuditEntry.record(
            actor, "committee.revised", self, label="更正班子", organization=self.organization,
            changes=changes,
        )  # fmt: skip

    def _lock(self):
        self.refresh_from_db(from_queryset=type(self).objects.select_for_update(of=("self",)))
        if not self.is_serving:
            raise NotAllowed("这一届已经换届，请到在任班子办理。")

"""What is done to a member: enrolled, changed, gone away and come back, lost and found, left."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from orgs.models.audit import AuditEntry
from orgs.models.post import Role
from orgs.models.rights import on_member
from orgs.models.user import NotAllowed
from orgs.partial_date import PartialDate

#: The record of a change says that these changed, not to what.
SECRET = ("id_number", "phone", "landline", "address")
LEADING = (Role.SECRETARY, Role.REVIEWER)
ELSEWHERE = "此人已在其他党组织登记，请联系组织部门办理组织关系转接。"


class MemberCourse:
    @classmethod
    @transaction.atomic
    def enrol(cls, *, actor, **fields):
        """登记: a new member of a branch; the id number must be new."""
        member = cls(**fields)
        if actor and not leads(actor, member.organization):
            raise NotAllowed("无权为这个党组织登记党员，请由书记或组织部门办理。")
        if not member.organization.is_active:
            raise ValidationError({"organization": "这个党组织已撤销。"})
        member.full_clean()
        member._save_with_new_number(actor)
        AuditEntry.record(
            actor, "member.enrolled", member, label="登记党员", organization=member.organization
        )
        return member

    @classmethod
    def returned(cls, id_number, organization, day, fields):
        """Who moved out of here once and comes back: the same row, at `organization`; or None."""
        if not id_number:
            return None
        rows = cls.objects.select_for_update(of=("self",)).filter(standing="MOVED_OUT")
        member = rows.with_id(id_number).first()
        if member is None:
            return None
        said = {name: value for name, value in fields.items() if value not in (None, "")}
        said |= {"organization": organization, "standing": "NORMAL", "standing_reason": "转回"}
        said |= {"standing_since": PartialDate.on(day)}
        for name, value in said.items():
            setattr(member, name, value)
        member.version += 1
        member.full_clean()
        member.save()
        return member

    @transaction.atomic
    def revise(self, *, actor, **fields):
        """变更: change fields; of numbers the record says that they changed, not to what."""
        self._change("edit", actor, fields, action="member.revised", label="变更党员信息")

    @transaction.atomic
    def set_standing(self, *, actor, standing, since, reason):
        """党籍状态: 停止, 恢复, 开除, 出党, 去世; nobody is ever deleted."""
        fields = {"standing": standing, "standing_since": since, "standing_reason": reason}
        self._change("standing", actor, fields, action="member.standing_set", label="变更党籍状态")

    @transaction.atomic
    def go_away(self, *, actor, since, to):
        """流动登记: works or lives elsewhere, the organization stays answerable."""
        fields = {"is_away": True, "away_since": since, "away_to": to}
        self._change("away", actor, fields, action="member.went_away", label="登记流动")

    @transaction.atomic
    def come_back(self, *, actor, on):
        """流动返回."""
        fields = {"is_away": False, "away_since": None, "away_to": ""}
        self._change(
            "away", actor, fields, action="member.came_back", label="流动返回", note=f"{on}返回"
        )

    @transaction.atomic
    def lose(self, *, actor, since):
        """失联登记: nobody has been able to reach the person since."""
        fields = {"is_lost": True, "lost_since": since}
        self._change("lost", actor, fields, action="member.lost", label="登记失联")

    @transaction.atomic
    def get_in_touch(self, *, actor, on):
        """取得联系: no longer lost."""
        fields = {"is_lost": False, "lost_since": None}
        self._change(
            "lost", actor, fields, action="member.found", label="恢复联系", note=f"{on}取得联系"
        )

    def unmask(self, *, actor, reason):
        """查看全文: who read the numbers and why, for the auditor."""
        AuditEntry.record(
            actor, "member.unmasked", self, label="查看党员信息", organization=self.organization,
            note=reason,
        )  # fmt: skip

    def _begin(self, right, actor):
        """Lock and re-read the row; only then ask whether the actor may do this to it."""
        self.refresh_from_db(from_queryset=type(self).objects.select_for_update(of=("self",)))
        if actor and right not in on_member(actor, self):
            raise NotAllowed("党员的情况已变化或无权办理，请刷新后重试。")

    def _change(self, right, actor, fields, *, action, label, note=""):
        """Write what differs, with one entry on record; nothing when nothing differs."""
        self._begin(right, actor)
        changes = {
            name: told(name, getattr(self, name), value)
            for name, value in fields.items()
            if getattr(self, name) != value
        }
        if not changes:
            return
        for name, value in fields.items():
            setattr(self, name, value)
        if not self.is_on_register:
            refuse_to_leave_seats(self, None)
            if self.transfers.waiting().exists():
                raise NotAllowed("正在办理组织关系转接，请先撤回或办结转接。")
        self.version += 1
        self.full_clean()
        self._save_with_new_number(actor)
        AuditEntry.record(
            actor, action, self, label=label, organization=self.organization, changes=changes,
            note=note,
        )  # fmt: skip

    def _save_with_new_number(self, actor):
        """Save; the same id number twice is refused, with the place if the actor leads there."""
        try:
            with transaction.atomic():
                self.save()
        except IntegrityError as error:
            twin = type(self).objects.with_id(self.id_number).exclude(pk=self.pk)
            twin = twin.select_related("organization").first() if self.id_number else None
            if twin is None:
                raise
            raise ValidationError({"id_number": twin_words(twin, actor)}) from error


def refuse_to_leave_seats(member, place):
    """Whoever sits in a committee leaves it first, unless it stands above `place` as well; None
    is a place outside the register."""
    for seat in member.seats.open().select_related("committee__organization"):
        where = seat.committee.organization
        if place is None or not place.path.startswith(where.path):
            words = f"还任{where}{seat.get_post_display()}"
            raise NotAllowed(f"{words}，请先在班子里办理离任。")


def twin_words(twin, actor) -> str:
    if actor and not leads(actor, twin.organization):
        return ELSEWHERE
    state = "" if twin.is_on_register else f"（{twin.get_standing_display()}）"
    return f"该身份证号码已登记为党员：{twin.name}，{twin.organization}{state}。"


def leads(actor, organization) -> bool:
    return any(p.role in LEADING and p.covers(organization) for p in actor.acting_posts())


def told(name, before, after) -> list[str]:
    """One change as the record may hold it."""
    if name in SECRET:
        return ["不记录", "已变更" if after else "已清除"]
    words = (value.isoformat() if isinstance(value, PartialDate) else value
             for value in (before, after))  # fmt: skip
    return [str("" if value is None else value) for value in words]

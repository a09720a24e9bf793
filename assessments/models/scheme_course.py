"""How a draft of a scheme is changed: its numbers, its parts, and its end.

Every form carries the `fingerprint` of the row it was opened with, so that one opened in two tabs
never overwrites silently.
"""

from hashlib import sha256
from itertools import pairwise

from django.db import transaction
from django.utils import timezone

from orgs.models import AuditEntry, NotAllowed, Organization, Role

FROZEN = "这一版方案已经定稿，不能再改。请另起一版。"
WITHDRAWN = "这一版方案已经停用，不能再改。请另起一版。"


class Stale(NotAllowed):
    """The form was opened before somebody else saved it."""


def fingerprint(row) -> str:
    """Changes with whatever is stored of the row."""
    values = [str(getattr(row, field.attname)) for field in row._meta.concrete_fields]
    return sha256("\x1f".join(values).encode()).hexdigest()[:16]


class SchemeCourse:
    def why_closed(self) -> str:
        """Why nobody can change this version; "" while it is a draft."""
        return FROZEN if self.is_frozen else WITHDRAWN if self.withdrawn_at else ""

    def may_edit(self, user) -> bool:
        return user.holds(Role.REVIEWER) and not self.why_closed()

    def may_withdraw(self, user) -> bool:
        """The department that covers every year opened with it: nobody stops another's rules."""
        if not user.holds(Role.REVIEWER) or self.withdrawn_at is not None:
            return False
        reach = Organization.objects.in_reach_of(user, Role.REVIEWER).order_by()
        return not self.cycles.exclude(organization__in=reach.values("pk")).exists()

    @transaction.atomic
    def revise(self, *, actor, seen, **fields):
        """修改权重和门槛; `seen` is the fingerprint of what the form was opened with."""
        self._begin_edit(actor)
        self._write(self, seen, fields)
        self.record(actor, "revised", "修改考核方案", changes=self._changes)

    @transaction.atomic
    def put(self, *, actor, part, seen, **fields):
        """Save a goal, an indicator, a group of voters, a band or a veto: changed, or new."""
        self._begin_edit(actor)
        if part.pk is None:
            part.scheme = self
            for name, value in fields.items():
                setattr(part, name, value)
            part.full_clean()
            part.save(force_insert=True)
            self.record(actor, "part_added", f"增加{part._meta.verbose_name}", note=str(part))
            return
        part.refresh_from_db(from_queryset=self._parts_like(part))
        self._write(part, seen, fields)
        label = f"修改{part._meta.verbose_name}"
        self.record(actor, "part_revised", label, changes=self._changes, note=str(part))

    @transaction.atomic
    def remove(self, *, actor, part):
        """删除 a part; a goal only once it has no indicators."""
        self._begin_edit(actor)
        part.refresh_from_db(from_queryset=self._parts_like(part))
        if part._meta.model_name == "goal" and (count := part.indicators.count()):
            raise NotAllowed(f"“{part}”还有 {count} 个指标，请先删除它们或改归别的目标。")
        self.record(actor, "part_removed", f"删除{part._meta.verbose_name}", note=str(part))
        part.delete()

    @transaction.atomic
    def withdraw(self, *, actor, reason):
        """停用: no new year opens with it; years that run keep it."""
        self.refresh_from_db(from_queryset=type(self).objects.select_for_update())
        if not self.may_withdraw(actor):
            raise NotAllowed("这一版方案已经停用，或者您无权停用。请刷新后再试。")
        self.withdrawn_at = timezone.now()
        self.save(update_fields=["withdrawn_at"])
        self.record(actor, "withdrawn", "停用考核方案", note=reason)

    def record(self, actor, action, label, **said):
        AuditEntry.record(
            actor, f"scheme.{action}", self, label=label,
            organization=actor.acting_organization, **said,
        )  # fmt: skip

    def _begin_edit(self, actor):
        self.refresh_from_db(from_queryset=type(self).objects.select_for_update())
        if reason := self.why_closed():
            raise NotAllowed(reason)
        if not self.may_edit(actor):
            raise NotAllowed("只有组织部门可以修改考核方案。")

    def _parts_like(self, part):
        """Of this scheme only; gone is told as a lost race."""
        rows = type(part).objects.filter(scheme=self)
        if not rows.filter(pk=part.pk).exists():
            raise NotAllowed("这一项已经被删除，请返回方案查看。")
        return rows

    def _write(self, row, seen, fields):
        if seen != fingerprint(row):
            raise Stale("您打开这一页以后，这一项在别处改过。请核对现在的方案，确认后再保存一次。")
        self._changes = {
            name: [str(getattr(row, name)), str(value)]
            for name, value in fields.items()
            if getattr(row, name) != value
        }
        for name, value in fields.items():
            setattr(row, name, value)
        row.full_clean()
        row.save(update_fields=list(fields))

    def faults_of_parts(self) -> list[str]:
        """What the sums do not show: weights of the ballot, and the ladder of stars."""
        found = []
        ballot = sum(goal.points for goal in self.goals.all())
        if ballot != 100:
            found.append(f"六有目标的测评权重合计 {ballot:g}，应为 100。")
        bands = list(self.star_bands.order_by("-stars"))
        if not bands or bands[-1].least_total > 0:
            found.append("星级标准缺少最低一档（总分不低于 0 分）。")
        if any(low.least_total >= high.least_total for high, low in pairwise(bands)):
            found.append("星级标准的分数线应当逐级降低。")
        return found

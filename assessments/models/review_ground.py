"""What every step of a review does first and last: lock, ask, count, tell, put on record.

Locks are taken in one order: the cycle, the assessment, the review.
"""

from decimal import Decimal

from django.core.exceptions import ValidationError

from assessments.models.clock import database_today
from assessments.models.cycle import Cycle
from assessments.models.verbs import Part, parts_of
from orgs.models import AuditEntry, NotAllowed, Notice, Role, User

#: Further from the self-score than this share of the indicator's points wants a reason.
SENSIBLE_SHARE = Decimal("0.2")
#: Points are given in steps of a tenth.
STEP = Decimal("0.1")
#: What verbs change, read again under the lock.
CHANGING = [
    "version", "second_version", "second", "second_done_at", "settled_reason", "settled_by",
    "confirmed_by", "confirmed_at", "reopen_reason",
]  # fmt: skip


def open_cycle_of(assessment):
    """The cycle, locked; nothing of a review changes once the results are public."""
    cycle = Cycle.objects.select_for_update(of=("self",), no_key=True).select_related("scheme").get(
        pk=assessment.cycle_id
    )  # fmt: skip
    assessment.cycle = cycle
    if cycle.status != Cycle.Status.OPEN:
        raise NotAllowed(f"这一年度的考核{cycle.get_status_display()}，考评不能再改。")
    return cycle


def reason_needed(answer, points) -> str:
    """Why these points want a reason; '' where they speak for themselves."""
    if points is None:
        return ""
    if answer.is_locked:
        return "与自动取数不同，请写明理由。" if points != answer.figure_points else ""
    if answer.self_points is None:
        return ""
    far = abs(points - answer.self_points) > answer.indicator.points * SENSIBLE_SHARE
    return "与自评分相差较大，请写明理由。" if far else ""


def score_words(points, reason="") -> str:
    """2.50 → 2.5; with the reason in brackets."""
    words = "" if points is None else f"{points.normalize():f}"
    return f"{words}（{reason}）" if reason else words


def codes_of(answers) -> str:
    return "、".join(a.indicator.code for a in answers)


class ReviewGround:
    def _begin(self, verb, actor):
        """Lock the cycle, the assessment and the review; only then ask whether one may."""
        cycle = open_cycle_of(self.assessment)
        self.assessment.begin(verb, actor)
        self.assessment.cycle = cycle
        rows = type(self).objects
        if self.pk is None:
            self.pk = rows.get_or_create(assessment=self.assessment)[0].pk
            self._state.adding = False
        self.refresh_from_db(from_queryset=rows.select_for_update(), fields=CHANGING)

    def _check_window(self, actor):
        """The database's clock decides; after the last day only the department goes on."""
        cycle, today = self.assessment.cycle, database_today()
        if today < cycle.review_from:
            raise NotAllowed(f"组织考评 {cycle.review_from:%Y年%-m月%-d日}开始，现在还不能打分。")
        is_department = Part.DEPARTMENT in parts_of(actor, self.assessment)
        if today > cycle.review_until and not is_department:
            raise NotAllowed(
                f"组织考评已于 {cycle.review_until:%Y年%-m月%-d日}截止，补评请联系组织部门。"
            )

    @staticmethod
    def _check_version(seen, now):
        if seen != now:
            raise NotAllowed(
                "您打开页面以后，这份考评又保存过一次。您填的还在下面，请核对标出的不同，再保存。"
            )

    @staticmethod
    def _check_points(answer, given):
        most = answer.indicator.points
        if given is None:
            return
        if not 0 <= given <= most or given % STEP:
            raise ValidationError(
                f"{answer.indicator}：请填 0 到 {score_words(most)} 分，最多一位小数。"
            )

    def _unsettle(self):
        self.settled_by, self.settled_reason = None, ""
        self.save(update_fields=["settled_by", "settled_reason"])

    def _move(self, status):
        self.assessment.status = status
        self.assessment.save(update_fields=["status"])

    def _own_people(self):
        """Who fills in for the organization."""
        place = self.assessment.organization
        secretaries = User.objects.holding(Role.SECRETARY, organization=place)
        agents = User.objects.holding(Role.AGENT, organization=place)
        return list((secretaries | agents).distinct())

    def _tell(self, people, title, kind, body=""):
        Notice.post(
            people, f"{title}：{self.assessment}"[:120], kind=f"review.{kind}", about=self,
            organization=self.assessment.organization, body=body,
        )  # fmt: skip

    def _record(self, actor, action, label, **said):
        AuditEntry.record(
            actor, f"review.{action}", self, label=label,
            organization=self.assessment.organization, **said,
        )  # fmt: skip

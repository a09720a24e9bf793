"""自评 on its way: filled in, handed in, sent back, given more time.

Deadlines are decided by the database's clock. Locks: the cycle's row is only read, the
assessment's is taken before anything is asked.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from assessments.models.clock import database_today, day
from assessments.models.verbs import Part, parts_of
from orgs.models import NotAllowed, Notice, Organization, Post, Role


class Stale(NotAllowed):
    """The form was opened before something else was saved."""


class SelfCourse:
    @transaction.atomic
    def fill(self, *, actor, version, summary, entries) -> list[str]:
        """填写: `entries` is {answer id: {"self_points", "text", "waiver_reason"}}, what is left
        out stays. Returns the codes of what changed; Stale when other things were saved since."""
        self._begin_own("fill", actor)
        changed = self._write(actor, version, summary, entries)
        return list(changed)

    @transaction.atomic
    def submit(self, *, actor, version, summary, entries):
        """提交: saved and complete, then closed to its organization until sent back."""
        self._begin_own("submit", actor)
        self._write(actor, version, summary, entries)
        if lacking := self.lacking():
            codes = "、".join(answer.indicator.code for answer in lacking)
            raise ValidationError(f"还有 {len(lacking)} 项没有自评分：{codes}。")
        is_again = self.status == self.Status.RETURNED
        self.status, self.return_reason = self.Status.SUBMITTED, ""
        self.submitted_at, self.submitted_by = timezone.now(), actor
        self.is_late = database_today() > self.cycle.self_until
        self.save(
            update_fields=["status", "return_reason", "submitted_at", "submitted_by", "is_late"]
        )
        self._tell_above(is_again)
        late = "逾期补报" if self.is_late else ""
        self.record(actor, "submitted", "提交自评", note=late)

    @transaction.atomic
    def send_back(self, *, actor, reason):
        """退回: the organization fills in again, told why."""
        self._begin_open("send_back", actor)
        self.status, self.return_reason = self.Status.RETURNED, reason
        self.save(update_fields=["status", "return_reason"])
        self._tell(self._people_here(), f"自评被退回：{self.name}", "returned", body=reason)
        self.record(actor, "returned", "退回自评", note=reason)

    @transaction.atomic
    def extend(self, *, actor, until, reason):
        """延期: a later last day for this organization alone."""
        self._begin_open("extend", actor)
        if until <= self.last_day:
            raise ValidationError({"until": f"应晚于现在的截止日 {day(self.last_day)}。"})
        if until > self.cycle.review_until:
            limit = day(self.cycle.review_until)
            raise ValidationError({"until": f"不能晚于组织考评截止日 {limit}。"})
        before, self.extended_until = self.last_day, until
        self.save(update_fields=["extended_until"])
        title = f"自评延期至{day(until)}：{self.name}"
        self._tell(self._people_here(), title, "extended", body=reason)
        changes = {"extended_until": [str(before), str(until)]}
        self.record(actor, "extended", "自评延期", changes=changes, note=reason)

    def lacking(self) -> list:
        """What the organization has yet to score before it may hand in."""
        rows = self.answers.select_related("indicator__goal")
        return [a for a in rows if a.wants_self_points and a.self_points is None and not a.is_out]

    def why_closed(self, actor) -> str:
        """Why the actor cannot fill in today, by the database's clock; "" when he or she can."""
        if self.cycle.status != "OPEN":
            return f"这一年度的考核{self.cycle.get_status_display()}，不能再填报。"
        if parts_of(actor, self) & {Part.SUPERIOR, Part.DEPARTMENT}:
            return ""
        today = database_today()
        if today < self.cycle.self_from:
            return f"自评从 {day(self.cycle.self_from)}开始。"
        if today > self.last_day:
            return f"自评已于 {day(self.last_day)}截止。需要补报的，请向上级申请延期。"
        return ""

    def _begin_open(self, verb, actor):
        self.begin(verb, actor)
        if self.cycle.status != "OPEN":
            raise NotAllowed(f"这一年度的考核{self.cycle.get_status_display()}，不能再改。")

    def _begin_own(self, verb, actor):
        self.begin(verb, actor)
        if reason := self.why_closed(actor):
            raise NotAllowed(reason)

    def _write(self, actor, version, summary, entries) -> dict:
        """Save what differs; returns {code: [before, after]}.

        An older version that says the same as what is saved overwrites nothing: the page was
        handed in while its own autosave was still on the way.
        """
        changes = {}
        answers = self.answers.select_related("indicator").filter(pk__in=entries)
        for answer in answers:
            if changed := answer.change(entries[answer.pk]):
                changes |= changed
        if summary != self.summary:
            changes["summary"] = [self.summary[:40], summary[:40]]
        if changes and version != self.version:
            raise Stale(
                "您打开这一页以后，这份自评在别处保存过。您填的都还在下面，"
                "与已保存的不同的地方已经标出，核对后再保存。"
            )
        if not changes and self.status != self.Status.NOT_STARTED:
            return changes
        self.summary, self.version = summary, self.version + 1
        if self.status == self.Status.NOT_STARTED:
            self.status = self.Status.FILLING
        self.save(update_fields=["summary", "version", "status"])
        self.record(actor, "filled", "填写自评", changes=changes)
        return changes

    def _tell(self, people, title, kind, body=""):
        Notice.post(
            people, title, kind=f"assessment.{kind}", about=self, body=body,
            organization=self.organization,
        )  # fmt: skip

    def _tell_above(self, is_again):
        """One notice a day for each assessor, whoever handed in; what was sent back has its own."""
        if is_again:
            self._tell(self._people_above(), f"退回的自评已重新提交：{self.name}", "resubmitted")
            return
        Notice.post(
            self._people_above(), f"{self.cycle.year} 年度考核有党组织提交了自评，请查看",
            kind="assessment.submitted", about=self.cycle, organization=self.cycle.organization,
        )  # fmt: skip

    def _people_here(self):
        posts = Post.objects.current().filter(
            organization=self.organization_id, role__in=(Role.SECRETARY, Role.AGENT)
        )
        return {post.user for post in posts.select_related("user")}

    def _people_above(self):
        """The organization department that assesses, nearest first found."""
        line = Organization.objects.with_parents(self.organization).exclude(pk=self.organization_id)
        posts = Post.objects.current().filter(
            role=Role.REVIEWER, organization__in=line.order_by().values("pk")
        )
        posts = list(posts.select_related("user", "organization"))
        nearest = max((len(post.organization.path) for post in posts), default=0)
        return {post.user for post in posts if len(post.organization.path) == nearest}

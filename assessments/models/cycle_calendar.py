"""日程 of a cycle: in order when it opens, changed with a reason while it runs."""

from django.core.exceptions import ValidationError
from django.db import transaction

from assessments.models.clock import database_today
from orgs.models import AuditEntry, NotAllowed, Notice, Organization, Post, Role

#: What may still be changed: not the days that the portal counts.
STATES = ("PREPARING", "OPEN")
#: What a missed day would bar for good: these may be held later while nothing is public, also when
#: the year was opened again.
HELD_LATER = ("vote_until", "publication_from", "publication_until", "appeal_from", "appeal_until")
#: From the first day of the first step to any other day: more is a slip in the year.
LONGEST = 400


class Calendar:
    def clean(self):
        """The steps follow each other; none lies a year off."""
        super().clean()
        faults = {}
        days = [name for name in self.day_names() if getattr(self, name)]
        if len(days) < len(self.day_names()):
            return
        for name in ("since", "until"):
            if abs(getattr(self, name).year - self.year) > 1:
                faults[name] = f"与 {self.year} 年度相差太远，请核对年份。"
        for name in days[2:]:
            if abs((getattr(self, name) - self.self_from).days) > LONGEST:
                faults[name] = "与自评开始相差一年以上，请核对年份。"
        if self.publication_from <= max(self.review_until, self.vote_until, self.self_until):
            faults.setdefault("publication_from", "公示应在自评、测评、考评都截止以后开始。")
        shown = (self.publication_until - self.publication_from).days + 1
        if 0 < shown < (least := self.scheme.publication_days):
            faults.setdefault(
                "publication_until", f"公示只有 {shown} 天，方案规定不少于 {least} 天。"
            )
        if self.appeal_from < self.publication_from:
            faults.setdefault("appeal_from", "申诉不能早于公示开始。")
        if faults:
            raise ValidationError(faults)

    @classmethod
    def day_names(cls) -> list[str]:
        windows = [f"{name}_{end}" for name in cls.Window.values for end in ("from", "until")]
        return ["since", "until", *windows]

    def changeable_days(self) -> list[str]:
        """Days that have not come, and of a running year those that can be held later."""
        today, names = database_today(), self.day_names()[2:]
        later = HELD_LATER if self.status == "OPEN" else ()
        return [name for name in names if getattr(self, name) >= today or name in later]

    def may_reschedule(self, user) -> bool:
        reach = Organization.objects.in_reach_of(user, Role.REVIEWER)
        return (
            self.status in STATES
            and bool(self.changeable_days())
            and reach.filter(pk=self.organization_id).exists()
        )

    @transaction.atomic
    def reschedule(self, *, actor, reason, **days):
        """调整日程: days to come, to days to come; whoever fills in or assesses is told."""
        from assessments.models.ballot_preparing import move_ballots

        self.refresh_from_db(from_queryset=type(self).objects.select_for_update())
        if not self.may_reschedule(actor):
            raise NotAllowed("这一年度的日程已经不能再改，或者您无权调整。请刷新后再试。")
        open_days, today = self.changeable_days(), database_today()
        changes = {}
        for name, value in days.items():
            if value == getattr(self, name):
                continue
            if name not in open_days or value < today:
                raise ValidationError({name: "已经过去的日子不能改，也不能改成过去的日子。"})
            changes[name] = [str(getattr(self, name)), str(value)]
            setattr(self, name, value)
        if not changes:
            raise ValidationError("日程没有变化。")
        self.full_clean(exclude=["computed_at"])
        self.save(update_fields=list(changes))
        if {"vote_from", "vote_until"} & {*changes}:
            move_ballots(self)
        AuditEntry.record(
            actor, "cycle.rescheduled", self, label="调整考核日程",
            organization=self.organization, changes=changes, note=reason,
        )  # fmt: skip
        places = self.assessments.order_by().values("organization")
        posts = Post.objects.current().filter(role=Role.SECRETARY, organization__in=places)
        Notice.post(
            {post.user for post in posts.select_related("user")},
            f"{self.year} 年度考核日程有调整", kind="cycle.rescheduled", about=self,
            organization=self.organization, body=f"{self.changed_words(changes)}。原因：{reason}",
        )  # fmt: skip

    def changed_words(self, changes) -> str:
        return "；".join(
            f"{self._meta.get_field(name).verbose_name}改为 {getattr(self, name):%Y年%-m月%-d日}"
            for name in changes
        )

"""重新取数: the figures of a running year again, while its organizations still fill in."""

from django.db import transaction

from orgs.models import AuditEntry, NotAllowed, Organization, Role


class Figures:
    """`computed_at` is emptied to ask for figures; a task finds it so and fills it again."""

    @property
    def is_counting(self) -> bool:
        return self.status == self.Status.OPEN and self.computed_at is None

    def may_recount(self, user) -> bool:
        """The organization department, as long as somebody may still hand in in time."""
        reach = Organization.objects.in_reach_of(user, Role.REVIEWER)
        return (
            self.status == self.Status.OPEN
            and self.computed_at is not None
            and reach.filter(pk=self.organization_id).exists()
            and self.assessments.in_time().exists()
        )

    @transaction.atomic
    def recount(self, *, actor):
        """重新取数: asked for here, done by a task; what was handed in stays as it is."""
        self.refresh_from_db(from_queryset=type(self).objects.select_for_update())
        if not self.may_recount(actor):
            raise NotAllowed("自评已经截止、正在取数，或者您无权重新取数。请刷新后再试。")
        self.computed_at = None
        self.save(update_fields=["computed_at"])
        AuditEntry.record(
            actor, "cycle.recounted", self, label="重新取数", organization=self.organization
        )

"""Which errands a page may show, and the named questions that pages and the clock ask of them."""

from django.db import models
from django.db.models import Count, F, Q
from django.utils import timezone

from orgs.models import Organization, Role
from services.models.errand_verbs import ACTIVE, FALLEN, IN_HAND, ErrandState
from services.models.request import ServiceRequest
from services.models.status import ANSWERED, OPEN, WINDOW, Status

#: States of the request that send the agent on the way again.
CALLING = (Status.SUPPLEMENTING, Status.APPROVED, *ANSWERED, *FALLEN)
#: Who reads the ledger of cadres beside the cadre.
LEDGER_READERS = (Role.CENTRE_HEAD, Role.SECRETARY, Role.REVIEWER)


def wanting(user):
    """Requests whose citizens asked for an agent, and nobody has been entrusted yet.

    困难群体 before all others, then by deadline.
    """
    reach = Organization.objects.in_reach_of(user, *WINDOW)
    rows = ServiceRequest.objects.filter(
        is_delegated=True, status__in=OPEN, delegations__isnull=True, organization__in=reach
    )
    rows = rows.select_related("citizen", "organization").with_deadline()
    return rows.order_by("-citizen__is_vulnerable", "deadline", "pk")


class DelegationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Who sees the request sees who runs its errands."""
        return self.filter(request__in=ServiceRequest.objects.visible_to(user))

    def carried_by(self, user):
        """The user's own errands and those of absent colleagues; a window's and a head's all."""
        reach = Organization.objects.in_reach_of
        mine = Q(agent__in=[user.pk, *user.stands_in_for()])
        return self.filter(
            (mine & Q(request__organization__in=reach(user, Role.AGENT)))
            | Q(request__organization__in=reach(user, Role.CLERK, Role.CENTRE_HEAD))
        )

    def counted_for(self, user):
        """What the ledger shows the user: everything within reach, an agent only his or her own."""
        reach = Organization.objects.in_reach_of(user, *LEDGER_READERS)
        mine = Q(agent=user) if user.holds(Role.AGENT) else Q(pk__in=[])
        return self.filter(mine | Q(request__organization__in=reach))

    def in_hand(self):
        return self.filter(state__in=IN_HAND)

    def today(self):
        """今日代办: something is to be brought, fetched, handed over or filed."""
        return self.filter(
            Q(state=ErrandState.RETURNED)
            | Q(state=ErrandState.ENTRUSTED) & ~Q(request__status=Status.MERGED)
            | Q(state=ErrandState.SUBMITTED, request__status__in=CALLING)
        )

    def waiting(self):
        """The counter has it, or the case that it was merged into goes on."""
        merged = Q(request__status=Status.MERGED)
        calling = Q(request__status__in=CALLING)
        return self.filter(
            Q(state=ErrandState.SUBMITTED) & ~calling | Q(state=ErrandState.ENTRUSTED) & merged
        )

    def suspended(self):
        return self.filter(state=ErrandState.SUSPENDED)

    def done(self):
        return self.filter(state__in=(ErrandState.ARCHIVED, ErrandState.ENDED))

    def urgent_first(self):
        """困难群体 before all others, then by deadline."""
        return self.order_by(
            "-request__citizen__is_vulnerable", F("submit_by").asc(nulls_last=True), "pk"
        )

    def overdue(self):
        """Not handed in within the workdays of the rule."""
        return self.filter(
            state=ErrandState.ENTRUSTED,
            request__status__in=OPEN,
            submit_by__lt=timezone.localdate(),
        )

    def to_remind(self):
        """报送 is due today, and that has not been said."""
        today = timezone.localdate()
        rows = self.filter(state=ErrandState.ENTRUSTED, request__status__in=OPEN, submit_by=today)
        return rows.exclude(reminded_for=F("submit_by")).order_by("pk")

    def to_urge(self):
        rows = self.overdue().exclude(urged_for=F("submit_by"))
        return rows.order_by("submit_by", "pk")

    def to_tell(self):
        """The request has moved to where the agent is needed, and the agent has not been told."""
        rows = self.filter(state__in=ACTIVE, request__status__in=CALLING)
        return rows.exclude(told=F("request__status")).order_by("pk")

    def computed_before(self, version):
        rows = self.filter(state=ErrandState.ENTRUSTED)
        return rows.exclude(calendar_version=version).order_by("pk")

    def for_list(self):
        return self.select_related(
            "agent",
            "request__citizen",
            "request__organization",
            "request__item_version",
            "request__supplement",
        )

    def by_agent(self, since, until):
        """Per agent, within the period: how much was entrusted, handed in on time, done."""
        days = (since, until)
        due = Q(submitted_at__date__range=days) | Q(
            state=ErrandState.ENTRUSTED,
            request__status__in=OPEN,
            submit_by__range=days,
            submit_by__lt=timezone.localdate(),
        )
        return (
            self.order_by()
            .values("agent")
            .annotate(
                entrusted=Count("pk", filter=Q(entrusted_at__date__range=days)),
                vulnerable=Count(
                    "pk",
                    filter=Q(entrusted_at__date__range=days, request__citizen__is_vulnerable=True),
                ),
                due=Count("pk", filter=due),
                on_time=Count("pk", filter=due & Q(submitted_at__date__lte=F("submit_by"))),
                done=Count("pk", filter=Q(returned_at__date__range=days)),
                ended=Count("pk", filter=Q(ended_at__date__range=days)),
            )
        )

    def touched_in(self, since, until):
        """The cases behind those counts."""
        days = (since, until)
        return self.filter(
            Q(entrusted_at__date__range=days)
            | Q(submitted_at__date__range=days)
            | Q(state=ErrandState.ENTRUSTED, submit_by__range=days)
            | Q(returned_at__date__range=days)
            | Q(ended_at__date__range=days)
        )

"""Which requests a page may show, and the named questions that pages ask of them."""

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from orgs.fields import blind_index
from orgs.models import Organization, Post, Role
from services.models.aftercare import Rectification
from services.models.assignment import Assignment
from services.models.item import Mode
from services.models.measures import MeasureQuerySet
from services.models.proposal import Proposal
from services.models.reminder import Reminder
from services.models.reply import Reply
from services.models.status import ANSWERED, ONLOOKERS, OPEN, RUNNING, WINDOW, Status
from services.models.suspension import ClockSuspension

TAIL = 4  # the end of a telephone or id number that is kept in the open


def is_personal_number(digits) -> bool:
    """Digits of a telephone or of its end, or an id number, whose last sign may be X."""
    return len(digits) >= TAIL and (digits.isdigit() or len(digits) == 18 and digits[:-1].isdigit())


class RequestQuerySet(MeasureQuerySet):
    def visible_to(self, user):
        """Those registered within reach of the user's posts, and those of his or her unit."""
        reach = Organization.objects.in_reach_of(user, *ONLOOKERS)
        held = Assignment.objects.filter(
            request=OuterRef("pk"), department__in=user.departments(), returned_at__isnull=True
        )
        return self.filter(Q(organization__in=reach) | Exists(held))

    def awaiting(self, user):
        """待办: what this user, in the posts acted in, is to do next."""
        within = Organization.objects.in_reach_of
        heads = Post.objects.current().filter(
            role=Role.UNIT_HEAD, department=OuterRef("department")
        )
        others = heads.exclude(user=OuterRef("handler")).exclude(user=OuterRef("author"))
        drafts = Reply.objects.filter(request=OuterRef("pk"), round=OuterRef("round"))
        last = drafts.order_by("-pk")
        author = Subquery(last.values("submitted_by")[:1])
        author = Coalesce(author, 0, output_field=models.BigIntegerField())
        outcome = Subquery(last.values("outcome")[:1])
        is_refused = Q(draft_outcome="REFUSED")
        to_review = Q(status=Status.PENDING_REVIEW) & ~Q(handler=user) & ~Q(author=user.pk)
        by_unit, by_head = user.departments(Role.HANDLER), user.departments(Role.UNIT_HEAD)
        hands = [user.pk, *user.stands_in_for()]
        waits = Proposal.objects.filter(request=OuterRef("pk"), decided_at__isnull=True)
        waits = waits.exclude(proposed_by=user)
        asked = Assignment.objects.filter(
            request=OuterRef("pk"), part="ASSIST", ended_at__isnull=True, department__in=by_unit
        )
        wrong = Rectification.objects.filter(request=OuterRef("pk"), done_at__isnull=True)
        return self.alias(author=author, draft_outcome=outcome).filter(
            Q(status=Status.REGISTERED, organization__in=within(user, *WINDOW))
            | Q(
                status=Status.ACCEPTED,
                mode=Mode.DIRECT,
                accepted_on=timezone.localdate(),
                organization__in=within(user, *WINDOW),
            )
            | Q(status=Status.ACCEPTED, organization__in=within(user, Role.DISPATCHER))
            | Q(status=Status.DISPATCHED, department__in=by_unit)
            | Q(status__in=[Status.HANDLING, Status.APPROVED], handler__in=hands)
            | (to_review & Q(department__in=by_head) & ~is_refused)
            | (
                to_review
                & Q(organization__in=within(user, Role.CENTRE_HEAD))
                & (is_refused | ~Exists(others))
            )
            | Q(status=Status.REPLIED, organization__in=within(user, Role.CALLBACK))
            | Q(status=Status.SUPPLEMENTING, organization__in=within(user, *WINDOW))
            | Q(Exists(asked))
            | Q(Exists(wrong), handler__in=hands, status__in=ANSWERED)
            | Q(Exists(waits.filter(kind="PAUSE")), department__in=by_head)
            | Q(
                Exists(waits.exclude(kind="PAUSE")),
                organization__in=within(user, Role.CENTRE_HEAD),
            )
        )

    def open(self):
        return self.filter(status__in=OPEN)

    def running(self):
        return self.filter(status__in=RUNNING)

    def answered(self):
        return self.filter(status__in=ANSWERED)

    def overdue(self):
        """The clock is running and has passed the due time."""
        return self.running().filter(due_at__lt=timezone.now())

    def due_soon(self):
        """黄灯: not overdue, but within the warning days."""
        return self.running().filter(warn_on__lte=timezone.localdate(), due_at__gte=timezone.now())

    def without_reminder(self, rule):
        said = Reminder.objects.filter(request=OuterRef("pk"), rule=rule, due_on=OuterRef("due_on"))
        return self.filter(~Exists(said)).order_by("due_at", "pk")

    def to_warn(self):
        """黄灯 reached and not yet said."""
        today = timezone.localdate()
        rows = self.running().filter(warn_on__lte=today, due_on__gte=today)
        return rows.without_reminder(Reminder.Rule.YELLOW)

    def due_today(self):
        rows = self.running().filter(due_on=timezone.localdate())
        return rows.without_reminder(Reminder.Rule.DUE_DAY)

    def to_urge(self):
        """The due date has passed by a day and nobody has been urged."""
        rows = self.running().filter(due_on__lt=timezone.localdate())
        return rows.without_reminder(Reminder.Rule.OVERDUE)

    def undecided(self):
        """Registered, and the days for a decision are over."""
        rows = self.filter(status=Status.REGISTERED, decide_by__lt=timezone.localdate())
        return rows.order_by("decide_by", "pk")

    def to_resume(self):
        """Suspended longer than was granted."""
        over = ClockSuspension.objects.filter(
            request=OuterRef("pk"), resumed_on__isnull=True, until__lt=timezone.localdate()
        )
        return self.filter(Exists(over), status=Status.SUSPENDED).order_by("pk")

    def silent(self):
        rows = self.filter(status=Status.REPLIED, close_on__lt=timezone.localdate())
        return rows.order_by("close_on", "pk")

    def computed_before(self, version):
        """Open cases whose due date was counted on another calendar."""
        return self.running().exclude(calendar_version=version).order_by("due_at", "pk")

    def find(self, text):
        """What somebody typed: words, a case number, a telephone or id number or its end."""
        digits = text.replace(" ", "").replace("-", "")
        found = self.search(text)
        if not is_personal_number(digits):
            return found
        index = blind_index(digits)
        people = Q(citizen__phone_index=index) | Q(citizen__id_index=index)
        if len(digits) == TAIL:
            people |= Q(citizen__phone_tail=digits) | Q(citizen__id_tail=digits)
        return self.filter(people | Q(pk__in=found.values("pk")))

    def search(self, words):
        """Requests in which every word stands: matter, content, number, name or address."""
        return self.filter(text__tokens__matches=words)

    def with_deadline(self):
        """`deadline`: when the next thing is due, whether the case is accepted yet or not."""
        return self.annotate(
            deadline=Coalesce("due_at", Cast("decide_by", models.DateTimeField()), "registered_at")
        )

    def summary_for(self, user):
        """The counters of the workbench: what waits for the user, and how the rest stands."""
        mine = self.visible_to(user)
        today = timezone.localdate()
        return mine.aggregate(
            todo=Count("pk", filter=Q(pk__in=mine.awaiting(user).values("pk"))),
            open=Count("pk", filter=Q(status__in=OPEN)),
            soon=Count("pk", filter=Q(pk__in=mine.due_soon().values("pk"))),
            late=Count("pk", filter=Q(pk__in=mine.overdue().values("pk"))),
            today=Count("pk", filter=Q(status__in=RUNNING, due_on=today)),
            registered=Count("pk", filter=Q(registered_at__date=today)),
        )

    def for_list(self):
        return self.select_related(
            "organization", "citizen", "department__organization", "handler", "item_version"
        )

    def for_detail(self):
        return self.for_list().select_related("centre", "category__parent__parent", "registrar")

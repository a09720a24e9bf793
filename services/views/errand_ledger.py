"""代办台账: what each cadre did for citizens within a period."""

from urllib.parse import urlencode

from django.shortcuts import get_object_or_404, render

from orgs.models import Organization, Post, Role, User
from orgs.views.access import allow
from orgs.views.export import export_response
from orgs.views.listing import paged
from services.delegation_forms import PeriodForm
from services.delegation_tables import CaseTable, LedgerTable
from services.models import Delegation, HomeVisit
from services.models.errand_clock import SUBMIT_DAYS
from services.models.errand_scope import LEDGER_READERS

READERS = (Role.AGENT, *LEDGER_READERS)
COUNTS = ("entrusted", "vulnerable", "due", "on_time", "done", "ended")


def cadres_of(user):
    """The agents within the user's reach, and whoever carried errands there; an agent: oneself."""
    reach = Organization.objects.in_reach_of(user, *LEDGER_READERS)
    posts = Post.objects.current().filter(role=Role.AGENT)
    own = posts.filter(user=user) if user.holds(Role.AGENT) else posts.none()
    here = (posts.filter(organization__in=reach) | own).values("user")
    carried = Delegation.objects.counted_for(user).order_by().values("agent")
    return User.objects.filter(pk__in=here) | User.objects.filter(pk__in=carried)


def figures_of(user, since, until) -> list[dict]:
    """One dict a cadre: the counts of the period, zeros where nothing was done."""
    counted = {
        row["agent"]: row for row in Delegation.objects.counted_for(user).by_agent(since, until)
    }
    visits = HomeVisit.objects.counted_for(user).by_person(since, until)
    people = list(cadres_of(user).order_by("name", "pk"))
    places = {}
    posts = Post.objects.current().filter(role=Role.AGENT, user__in=people)
    for post in posts.select_related("organization"):
        places.setdefault(post.user_id, []).append(str(post.organization))
    rows = []
    for person in people:
        counts = counted.get(person.pk) or dict.fromkeys(COUNTS, 0)
        rate = counts["on_time"] / counts["due"] if counts["due"] else -1
        rows.append(
            {
                **counts,
                "agent": person.pk,
                "name": str(person),
                "organization": "、".join(places.get(person.pk, ())),
                "visits": visits.get(person.pk, 0),
                "rate": rate,
            }
        )
    return sorted(rows, key=lambda row: (-row["entrusted"], row["organization"], row["name"]))


def totals_of(rows) -> dict:
    sums = {name: sum(row[name] for row in rows) for name in (*COUNTS, "visits")}
    return {**sums, "due_words": f"应报送 {sums['due']} 件"}


def period_words(since, until) -> str:
    return f"{since:%Y年%-m月%-d日}至{until:%Y年%-m月%-d日}"


@allow(*READERS)
def ledger(request):
    """代办台账."""
    form = PeriodForm(request.GET)
    since, until = form.period
    rows = figures_of(request.user, since, until)
    query = urlencode({"since": since.isoformat(), "until": until.isoformat()})
    context = {
        "form": form,
        "table": paged(request, LedgerTable(rows, query=query)),
        "totals": totals_of(rows),
        "caption": period_words(since, until),
        "days": SUBMIT_DAYS,
    }
    return render(request, "services/errands_ledger.html", context)


@allow(*READERS)
def export(request):
    """导出: the same rows as an Excel file."""
    since, until = PeriodForm(request.GET).period
    table = LedgerTable(figures_of(request.user, since, until))
    return export_response(request, table, f"代办台账（{period_words(since, until)}）")


def cases(request, pk):
    """(the cadre, the period's form, the cases behind the figures); 404 out of reach."""
    person = get_object_or_404(cadres_of(request.user), pk=pk)
    form = PeriodForm(request.GET)
    rows = Delegation.objects.counted_for(request.user).filter(agent=person)
    return person, form, rows.touched_in(*form.period).for_list().order_by("-entrusted_at", "-pk")


def ledger_of(request, pk):
    """One cadre's cases of the period; citizens' names masked."""
    person, form, rows = cases(request, pk)
    figures = [row for row in figures_of(request.user, *form.period) if row["agent"] == person.pk]
    context = {
        "person": person,
        "form": form,
        "totals": totals_of(figures),
        "table": paged(request, CaseTable(rows)),
        "caption": period_words(*form.period),
    }
    return render(request, "services/errands_of.html", context)


def export_of(request, pk):
    person, form, rows = cases(request, pk)
    title = f"{person}代办台账（{period_words(*form.period)}）"
    return export_response(request, CaseTable(rows), title)

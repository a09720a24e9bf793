"""书记、换届、书记缺: who leads, whose term ends when, and where nobody leads."""

from django.db.models import F
from django.shortcuts import render
from django.utils import timezone

from orgs.leadership_filters import SecretaryFilter, TermFilter, VacancyFilter
from orgs.leadership_tables import SecretaryTable, TermTable, VacancyTable
from orgs.models import READERS, Committee, CommitteeSeat, Organization, Role
from orgs.views.access import allow
from orgs.views.export import export_response
from orgs.views.listing import paged

#: Those of which nothing is known come last.
LONGEST = F("last_led_on").asc(nulls_last=True)
NEAREST = F("due_on").asc(nulls_last=True)


def found_secretaries(request):
    rows = CommitteeSeat.objects.visible_to(request.user).secretaries().open()
    rows = rows.filter(
        committee__status=Committee.Status.IN_OFFICE, committee__organization__abolished_on=None
    )
    rows = rows.select_related("committee__organization", "member")
    return SecretaryFilter(request.GET, rows.order_by("committee__organization__path"))


def found_terms(request):
    rows = Committee.objects.visible_to(request.user).serving().with_secretary_name()
    rows = rows.select_related("organization").order_by(NEAREST, "organization__path")
    return TermFilter(request.GET, rows)


def led_by(user):
    """Active organizations whose leadership the user may look at."""
    below = Organization.objects.in_reach_of(user, Role.SECRETARY, Role.REVIEWER)
    own = [post.organization_id for post in user.acting_posts() if post.role == Role.AGENT]
    return (below | Organization.objects.filter(pk__in=own)).active()


def found_vacancies(request):
    rows = led_by(request.user).without_secretary(timezone.localdate())
    return VacancyFilter(request.GET, rows.with_parent_name().order_by(LONGEST, "path"))


@allow(*READERS)
def secretaries(request):
    """书记名册."""
    found = found_secretaries(request)
    table = paged(request, SecretaryTable(found.qs))
    if not any(row.record.member_id for row in table.page):
        # age and education come from the members' roster
        table.columns.hide("age")
        table.columns.hide("education")
    return render(request, "orgs/secretaries.html", {"filter": found, "table": table})


@allow(*READERS)
def secretaries_export(request):
    """导出书记名册, as the import of committees takes it back."""
    return export_response(request, SecretaryTable(found_secretaries(request).qs), "书记名册")


@allow(*READERS)
def terms(request):
    """换届: the nearest first."""
    found, mine = found_terms(request), Committee.objects.visible_to(request.user)
    today = timezone.localdate()
    context = {
        "filter": found,
        "table": paged(request, TermTable(found.qs)),
        "late": mine.overdue(today).count(),
        "soon": mine.due_within(180, today).count(),
    }
    return render(request, "orgs/terms.html", context)


@allow(*READERS)
def terms_export(request):
    """导出换届情况."""
    return export_response(request, TermTable(found_terms(request).qs), "换届情况")


@allow(*READERS)
def vacancies(request):
    """书记缺: the longest first, then those of which nothing is known."""
    found = found_vacancies(request)
    context = {"filter": found, "table": paged(request, VacancyTable(found.qs))}
    return render(request, "orgs/vacancies.html", context)


@allow(*READERS)
def vacancies_export(request):
    """导出书记缺的党组织."""
    return export_response(request, VacancyTable(found_vacancies(request).qs), "书记缺党组织")

"""What runs in the background for assessments; every task is safe to run twice."""

from celery import shared_task

from assessments import rectifications, reminders
from assessments.ballots.sweep import run_due, vacuum
from assessments.models import Cycle, ResultRun, database_today
from assessments.opening import prepare
from assessments.publication import settle
from assessments.results import may_change
from assessments.sources import fill
from orgs.progress import Progress


def progress_of(cycle) -> Progress:
    return Progress(f"cycle:{cycle.pk}")


@shared_task
def prepare_cycle(pk):
    """Make the forms of one cycle and open it."""
    cycle = Cycle.objects.filter(pk=pk, status=Cycle.Status.PREPARING).first()
    if cycle is None:
        return
    progress = progress_of(cycle)
    prepare(cycle, progress.tell)
    progress.forget()


@shared_task
def prepare_cycles():
    """Go on with every cycle whose forms are not all there: a worker may have died."""
    for pk in Cycle.objects.filter(status=Cycle.Status.PREPARING).values_list("pk", flat=True):
        prepare_cycle(pk)


@shared_task
def recount(pk):
    """The figures of one cycle again, where they were asked for."""
    cycle = Cycle.objects.to_count().filter(pk=pk).first()
    if cycle is None:
        return
    progress = progress_of(cycle)
    fill(cycle, progress.tell)
    progress.forget()


@shared_task
def recount_all():
    """Whatever was asked for and is not there: a worker or the broker may have been away."""
    for pk in Cycle.objects.to_count().values_list("pk", flat=True):
        recount(pk)


@shared_task
def remind_of_deadlines():
    """自评, 群众测评, 组织考评: who has yet to act is told before the day, those above after it."""
    reminders.remind(database_today())


def results_progress(cycle) -> Progress:
    return Progress(f"results:{cycle.pk}")


@shared_task
def compute_results(pk):
    """The results of one cycle, where they were asked for and the cycle still runs."""
    run = ResultRun.objects.waiting().filter(cycle=pk).select_related("cycle").first()
    if run is None or not may_change(run.cycle):
        return
    progress = results_progress(run.cycle)
    settle(run.cycle, progress.tell)
    progress.forget()


@shared_task
def compute_all_results():
    """Whatever was asked for and is not done: a worker or the broker may have been away."""
    for pk in ResultRun.objects.waiting().values_list("cycle", flat=True):
        compute_results(pk)


@shared_task
def run_ballots():
    """Open and close ballots by the calendar; the database's clock decides."""
    run_due()


@shared_task
def vacuum_ballots():
    """After a ballot was closed by hand."""
    vacuum()


@shared_task
def remind_of_rectifications():
    """整改: a week before the day, and once it is over."""
    rectifications.remind(database_today())

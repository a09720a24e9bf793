"""代办 as the cadre meets it: what is to be done next, where, with what in the bag, by when."""

from collections import defaultdict
from dataclasses import dataclass

from django.utils import timezone

from services.lights import Light, running_light
from services.models import Delegation, ErrandState, Party, Place
from services.models.custody import Paper
from services.models.errand_verbs import FALLEN
from services.models.status import ANSWERED, OPEN, RUNNING, Status

NOWHERE = ""
#: The states after which the request asks nothing of the window any more.
SETTLED = (Status.APPROVED, *ANSWERED, *FALLEN)


@dataclass(frozen=True)
class Step:
    """The next thing to do on an errand."""

    errand: Delegation
    todo: str
    place: str  # of Place; empty while there is nowhere to go
    where: str
    bring: list[str]
    lacking: list[str]
    light: Light | None
    verb: str  # of ERRAND_VERBS: which form to open

    @property
    def is_first(self) -> bool:
        return self.errand.request.citizen.is_vulnerable


def step_of(errand, days, now=None) -> Step:
    """From the states of the errand and of its request, and from who has which paper."""
    now = now or timezone.now()
    held = errand.holdings()
    todo, place = what_next(errand, held)
    bag = held.at(Party.COUNTER) if todo == FETCH else held.at(Party.AGENT)
    lacking = []
    if todo == SUBMIT:
        lacking = [name for name in materials_of(errand) if name not in logged(errand)]
    elif todo == SUPPLEMENT:
        lacking = errand.request.supplement.missing.splitlines()
    return Step(
        errand=errand,
        todo=todo,
        place=place,
        where=where_of(errand, todo) if place else "",
        bring=[str(piece) for piece in bag],
        lacking=[name for name in lacking if name.strip()],
        light=light_of(errand, days, now),
        verb=verb_for(todo, bool(bag), bool(lacking)),
    )


SUBMIT, SUPPLEMENT, FETCH = "报送", "收齐补正材料，送窗口", "到窗口领回结果和原件"
ANSWER, GIVE_BACK = "把答复送给群众", "请群众签收，回交"
CLEAR, ARCHIVE = "告知群众，交还材料后终止", "归档"
PAUSED, WAITING = "已中止", "等待窗口办理"
AT_HOME = (ANSWER, GIVE_BACK, CLEAR)


def what_next(errand, held) -> tuple[str, str]:
    """What is to be done, and at which kind of place."""
    status = errand.request.status
    if errand.state == ErrandState.RETURNED:
        return ARCHIVE, Place.VILLAGE
    if errand.state == ErrandState.SUSPENDED:
        return PAUSED, NOWHERE
    if not errand.is_in_hand:
        return errand.get_state_display(), NOWHERE
    if errand.state == ErrandState.ENTRUSTED and status in OPEN and status not in SETTLED:
        return SUBMIT, errand.place
    if status == Status.SUPPLEMENTING:
        return SUPPLEMENT, errand.place
    if status not in SETTLED:
        return WAITING, NOWHERE
    if held.at(Party.COUNTER, Paper.ORIGINAL):
        return FETCH, errand.place
    if status == Status.APPROVED:
        return ANSWER, Place.VILLAGE
    return (CLEAR if status in FALLEN else GIVE_BACK), Place.VILLAGE


def where_of(errand, todo) -> str:
    if todo == ARCHIVE:
        return "村便民服务室"
    return "群众家中或村便民服务室" if todo in AT_HOME else errand.venue


def verb_for(todo, holds, lacks) -> str:
    """The form that the step needs first."""
    return {
        SUBMIT: "receive" if lacks or not holds else "submit",
        SUPPLEMENT: "hand_in" if holds else "receive",
        FETCH: "fetch",
        GIVE_BACK: "return_papers" if holds else "give_back",
        CLEAR: "return_papers" if holds else "end",
        ARCHIVE: "archive",
        PAUSED: "resume",
    }.get(todo, "")


def materials_of(errand) -> list[str]:
    version = errand.request.item_version
    return [line.strip() for line in version.materials.splitlines()] if version else []


def logged(errand) -> set[str]:
    return {row.name for row in errand.moves.all()}


def light_of(errand, days, now) -> Light | None:
    """Against the day of the 报送 until it is done, then against the request's own due date."""
    if errand.state == ErrandState.ENTRUSTED and errand.request.status in OPEN:
        return submit_light(errand, days, timezone.localdate(now))
    if errand.state == ErrandState.SUBMITTED and errand.request.status in RUNNING:
        return running_light(errand.request, days, now)
    return None


def submit_light(errand, days, today) -> Light:
    if today > errand.submit_by:
        late = days.between(errand.submit_by, today)
        return Light("red", f"报送超期 {late} 个工作日" if late else "报送已超期")
    left = days.between(today, errand.submit_by)
    if not left:
        return Light("yellow", "今天应报送")
    return Light("yellow" if left == 1 else "green", f"剩 {left} 个工作日报送")


def by_place(steps) -> list[tuple[str, list[Step]]]:
    """The steps grouped by where one must go, in the order of the way from the village up."""
    groups = defaultdict(list)
    for step in steps:
        groups[step.place].append(step)
    return [(place.label, groups[place]) for place in Place if groups[place]]


STAGES = ("委托", "报送", "办理", "回交", "归档")


def stages_of(errand) -> list[dict]:
    """How far the errand has come, as ui/steps.html draws it."""
    request = errand.request
    dates = (
        errand.entrusted_at,
        errand.submitted_at,
        request.replied_at,
        errand.returned_at,
        errand.archived_at,
    )
    reached = max((n for n, at in enumerate(dates) if at), default=0)
    steps = []
    for number, (label, at) in enumerate(zip(STAGES, dates, strict=True)):
        current = number == reached + 1 and errand.is_in_hand or number == reached + 1 == 4
        state = "done" if number <= reached else "current" if current else "todo"
        note = f"{timezone.localtime(at):%-m月%-d日}" if at else ""
        steps.append({"label": label, "state": state, "note": note})
    return steps


def panel_of(request_row, user) -> dict:
    """代办 on the page of the request: who runs it, how it stands, whether one may entrust."""
    return {
        "rows": request_row.delegations.select_related("agent"),
        "may_entrust": Delegation.may_entrust(request_row, user),
        "is_wanted": request_row.is_delegated,
    }

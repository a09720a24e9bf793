"""A citizen's errand in the hands of the village's agent, as far along as a test needs it."""

from orgs.models import AuditEntry, Role
from services.models import Delegation, Paper, Party
from services.models.custody import Piece
from tests.people import person, post

TERMS = {
    "scope": ["代为递交申请材料", "代为领取办理结果"],
    "place": "TOWNSHIP",
    "venue": "柳河镇便民服务中心民政3号窗口",
    "is_voluntary": True,
    "is_free": True,
    "signature": "SIGNED",
}
BOOK = Piece("户口簿", Paper.ORIGINAL)


def wanted(cast, **fields):
    """A request of the village whose citizen asks for an agent."""
    return cast.register(
        actor=cast.agent, organization=cast.home.village, is_delegated=True, **fields
    )


def entrusted(cast, request=None, **terms):
    terms = {"actor": cast.agent, "agent": cast.agent} | TERMS | terms
    return Delegation.entrust(request or wanted(cast), **terms)


def submitted(cast, request=None, papers=True):
    """报送; the household register lies at the counter."""
    errand = entrusted(cast, request)
    if papers:
        errand.receive(actor=cast.agent, names=["户口簿"], kind=Paper.ORIGINAL)
    pieces = errand.holdings().at(Party.AGENT)
    errand.submit(actor=cast.agent, venue=errand.venue, receiver="李雪梅", pieces=pieces)
    return errand


def answered(cast, papers=True):
    """The unit has answered and the agent has brought the answer."""
    errand = submitted(cast, papers=papers)
    answer(cast, errand.request)
    return errand


def approve(cast, request):
    """From the counter to the approved answer."""
    if request.status == "REGISTERED":
        request.accept(actor=cast.clerk)
    request.dispatch(actor=cast.dispatcher, department=cast.home.unit)
    request.sign(actor=cast.handler)
    request.submit(actor=cast.handler, outcome="SOLVED", text="高龄津贴已批准。")
    request.approve(actor=cast.unit_head)


def answer(cast, request):
    approve(cast, request)
    request.reply(actor=cast.agent, channel="VISIT", proof="上门告知本人")


def returned(cast):
    errand = answered(cast)
    errand.fetch(actor=cast.agent, pieces=[BOOK], results=["高龄津贴批准书"])
    errand.return_papers(actor=cast.agent, pieces=errand.holdings().at(Party.AGENT))
    errand.give_back(actor=cast.agent, signature="SIGNED")
    return errand


def archived(cast):
    errand = returned(cast)
    errand.archive(actor=cast.agent, archive_place="2026 年代办卷第 1 号")
    return errand


def suspended(cast):
    errand = entrusted(cast)
    errand.suspend(actor=cast.agent, reason="群众外出")
    return errand


def ended(cast):
    errand = entrusted(cast)
    errand.end(actor=cast.agent, reason="群众自己去办")
    return errand


def colleague(cast):
    """Another agent of the same village."""
    user = person("agent-2", "柳河代办二")
    post(user, cast.home.village, Role.AGENT)
    return user


def labels(request):
    """The errand's part of the request's trail."""
    entries = AuditEntry.objects.about(request).filter(action__startswith="delegation.")
    return list(entries.values_list("label", flat=True))


def told(user):
    """Titles of the user's notices, oldest first."""
    return list(user.notices.order_by("pk").values_list("title", flat=True))

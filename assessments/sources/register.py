"""Figures from the register of organizations, committees, members and items."""

from django.db.models import Count, Q

from assessments.sources.source import Ground, Source
from orgs.models import Committee, Member, Organization
from services.models import ServiceItem

CHECKS = 3


def led(ground: Ground):
    return ground.organizations.to_be_led()


def complete_committees(ground: Ground):
    """班子健全: 书记在任, 班子配齐, 按期换届; a vacancy of up to three months is none."""
    vacant = Organization.objects.too_long_without_secretary(ground.day).order_by()
    never = Organization.objects.without_secretary(ground.day).filter(last_led_on__isnull=True)
    return (
        led(ground).exclude(pk__in=vacant.values("pk")).exclude(pk__in=never.values("pk")),
        led(ground).with_complete_committee(ground.day),
        led(ground).with_term_in_time(ground.day),
    )


def committee_tally(ground: Ground):
    if not Committee.objects.filter(organization__in=led(ground).order_by().values("pk")).exists():
        return {}
    met: dict[int, int] = {}
    for rows in complete_committees(ground):
        for pk in set(rows.order_by().values_list("pk", flat=True)):
            met[pk] = met.get(pk, 0) + 1
    everybody = led(ground).order_by().values_list("pk", flat=True)
    return {pk: (met.get(pk, 0), CHECKS) for pk in everybody}


def committee_rows(ground: Ground, part):
    if part == "counted":
        return led(ground)
    whole = led(ground)
    for rows in complete_committees(ground):
        whole = whole.filter(pk__in=rows.order_by().values("pk"))
    return whole if part == "met" else led(ground).exclude(pk__in=whole.order_by().values("pk"))


def members(ground: Ground):
    places = ground.organizations.order_by().values("pk")
    return Member.objects.on_register().filter(organization__in=places)


def worker_places(ground: Ground):
    workers = members(ground).filter(is_party_worker=True)
    return led(ground).filter(pk__in=workers.order_by().values("organization"))


def worker_tally(ground: Ground):
    """One point for the organization itself, however many below it have workers of their own."""
    if not members(ground).exists():
        return {}
    having = set(worker_places(ground).order_by().values_list("pk", flat=True))
    everybody = led(ground).order_by().values_list("pk", flat=True)
    return {pk: (int(pk in having), 1) for pk in everybody}


def worker_rows(ground: Ground, part):
    having = worker_places(ground)
    if part == "counted":
        return led(ground)
    return having if part == "met" else led(ground).exclude(pk__in=having.order_by().values("pk"))


def volunteer_tally(ground: Ground):
    counts = (
        members(ground)
        .order_by()
        .values("organization")
        .annotate(all=Count("pk"), met=Count("pk", filter=Q(is_volunteer=True)))
    )
    return {row["organization"]: (row["met"], row["all"]) for row in counts}


def volunteer_rows(ground: Ground, part):
    if part == "counted":
        return members(ground)
    return members(ground).filter(is_volunteer=part == "met")


def items(ground: Ground):
    places = ground.organizations.order_by().values("pk")
    return ServiceItem.objects.active().filter(organization__in=places).with_openness()


def openness_tally(ground: Ground):
    """The items' shares of filled particulars, in percent, out of a hundred each."""
    found: dict[int, tuple[int, int]] = {}
    for pk, percent in items(ground).order_by().values_list("organization", "openness"):
        filled, whole = found.get(pk, (0, 0))
        found[pk] = (filled + int(percent), whole + 100)
    return found


def openness_rows(ground: Ground, part):
    if part == "counted":
        return items(ground)
    whole = items(ground).filter(openness=100)
    return whole if part == "met" else items(ground).filter(openness__lt=100)


COMMITTEE = Source(
    code="committee",
    label="班子健全、按期换届",
    counts=(
        "本组织和下级应有班子的党组织，逐个看三项：书记在任（空缺不超过 3 个月）、班子配齐、"
        "按期换届；达到的项数 ÷ 应有项数"
    ),
    tally=committee_tally,
    rows=committee_rows,
    kind="organizations",
    parts={"counted": "计入", "met": "三项都达到", "missed": "有未达到的"},
    needs_sample=False,
)
WORKERS = Source(
    code="workers",
    label="党务工作者配备",
    counts="本组织和下级党组织中，花名册上有党务工作者的；培训次数没有台账，由考评人核对",
    tally=worker_tally,
    rows=worker_rows,
    kind="organizations",
    parts={"counted": "计入", "met": "已配备", "missed": "未配备"},
    needs_sample=False,
)
VOLUNTEERING = Source(
    code="volunteering",
    label="党员参加志愿服务",
    counts="在册党员中，登记为志愿者的；服务时长没有台账，由考评人核对",
    tally=volunteer_tally,
    rows=volunteer_rows,
    kind="members",
    parts={"counted": "计入", "met": "志愿者", "missed": "未登记志愿服务"},
)
OPENNESS = Source(
    code="openness",
    label="办事公开完整度",
    counts="本组织和下级在用的事项，逐项看公开栏目填了多少；各事项完整度之和 ÷（事项数 × 100）",
    tally=openness_tally,
    rows=openness_rows,
    kind="items",
    parts={"counted": "计入", "met": "填写完整", "missed": "有缺项"},
    needs_sample=False,
)
REGISTER = (COMMITTEE, WORKERS, VOLUNTEERING, OPENNESS)

"""催办 of a cycle: before each last day, and to those above once it has passed.

What was said is known by the notice itself: its kind carries the rule and the last day, so that
each is said once, by whichever beat comes first, and again when a last day is moved.
"""

from collections import Counter, defaultdict

from assessments.models import Assessment, Cycle
from assessments.models.clock import day
from orgs.models import Notice, Organization, Post, Role

SELF_MARKS, OTHER_MARKS = (7, 3, 1), (3, 1)


def remind(today) -> int:
    """Everything that is due on the day, for all running cycles; returns how many were told."""
    return sum(
        remind_fillers(cycle, today)
        + remind_of_votes(cycle, today)
        + remind_assessors(cycle, today)
        for cycle in Cycle.objects.running().select_related("organization", "opened_by")
    )


def mark_of(last, today, marks) -> int | None:
    """The nearest mark before the last day that has been reached; None before the first one."""
    left = (last - today).days
    return min((mark for mark in marks if 0 <= left <= mark), default=None)


def remind_fillers(cycle, today) -> int:
    """自评: the secretary 7, 3 and 1 days before and when late; then the secretary above, too."""
    rows = cycle.assessments.unsubmitted().select_related("organization")
    waiting = defaultdict(list)
    for row in rows:
        row.cycle = cycle
        waiting[row.last_day].append(row)
    found = 0
    for last, those in waiting.items():
        places = [row.organization for row in those]
        if last < today:
            title = f"{cycle.year} 年度考核自评已逾期，应于{day(last)}前提交"
            found += say(cycle, secretaries(places), f"late.{last:%Y%m%d}", title)
            found += escalate(cycle, last, places)
        elif mark := mark_of(last, today, SELF_MARKS):
            title = f"{cycle.year} 年度考核自评{left_words(last, today)}（{day(last)}）"
            found += say(cycle, secretaries(places), f"self_{mark}.{last:%Y%m%d}", title)
    return found


def escalate(cycle, last, places) -> int:
    """The nearest secretary above each late one hears how many are late below him or her."""
    leaders = leaders_above(places)
    counts = Counter(person for people in leaders for person in people)
    by_count = defaultdict(set)
    for person, count in counts.items():
        by_count[count].add(person)
    return sum(
        say(
            cycle, people, f"escalated.{last:%Y%m%d}",
            f"下级有 {count} 个党组织逾期未交 {cycle.year} 年度自评",
        )
        for count, people in by_count.items()
    )  # fmt: skip


def leaders_above(places) -> list[set]:
    """For each place, who is secretary at the nearest organization above that has one."""
    step = Organization.steplen
    lines = [
        [place.path[:end] for end in range(len(place.path) - step, 0, -step)] for place in places
    ]
    paths = {path for line in lines for path in line}
    posts = Post.objects.current().filter(role=Role.SECRETARY, organization__path__in=paths)
    found = defaultdict(set)
    for post in posts.select_related("user", "organization"):
        found[post.organization.path].add(post.user)
    return [next((found[path] for path in line if path in found), set()) for line in lines]


def remind_of_votes(cycle, today) -> int:
    """群众测评: on its first day and before its last one, to all secretaries."""
    first, last = cycle.vote_from, cycle.vote_until
    if not first <= today <= last:
        return 0
    people = secretaries(cycle.assessments.order_by().values("organization"))
    if mark := mark_of(last, today, OTHER_MARKS):
        title = f"{cycle.year} 年度群众测评{left_words(last, today)}（{day(last)}）"
        return say(cycle, people, f"vote_{mark}.{last:%Y%m%d}", title)
    title = f"{cycle.year} 年度群众测评已开始，{day(last)}截止"
    return say(cycle, people, f"vote.{first:%Y%m%d}", title)


def remind_assessors(cycle, today) -> int:
    """组织考评: 7, 3 and 1 days before, to the department, while something is not 定稿."""
    last = cycle.review_until
    mark = mark_of(last, today, SELF_MARKS)
    if mark is None or today < cycle.review_from:
        return 0
    left = cycle.assessments.exclude(status=Assessment.Status.REVIEWED).count()
    if not left:
        return 0
    title = f"{cycle.year} 年度组织考评{left_words(last, today)}，还有 {left} 个未定稿"
    return say(cycle, department(cycle), f"review_{mark}.{last:%Y%m%d}", title)


def department(cycle) -> set:
    """组织部门 at the organization of the cycle and below; in any case who opened it."""
    places = Organization.objects.within(cycle.organization).order_by().values("pk")
    posts = Post.objects.current().filter(role=Role.REVIEWER, organization__in=places)
    people = {post.user for post in posts.select_related("user")}
    return people or {cycle.opened_by} - {None}


def secretaries(places) -> set:
    posts = Post.objects.current().filter(role=Role.SECRETARY, organization__in=places)
    return {post.user for post in posts.select_related("user")}


def say(cycle, people, rule, title) -> int:
    """To those who have not heard it yet; returns how many."""
    kind = f"cycle.{rule}"
    about = {"kind": kind, "target": f"{cycle._meta.label_lower}:{cycle.pk}"}
    heard = set(Notice.objects.filter(**about).values_list("recipient", flat=True))
    people = {person for person in people if person.pk not in heard}
    if people:
        Notice.post(people, title, kind=kind, about=cycle, organization=cycle.organization)
    return len(people)


def left_words(last, today) -> str:
    left = (last - today).days
    return f"还有 {left} 天截止" if left else "今天截止"

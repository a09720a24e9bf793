"""What the running years ask of a person, as lines of the workbench."""

from django.urls import reverse

from assessments.models import Appeal, Assessment, Cycle, Rectification, database_today
from orgs.models import Role

FILLERS = (Role.SECRETARY, Role.AGENT)


def lines_for(user) -> list[dict]:
    """Label, number and address: own forms, what is late below, what became of results."""
    return [*own_forms(user), *late_below(user), *after_results(user)]


def after_results(user) -> list[dict]:
    """整改 to be done or checked, 申诉 to be answered."""
    lines = (
        ("考核整改待办", Rectification.objects, "assessments:rectifications", ""),
        ("考核申诉待答复", Appeal.objects, "assessments:appeals", "?status=FILED"),
    )
    found = [
        {"label": label, "value": rows.awaiting(user).count(), "url": reverse(name) + query}
        for label, rows, name, query in lines
        if user.holds(Role.SECRETARY, Role.REVIEWER, Role.AGENT)
    ]
    return [line for line in found if line["value"]]


def own_forms(user) -> list[dict]:
    """自评待提交, the next last day first."""
    own = {post.organization_id for post in user.acting_posts() if post.role in FILLERS}
    rows = Assessment.objects.unsubmitted().filter(cycle__status="OPEN", organization__in=own)
    rows = [row for row in rows.select_related("cycle") if row.cycle.self_from <= database_today()]
    if not rows:
        return []
    nearest = min(rows, key=lambda row: row.last_day)
    url = nearest.get_absolute_url() if len(rows) == 1 else reverse("assessments:cycles")
    return [{"label": f"自评待提交（{days_words(nearest)}）", "value": len(rows), "url": url}]


def late_below(user) -> list[dict]:
    """自评逾期未交 in one's subtree, one line a running cycle."""
    if not user.holds(Role.SECRETARY, Role.REVIEWER):
        return []
    found = []
    for cycle in Cycle.objects.visible_to(user).running():
        own = [post.organization_id for post in user.acting_posts()]
        rows = Assessment.objects.visible_to(user).filter(cycle=cycle).overdue()
        if late := rows.exclude(organization__in=own).count():
            label = f"下级 {cycle.year} 年度自评逾期未交"
            found.append({"label": label, "value": late,
                          "url": cycle.get_absolute_url() + "?late=yes"})  # fmt: skip
    return found


def days_words(row) -> str:
    left = (row.last_day - database_today()).days
    if left < 0:
        return f"已逾期 {-left} 天"
    return f"还有 {left} 天" if left else "今天截止"

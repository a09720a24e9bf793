"""Who may do what to an assessment, from which state: guards and buttons ask here.

Parts are what somebody is towards one assessment, by the posts he or she works with now;
security.md's matrix: the own organization fills in, nobody scores the own organization, and what
one person scored another one publishes.
"""

from dataclasses import dataclass

from django.db import models

from orgs.models import Role


class Part(models.TextChoices):
    FILLER = "FILLER", "填报人"
    SECRETARY = "SECRETARY", "书记"
    SUPERIOR = "SUPERIOR", "上级"
    DEPARTMENT = "DEPARTMENT", "组织部门"
    LOCAL = "LOCAL", "所在地党组织"


@dataclass(frozen=True)
class Verb:
    label: str
    who: tuple[Part, ...]
    since: tuple[str, ...]


OPEN = ("NOT_STARTED", "FILLING", "RETURNED")
ASSESSORS = (Part.SUPERIOR, Part.DEPARTMENT)
VERBS = {
    "fill": Verb("填写自评", (Part.FILLER, Part.SECRETARY, *ASSESSORS), OPEN),
    "submit": Verb("提交自评", (Part.SECRETARY, *ASSESSORS), OPEN),
    "send_back": Verb("退回自评", ASSESSORS, ("SUBMITTED",)),
    "extend": Verb("延期", ASSESSORS, OPEN),
    "waive": Verb("批准不适用", ASSESSORS, ("FILLING", "RETURNED", "SUBMITTED")),
    "score": Verb("考评打分", ASSESSORS, ("SUBMITTED",)),
    "give_opinion": Verb("所在地意见", (Part.LOCAL,), ("SUBMITTED",)),
    "confirm": Verb("考评定稿", ASSESSORS, ("SUBMITTED",)),
    "reopen": Verb("重新考评", (Part.DEPARTMENT,), ("REVIEWED",)),
}


def parts_of(user, assessment) -> set[Part]:
    """What the user is towards the assessment; a post at the very organization is never above."""
    found, place = set(), assessment.organization
    for post in user.acting_posts():
        here = post.organization_id == place.pk
        if post.role == Role.AGENT and here:
            found.add(Part.FILLER)
        elif post.role == Role.SECRETARY and post.covers(place):
            found.add(Part.SECRETARY if here else Part.SUPERIOR)
        elif post.role == Role.REVIEWER and post.covers(place) and not here:
            found.add(Part.DEPARTMENT)
        if (
            post.role in (Role.SECRETARY, Role.REVIEWER)
            and assessment.is_vertical
            and place.local_supervisor_id
            and post.covers(place.local_supervisor)
        ):
            found.add(Part.LOCAL)
    # 回避: nobody assesses the own organization by another post, whichever is chosen just now
    if any(post.organization_id == place.pk for post in user.all_posts()):
        found -= set(ASSESSORS)
    return found


def verbs_for(user, assessment) -> list[str]:
    parts = parts_of(user, assessment)
    return [
        name
        for name, verb in VERBS.items()
        if assessment.status in verb.since and parts & set(verb.who)
    ]

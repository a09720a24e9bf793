"""What stands beside the editor of a reply: its warnings, templates, what others were told."""

import re
from dataclasses import dataclass

from django.db.models import Case, Exists, OuterRef, Q, When

from orgs.masking import mask_name, mask_text, numbers_in
from orgs.models import Department, Organization, ServiceCentre, User
from services.models import Evaluation, Grade, Reply, ServiceRequest
from services.models.reply_template import category_path
from services.reply_check import Letter, Remark, remarks_on
from services.reply_names import possible_names
from services.reply_points import asked_points, likeness, words

#: Past replies that are compared, words that find them, those that are shown.
COMPARED, PROBES, SHOWN = 150, 8, 3
#: Below this two letters have little in common; the same item counts as likeness.
ALIKE, SAME_ITEM = 0.07, 0.15


def remarks_for(request, text, outcome, user) -> list[Remark]:
    """The warnings about a reply to this request, as `user` sees them."""
    letter = Letter(
        text=text,
        outcome=outcome,
        subject=request.subject,
        content=request.content,
        known_numbers=known_numbers(request, numbers_in(text)),
        other_names=others_named(text, request, user),
    )
    return remarks_on(letter)


def known_numbers(request, numbers) -> set[str]:
    """Those of the numbers that are the requester's own, or an office's."""
    if not numbers:
        return set()
    known = {bare(number) for number in office_numbers(request, numbers)}
    if not request.merged.exists():  # the answer of a primary case goes to other citizens too
        known |= {bare(request.citizen.phone), bare(request.citizen.id_number)}
    return known - {""}


def office_numbers(request, numbers) -> list[str]:
    place = request.department.organization if request.department else request.organization
    above = Organization.objects.with_parents(place)
    centres = ServiceCentre.objects.filter(organization__in=above)
    units = Department.objects.filter(organization__in=above)
    staff = User.objects.filter(telephone__in=numbers)
    return [
        *(
            number
            for pair in centres.values_list("telephone", "complaint_phone")
            for number in pair
        ),
        *units.values_list("telephone", flat=True),
        *staff.values_list("telephone", flat=True),
        request.item_version.handler_phone if request.item_version else "",
    ]


def bare(number) -> str:
    return re.sub(r"[\s()-]", "", number or "").upper()


def others_named(text, request, user) -> list[str]:
    """Names in the text that are those of other citizens whose requests the user can see."""
    names = possible_names(text)
    if not names:
        return []
    seen = ServiceRequest.objects.visible_to(user).filter(citizen__name__in=names)
    others = seen.exclude(citizen__name=request.citizen.name)
    return sorted(set(others.order_by().values_list("citizen__name", flat=True)))


@dataclass(frozen=True)
class PastReply:
    """What somebody was told in a like matter, without who it was."""

    reply: Reply
    subject: str
    text: str


def similar_replies(request, user) -> list[PastReply]:
    """Sent replies to like requests within the user's scope; none that the citizen called bad."""
    item = request.item_version and request.item_version.item_id
    found = list(candidates(request, user, item))
    likes = likeness((request.subject, request.content), [row[2:4] for row in found])
    scored = [
        (like + (SAME_ITEM if item and item == row[4] else 0), row[0], row[1])
        for like, row in zip(likes, found, strict=True)
    ]
    best: dict[str, int] = {}  # the same words are offered once
    for score, pk, text in sorted(scored, reverse=True):
        if score >= ALIKE and len(best) < SHOWN:
            best.setdefault(text, pk)
    rows = Reply.objects.select_related("request__citizen").in_bulk(best.values())
    return [shown(rows[pk]) for pk in best.values()]


def candidates(request, user, item):
    """The latest replies that may be alike: same item, same category, or a word in common."""
    same_item = Q(request__item_version__item=item) if item else Q(pk__in=[])
    same_category = Q(request__category__in=category_path(request))
    near = same_item | same_category
    for word in salient(request):
        near |= Q(request__text__tokens__matches=word)
    bad = Evaluation.objects.filter(
        request=OuterRef("request"), round=OuterRef("round"), grade__lte=Grade.BAD
    )
    seen = ServiceRequest.objects.visible_to(user)
    sent = Reply.objects.filter(near, ~Exists(bad), sent_at__isnull=False, request__in=seen)
    place = Case(When(same_item, then=0), When(same_category, then=1), default=2)
    ordered = sent.exclude(request=request).annotate(place=place).order_by("place", "-sent_at")
    fields = ("request__subject", "request__content", "request__item_version__item")
    return ordered.values_list("pk", "text", *fields)[:COMPARED]


def salient(request) -> list[str]:
    """A few words of the matter, in their order."""
    matter = "。".join([request.subject, *asked_points(request.content)])
    return sorted(words(matter), key=matter.find)[:PROBES]


def shown(reply) -> PastReply:
    name = reply.request.citizen.name
    text = reply.text.replace(name, mask_name(name)) if len(name) > 1 else reply.text
    return PastReply(reply, mask_text(reply.request.subject), mask_text(text))

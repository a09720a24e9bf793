"""材料交接: every piece of paper that changes hands on an errand, both ways, never rewritten.

Who has what is added up from the log. A mistake is put right by the move back, with a note.
"""

import uuid
from collections import Counter
from dataclasses import dataclass

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone

from orgs.models import NotAllowed


class Party(models.TextChoices):
    CITIZEN = "CITIZEN", "群众"
    AGENT = "AGENT", "代办员"
    COUNTER = "COUNTER", "窗口"


class Paper(models.TextChoices):
    ORIGINAL = "ORIGINAL", "原件"
    COPY = "COPY", "复印件"
    RESULT = "RESULT", "办理结果"


#: Papers come from the citizen, results from the counter; only these have an endless supply.
SOURCES = {
    Paper.ORIGINAL: Party.CITIZEN,
    Paper.COPY: Party.CITIZEN,
    Paper.RESULT: Party.COUNTER,
}


@dataclass(frozen=True)
class Piece:
    name: str
    kind: str
    count: int = 1

    @property
    def key(self) -> str:
        """How a form names the piece."""
        return f"{self.kind}:{self.name}"

    @property
    def label(self) -> str:
        return Paper(self.kind).label

    def __str__(self):
        return f"{self.name} {self.label} {self.count} 份"


class MaterialCustody(models.Model):
    delegation = models.ForeignKey(
        "services.Delegation", models.PROTECT, related_name="moves", verbose_name="代办委托"
    )
    name = models.CharField("材料", max_length=60)
    kind = models.CharField("类别", max_length=8, choices=Paper)
    count = models.PositiveSmallIntegerField("份数")
    giver = models.CharField("交出", max_length=7, choices=Party)
    taker = models.CharField("收到", max_length=7, choices=Party)
    at = models.DateTimeField("时间")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="记录人"
    )
    note = models.CharField("说明", max_length=120, blank=True)
    batch = models.UUIDField("交接批次", default=uuid.uuid4, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "材料交接"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["delegation", "batch", "name", "kind"], name="custody_batch_once"
            ),
            models.CheckConstraint(condition=Q(count__gte=1), name="custody_counts_something"),
            models.CheckConstraint(condition=~Q(giver=F("taker")), name="custody_changes_hands"),
        ]

    def __str__(self):
        return f"{self.piece} {self.way}"

    @property
    def piece(self) -> Piece:
        return Piece(self.name, self.kind, self.count)

    @property
    def way(self) -> str:
        return f"{self.get_giver_display()} → {self.get_taker_display()}"


class Holdings:
    """Who has what now."""

    def __init__(self, moves):
        self._counts = Counter()
        for row in moves:
            self._counts[row.giver, row.kind, row.name] -= row.count
            self._counts[row.taker, row.kind, row.name] += row.count

    def at(self, party, *kinds) -> list[Piece]:
        """What the party has of these kinds, or of all."""
        return [
            Piece(name, kind, count)
            for (who, kind, name), count in self._counts.items()
            if who == party and count > 0 and (not kinds or kind in kinds)
        ]

    def count(self, party, piece) -> int:
        return self._counts[party, piece.kind, piece.name]

    def originals_out(self) -> dict[str, list[Piece]]:
        """The citizen's originals that others still have, by who has them."""
        found = {party: self.at(party, Paper.ORIGINAL) for party in (Party.AGENT, Party.COUNTER)}
        return {party: pieces for party, pieces in found.items() if pieces}


def together(pieces) -> list[Piece]:
    """The same paper named twice is one entry."""
    counts = Counter()
    for piece in pieces:
        counts[piece.name, piece.kind] += piece.count
    return [Piece(name, kind, count) for (name, kind), count in counts.items()]


def words_of(pieces) -> str:
    return "、".join(str(piece) for piece in pieces)


class CustodyVerbs:
    def holdings(self) -> Holdings:
        return Holdings(self.moves.all())

    @transaction.atomic
    def receive(self, *, actor, names, kind, count=1, nonce=None):
        """收取材料: papers of one kind pass from the citizen to the agent.

        The same form sent twice is one entry.
        """
        self._begin("receive", actor)
        if nonce and self.moves.filter(batch=nonce).exists():
            return
        pieces = [Piece(name, kind, count) for name in dict.fromkeys(names)]
        self._move(pieces, Party.CITIZEN, Party.AGENT, actor, batch=nonce)
        self._record(actor, "papers_received", "收取材料", note=words_of(pieces))

    @transaction.atomic
    def hand_in(self, *, actor, pieces, note=""):
        """补交材料: papers pass from the agent to the counter, after the 报送."""
        self._begin("hand_in", actor)
        self._move(pieces, Party.AGENT, Party.COUNTER, actor, note)
        self._record(actor, "papers_handed_in", "补交材料", note=said(pieces, note))

    @transaction.atomic
    def fetch(self, *, actor, pieces=(), results=(), by_citizen=False, note="", nonce=None):
        """领回: papers and results leave the counter, with the agent or the citizen in person."""
        self._begin("fetch", actor)
        if nonce and self.moves.filter(batch=nonce).exists():
            return
        taker = Party.CITIZEN if by_citizen else Party.AGENT
        pieces = [*pieces, *(Piece(name, Paper.RESULT) for name in dict.fromkeys(results))]
        self._move(pieces, Party.COUNTER, taker, actor, note, batch=nonce)
        label = "群众本人领回" if by_citizen else "从窗口领回"
        self._record(actor, "papers_fetched", label, note=said(pieces, note))

    @transaction.atomic
    def return_papers(self, *, actor, pieces, note=""):
        """交还群众: papers and results pass from the agent to the citizen."""
        self._begin("return_papers", actor)
        self._move(pieces, Party.AGENT, Party.CITIZEN, actor, note)
        self._record(actor, "papers_returned", "交还群众", note=said(pieces, note))

    def _move(self, pieces, giver, taker, actor, note="", batch=None):
        """Log the pieces; nobody gives what he or she does not have."""
        if not pieces:
            raise NotAllowed("请选择或填写至少一种材料。")
        pieces = together(pieces)
        held, batch, now = self.holdings(), batch or uuid.uuid4(), timezone.now()
        for piece in pieces:
            if giver != SOURCES[piece.kind] and held.count(giver, piece) < piece.count:
                has = held.count(giver, piece)
                raise NotAllowed(
                    f"{Party(giver).label}手里没有这么多“{piece.name}”（现有 {has} 份），"
                    "请刷新后核对。"
                )
        MaterialCustody.objects.bulk_create(
            MaterialCustody(
                delegation=self,
                name=piece.name,
                kind=piece.kind,
                count=piece.count,
                giver=giver,
                taker=taker,
                at=now,
                by=actor,
                note=note,
                batch=batch,
            )
            for piece in pieces
        )

    def _refuse_while_originals_are_out(self, verb):
        if out := self.holdings().originals_out():
            where = "；".join(
                f"{words_of(pieces)}在{Party(party).label}" for party, pieces in out.items()
            )
            raise NotAllowed(f"还有原件没有交还群众：{where}。交还后才能{verb}。")


def said(pieces, note) -> str:
    return "，".join(filter(None, [words_of(pieces), note]))

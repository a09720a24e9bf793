"""材料交接: every paper is logged both ways, and no original is ever left behind."""

import random
import uuid
from datetime import date

import pytest

from orgs.models import NotAllowed
from services.models import Paper, Party
from services.models.custody import SOURCES, Piece
from tests.services.errand import (
    BOOK,
    answered,
    entrusted,
    labels,
    submitted,
    told,
)


def test_every_paper_is_logged_both_ways(cast):
    errand = entrusted(cast)
    errand.receive(actor=cast.agent, names=["户口簿", "身份证"], kind=Paper.ORIGINAL)
    errand.receive(actor=cast.agent, names=["身份证"], kind=Paper.COPY, count=2)
    book, card = Piece("户口簿", "ORIGINAL"), Piece("身份证", "ORIGINAL")
    copies = Piece("身份证", "COPY", 2)
    assert errand.holdings().at(Party.AGENT) == [book, card, copies]

    errand.submit(actor=cast.agent, venue="民政", receiver="李雪梅", pieces=[book, copies])
    errand.return_papers(actor=cast.agent, pieces=[card])
    errand.fetch(actor=cast.agent, pieces=[book], results=["批准书"])

    held = errand.holdings()
    assert held.at(Party.AGENT) == [book, Piece("批准书", "RESULT")]
    assert held.at(Party.COUNTER) == [copies]
    assert held.originals_out() == {"AGENT": [book]}
    assert [(row.way, str(row.piece), row.by) for row in errand.moves.all()][3:5] == [
        ("代办员 → 窗口", "户口簿 原件 1 份", cast.agent),
        ("代办员 → 窗口", "身份证 复印件 2 份", cast.agent),
    ]
    assert labels(errand.request) == [
        "委托代办", "收取材料", "收取材料", "代办报送", "交还群众", "从窗口领回",
    ]  # fmt: skip


def test_nobody_gives_what_he_or_she_has_not(cast):
    errand = submitted(cast)

    for verb, pieces in (
        ("fetch", [Piece("身份证", "ORIGINAL")]),
        ("fetch", [Piece("户口簿", "ORIGINAL", 2)]),
        ("fetch", []),
    ):
        with pytest.raises(NotAllowed):
            getattr(errand, verb)(actor=cast.agent, pieces=pieces)
    errand.fetch(actor=cast.agent, pieces=[BOOK])
    with pytest.raises(NotAllowed):
        errand.return_papers(actor=cast.agent, pieces=[Piece("户口簿", "COPY")])
    with pytest.raises(NotAllowed):
        errand.hand_in(actor=cast.agent, pieces=[BOOK, Piece("身份证", "ORIGINAL")])

    assert errand.holdings().at(Party.AGENT) == [BOOK]


def test_same_receipt_sent_twice_is_one(cast):
    errand, nonce = entrusted(cast), uuid.uuid4()

    for _ in range(2):
        errand.receive(actor=cast.agent, names=["户口簿"], kind="ORIGINAL", nonce=nonce)
        errand.visit(actor=cast.agent, purpose="上门取材料", nonce=nonce)

    assert errand.moves.count() == errand.visits.count() == 1
    assert labels(errand.request).count("收取材料") == 1


def test_errand_is_not_given_back_while_originals_are_out(cast):
    errand = answered(cast)
    with pytest.raises(NotAllowed) as refusal:
        errand.give_back(actor=cast.agent, signature="SIGNED")
    assert str(refusal.value) == ("还有原件没有交还群众：户口簿 原件 1 份在窗口。交还后才能回交。")

    errand.fetch(actor=cast.agent, pieces=[BOOK], results=["批准书"])
    with pytest.raises(NotAllowed):
        errand.give_back(actor=cast.agent, signature="SIGNED")
    errand.return_papers(actor=cast.agent, pieces=[BOOK])
    with pytest.raises(NotAllowed) as refusal:
        errand.give_back(actor=cast.agent, signature="SIGNED")
    assert str(refusal.value) == "办理结果还在代办员手里：批准书 办理结果 1 份。请先交还群众。"
    errand.return_papers(actor=cast.agent, pieces=[Piece("批准书", "RESULT")])
    errand.give_back(actor=cast.agent, signature="THUMB", note="本人不识字", is_visit=True)

    assert (errand.state, errand.return_signature) == ("RETURNED", "THUMB")
    assert errand.visits.get().purpose == "上门回交"


def test_citizen_may_collect_the_originals_in_person(cast):
    errand = answered(cast)

    errand.fetch(actor=cast.agent, pieces=[BOOK], by_citizen=True, note="本人到窗口领取")
    errand.give_back(actor=cast.agent, signature="SIGNED")

    assert errand.holdings().originals_out() == {}


def test_errand_is_not_ended_while_originals_are_out(cast):
    errand = submitted(cast)
    with pytest.raises(NotAllowed):
        errand.end(actor=cast.agent, reason="群众自己去办")
    errand.suspend(actor=cast.agent, reason="群众外出")
    with pytest.raises(NotAllowed):
        errand.end(actor=cast.centre_head, reason="群众自己去办")
    errand.fetch(actor=cast.agent, pieces=[BOOK])
    errand.return_papers(actor=cast.agent, pieces=[BOOK])

    errand.end(actor=cast.centre_head, reason="群众自己去办")

    assert (errand.state, errand.end_reason) == ("ENDED", "群众自己去办")
    assert errand.pauses.get().ended_on == date(2026, 3, 2)
    assert told(cast.agent)[-1] == "代办已终止：高龄津贴"


@pytest.mark.parametrize("seed", range(6))
def test_whatever_is_tried_nothing_is_lost_and_nothing_comes_from_nowhere(cast, seed):
    draw, errand = random.Random(seed), entrusted(cast)
    names = ("身份证", "户口簿")

    def piece():
        return Piece(draw.choice(names), draw.choice(list(Paper)), draw.randint(1, 2))

    def tries():
        yield "receive", {"names": [draw.choice(names)], "kind": draw.choice(("ORIGINAL", "COPY"))}
        yield "submit", {"venue": "民政", "pieces": [piece()]}
        yield "hand_in", {"pieces": [piece()]}
        yield "fetch", {"pieces": [piece()], "by_citizen": draw.random() < 0.3}
        yield "return_papers", {"pieces": [piece(), piece()]}
        yield "suspend", {"reason": "外出"}
        yield "resume", {}
        if draw.random() < 0.1:
            yield "end", {"reason": "停"}

    for _ in range(25):
        verb, arguments = draw.choice(list(tries()))
        try:
            getattr(errand, verb)(actor=cast.agent, **arguments)
        except NotAllowed:
            errand.refresh_from_db()
        held = errand.holdings()
        for kind, source in SOURCES.items():
            for name in names:
                counts = {who: held.count(who, Piece(name, kind)) for who in Party}
                assert sum(counts.values()) == 0
                assert all(counts[who] >= 0 for who in Party if who != source)
        if errand.state == "ENDED":
            assert held.originals_out() == {}

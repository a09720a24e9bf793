"""Stars of one sector × level with the reason of each: thresholds, quota, vetoes, one-star moves.

Pure: no database. The caps are put on before the quota is shared out, so that nobody holds a place
that he or she cannot take.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from assessments.scoring import Band, Candidate, award, deserved, places, shown

BEST = 5


@dataclass
class Contender:
    """One organization that is ranked; the second half is what `decide` fills."""

    key: int
    total: Decimal
    public: Decimal
    last_stars: int | None = None
    #: (name, most stars) of each veto
    vetoes: list[tuple[str, int]] = field(default_factory=list)
    stars: int = 0
    rank: int = 0
    rule: str = "BAND"
    reasons: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Rules:
    bands: list[Band]
    low_public: Decimal
    capped_stars: int

    def cap(self, one: Contender) -> int:
        """What no score lifts an organization over."""
        caps = [most for _, most in one.vetoes]
        if shown(one.public) < self.low_public:
            caps.append(self.capped_stars)
        return min(caps, default=BEST)


def decide(contenders: list[Contender], rules: Rules) -> None:
    """Give each its rank, its stars and the reasons; who has the same scores has the same rank."""
    candidates = {
        one.key: Candidate(one.key, one.total, one.public, most_stars(one, rules))
        for one in contenders
    }
    order = award([*candidates.values()], rules.bands)
    by_key = {one.key: one for one in contenders}
    mark, rank = None, 0
    for place, candidate in enumerate(order, 1):
        found = shown(candidate.total), shown(candidate.public)
        if found != mark:
            mark, rank = found, place
        one = by_key[candidate.key]
        one.rank = rank
        settle(one, candidate, rules, len(order))


def most_stars(one: Contender, rules: Rules) -> int:
    step = BEST if one.last_stars is None else one.last_stars + 1
    return max(1, min(BEST, rules.cap(one), step))


def settle(one: Contender, candidate: Candidate, rules: Rules, size: int) -> None:
    """The stars that were awarded, but at most one below last year's, and how they came about."""
    cap = rules.cap(one)
    # a veto has no floor: what it leaves is decided by the scores
    least = 1 if one.last_stars is None or one.vetoes else min(one.last_stars - 1, cap)
    one.stars = max(candidate.stars, least)
    by_score = deserved(Candidate(one.key, one.total, one.public), rules.bands)
    one.reasons = [band_words(one, by_score, rules.bands)]
    if cap < by_score:
        one.rule, words = cap_words(one, rules)
        one.reasons.append(words)
    if one.last_stars is not None and one.last_stars + 1 < min(by_score, cap):
        one.rule = "STEP"
        one.reasons.append(f"上年 {one.last_stars} 星，一年最多升一星。")
    if candidate.stars < deserved(candidate, rules.bands):
        one.rule = "QUOTA"
        one.reasons.append(quota_words(deserved(candidate, rules.bands), rules.bands, size))
    if one.stars > candidate.stars:
        one.rule = "STEP"
        one.reasons.append(f"上年 {one.last_stars} 星，没有否决情形，一年最多降一星。")
    one.reasons.append(f"定为 {one.stars} 星。")


def band_words(one: Contender, stars: int, bands) -> str:
    said = f"总分 {shown(one.total)}，群众测评 {shown(one.public)}，"
    band = next((band for band in bands if band.stars == stars), None)
    if band is None or band.least_total == 0:
        return f"{said}没有达到二星标准。"
    public = ""
    if band.least_public is not None:
        public = f"、群众测评不低于 {plain(band.least_public)} 分"
    return f"{said}达到 {stars} 星标准（总分不低于 {plain(band.least_total)} 分{public}）。"


def cap_words(one: Contender, rules: Rules) -> tuple[str, str]:
    """The rule and its words, of what caps lowest; a veto before a low score."""
    cap = rules.cap(one)
    if names := [name for name, most in one.vetoes if most == cap]:
        return "VETO", f"有否决情形（{'、'.join(names)}），最高 {cap} 星。"
    return "LOW_PUBLIC", f"群众测评低于 {plain(rules.low_public)} 分，最高 {cap} 星。"


def quota_words(stars: int, bands, size: int) -> str:
    quota = next(band.quota for band in bands if band.stars == stars)
    share = f"{stars} 星名额为同领域同层级 {size} 个的 {plain(quota * 100)}%"
    return f"{share}，即 {places(size, quota)} 个，名额已满。"


def plain(value: Decimal) -> str:
    """85.00 → 85."""
    return f"{value.normalize():f}"

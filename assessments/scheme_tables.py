"""The list of schemes, the sums of one by sector and goal, and its indicators as a table."""

from decimal import Decimal

import django_tables2 as tables

from assessments.models import Indicator, Scheme
from assessments.sources.registry import SOURCES
from orgs.models import Sector
from orgs.tables import MomentColumn, tag


class SchemeTable(tables.Table):
    name = tables.Column(verbose_name="方案", linkify=lambda record: record.get_absolute_url())
    version = tables.Column(verbose_name="版本")
    state = tables.Column(verbose_name="状态", empty_values=(), orderable=False)
    used = tables.Column(verbose_name="用于年度考核", orderable=False)
    weights = tables.Column(verbose_name="自评 / 群众 / 组织", empty_values=(), orderable=False)
    frozen_at = MomentColumn(verbose_name="定稿时间", format="Y年n月j日")

    class Meta:
        model = Scheme
        fields = ()
        orderable = False

    def render_version(self, value):
        return f"第 {value} 版"

    def render_state(self, record):
        return tag(state_of(record))

    def value_state(self, record):
        return state_of(record)

    def render_used(self, value):
        return f"{value} 次"

    def render_weights(self, record):
        shares = (record.weight_self, record.weight_public, record.weight_review)
        return " / ".join(percent(share) for share in shares)

    value_weights = render_weights


def state_of(scheme) -> str:
    if scheme.withdrawn_at:
        return "已停用"
    return "已定稿" if scheme.is_frozen else "草稿"


def percent(share) -> str:
    return f"{share * 100:.2f}".rstrip("0").rstrip(".") + "%"


def number(value) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def scoring_words(indicator) -> str:
    """Who scores it."""
    words = []
    if indicator.source:
        words.append("自动取数" if indicator.source in SOURCES else "台账未建立，先自评")
    if indicator.is_self_scored:
        words.append("自评")
    if indicator.is_review_scored:
        words.append("组织考评")
    return "、".join(words)


def source_words(indicator) -> str:
    """What is counted, and between which rates points are given."""
    if not indicator.source:
        return ""
    source = SOURCES.get(indicator.source)
    label = source.label if source else "台账尚未建立"
    return f"{label}（{percent(indicator.floor)} 起算，{percent(indicator.target)} 满分）"


def sector_words(indicator) -> str:
    if not indicator.sectors:
        return "全部"
    if len(indicator.sectors) > 4:
        left = [sector.label for sector in Sector if sector not in indicator.sectors]
        return f"除{'、'.join(left)}外"
    return "、".join(Sector(code).label for code in indicator.sectors)


def sums(scheme) -> list[dict]:
    """For each sector: points by goal, and whether they make 100."""
    goals, rows = list(scheme.goals.all()), list(scheme.indicators.all())
    found = []
    for sector in Sector:
        mine = [row for row in rows if row.applies_to(sector)]
        cells = [sum((r.points for r in mine if r.goal_id == g.pk), Decimal()) for g in goals]
        total = sum(cells, Decimal())
        found.append(
            {"sector": sector, "cells": list(zip(goals, map(number, cells), strict=True)),
             "total": number(total), "is_whole": total == 100}
        )  # fmt: skip
    return found


def by_goal(scheme, sector="") -> list[dict]:
    """The goals with their indicators, all or those of one sector, in words."""
    rows = scheme.indicators_for(sector) if sector else scheme.indicators.select_related("goal")
    found = {goal.pk: {"goal": goal, "rows": []} for goal in scheme.goals.all()}
    for row in rows:
        found[row.goal_id]["rows"].append(
            {"row": row, "who": scoring_words(row), "source": source_words(row),
             "sectors": sector_words(row), "points": number(row.points)}
        )  # fmt: skip
    return list(found.values())


class IndicatorTable(tables.Table):
    """The whole sheet for the export: one indicator a row."""

    goal = tables.Column(verbose_name="目标")
    code = tables.Column(verbose_name="编号")
    name = tables.Column(verbose_name="指标")
    points = tables.Column(verbose_name="分值")
    sectors = tables.Column(verbose_name="适用领域", empty_values=())
    standard = tables.Column(verbose_name="评分标准")
    evidence = tables.Column(verbose_name="佐证材料")
    who = tables.Column(verbose_name="打分方式", empty_values=())
    source = tables.Column(verbose_name="自动取数", empty_values=())
    waiver_note = tables.Column(verbose_name="不适用情形")

    class Meta:
        model = Indicator
        fields = ()

    def value_points(self, value):
        return value

    def value_sectors(self, record):
        return sector_words(record)

    def value_who(self, record):
        return scoring_words(record)

    def value_source(self, record):
        return source_words(record)

    def value_standard(self, value):
        return value or ""

    value_evidence = value_waiver_note = value_standard


def facts(scheme) -> list[tuple]:
    """Every number of the version with its label, shares as percentages."""
    skipped = {"id", "name", "version", "based_on", "frozen_at", "withdrawn_at", "note"}
    found = []
    for field in scheme._meta.concrete_fields:
        if field.name in skipped:
            continue
        value = getattr(scheme, field.name)
        is_share = getattr(field, "decimal_places", None) == 4
        words = percent(value) if is_share else number(Decimal(value))
        found.append((field.verbose_name, words))
    return found


def parts(scheme) -> list[dict]:
    """测评对象, 星级标准 and 否决情形, each row in words; `code` is its place in an address."""
    return [
        {"code": "voters", "label": "测评对象",
         "lines": [(row, voter_words(row)) for row in scheme.voter_groups.all()]},
        {"code": "stars", "label": "星级标准",
         "lines": [(row, band_words(row)) for row in scheme.star_bands.all()]},
        {"code": "veto", "label": "否决情形",
         "lines": [(row, f"{row.name}：最高 {row.most_stars} 星")
                   for row in scheme.veto_rules.all()]},
    ]  # fmt: skip


def voter_words(group) -> str:
    whose = "垂直管理单位" if group.is_vertical else "属地单位"
    return f"{whose}：{group}占 {percent(group.weight)}" + ("，党内" if group.is_party else "")


def band_words(band) -> str:
    words = f"{band.stars} 星：总分不低于 {number(band.least_total)}"
    if band.least_public is not None:
        words += f"，群众测评不低于 {number(band.least_public)}"
    if band.quota is not None:
        words += f"，同领域同层级不超过 {percent(band.quota)}"
    return words

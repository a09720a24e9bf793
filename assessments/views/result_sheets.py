"""结果单: one result on A4 and as a workbook; a whole year as one row an organization."""

import re
from collections import defaultdict

from django.http import Http404
from django.shortcuts import render

from assessments.models import Answer, Result
from assessments.result_sheet import (
    all_headers,
    all_row,
    formula,
    group_words,
    indicator_rows,
    sheet_rows,
)
from assessments.views.assessment import find
from assessments.views.cycles import find as find_cycle
from orgs.views.export import download

PARTS = re.compile(r"\d+|\D+")
ORDER = ("indicator__goal__number", "indicator__code", "pk")


def shown(request, pk):
    """The assessment, its result as this reader may see it, and its answers."""
    assessment = find(request, pk)
    result = Result.seen_by(assessment, request.user)
    if result is None:
        raise Http404
    answers = assessment.answers.select_related("indicator__goal").order_by(*ORDER)
    return assessment, result, list(answers)


def sheet(request, pk):
    """A4 for the file of the organization."""
    assessment, result, answers = shown(request, pk)
    context = {
        "assessment": assessment,
        "result": result,
        "terms": formula(result),
        "group": group_words(assessment),
        "indicators": indicator_rows(assessment, answers),
    }
    return render(request, "assessments/result_sheet.html", context)


def export(request, pk):
    assessment, result, answers = shown(request, pk)
    rows = sheet_rows(assessment, result, answers)
    headers = ["项目", "得分（指标为自评）", "权重（指标为考评）", "计入或说明"]
    return download(request, f"{assessment}结果单", headers, rows, said=str(assessment))


def everything(request, pk):
    """导出各项指标: what the reader may see of the year, in the order of the ranking."""
    cycle = find_cycle(request, pk)
    rows = Result.objects.visible_to(request.user).filter(assessment__cycle=cycle)
    rows = list(rows.select_related("assessment__organization").ranked())
    indicators = {row.pk: row for row in cycle.scheme.indicators.select_related("goal")}
    codes = sorted({row.code for row in indicators.values()}, key=code_order)
    answers = defaultdict(list)
    seen = {row.assessment_id for row in rows}
    for answer in Answer.objects.filter(assessment__cycle=cycle).iterator(2000):
        if answer.assessment_id in seen:
            answer.indicator = indicators[answer.indicator_id]
            answers[answer.assessment_id].append(answer)
    lines = [all_row(row, answers[row.assessment_id], codes) for row in rows]
    return download(request, f"{cycle}各项指标", all_headers(codes), lines, said=str(cycle))


def code_order(code) -> list:
    """4.10 comes after 4.9, and 4.1b after 4.1a."""
    return [(int(part), "") if part.isdecimal() else (0, part) for part in PARTS.findall(code)]

"""自评报告 as a Word file, drafted from what is on record."""

import io

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

FONT, HEADING = "仿宋", "黑体"


def build(row, sheets, standing) -> bytes:
    """The report of one assessment: a heading, a paragraph an indicator, the summary."""
    report = Document()
    section = report.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    style(report.styles["Normal"], FONT, 14)
    title = report.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run(title, f"{row.name}{row.cycle.year}年度服务型党组织建设自评报告", HEADING, 18)
    total = "—" if standing["total"] is None else standing["total"]
    report.add_paragraph(f"{row.get_sector_display()}领域，自评得分 {total} 分（按 100 分折算）。")
    for sheet in sheets:
        goal, own = sheet["goal"], "—" if sheet["own"] is None else sheet["own"]
        heading = f"{goal.number}. {goal.name}（{own} / {goal.points.normalize():f} 分）"
        run(report.add_paragraph(), heading, HEADING, 14)
        for line in sheet["rows"]:
            report.add_paragraph(line["words"])
    run(report.add_paragraph(), "总结", HEADING, 14)
    report.add_paragraph(row.summary or "（未填写）")
    report.add_paragraph("\n单位（盖章）：            负责人（签字）：            日期：")
    out = io.BytesIO()
    report.save(out)
    return out.getvalue()


def style(of, font, size):
    of.font.name, of.font.size = font, Pt(size)
    of.element.rPr.rFonts.set(qn("w:eastAsia"), font)


def run(paragraph, text, font, size):
    part = paragraph.add_run(text)
    part.font.name, part.font.size, part.font.bold = font, Pt(size), True
    part._element.rPr.rFonts.set(qn("w:eastAsia"), font)

from django.core.files.uploadedfile import SimpleUploadedFile

from assessments.models import EvidenceFile, Scheme
from assessments.opening import open_cycle, prepare
from orgs.models import Role
from tests.assessments.cycles import windows

READERS = {Role.AGENT, Role.SECRETARY, Role.REVIEWER}
PAGES = {
    "assessments:cycles": READERS,
    "assessments:cycles_export": READERS,
    "assessments:cycle_new": {Role.REVIEWER},
}
OBJECTS = {
    "assessments:cycle": (["cycle"], set()),
    "assessments:cycle_dashboard": (["cycle"], set()),
    "assessments:cycle_dashboard_export": (["cycle"], set()),
    "assessments:indicator": (["cycle"], set()),
    "assessments:indicator_export": (["cycle"], set()),
    "assessments:cycle_calendar": (["cycle"], set()),
    "assessments:cycle_recount": (["cycle"], set()),
    "assessments:board_export": (["cycle"], set()),
    "assessments:assessment": (["assessment"], set()),
    "assessments:self_report": (["assessment"], set()),
    "assessments:self_report_docx": (["assessment"], set()),
    "assessments:self_act": (["assessment", "self_verb"], set()),
    "assessments:answer": (["assessment", "answer"], set()),
    "assessments:evidence_file": (["assessment", "answer", "evidence"], set()),
    "assessments:evidence_remove": (["assessment", "answer", "evidence_kind", "evidence"], set()),
}


POST_ONLY = {
    "assessments:self_act", "assessments:cycle_recount", "assessments:evidence_remove",
}  # fmt: skip


def things(cast) -> dict:
    cycle = open_cycle(
        scheme=Scheme.objects.first(), organization=cast.home.organization, year=2026,
        actor=cast.reviewer, **windows(),
    )  # fmt: skip
    prepare(cycle)
    assessment = cycle.assessments.get()
    answer = assessment.answers.first()
    upload = SimpleUploadedFile("会议记录.pdf", b"%PDF-1.7")
    evidence = EvidenceFile.add(actor=cast.agent, answer=answer, upload=upload)
    return {
        "cycle": cycle.pk,
        "assessment": assessment.pk,
        "self_verb": "extend",
        "answer": answer.pk,
        "evidence": evidence.pk,
        "evidence_kind": "file",
    }

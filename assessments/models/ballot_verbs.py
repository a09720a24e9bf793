"""Who may do what to a ballot, from which state: guards and buttons ask here.

security.md's matrix: the organization department of above sets up, opens and closes; paper is
entered by the own organization or the department. Nobody sees a single ballot.
"""

from assessments.models.verbs import Part, Verb, parts_of

DEPARTMENT = (Part.DEPARTMENT,)
PREPARING = ("PREPARED", "OPEN")
BALLOT_VERBS = {
    "set_numbers": Verb("登记人数", DEPARTMENT, PREPARING),
    "open": Verb("开始测评", DEPARTMENT, ("PREPARED",)),
    "close": Verb("结束测评", DEPARTMENT, ("OPEN",)),
    "rerun": Verb("重新测评", DEPARTMENT, ("CLOSED",)),
    "ask_codes": Verb("申请印制测评码", DEPARTMENT, PREPARING),
    "allow_codes": Verb("同意印制测评码", DEPARTMENT, PREPARING),
    "print_codes": Verb("印制测评码", DEPARTMENT, PREPARING),
    "add_batch": Verb("登记纸质票", (*DEPARTMENT, Part.FILLER), ("OPEN",)),
    "enter_paper": Verb("录入纸质票", (*DEPARTMENT, Part.FILLER), ("OPEN", "CLOSED")),
}


def ballot_verbs_for(user, ballot) -> list[str]:
    if ballot.assessment.cycle.status != "OPEN":
        return []
    parts = parts_of(user, ballot.assessment)
    return [
        name
        for name, verb in BALLOT_VERBS.items()
        if ballot.status in verb.since and parts & set(verb.who)
    ]

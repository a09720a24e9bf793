"""Which requests the demo has: what state each is in, and since when or until when.

`when` counts workdays, by the kind of situation: how long ago it was registered (AGE), how many
are left before it is due (LEFT, negative when overdue), how long ago it was answered (AGO).
"""

from dataclasses import dataclass

AGE, LEFT, AGO = "AGE", "LEFT", "AGO"
#: Situation → what `when` counts; each is a method of `situations.Situation`.
SITUATIONS = {
    "registered": AGE,
    "supplementing": AGE,
    "refusal_proposed": AGE,
    "refused": AGE,
    "withdrawn": AGE,
    "deemed": AGE,
    "at_the_window": AGE,
    "accepted": AGE,
    "sent_back": AGE,
    "dispatched": AGE,
    "handling": LEFT,
    "returned": LEFT,
    "extension_proposed": LEFT,
    "suspended": LEFT,
    "assisted": LEFT,
    "supervised": LEFT,
    "merged": LEFT,
    "pending": LEFT,
    "approved": LEFT,
    "redoing": AGO,
    "replied": AGO,
    "rated": AGO,
    "complained": AGO,
    "silent": AGO,
    "called_back": AGO,
    "redone": AGO,
    "on_the_spot": AGO,
}


@dataclass(frozen=True)
class Case:
    township: str
    situation: str
    when: int
    unit: str
    #: Registered by the agent of the citizen's village.
    in_village: bool = False
    grade: int = 0
    #: Answered so many workdays after the due date.
    late: int = 0


#: 柳河镇, where the documented accounts work: everyone finds something to do at once.
OPEN_AT_HOME = (
    ("registered", 0, "民政"),
    ("registered", 0, "劳动保障"),
    ("registered", 1, "社区"),
    ("registered", 3, "城建"),
    ("registered", 5, "林业"),
    ("supplementing", 2, "土管"),
    ("refusal_proposed", 1, "社区"),
    ("refused", 2, "林业"),
    ("withdrawn", 1, "城建"),
    ("deemed", 7, "土管"),
    ("at_the_window", 0, "社区"),
    ("at_the_window", 0, "计生"),
    ("accepted", 0, "民政"),
    ("accepted", 0, "城建"),
    ("accepted", 1, "残联"),
    ("sent_back", 1, "林业"),
    ("dispatched", 0, "民政"),
    ("dispatched", 1, "民政"),
    ("dispatched", 0, "土管"),
    ("dispatched", 1, "城建"),
    ("dispatched", 0, "社区"),
    ("handling", 6, "民政"),
    ("handling", 1, "民政"),
    ("handling", 0, "民政"),
    ("handling", -1, "民政"),
    ("supervised", -6, "民政"),
    ("returned", 2, "民政"),
    ("redoing", 1, "民政"),
    ("extension_proposed", 2, "民政"),
    ("assisted", 4, "民政"),
    ("handling", 5, "土管"),
    ("handling", 2, "城建"),
    ("handling", 1, "劳动保障"),
    ("handling", 0, "社区"),
    ("handling", -2, "城建"),
    ("handling", -1, "林业"),
    ("suspended", 3, "残联"),
    ("merged", 2, "城建"),
    ("pending", 3, "民政"),
    ("pending", 1, "民政"),
    ("pending", 0, "残联"),
    ("pending", 2, "土管"),
    ("pending", 1, "社区"),
    ("approved", 2, "民政"),
    ("approved", 0, "民政"),
    ("approved", 1, "计生"),
    ("replied", 0, "民政"),
    ("replied", 1, "城建"),
    ("replied", 1, "残联"),
    ("replied", 2, "社区"),
    ("replied", 3, "劳动保障"),
    ("replied", 4, "土管"),
    ("rated", 2, "民政", 2),
    ("complained", 3, "土管", 2),
)
#: The same, smaller, in the two other townships.
OPEN_ELSEWHERE = (
    ("registered", 0, "劳动保障"),
    ("registered", 2, "城建"),
    ("at_the_window", 0, "社区"),
    ("accepted", 0, "土管"),
    ("accepted", 1, "林业"),
    ("dispatched", 0, "民政"),
    ("dispatched", 1, "城建"),
    ("handling", 4, "民政"),
    ("handling", 1, "残联"),
    ("handling", 0, "城建"),
    ("handling", -1, "土管"),
    ("handling", -2, "林业"),
    ("pending", 2, "社区"),
    ("pending", 1, "民政"),
    ("approved", 3, "计生"),
    ("replied", 1, "民政"),
    ("replied", 3, "林业"),
)
UNITS = ("民政", "城建", "劳动保障", "土管", "社区", "残联", "林业", "计生")
#: How answered cases ended, in turn.
ENDINGS = (
    ("rated", 5),
    ("on_the_spot", 5),
    ("rated", 4),
    ("silent", 0),
    ("called_back", 5),
    ("rated", 5),
    ("on_the_spot", 0),
    ("rated", 3),
    ("called_back", 4),
    ("rated", 5),
    ("rated", 2),
    ("silent", 0),
    ("on_the_spot", 4),
    ("rated", 4),
    ("redone", 5),
    ("rated", 1),
)
DIRECT_UNITS = ("计生", "劳动保障", "社区")
FIRST, LAST = 6, 82


def plan() -> list[Case]:
    return [
        *township("柳河镇", OPEN_AT_HOME, 36),
        *township("白石镇", OPEN_ELSEWHERE, 14),
        *township("东山乡", OPEN_ELSEWHERE, 14),
    ]


def township(name, rows, answered):
    for n, (situation, when, unit, *grade) in enumerate(rows):
        in_village = n % 3 == 1 and situation != "at_the_window"
        yield Case(name, situation, when, unit, in_village, *grade)
    for n in range(answered):
        situation, grade = ENDINGS[n % len(ENDINGS)]
        units = DIRECT_UNITS if situation == "on_the_spot" else UNITS
        yield Case(
            name,
            situation,
            FIRST + n * (LAST - FIRST) // answered,
            units[n % len(units)],
            n % 3 == 1 and situation != "on_the_spot",
            grade,
            late=n % 4 + 1 if n % 9 == 7 else 0,
        )

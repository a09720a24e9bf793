"""One row of a members' roster → the values of a Member, with every fault and doubt of the row."""

from datetime import date

from orgs.models import Member, Sex, Stage, Standing
from orgs.partial_date import PartialDate, may_be_one
from orgs.rosters import cells
from orgs.rosters.cells import STAGE_BESIDE, STANDING_BESIDE, BadCell, Doubt, as_text
from orgs.rosters.reader import RowReader

DATES = ("born", "joined", "confirmed", "lost_since")
FLAGS = (
    "is_lost", "is_away", "is_party_worker", "is_volunteer", "is_delegate",
    "is_first_secretary", "in_hardship",
)  # fmt: skip
TEXTS = ("degree", "native_place", "job", "address", "away_to", "note", "landline")
LABELS = {name: Member._meta.get_field(name).verbose_name for name in (*DATES, *FLAGS, *TEXTS)}
LENGTHS = {name: Member._meta.get_field(name).max_length or 60 for name in TEXTS}
#: What lists that are pinned up show in part only.
MASKABLE = ("landline", "address")
ADULT = 18
MALE, FEMALE = Sex.MALE.value, Sex.FEMALE.value
PROBATIONARY = Stage.PROBATIONARY.value
ODD = frozenset("13579")
#: What a column that asks for the word means by 是 and by 否; None: nobody for this roster.
ASKED = {
    "预备": (PROBATIONARY, Stage.FULL.value),
    "正式": (Stage.FULL.value, PROBATIONARY),
    "党员": ("", None),
}


class PersonReader(RowReader):
    def cleaners(self) -> dict:
        text = {name: self._text(name) for name in TEXTS}
        flags = {name: self._flag(name) for name in FLAGS}
        dates = {name: self._date(name) for name in DATES}
        return {
            "name": lambda value: self._name(as_text(value)),
            "sex": self._choice(cells.SEXES, "性别"),
            "ethnicity": self._choice(cells.PEOPLES, "民族"),
            "education": self._choice(cells.EDUCATIONS, "学历"),
            "stage": self._stage(),
            "standing": self._standing,
            "left_on": self._left_on,
            "phone": cells.clean_phone,
            "id_number": lambda value: cells.clean_id(value, self.today),
            **dates,
            **flags,
            **text,
        }

    def stored(self, value):
        return value.isoformat() if type(value) is PartialDate else value

    def _name(self, text):
        """张三（预备）, 李四（已故）: what no column says, the remark does."""
        name = cells.clean_name(text)
        if name == text:
            return name
        try:
            cells.remarks_on(text)
        except Doubt as doubt:
            said = {field: code for field, code in doubt.value.items() if field not in self.places}
            raise Doubt(str(doubt), {"name": name} | said) from None
        return name

    def _date(self, name):
        """出生年月: Excel keeps the first of the month where somebody typed a month."""
        heading = self.headings.get(name, "")
        is_month = "年月" in heading and "年月日" not in heading

        def clean(value):
            found = self.day(value, self.today)
            if is_month and isinstance(value, date) and value.day == 1:
                return PartialDate.of(value.year, value.month)
            return found

        return clean

    def _choice(self, known, label):
        return lambda value: cells.clean_choice(as_text(value), known, label)

    def _flag(self, name):
        return lambda value: cells.clean_flag(as_text(value), LABELS[name])

    def _text(self, name):
        longest = LENGTHS[name]

        def clean(value):
            text = as_text(value)
            if name in MASKABLE:
                cells.unmasked(text, LABELS[name])
            if len(text) > longest:
                raise BadCell(f"{LABELS[name]}最多 {longest} 个字，请缩短。")
            return text

        return clean

    def _stage(self):
        """Also where the heading asks: 是否预备党员, 是否为党员."""
        heading = self.headings.get("stage", "")
        asked = (
            next((word for word in ASKED if word in heading), None) if "是否" in heading else None
        )

        def clean(value):
            text = as_text(value)
            if asked and (said := cells.is_yes(text)) is not None:
                found = ASKED[asked][not said]
                if found is None:
                    raise BadCell("不是党员，不能导入党员名册。", "请从名册中删去这一行。")
                return found
            return cells.clean_stage(text)

        return clean

    def _left_on(self, value):
        text = as_text(value)
        raise Doubt(f"填了{self.headings['left_on']}“{text}”，可能已不在党支部，请核对党籍状态。")

    def _standing(self, value):
        """Many rosters write 正式党员 or 预备党员 into the column of 党籍状态."""
        text = as_text(value)
        if stage := cells.choice(text, cells.STAGES):
            return {"standing": Standing.NORMAL, STAGE_BESIDE: stage}
        cells.refuse_no_member(text)
        return cells.standing_of(text) or cells.clean_choice(text, cells.STANDINGS, "党籍状态")

    def require(self, row):
        self._compare(row)
        if self.claim and not self.claim.field and "stage" not in row.values:
            self.refuse(row, "stage", f"列在“{self.claim.word}”下面，不是党员，不能导入党员名册。")
        if "name" in row.values and "id_number" in row.values:
            return
        faulty = {fault["field"] for fault in row.faults}
        for name in ("name", "id_number"):
            if name in self.places and name not in row.values and name not in faulty:
                self.refuse(row, name, f"{self.headings[name]}不能为空。")
        if "id_number" not in self.places:
            self.warn(row, "name", "没有身份证号码，按姓名、出生日期和党支部辨认，请人工核对。")

    def _compare(self, row):
        """What the columns of stage and standing say of each other; who is gone, is gone."""
        beside = row.values.pop(STAGE_BESIDE, None)
        if beside and (stage := row.values.setdefault("stage", beside)) != beside:
            self.warn(row, "standing", f"与人员类别不一致（人员类别为{Stage(stage).label}）。")
        gone = row.values.pop(STANDING_BESIDE, None)
        if gone and row.values.setdefault("standing", gone) != gone:
            row.values["standing"] = gone
            self.warn(row, "standing", f"与人员类别不一致，按{Standing(gone).label}登记，请核对。")

    def cross_check(self, row):
        values = row.values
        if self.claim and self.claim.field:
            self._claimed(row)
        said = values.get
        if number := said("id_number"):
            self._against_id(row, number)
        born, joined, confirmed = said("born"), said("joined"), said("confirmed")
        if born and joined and int(joined[:4]) - int(born[:4]) < ADULT:
            self.warn(row, "joined", f"入党时不满 {ADULT} 岁，请核对。")
        if not confirmed:
            return
        if joined and confirmed < joined and not may_be_one(joined, confirmed):
            self.warn(row, "confirmed", "转正日期早于入党日期，请核对。")
        if said("stage") == PROBATIONARY:
            self.warn(row, "confirmed", "预备党员填了转正日期，请核对。")

    def _claimed(self, row):
        field, value, word = self.claim.field, self.claim.value, self.claim.word
        said = row.values.setdefault(field, value)
        if said != value:
            own = Member._meta.get_field(field)
            told = f"{own.verbose_name}却是{dict(own.choices)[said]}"
            self.warn(row, field, f"列在“{word}”下面，{told}，请核对。")
        elif field == "standing":
            self.warn(row, field, f"列在“{word}”下面，按{Standing(value).label}登记，请核对。")

    def _against_id(self, row, number):
        """The number tells sex and birth: it fills what was left blank, and doubts the rest."""
        sex = MALE if number[16] in ODD else FEMALE
        born = f"{number[6:10]}-{number[10:12]}-{number[12:14]}"
        said = row.values.setdefault("sex", sex), row.values.setdefault("born", born)
        if said == (sex, born):
            return
        if said[0] != sex:
            self.warn(row, "sex", f"与身份证号码不一致（号码为{Sex(sex).label}）。")
        if not may_be_one(said[1], born):
            self.warn(row, "born", f"与身份证号码不一致（号码为{PartialDate.parse(born)}）。")

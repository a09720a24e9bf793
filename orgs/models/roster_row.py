"""The rows of imported rosters: what each says, and what becomes of it."""

from functools import cached_property
from itertools import chain

import orjson
from django.db import models

from orgs.fields import EncryptedBulkField, EncryptedTextField
from orgs.models.member import Member
from orgs.models.organization import Organization
from orgs.models.roster import ImportBatch
from orgs.models.seat import CommitteeSeat


def day(value) -> str:
    """A date of the sheet."""
    return str(value).removesuffix(" 00:00:00")


def as_json(value) -> str:
    return orjson.dumps(value, default=day, option=orjson.OPT_PASSTHROUGH_DATETIME).decode()


class SealedJSONField(EncryptedTextField):
    """A list or mapping that nobody reads in the database; "" when there is nothing in it."""

    description = "加密内容"
    encode = staticmethod(as_json)

    def get_prep_value(self, value):
        # `manage.py reencrypt` writes the text again as it read it
        if value and not isinstance(value, str):
            value = self.encode(value)
        return super().get_prep_value(value or "")

    def from_db_value(self, value, expression, connection):
        text = super().from_db_value(value, expression, connection)
        return orjson.loads(text) if text else self.nothing()

    def to_python(self, value):
        return value

    def nothing(self):
        return self.default() if callable(self.default) else None


class ImportBlock(models.Model):
    """What some hundred rows of a batch say, under one seal: so that many cost little more than
    one. Rows find it as `row.raw` and `row.values`."""

    batch = models.ForeignKey(
        ImportBatch, models.CASCADE, related_name="blocks", verbose_name="批次"
    )
    #: {number: the cells as they stand in the sheet}, as [numbers, cells]
    cells = EncryptedBulkField("原内容", blank=True)
    #: {number: {field: value}}, as [numbers, fields, values in their order]
    said = EncryptedBulkField("对应内容", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "导入行内容"

    def __str__(self):
        return f"{self.batch} {self.pk}"

    @classmethod
    def of(cls, batch_id, rows):
        """The block, not yet saved, of rows with `number`, `raw` and `values`."""
        block = cls(batch_id=batch_id)
        numbers = [row.number for row in rows]
        block.cells = as_json([numbers, [row.raw for row in rows]])
        block.values = dict(zip(numbers, [row.values for row in rows], strict=True))
        block.said = block.as_said()
        return block

    @cached_property
    def raws(self) -> dict[int, list]:
        return dict(zip(*orjson.loads(self.cells), strict=True)) if self.cells else {}

    @cached_property
    def values(self) -> dict[int, dict]:
        numbers, fields, told = orjson.loads(self.said)
        return dict(zip(numbers, [named(fields, values) for values in told], strict=True))

    def columns(self, numbers) -> dict[str, tuple]:
        """{field: its value in each of these rows}, None where there is none."""
        every, fields, told = orjson.loads(self.said)
        if list(numbers) != every:
            by_number = dict(zip(every, told, strict=True))
            told = [by_number[number] for number in numbers]
        rows = [[*map(row.get, fields)] if type(row) is dict else row for row in told]
        return dict(zip(fields, zip(*rows, strict=True), strict=True))

    def as_said(self) -> str:
        fields = list(dict.fromkeys(chain.from_iterable(self.values.values())))
        told = [ordered(fields, values) for values in self.values.values()]
        return as_json([list(self.values), fields, told])


def ordered(fields, values: dict) -> list | dict:
    """Values without their names, None where there is none; as they are where one is None."""
    told = list(map(values.get, fields))
    return values if told.count(None) != len(fields) - len(values) else told


def named(fields, told: list | dict) -> dict:
    if type(told) is dict:
        return told
    return {name: value for name, value in zip(fields, told, strict=True) if value is not None}


class RowQuerySet(models.QuerySet):
    def with_content(self):
        """Ready to be asked for `raw` and `values`."""
        return self.prefetch_related("block")

    def save_values(self, rows):
        """`values` of rows, as they were changed in memory."""
        for block in {row.block_id: row.block for row in rows}.values():
            block.said = block.as_said()
            block.save(update_fields=["said"])


class ImportRow(models.Model):
    class Verdict(models.TextChoices):
        NEW = "NEW", "新增"
        UPDATE = "UPDATE", "更新"
        UNCHANGED = "UNCHANGED", "不变"
        DUPLICATE = "DUPLICATE", "重复"
        ERROR = "ERROR", "错误"
        SKIPPED = "SKIPPED", "略过"

    batch = models.ForeignKey(
        ImportBatch,
        models.CASCADE,
        related_name="rows",
        verbose_name="批次",
        # rows are written while their batch is locked, and both indexes begin with it
        db_constraint=False,
        db_index=False,
    )
    number = models.PositiveIntegerField("行号")
    verdict = models.CharField("结论", max_length=10, choices=Verdict)
    #: Made with its rows and gone with them: neither a constraint nor an index tells more.
    block = models.ForeignKey(
        ImportBlock,
        models.DO_NOTHING,
        related_name="+",
        verbose_name="内容",
        db_constraint=False,
        db_index=False,
    )
    #: [{"row", "column", "field", "value", "message", "hint"}]
    faults = SealedJSONField("错误", default=list)
    warnings = SealedJSONField("提醒", default=list)
    #: Whether a row that counts has warnings, which nobody can ask of a sealed field.
    is_warned = models.BooleanField("有提醒", default=False, editable=False)
    #: {field: value before} of an update.
    prior = SealedJSONField("原值", default=dict)
    id_index = models.CharField(max_length=64, null=True, editable=False)
    #: Whom it was found to mean; who came of it knows it as `origin`.
    member = models.ForeignKey(
        Member,
        models.SET_NULL,
        null=True,
        related_name="import_rows",
        verbose_name="党员",
        db_index=False,
    )
    seat = models.ForeignKey(
        CommitteeSeat,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="班子成员",
        db_index=False,
    )
    node = models.ForeignKey(
        Organization,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="党组织",
        db_index=False,
    )
    #: The target's version as this row found it; once it is in, as this row left it.
    target_version = models.PositiveIntegerField(null=True, editable=False)

    objects = RowQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "导入行"
        ordering = ["batch", "number"]
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="import_row_once")]
        indexes = [
            models.Index(fields=["batch", "verdict", "number"], name="row_by_verdict"),
            *(
                # few rows have one; the others should not pay for it
                models.Index(
                    fields=[name],
                    name=f"row_of_{name}",
                    condition=models.Q(**{f"{name}__isnull": False}),
                )
                for name in ("member", "seat", "node")
            ),
        ]

    def __str__(self):
        return f"第 {self.number} 行 {self.get_verdict_display()}"

    @property
    def raw(self) -> list:
        """The cells as they stand in the sheet; nothing once the file has been purged."""
        return self.block.raws.get(self.number, [])

    @property
    def values(self) -> dict:
        """{field: value} as the target takes them, dates as text, the branch by its id."""
        return self.block.values[self.number]

    @values.setter
    def values(self, said):
        self.block.values[self.number] = said

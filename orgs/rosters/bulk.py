"""Rows by the thousand: COPY on PostgreSQL, plain INSERT elsewhere, past the model instances.

Values come as the database holds them: what a field would compute or seal is done here once.
"""

import gc
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from operator import attrgetter

from django.db import connection
from django.utils import timezone

from orgs.fields import DerivedField, EncryptedTextField
from orgs.models import ImportBlock, ImportRow, Member
from orgs.models.roster_row import SealedJSONField


@contextmanager
def without_cycles():
    """While thousands of rows are made that refer to nothing in circles: the collector would go
    through all of them again and again, for an eighth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def chunks(rows, size):
    """Lists of so many."""
    rows = iter(rows)
    while some := list(islice(rows, size)):
        yield some


def insert(model, names, rows):
    """`rows`: tuples in the order of `names`, the fields of the model that are written."""
    quote = connection.ops.quote_name
    columns = [quote(model._meta.get_field(name).column) for name in names]
    into = f"{quote(model._meta.db_table)} ({', '.join(columns)})"
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            marks = ", ".join(["%s"] * len(names))
            cursor.executemany(f"INSERT INTO {into} VALUES ({marks})", rows)  # noqa: S608
            return
        # Django names the errors of execute() only.
        with connection.wrap_database_errors, cursor.copy(f"COPY {into} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)


@dataclass(slots=True)
class StagedRow:
    """A row as it is read and judged, and an ImportRow in the end."""

    batch_id: int
    number: int
    raw: list
    verdict: str = ""
    values: dict = field(default_factory=dict)
    faults: Sequence = ()
    warnings: Sequence = ()
    prior: dict = field(default_factory=dict)
    id_index: str | None = None
    block_id: int | None = None
    member_id: int | None = None
    seat_id: int | None = None
    node_id: int | None = None
    target_version: int | None = None
    is_warned: bool = False


#: So many rows share a seal: with fewer a roster takes longer, with more a page of the preview.
BLOCK = 500
PLAIN = ("batch_id", "number", "block_id", "verdict", "id_index", "member_id", "seat_id",
         "node_id", "target_version", "is_warned")  # fmt: skip
SEALED = ("faults", "warnings", "prior")
ROW_NAMES = [name.removesuffix("_id") for name in PLAIN] + [*SEALED]


def insert_rows(rows):
    """New ImportRows, staged."""
    for pk, some in zip(insert_blocks(rows), chunks(rows, BLOCK), strict=True):
        for row in some:
            row.block_id = pk
    plain, told = attrgetter(*PLAIN), attrgetter(*SEALED)
    encode = SealedJSONField.encode
    seals = [ImportRow._meta.get_field(name).sealer() for name in SEALED]

    def prepared(row):
        if not (row.faults or row.warnings or row.prior):
            return *plain(row), "", "", ""
        row.is_warned = bool(row.warnings) and row.verdict != ImportRow.Verdict.SKIPPED
        texts = zip(seals, told(row), strict=True)
        return *plain(row), *[seal(encode(value)) if value else "" for seal, value in texts]

    insert(ImportRow, ROW_NAMES, map(prepared, rows))


def insert_blocks(rows) -> list[int]:
    """What they say, `BLOCK` of them together; the primary keys in the order of the rows."""
    names = ("cells", "said")
    seals = [(name, ImportBlock._meta.get_field(name).sealer()) for name in names]
    blocks = [ImportBlock.of(some[0].batch_id, some) for some in chunks(rows, BLOCK)]
    sealed = [
        (block.batch_id, *(seal(getattr(block, name)) for name, seal in seals)) for block in blocks
    ]
    insert(ImportBlock, ("batch", *names), sealed)
    made = ImportBlock.objects.filter(batch=rows[0].batch_id) if rows else ImportBlock.objects
    return sorted(made.order_by("-pk").values_list("pk", flat=True)[: len(blocks)])


class MemberWriter:
    """New members from the stored values of rows."""

    def __init__(self):
        fields = [column for column in Member._meta.concrete_fields if not column.primary_key]
        self.names = [column.name for column in fields]
        self.places = {name: place for place, name in enumerate(self.names)}
        now = timezone.now()
        self.blank = [
            now if column.name == "created_at" else column.get_default() for column in fields
        ]
        self.blank = [
            column.get_db_prep_save(value, connection)
            for column, value in zip(fields, self.blank, strict=True)
        ]
        self.sealed = [
            (self.places[column.name], column.name, column.sealer())
            for column in fields
            if isinstance(column, EncryptedTextField)
        ]
        self.derived = [
            (self.places[column.name], column.source, column.derive)
            for column in fields
            if isinstance(column, DerivedField) and column.name != "id_index"
        ]
        self.index, self.origin = self.places["id_index"], self.places["origin"]

    def insert(self, rows):
        """`rows`: (the row's pk, stored values, blind index)."""
        insert(Member, self.names, (self._prepared(*row) for row in rows))

    def _prepared(self, pk, values, index) -> list:
        row, places = self.blank.copy(), self.places
        for name, value in values.items():
            row[places[name]] = value
        for place, name, seal in self.sealed:
            if plain := values.get(name):
                row[place] = seal(plain)
        for place, source, derive in self.derived:
            if plain := values.get(source):
                row[place] = derive(plain)
        row[self.index], row[self.origin] = index, pk
        return row

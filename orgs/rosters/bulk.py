"""Rows by the thousand: COPY on PostgreSQL, plain INSERT elsewhere, past the model instances.

Values come as the database holds them: what a field would compute or seal is done here once.
"""

import gc
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import chain, islice, repeat
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


class Inflow:
    """Rows on their way into the database: while it takes them in, the next can be made ready.

    with Inflow() as inflow:
        inflow.insert(model, names, rows)   # returns before PostgreSQL is done with them
        inflow.finish()                     # before anything else is asked of the connection
    """

    def __init__(self):
        # waits for PostgreSQL, which checks keys and constraints only when it has all rows
        self._waiting = ThreadPoolExecutor(1)
        self._end = None

    def __enter__(self):
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                # what rows refer to is looked up as they go in, and not of all in the end
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        return self

    def __exit__(self, kind, error, trace):
        with self._waiting:
            if error is None:
                self.finish()

    def finish(self):
        end, self._end = self._end, None
        if end:
            end.result()

    def insert(self, model, names, rows):
        """`rows`: tuples in the order of `names`, the fields of the model that are written."""
        self.finish()
        quote = connection.ops.quote_name
        columns = [quote(model._meta.get_field(name).column) for name in names]
        into = f"{quote(model._meta.db_table)} ({', '.join(columns)})"
        with ExitStack() as stack:
            cursor = stack.enter_context(connection.cursor())
            if connection.vendor != "postgresql":
                marks = ", ".join(["%s"] * len(names))
                cursor.executemany(f"INSERT INTO {into} VALUES ({marks})", rows)  # noqa: S608
                return
            # Django names the errors of execute() only.
            stack.enter_context(connection.wrap_database_errors)
            copy = stack.enter_context(cursor.copy(f"COPY {into} FROM STDIN"))
            for row in rows:
                copy.write_row(row)
            self._end = self._waiting.submit(stack.pop_all().close)


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


def insert_rows(inflow, rows):
    """New ImportRows, staged."""
    for pk, some in zip(insert_blocks(inflow, rows), chunks(rows, BLOCK), strict=True):
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

    inflow.insert(ImportRow, ROW_NAMES, map(prepared, rows))


def insert_blocks(inflow, rows) -> list[int]:
    """What they say, `BLOCK` of them together; the primary keys in the order of the rows."""
    names = ("cells", "said")
    seals = [(name, ImportBlock._meta.get_field(name).sealer()) for name in names]
    blocks = [ImportBlock.of(some[0].batch_id, some) for some in chunks(rows, BLOCK)]
    sealed = [
        (block.batch_id, *(seal(getattr(block, name)) for name, seal in seals)) for block in blocks
    ]
    inflow.insert(ImportBlock, ("batch", *names), sealed)
    inflow.finish()
    made = ImportBlock.objects.filter(batch=rows[0].batch_id).order_by("-pk")
    return sorted(made.values_list("pk", flat=True)[: len(blocks)])


class MemberWriter:
    """New members from the stored values of rows, column by column."""

    def __init__(self):
        self.fields = [f for f in Member._meta.concrete_fields if not f.primary_key]
        now = timezone.now()
        self.blank = {
            column.name: column.get_db_prep_save(
                now if column.name == "created_at" else column.get_default(), connection
            )
            for column in self.fields
        }
        self.makers = {column.name: self._maker(column) for column in self.fields}

    def insert(self, inflow, parts):
        """`parts`: (the rows' primary keys, their blind indexes, their stored values by field)."""
        names = [column.name for column in self.fields]
        inflow.insert(Member, names, chain.from_iterable(map(self._rows, parts)))

    def _rows(self, part):
        pks, indexes, said = part
        given = {"id_index": indexes, "origin": pks}
        columns = [given.get(field.name) or self._column(field.name, said) for field in self.fields]
        # one that is repeated without end is as long as the others
        return zip(*columns, strict=False)

    def _column(self, name, said):
        (source, make), blank = self.makers[name], self.blank[name]
        if source not in said:
            return repeat(blank)
        if make is None:
            return [blank if value is None else value for value in said[source]]
        return [blank if value is None else make(value) for value in said[source]]

    def _maker(self, column):
        """Which value of a row it holds, and what is made of it."""
        if isinstance(column, EncryptedTextField):
            return column.name, column.sealer()
        if isinstance(column, DerivedField):
            return column.source, column.derive
        return column.name, None

"""Rows by the thousand: COPY on PostgreSQL, plain INSERT elsewhere, past the model instances.

Values come as the database holds them: what a field would compute or seal is done here once.
"""

from django.db import connection
from django.utils import timezone

from orgs.fields import DerivedField, EncryptedTextField
from orgs.models import ImportRow, Member


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


ROW = [column for column in ImportRow._meta.concrete_fields if not column.primary_key]
ROW_NAMES = [column.name for column in ROW]
ROW_VALUES = [(column.attname, column.get_prep_value) for column in ROW]


def insert_rows(rows):
    """New ImportRows, staged."""
    for row in rows:
        row.is_warned = bool(row.warnings) and row.verdict != ImportRow.Verdict.SKIPPED
    prepared = (tuple(prepare(getattr(row, name)) for name, prepare in ROW_VALUES) for row in rows)
    insert(ImportRow, ROW_NAMES, prepared)


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
        self.sealed = [column for column in fields if isinstance(column, EncryptedTextField)]
        self.derived = [
            column
            for column in fields
            if isinstance(column, DerivedField) and column.name != "id_index"
        ]

    def insert(self, rows):
        """`rows`: (stored values, blind index)."""
        insert(Member, self.names, (self._prepared(*row) for row in rows))

    def _prepared(self, values, index) -> list:
        row = self.blank.copy()
        for name, value in values.items():
            row[self.places[name]] = value
        for column in self.sealed:
            if plain := values.get(column.name):
                row[self.places[column.name]] = column.seal(plain)
        for column in self.derived:
            if plain := values.get(column.source):
                row[self.places[column.name]] = column.derive(plain)
        row[self.places["id_index"]] = index
        return row

"""Chinese full-text search without an extension, alike on PostgreSQL and SQLite.

Chinese has no spaces between words, so that a text is indexed by its bigrams: each pair of
neighbouring characters becomes one ASCII word (`诉求` → `x8bc96c42`), the last character another.
A word of two characters is then one token, of one a prefix, and a longer one a row of bigrams.
It finds what LIKE '%word%' would find in `normalise(text)`, no more and no less.

    class RequestText(models.Model):
        tokens = SearchTokensField()

    RequestText(tokens=tokens(subject, content))  # a word never spans two texts
    RequestText.objects.filter(tokens__matches="路灯 维修")  # every word must be there

The migration that creates the table is followed by `SearchIndex("services", "RequestText",
"tokens")`. SQLite rebuilds a table that is altered, and its triggers are lost with the old one:
a later migration that alters the table must repeat the operation.
"""

import unicodedata

from django.core.exceptions import FullResultSet
from django.db import NotSupportedError, models
from django.db.migrations.operations.base import Operation, OperationCategory
from django.db.models.expressions import Col

#: UTF-16 units of one document. PostgreSQL holds 1 MB of distinct words in a document, here some
#: 60,000; what lies behind the limit is not found.
TEXT_LIMIT = 20_000
#: More words in one query are ignored.
WORD_LIMIT = 16
#: Bigrams of one word that ask the index; the rest of a very long word is compared afterwards.
PROBES = 32


def normalise(text: str | None) -> str:
    """Half-width, without case, without any white space."""
    folded = unicodedata.normalize("NFKC", text or "").casefold()
    return "".join(unicodedata.normalize("NFKC", folded).split())


def tokens(*texts: str | None) -> str:
    """The words that stand for the texts in a SearchTokensField."""
    found, room = [], TEXT_LIMIT
    for text in texts:
        units = _units(text)[:room]
        room -= len(units)
        # The last character alone also keeps the bigrams of two texts from being neighbours.
        found += _bigrams(units) + [f"x{unit}" for unit in units[-1:]]
    return " ".join(found)


def tsquery(word: str) -> str:
    """`word` for PostgreSQL's to_tsquery: its bigrams in any order.

    Positions would not do: a tsvector keeps 255 of a lexeme and none beyond 16,383. Their order
    is compared in the stored tokens instead, which is also quicker.
    """
    units = _units(word)
    if len(units) == 1:
        return f"x{units[0]}:*"
    return " & ".join(dict.fromkeys(_bigrams(units)[:PROBES]))


def fts5_query(word: str) -> str:
    """`word` for SQLite's FTS5: a phrase of its bigrams."""
    units = _units(word)
    if len(units) == 1:
        return f'"x{units[0]}" *'
    return f'"{_phrase(units)}"' if units else ""


def _units(text: str | None) -> list[str]:
    digits = normalise(text).encode("utf-16-be", "surrogatepass").hex()
    return [digits[i : i + 4] for i in range(0, len(digits), 4)]


def _bigrams(units: list[str]) -> list[str]:
    return [f"x{first}{second}" for first, second in zip(units, units[1:], strict=False)]


def _phrase(units: list[str]) -> str:
    return " ".join(_bigrams(units))


def _index_table(model) -> str:
    return f"{model._meta.db_table}_fts"


class SearchTokensField(models.TextField):
    """The output of `tokens()`; one of them a model."""

    description = "检索词"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{**kwargs, "editable": False})


@SearchTokensField.register_lookup
class Matches(models.Lookup):
    """`tokens__matches="路灯 维修"`: rows in which every word stands; all rows for no word."""

    lookup_name = "matches"
    prepare_rhs = False

    def as_sql(self, compiler, connection):
        raise NotSupportedError(f"no full-text search on {connection.vendor}")

    def as_postgresql(self, compiler, connection):
        words = self._words()
        column, params = self.process_lhs(compiler, connection)
        conditions = [f"to_tsvector('simple', {column}) @@ to_tsquery('simple', %s)"]
        values = [*params, " & ".join(map(tsquery, words))]
        for units in map(_units, words):
            if len(units) > 2:
                conditions.append(f"{column} LIKE %s")
                values += [*params, f"%{_phrase(units)}%"]
        return f"({' AND '.join(conditions)})", values

    def as_sqlite(self, compiler, connection):
        words = self._words()
        model = self.lhs.target.model
        key, params = compiler.compile(Col(self.lhs.alias, model._meta.pk))
        table = connection.ops.quote_name(_index_table(model))
        inner = f"SELECT rowid FROM {table} WHERE {table} MATCH %s"  # noqa: S608
        return f"{key} IN ({inner})", [*params, " AND ".join(map(fts5_query, words))]

    def _words(self) -> list[str]:
        words = [word for word in map(normalise, str(self.rhs).split()) if word]
        if not words:
            raise FullResultSet
        return words[:WORD_LIMIT]


# `{table}` and its like are filled in with quoted names.
GIN_DROP = ["DROP INDEX IF EXISTS {index}"]
GIN_CREATE = [
    "CREATE INDEX IF NOT EXISTS {index} ON {table} USING gin (to_tsvector('simple', {column}))"
]
FORGET = "INSERT INTO {fts} ({fts}, rowid, {column}) VALUES ('delete', old.{key}, old.{column});"
LEARN = "INSERT INTO {fts} (rowid, {column}) VALUES (new.{key}, new.{column});"
FTS5_DROP = [
    "DROP TRIGGER IF EXISTS {inserted}",
    "DROP TRIGGER IF EXISTS {deleted}",
    "DROP TRIGGER IF EXISTS {updated}",
    "DROP TABLE IF EXISTS {fts}",
]
FTS5_CREATE = [
    *FTS5_DROP,
    "CREATE VIRTUAL TABLE {fts} USING fts5"
    " ({column}, content={table}, content_rowid={key}, tokenize='unicode61')",
    f"CREATE TRIGGER {{inserted}} AFTER INSERT ON {{table}} BEGIN {LEARN} END",
    f"CREATE TRIGGER {{deleted}} AFTER DELETE ON {{table}} BEGIN {FORGET} END",
    f"CREATE TRIGGER {{updated}} AFTER UPDATE ON {{table}} BEGIN {FORGET} {LEARN} END",
    "INSERT INTO {fts} ({fts}) VALUES ('rebuild')",
]


class SearchIndex(Operation):
    """Migration operation: the index behind a SearchTokensField, kept by the database itself."""

    reduces_to_sql = True
    category = OperationCategory.SQL

    def __init__(self, app_label, model_name, field_name):
        self.app_label, self.model_name, self.field_name = app_label, model_name, field_name

    def state_forwards(self, app_label, state):
        pass

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        self._run(schema_editor, to_state, {"postgresql": GIN_CREATE, "sqlite": FTS5_CREATE})

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        self._run(schema_editor, to_state, {"postgresql": GIN_DROP, "sqlite": FTS5_DROP})

    def describe(self):
        return f"Index {self.model_name}.{self.field_name} for search"

    @property
    def migration_name_fragment(self):
        return f"{self.model_name.lower()}_search"

    def _run(self, schema_editor, state, statements):
        model = state.apps.get_model(self.app_label, self.model_name)
        connection = schema_editor.connection
        if not self.allow_migrate_model(connection.alias, model):
            return
        fts = _index_table(model)
        names = {
            "table": model._meta.db_table,
            "key": model._meta.pk.column,
            "column": model._meta.get_field(self.field_name).column,
            "fts": fts,
            "index": f"{fts}_gin",
            **{event: f"{fts}_{event}" for event in ("inserted", "updated", "deleted")},
        }
        quoted = {name: connection.ops.quote_name(value) for name, value in names.items()}
        for statement in statements[connection.vendor]:
            schema_editor.execute(statement.format(**quoted), params=None)

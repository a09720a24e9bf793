"""A clerk types two characters and finds every request in which they stand, and no other.

Chinese is searched by bigrams; on SQLite and on PostgreSQL the result is that of LIKE '%word%'
over the text as everybody reads it: without case, width or spaces.
"""

import random

import pytest
from django.apps import apps
from django.db import NotSupportedError, connection, connections, models
from django.db.migrations.state import ModelState, ProjectState
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orgs.search import (
    TEXT_LIMIT,
    SearchIndex,
    SearchTokensField,
    fts5_query,
    normalise,
    tokens,
    tsquery,
)
from tests.orgs.scratch import scratch_database

ALPHABET = "路灯坏了修aAb１1é😀𠮷 \u3000'\"*&|!()-:%_\\"
EITHER_DATABASE = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
INDEX = SearchIndex("scratch", "Document", "tokens")


class Document(models.Model):
    # As the key of a one-to-one row: not SQLite's own row number.
    id = models.BigIntegerField(primary_key=True)
    tokens = SearchTokensField()

    class Meta:
        app_label = "scratch"

    def __str__(self):
        return str(self.pk)


def build_index(alias, *, backwards=False):
    state = ProjectState()
    state.add_model(ModelState.from_model(Document))
    step = INDEX.database_backwards if backwards else INDEX.database_forwards
    with connections[alias].schema_editor() as editor:
        step("scratch", editor, state, state)


@pytest.fixture(scope="module", params=EITHER_DATABASE)
def alias(request, django_db_blocker):
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else None
    with scratch_database(django_db_blocker, Document, postgres_url=url) as alias:
        build_index(alias)
        yield alias


@pytest.fixture
def documents(alias):
    rows = Document.objects.using(alias)
    rows.all().delete()
    return rows


def keep(documents, *texts):
    for number, text in enumerate(texts, 1):
        documents.create(pk=number, tokens=tokens(*([text] if isinstance(text, str) else text)))


def found(documents, words):
    return list(documents.filter(tokens__matches=words).order_by("pk").values_list("pk", flat=True))


CORPUS = [
    ["".join(random.Random(10 * n + part).choices(ALPHABET, k=n % 40)) for part in range(2)]
    for n in range(120)
]


@pytest.fixture(scope="module")
def corpus(alias):
    rows = Document.objects.using(alias)
    rows.all().delete()
    rows.bulk_create(Document(pk=n, tokens=tokens(*texts)) for n, texts in enumerate(CORPUS))
    yield rows
    rows.all().delete()


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(words=st.text(st.sampled_from(ALPHABET), max_size=8))
def test_search_finds_exactly_what_like_would(corpus, words):
    wanted = [normalise(word) for word in words.split()]

    assert found(corpus, words) == [
        number
        for number, texts in enumerate(CORPUS)
        if all(any(word in normalise(text) for text in texts) for word in wanted)
    ]


def test_clerk_finds_words_of_one_two_and_more_characters(documents):
    keep(documents, "城东路灯坏了", "路边的灯", "请修路灯", "灯")

    assert found(documents, "灯") == [1, 2, 3, 4]
    assert found(documents, "路灯") == [1, 3]
    assert found(documents, "路灯坏") == [1]
    assert found(documents, "灯坏 城东") == [1]
    assert found(documents, "坏灯") == []


def test_width_case_and_spaces_make_no_difference(documents):
    keep(documents, "办理 Ｅ－Ｍａｉｌ 登记", "編號２０２６ＡＢ")

    assert found(documents, "e-mail登") == [1]
    assert found(documents, "2026ab") == [2]
    assert found(documents, "E-MAIL　办理") == [1]


def test_word_never_spans_two_texts(documents):
    keep(documents, ["城东路", "灯坏了"], ["东", "城"], ["", None, "路灯"])

    assert found(documents, "路灯") == [3]
    assert found(documents, "城东") == [1]
    assert found(documents, "东城") == []


def test_no_word_means_no_condition(documents):
    keep(documents, "路灯", "")

    assert found(documents, " \u3000") == [1, 2]
    assert documents.exclude(tokens__matches="路灯").get().pk == 2


@pytest.mark.parametrize("words", ["'", '"', '" OR x*', "a & !b", "x:*", "(", "\\", "%", "\x00路"])
def test_signs_that_mean_something_to_the_database_are_only_text(documents, words):
    keep(documents, "路灯坏了", f"甲{words}乙")

    assert found(documents, words) == [2]


def test_index_follows_every_change(documents):
    keep(documents, "路灯", "水管", "井盖")

    documents.filter(pk=1).update(tokens=tokens("树枝"))
    documents.filter(pk=2).delete()
    documents.bulk_create(
        [Document(pk=3, tokens=tokens("围墙")), Document(pk=4, tokens=tokens("路灯"))],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["tokens"],
    )

    assert [found(documents, word) for word in ("路灯", "水管", "井盖", "树枝", "围墙")] == [
        [4],
        [],
        [],
        [1],
        [3],
    ]


def test_long_text_is_found_to_its_last_character_within_the_limit(documents):
    filler = "哈" * 300 + "".join(chr(0x4E00 + n) for n in range(TEXT_LIMIT - 305))
    keep(documents, filler + "末尾的路灯" + "以外的井盖")

    assert found(documents, "的路灯") == [1]
    assert found(documents, "哈" * 299) == [1]
    assert found(documents, "井盖") == []


def test_very_long_query_is_compared_to_its_end(documents):
    sentence = "".join(chr(0x4E00 + n) for n in range(500))
    keep(documents, sentence, sentence[:-1] + "异")

    assert found(documents, sentence) == [1]
    assert found(documents, " ".join(sentence)) == [1, 2]


def test_removed_index_can_be_built_again_over_the_rows_that_are_there(documents):
    keep(documents, "路灯")
    build_index(documents.db, backwards=True)
    documents.create(pk=2, tokens=tokens("路灯"))

    build_index(documents.db)
    build_index(documents.db)

    assert found(documents, "路灯") == [1, 2]


@pytest.mark.postgres
def test_postgresql_takes_every_token_for_one_word_as_it_stands(postgres_url, django_db_blocker):
    random_tokens = [f"x{random.Random(n).getrandbits(32):08x}" for n in range(20_000)]
    every_unit = [f"x{n:04x}" for n in range(0x10000)]
    with (
        scratch_database(django_db_blocker, postgres_url=postgres_url) as alias,
        connections[alias].cursor() as cursor,
    ):
        for some in (random_tokens, every_unit):
            cursor.execute("SELECT tsvector_to_array(to_tsvector('simple', %s))", [" ".join(some)])
            assert cursor.fetchone()[0] == sorted(set(some))


@pytest.mark.postgres
def test_postgresql_answers_from_the_index(postgres_url, django_db_blocker):
    with scratch_database(django_db_blocker, Document, postgres_url=postgres_url) as alias:
        build_index(alias)
        rows = Document.objects.using(alias)
        rows.bulk_create(Document(pk=n, tokens=tokens(chr(0x4E00 + n) * 9)) for n in range(2000))
        with connections[alias].cursor() as cursor:
            cursor.execute("ANALYZE scratch_document")
        plans = [rows.filter(tokens__matches=word).explain() for word in ("丁", "丁丁", "丁丁丁")]

    assert ["scratch_document_fts_gin" in plan for plan in plans] == [True, True, True]


def test_query_is_made_of_the_words_of_the_text():
    assert tokens("诉求") == "x8bc96c42 x6c42"
    assert tokens("诉", "", None, "诉求") == "x8bc9 x8bc96c42 x6c42"
    assert (tsquery("诉"), fts5_query("诉")) == ("x8bc9:*", '"x8bc9" *')
    assert (tsquery("诉求"), fts5_query("诉求")) == ("x8bc96c42", '"x8bc96c42"')
    assert tsquery("求诉求") == "x6c428bc9 & x8bc96c42"
    assert fts5_query("求诉求") == '"x6c428bc9 x8bc96c42"'
    assert (tokens(), tsquery(""), fts5_query(" ")) == ("", "", "")


def test_another_database_is_told_apart_instead_of_answering_wrongly(documents):
    lookup = documents.filter(tokens__matches="路").query.where.children[0]

    with pytest.raises(NotSupportedError):
        lookup.as_sql(None, connections[documents.db])


def test_operation_says_what_it_does_and_can_be_written_down():
    assert INDEX.describe() == "Index Document.tokens for search"
    assert INDEX.migration_name_fragment == "document_search"
    assert INDEX.deconstruct() == ("SearchIndex", ("scratch", "Document", "tokens"), {})


@pytest.mark.django_db
def test_every_searched_table_still_has_its_index_after_all_migrations():
    searched = [
        model
        for model in apps.get_models()
        if any(isinstance(field, SearchTokensField) for field in model._meta.local_fields)
    ]
    catalogue = {
        "sqlite": "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s",
        "postgresql": "SELECT 3 * count(*) FROM pg_indexes WHERE tablename = %s "
        "AND indexdef LIKE '%%gin (to_tsvector(%%'",
    }
    with connection.cursor() as cursor:
        for model in searched:
            cursor.execute(catalogue[connection.vendor], [model._meta.db_table])
            assert (model._meta.label, cursor.fetchone()[0]) == (model._meta.label, 3)

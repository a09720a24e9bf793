"""Whoever carries off the database reads no telephone and no id number.

The number is sealed in its column, found again only by the whole number, recognised by its last
four, and keys can be changed while the portal runs.
"""

import base64
from io import StringIO

import pytest
from django.apps import apps
from django.core.exceptions import FieldError
from django.core.management import call_command
from django.db import connections, models
from django.db.models import F

from orgs.fields import (
    BlindIndexField,
    EncryptedTextField,
    TailField,
    UnreadableSecret,
    blind_index,
    normalise,
)
from orgs.management.commands.reencrypt import rewrite
from tests.orgs.scratch import scratch_database

PHONE, OTHER_PHONE = "13900010021", "0717-6222345"
ID_NUMBER = "11010519491231002X"


class Person(models.Model):
    phone = EncryptedTextField(blank=True, null=True)
    phone_index = BlindIndexField(source="phone")
    phone_tail = TailField(source="phone")
    id_number = EncryptedTextField(blank=True)
    id_index = BlindIndexField(source="id_number", unique=True)

    class Meta:
        app_label = "scratch"

    def __str__(self):
        return str(self.pk)


@pytest.fixture
def people(django_db_blocker):
    with scratch_database(django_db_blocker, Person) as alias:
        yield Person.objects.using(alias)


def stored(person, column):
    with connections[person._state.db].cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM scratch_person WHERE id = %s", [person.pk])  # noqa: S608
        return cursor.fetchone()[0]


def overwrite(person, column, text):
    with connections[person._state.db].cursor() as cursor:
        cursor.execute(f"UPDATE scratch_person SET {column} = %s", [text])  # noqa: S608


def test_clerk_reads_the_number_and_the_database_holds_none(people):
    person = people.create(phone=PHONE, id_number=ID_NUMBER)

    again = people.get(pk=person.pk)
    assert (again.phone, again.id_number) == (PHONE, ID_NUMBER)
    assert stored(person, "phone").startswith("v1:")
    assert len(base64.urlsafe_b64decode(stored(person, "phone")[3:])) == 12 + len(PHONE) + 16
    assert stored(person, "phone_index") == blind_index(PHONE)
    assert stored(person, "phone_tail") == "0021"


def test_same_number_is_sealed_differently_each_time(people):
    first, second = people.create(phone=PHONE), people.create(phone=PHONE)

    assert stored(first, "phone") != stored(second, "phone")
    assert stored(first, "phone_index") == stored(second, "phone_index")


@pytest.mark.parametrize("empty", [None, ""])
def test_person_without_a_number_has_nothing_sealed_and_is_not_found(people, empty):
    person = people.create(phone=empty)
    people.create(phone=empty)

    assert stored(person, "phone") == empty == people.get(pk=person.pk).phone
    assert (stored(person, "phone_index"), stored(person, "phone_tail")) == (None, "")
    assert people.filter(phone_index=blind_index(empty)).count() == 0


@pytest.mark.parametrize(
    "typed",
    [
        PHONE,
        "139 0001 0021",
        "139-0001-0021",
        "+86 13900010021",
        "008613900010021",
        "１３９０００１００２１",
    ],
)
def test_clerk_finds_the_person_however_the_number_is_typed(people, typed):
    person = people.create(phone=PHONE)
    people.create(phone=OTHER_PHONE)

    assert people.get(phone_index=blind_index(typed)) == person


@pytest.mark.parametrize("last", ["X", "x", "Ｘ", "×", "Х"])
def test_check_letter_of_an_id_number_is_one_letter(last):
    assert normalise(f"110105 19491231 002{last}") == ID_NUMBER


@pytest.mark.parametrize(("number", "tail"), [("12345", "2345"), ("110", ""), ("1234", "")])
def test_tail_never_gives_away_the_whole_number(people, number, tail):
    assert people.create(phone=number).phone_tail == tail


def test_id_number_is_unique_and_may_be_missing_twice(people):
    people.create(id_number=ID_NUMBER)
    people.create()
    people.create()

    assert people.filter(id_index__isnull=True).count() == 2
    assert people.model._meta.get_field("id_index").unique


def test_plain_save_of_the_three_columns_keeps_them_together(people):
    person = people.create(phone=OTHER_PHONE)

    person.phone = PHONE
    person.save(update_fields=["phone", "phone_index", "phone_tail"])

    assert people.get(phone_index=blind_index(PHONE), phone_tail="0021").phone == PHONE


def test_many_people_are_created_at_once_with_their_indexes(people):
    people.bulk_create([Person(phone=PHONE), Person(phone=OTHER_PHONE)])

    assert people.get(phone_index=blind_index(PHONE)).phone_tail == "0021"
    assert sorted(people.values_list("phone", flat=True)) == [OTHER_PHONE, PHONE]


@pytest.mark.parametrize("lookup", ["phone", "phone__contains", "phone__in", "phone__length"])
def test_search_over_sealed_text_is_refused_instead_of_finding_nothing(people, lookup):
    with pytest.raises(FieldError, match="scratch.Person.phone is encrypted"):
        people.filter(**{lookup: PHONE})


def test_missing_number_can_be_asked_for(people):
    people.create(phone=PHONE)
    nobody = people.create(phone=None)

    assert list(people.filter(phone__isnull=True)) == [nobody]


def test_sealed_text_moved_to_another_column_does_not_open(people):
    people.create(phone=PHONE, id_number=ID_NUMBER)
    people.update(phone=F("id_number"))

    with pytest.raises(UnreadableSecret, match=r"scratch\.Person\.phone"):
        people.get()


@pytest.mark.parametrize("text", [PHONE, "v1:AAAA", "v9:AAAA", "v1:AAA", "v1:"])
def test_text_that_no_key_sealed_does_not_pass_for_a_number(people, text):
    overwrite(people.create(phone=PHONE), "phone", text)

    with pytest.raises(UnreadableSecret):
        people.get()


def test_rotation_reads_the_old_key_and_writes_the_new_one(people, settings):
    old = people.create(phone=PHONE)
    settings.FIELD_KEYS = {**settings.FIELD_KEYS, 2: b"n" * 32}
    new = people.create(phone=OTHER_PHONE)

    assert [stored(person, "phone")[:3] for person in (old, new)] == ["v1:", "v2:"]
    assert people.get(pk=old.pk).phone == PHONE


def test_reencrypt_moves_every_row_to_the_new_key_once(people, settings):
    person = people.create(phone=PHONE, id_number=ID_NUMBER)
    people.create()
    settings.FIELD_KEYS = {**settings.FIELD_KEYS, 2: b"n" * 32}

    assert rewrite(Person, people.db, []) == (2, 1)
    assert rewrite(Person, people.db, []) == (2, 0)
    settings.FIELD_KEYS = {2: b"n" * 32}
    assert people.get(pk=person.pk).phone == PHONE
    assert people.get(id_index=blind_index(ID_NUMBER)).id_number == ID_NUMBER


def test_reencrypt_mends_indexes_that_an_update_left_behind(people):
    people.create(phone=OTHER_PHONE)
    people.update(phone=PHONE)

    assert people.filter(phone_index=blind_index(PHONE)).count() == 0
    assert rewrite(Person, people.db, []) == (1, 1)
    assert people.get(phone_index=blind_index(PHONE)).phone_tail == "0021"


def test_reencrypt_follows_a_new_index_key(people, settings):
    people.create(phone=PHONE)
    settings.INDEX_KEY = b"i" * 32

    assert rewrite(Person, people.db, []) == (1, 1)
    assert people.get(phone_index=blind_index(PHONE)).phone == PHONE


def test_reencrypt_reports_what_it_cannot_read_and_does_the_rest(people, settings):
    broken = people.create()
    overwrite(broken, "phone", "v7:AAAA")
    people.create(phone=PHONE)
    settings.FIELD_KEYS = {**settings.FIELD_KEYS, 2: b"n" * 32}
    unreadable = []

    assert rewrite(Person, people.db, unreadable) == (2, 1)
    assert unreadable == [f"scratch.Person.phone: not encrypted with a known key (pk {broken.pk})"]
    assert stored(broken, "phone") == "v7:AAAA"


def test_reencrypt_goes_through_more_rows_than_one_batch(people, settings, monkeypatch):
    monkeypatch.setattr("orgs.management.commands.reencrypt.BATCH", 2)
    people.bulk_create([Person(phone=PHONE) for _ in range(5)])
    settings.FIELD_KEYS = {**settings.FIELD_KEYS, 2: b"n" * 32}

    assert rewrite(Person, people.db, []) == (5, 5)


@pytest.mark.django_db
def test_administrator_runs_reencrypt_over_every_model_that_seals_something():
    out = StringIO()
    call_command("reencrypt", stdout=out)

    sealing = [
        model._meta.label
        for model in apps.get_models()
        if any(isinstance(field, EncryptedTextField) for field in model._meta.local_fields)
    ]
    assert out.getvalue().splitlines() == [f"{label}：检查 0 行，重写 0 行" for label in sealing]


def test_migrations_can_write_the_fields_down_and_read_them_again():
    for field in Person._meta.local_fields[1:]:
        _, path, args, kwargs = field.deconstruct()
        again = field.clone()
        assert again.deconstruct()[1:] == (path, args, kwargs)
        assert (again.null, again.blank, again.max_length) == (
            field.null,
            field.blank,
            field.max_length,
        )


def test_checks_refuse_an_index_over_sealed_text_and_a_source_that_is_not_there():
    class Careless(models.Model):  # noqa: DJ008
        secret = EncryptedTextField(unique=True)
        secret_index = BlindIndexField(source="secrte")

        class Meta:
            app_label = "scratch"

    fields = [Careless._meta.get_field(name) for name in ("secret", "secret_index")]

    assert [error.id for field in fields for error in field.check()] == ["orgs.E001", "orgs.E002"]

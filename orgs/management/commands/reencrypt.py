"""Rewrite encrypted columns with the newest key, so that an old key can be retired."""

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from orgs.fields import DerivedField, EncryptedTextField, UnreadableSecret

BATCH = 500
#: Of what no key opens; more lines tell no more.
SHOWN = 20


class Command(BaseCommand):
    help = "用最新密钥重写加密字段，并更新检索摘要和末几位；可以反复执行。"

    def add_arguments(self, parser):
        parser.add_argument(
            "--database", default="default", choices=list(connections), help="数据库别名"
        )

    def handle(self, *, database, **options):
        unreadable = []
        for model in apps.get_models(include_auto_created=True):
            if not any(isinstance(field, EncryptedTextField) for field in model._meta.local_fields):
                continue
            seen, rewritten = rewrite(model, database, unreadable)
            self.stdout.write(f"{model._meta.label}：检查 {seen} 行，重写 {rewritten} 行")
        if unreadable:
            raise CommandError(
                f"有 {len(unreadable)} 行无法解密，未作改动：\n"
                + "\n".join(unreadable[:SHOWN])
                + "\n请检查 FIELD_KEYS 是否还含有旧版本的密钥。"
            )


def rewrite(model, database, unreadable) -> tuple[int, int]:
    """Rows seen and rows rewritten; a row that somebody changes meanwhile is left to them."""
    seen = rewritten = 0
    for row in _rows(model, database):
        seen += 1
        try:
            changes = _changes(model, row)
        except UnreadableSecret as error:
            unreadable.append(f"{error} (pk {row['pk']})")
            continue
        if changes:
            stored = {name: text for name, text in row.items() if name.startswith("stored_")}
            rewritten += _all(model, database).filter(pk=row["pk"], **stored).update(**changes)
    return seen, rewritten


def _all(model, database):
    """Every row, past any manager that hides some; encrypted columns also as they are stored."""
    sealed = [f for f in model._meta.local_fields if isinstance(f, EncryptedTextField)]
    stored = {f"stored_{field.name}": Cast(field.name, TextField()) for field in sealed}
    return QuerySet(model, using=database).annotate(**stored)


def _rows(model, database):
    derived = [field for field in model._meta.local_fields if isinstance(field, DerivedField)]
    sources = {field.source for field in derived if not _is_sealed(model, field.source)}
    rows = _all(model, database).order_by("pk")
    names = ["pk", *rows.query.annotations, *(field.name for field in derived), *sources]
    batch = list(rows.values(*names)[:BATCH])
    while batch:
        yield from batch
        batch = list(rows.filter(pk__gt=batch[-1]["pk"]).values(*names)[:BATCH])


def _is_sealed(model, name) -> bool:
    return isinstance(model._meta.get_field(name), EncryptedTextField)


def _changes(model, row) -> dict:
    fields, values, changes = model._meta.local_fields, dict(row), {}
    for field in fields:
        if isinstance(field, EncryptedTextField):
            stored = row[f"stored_{field.name}"]
            values[field.name] = field.unseal(stored) if stored else stored
            if stored and not field.is_current(stored):
                changes[field.name] = values[field.name]
    for field in fields:
        if isinstance(field, DerivedField):
            value = field.derive(values[field.source])
            if value != row[field.name]:
                changes[field.name] = value
    return changes

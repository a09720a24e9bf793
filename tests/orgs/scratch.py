"""A throw-away database for tests that need a table no app has."""

from contextlib import contextmanager
from uuid import uuid4

import environ
import psycopg
from django.db import connections


@contextmanager
def scratch_database(blocker, *models, postgres_url=None):
    """The alias of an empty database that holds the tables of `models`."""
    alias = f"scratch_{uuid4().hex}"
    with blocker.unblock(), _place(alias, postgres_url) as place:
        connections.databases[alias] = {**connections.databases["default"], "OPTIONS": {}, **place}
        try:
            with connections[alias].schema_editor() as editor:
                for model in models:
                    editor.create_model(model)
            yield alias
        finally:
            connections[alias].close()
            del connections[alias], connections.databases[alias]


@contextmanager
def _place(name, postgres_url):
    if postgres_url is None:
        yield {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}
        return
    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        yield {**environ.Env.db_url_config(postgres_url), "NAME": name}
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")

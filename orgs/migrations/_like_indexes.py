"""Indexes for LIKE that hashes had before BlindIndexField said its own type."""


def drop_like_indexes(schema_editor, model, *columns):
    if schema_editor.connection.vendor != "postgresql":
        return
    for column in columns:
        for name in schema_editor._constraint_names(model, [column], index=True):
            if name.endswith("_like"):
                schema_editor.execute(f"DROP INDEX {schema_editor.quote_name(name)}")

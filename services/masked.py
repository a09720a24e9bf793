"""What people typed, for readers who may not see it in full: nobody's numbers stand in it."""

from orgs.masking import mask_text

#: Lists of a page and what was typed into their rows; then single rows.
LISTS = {
    "replies": ("text", "return_reason", "proof"),
    "assignments": ("return_reason",),
    "attachments": ("name",),
    "callbacks": ("note",),
    "rectifications": ("result",),
    "complaints": ("text", "answer"),
    "moves": ("name", "note"),
    "pauses": ("reason",),
    "visits": ("purpose",),
}
SINGLE = {
    "evaluation": ("comment", "addition"),
    "proposal": ("reason", "alternative", "proof"),
    "refusal": ("reason", "alternative"),
    "answer": ("text",),
}
ERRAND = ("scope", "signature_note", "return_note", "end_reason")


def hide_numbers(context):
    """Mask them in the rows of the page, which are shown and never saved."""
    for name in LISTS.keys() & context.keys():
        for row in context[name]:
            mask_fields(row, LISTS[name])
    for name in SINGLE.keys() & context.keys():
        if context[name]:
            mask_fields(context[name], SINGLE[name])


def mask_fields(row, fields):
    for field in fields:
        setattr(row, field, mask_text(getattr(row, field)))

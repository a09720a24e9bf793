"""Files that were attached: given out through the scope of their record, never by an address."""

import logging

from django.http import FileResponse
from django.shortcuts import render

logger = logging.getLogger(__name__)


def file_response(request, row):
    """The `file` of a row under its `name`; a page that says so where it is lost."""
    try:
        return FileResponse(row.file.open("rb"), as_attachment=True, filename=row.name)
    except FileNotFoundError:
        logger.error("%s %s: its file is lost", row._meta.label, row.pk)
        return render(request, "file_lost.html", {"name": row.name}, status=404)

"""The words of requests, prepared for search."""

from django.db import models

from orgs.masking import mask_text
from orgs.search import SearchTokensField


def subject_line(text) -> str:
    """A subject stands in lists, headings, notices and mail headers, for everybody who may see
    the request: one line, and nobody's numbers."""
    return mask_text(" ".join(text.split()))


class RequestText(models.Model):
    """The words of a request as bigrams, beside the row, so that lists stay small."""

    request = models.OneToOneField(
        "services.ServiceRequest", models.CASCADE, primary_key=True, related_name="text"
    )
    tokens = SearchTokensField()

    def __str__(self):
        return str(self.request_id)

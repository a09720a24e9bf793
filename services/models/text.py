"""The words of requests, prepared for search."""

from django.db import models

from orgs.search import SearchTokensField


def in_one_line(text) -> str:
    """A subject stands in lists, headings and mail headers: no breaks, no double spaces."""
    return " ".join(text.split())


class RequestText(models.Model):
    """The words of a request as bigrams, beside the row, so that lists stay small."""

    request = models.OneToOneField(
        "services.ServiceRequest", models.CASCADE, primary_key=True, related_name="text"
    )
    tokens = SearchTokensField()

    def __str__(self):
        return str(self.request_id)

"""The words of requests, prepared for search."""

from django.db import models

from orgs.search import SearchTokensField


class RequestText(models.Model):
    """The words of a request as bigrams, beside the row, so that lists stay small."""

    request = models.OneToOneField(
        "services.ServiceRequest", models.CASCADE, primary_key=True, related_name="text"
    )
    tokens = SearchTokensField()

    def __str__(self):
        return str(self.request_id)

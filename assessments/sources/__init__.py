"""自动取数: figures that the portal already knows, so that nobody types or claims them.

    SOURCES["on_time"].tally(Ground.of(cycle))             # all organizations at once
    SOURCES["on_time"].rows(Ground.of(cycle, here), part)  # the cases behind one figure
    fill(cycle)                                            # into the answers of the cycle

A source that the scheme names and that is not here has no ledger yet: the organization then scores
itself with evidence, and the page says so.
"""

from assessments.sources.filling import fill
from assessments.sources.registry import SOURCES
from assessments.sources.source import Ground, Source

__all__ = ["SOURCES", "Ground", "Source", "fill"]

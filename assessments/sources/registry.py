"""All sources by their code, as schemes name them."""

from assessments.sources.cases import CASES
from assessments.sources.debriefings import DEBRIEFING
from assessments.sources.register import REGISTER
from assessments.sources.source import Source

SOURCES: dict[str, Source] = {source.code: source for source in (*CASES, *REGISTER, DEBRIEFING)}

from tests.orgs.conftest import queries, signed_in
from tests.services.conftest import cast, enter

__all__ = ["cast", "enter", "queries", "signed_in"]

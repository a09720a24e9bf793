from tests.services.conftest import cast, enter

__all__ = ["cast", "enter"]

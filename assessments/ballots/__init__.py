"""群众测评: counting, validity and what may be shown, apart from how it is stored."""

"""Small workbooks for the tests of imports."""

from openpyxl import Workbook


def workbook(path, *rows, title="Sheet"):
    """Write the rows to one sheet; returns the path."""
    book = Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path

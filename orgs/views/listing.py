"""Numbered pages for lists that are short enough to be counted."""

from django.core.paginator import EmptyPage, PageNotAnInteger

PER_PAGE, MOST = 30, 100


def paged(request, table):
    """Order the table as the address asks and turn to its page; out of range is the last."""
    table.request = request
    if order := request.GET.getlist(table.prefixed_order_by_field):
        table.order_by = order
    size = request.GET.get(table.prefixed_per_page_field, "")
    size = min(int(size), MOST) if size.isdecimal() and int(size) else PER_PAGE
    try:
        table.paginate(page=request.GET.get(table.prefixed_page_field, 1), per_page=size)
    except PageNotAnInteger:
        table.paginate(page=1, per_page=size)
    except EmptyPage:
        table.paginate(page=table.paginator.num_pages, per_page=size)
    return table

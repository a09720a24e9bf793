"""Which roles and duties may open a page at all; which rows they see there is `visible_to`."""

from functools import wraps

from django.core.exceptions import PermissionDenied


def allow(*who):
    """Refuse with 403 everybody who holds none of these roles or duties."""

    def decorate(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if not may_open(request.user, who):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def may_open(user, who) -> bool:
    return user.duty in who if user.is_administrator else user.holds(*who)

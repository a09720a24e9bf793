"""Where a page leads next, when the request itself names the place."""

from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme


def asked_for(request) -> str:
    """`next` of the form or the address, as long as it stays on this site; else ""."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if safe else ""


def onward(request, otherwise="home") -> str:
    return asked_for(request) or resolve_url(otherwise)

"""What every request passes: maintenance, whose posts are used, initial passwords."""

from datetime import timedelta
from ipaddress import ip_address
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

LARGE_TEXT_COOKIE = "large_text"


def maintenance(get_response):
    """Answer every page but the health check with the maintenance page while it is set."""

    def middleware(request):
        open_paths = ("/healthz", f"/{settings.STATIC_URL.lstrip('/')}")
        if settings.MAINTENANCE and not request.path.startswith(open_paths):
            page = HttpResponse(render_to_string("503.html"), status=503)
            page["Retry-After"] = "600"
            return page
        return get_response(request)

    return middleware


def client_ip(request) -> str | None:
    """The visitor's address: forwarded headers count only as far as our own proxies set them."""
    count = settings.TRUSTED_PROXY_COUNT
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    said = forwarded[-count] if 0 < count <= len(forwarded) else request.META.get("REMOTE_ADDR")
    try:
        address = ip_address((said or "").strip())
        return str(getattr(address, "ipv4_mapped", None) or address)
    except ValueError:
        return None


def acting(get_response):
    """Tell the user object where it acts from; end sessions that may not go on."""

    def middleware(request):
        request.ip = client_ip(request)
        request.large_text = request.COOKIES.get(LARGE_TEXT_COOKIE) == "1"
        user = request.user
        if user.is_authenticated:
            if not may_go_on(request):
                logout(request)
                back = {"next": request.get_full_path()} if request.method == "GET" else {}
                return redirect(f"{reverse('orgs:sign_in')}?{urlencode({'ended': 1, **back})}")
            user.ip = request.ip
            user.posts_now = user.all_posts()
            user.acting_organization = chosen_organization(request)
        return get_response(request)

    return middleware


def may_go_on(request) -> bool:
    """One session an account, and none longer than a working day."""
    started = request.session.get("started")
    if request.user.session_key != request.session.session_key or started is None:
        return False
    age = timezone.now().timestamp() - started
    return age < timedelta(hours=settings.SESSION_ABSOLUTE_HOURS).total_seconds()


def chosen_organization(request):
    """The organization chosen in the header, as long as a post is held there."""
    held = {post.organization_id: post.organization for post in request.user.posts_now}
    chosen = request.session.get("organization")
    if chosen in held:
        return held[chosen]
    return next(iter(held.values()), None)


def password_change_first(get_response):
    """An initial or expired password opens one page only: the one that changes it."""

    def middleware(request):
        return get_response(request)

    def process_view(request, view, args, kwargs):
        user = request.user
        if not user.is_authenticated or not getattr(view, "login_required", True):
            return None
        allowed = {reverse("orgs:change_password"), reverse("orgs:sign_out")}
        if (user.must_change_password or user.password_expired) and request.path not in allowed:
            return redirect("orgs:change_password")
        return None

    middleware.process_view = process_view
    return middleware

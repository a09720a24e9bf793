"""登录, 退出, 长辈版: the doors of the portal."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from orgs.forms.account import SignInForm
from orgs.middleware import LARGE_TEXT_COOKIE
from orgs.models import NotAllowed
from orgs.models.sign_in import check, enter, leave, network_is_closed
from orgs.views.onward import asked_for, onward

YEAR = timedelta(days=365)


@sensitive_post_parameters("password")
@never_cache
@login_not_required
def sign_in(request):
    """登录."""
    if request.user.is_authenticated:
        return redirect(onward(request))
    if network_is_closed(request.ip):
        context = {"minutes": settings.SIGN_IN_LOCK_MINUTES}
        return render(request, "429.html", context, status=429)
    form = SignInForm(request.POST or None)
    if form.is_valid():
        try:
            user = check(ip=request.ip, **form.cleaned_data)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            begin(request, user)
            return redirect(onward(request))
    return render(request, "registration/login.html", {"form": form, "next": asked_for(request)})


def begin(request, user):
    """A new session under a new key, with the time at which it began."""
    user.ip = request.ip
    login(request, user)
    request.session["started"] = timezone.now().timestamp()
    enter(user, request.session.session_key)


def sign_out(request):
    """退出登录; a link that leads here by mistake signs nobody out."""
    if request.method != "POST":
        return redirect("home")
    leave(request.user)
    logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


@csrf_exempt  # the pages of a receipt send "Origin: null" (no-referrer), and nothing is at stake
@require_POST
@login_not_required
def large_text(request):
    """长辈版: larger letters and targets on every page, remembered by the browser."""
    response = redirect(onward(request))
    if request.large_text:
        response.delete_cookie(LARGE_TEXT_COOKIE, samesite="Lax")
    else:
        response.set_cookie(
            LARGE_TEXT_COOKIE,
            "1",
            max_age=YEAR,
            secure=settings.SECURE_COOKIES,
            httponly=True,
            samesite="Lax",
        )
    return response

"""我的账号: what a signed-in person sees and changes of the own account."""

from datetime import UTC, datetime

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from orgs.forms.account import ChangePasswordForm, ContactForm
from orgs.models import AuditEntry, User
from orgs.views.onward import onward

SIGN_INS_SHOWN = 10


def account(request):
    """我的账号."""
    user = request.user
    form = ContactForm(request.POST or None, instance=own(request))
    if form.is_valid():
        user.revise(actor=user, **form.cleaned_data)
        messages.success(request, "联系方式已保存。")
        return redirect("orgs:account")
    context = {
        "form": form,
        "taken_over": [post for post in user.all_posts() if post.user_id != user.pk],
        "posts": user.posts.open().select_related("organization", "department"),
        "sign_ins": AuditEntry.objects.sign_ins(user)[:SIGN_INS_SHOWN],
        "started": datetime.fromtimestamp(request.session["started"], UTC),
        "days_left": days_left(user),
        "hours": settings.SESSION_ABSOLUTE_HOURS,
        "idle_minutes": settings.SESSION_COOKIE_AGE // 60,
    }
    return render(request, "orgs/account.html", context)


def own(request) -> User:
    """The user's row itself: `request.user` is a lazy wrapper, which forms cannot take apart."""
    return User.objects.get(pk=request.user.pk)


def days_left(user) -> int | None:
    """Days until the password has to be changed."""
    if user.password_changed_at is None:
        return None
    age = timezone.now() - user.password_changed_at
    return max(0, settings.PASSWORD_MAX_AGE_DAYS - age.days)


@sensitive_post_parameters()
def change_password(request):
    """修改密码: on demand, or before anything else while it is initial or expired."""
    user = own(request)
    user.ip = request.ip
    form = ChangePasswordForm(request.POST or None, user=user)
    if form.is_valid():
        user.change_password(form.cleaned_data["password"], actor=user)
        # The session goes on under a new key; any other session ends.
        update_session_auth_hash(request, user)
        user.move_session(request.session.session_key)
        messages.success(request, "密码已修改。")
        return redirect("home")
    return render(request, "registration/password_change.html", {"form": form})


@require_POST
def switch(request):
    """切换身份: act from now on for another of the organizations the user holds posts at."""
    held = {str(post.organization_id): post.organization for post in request.user.all_posts()}
    chosen = held.get(request.POST.get("organization", ""))
    if chosen is None:
        raise Http404
    request.session["organization"] = chosen.pk
    messages.success(request, f"现在以“{chosen}”的身份办理。")
    return redirect(place_for_everyone(onward(request)))


def place_for_everyone(url) -> str:
    """A list stays open; the page of one record may lie outside the new reach."""
    try:
        return "home" if resolve(url.split("?")[0]).kwargs else url
    except Resolver404:
        return "home"

"""账号管理: open, change and stop accounts; what a role may do."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.debug import sensitive_post_parameters

from orgs.filters import AccountFilter
from orgs.forms.account import (
    AccountForm,
    DutyForm,
    InitialPasswordForm,
    OpenAccountForm,
    SwitchForm,
)
from orgs.models import AuditEntry, Duty, Post, Role, User
from orgs.models.post import DUTIES, WORK
from orgs.models.rights import ACCOUNT, on_account
from orgs.models.sign_in import is_locked
from orgs.models.sign_in import unlock as unlock_account
from orgs.passwords import made_up_password
from orgs.tables import AccountTable
from orgs.views.access import allow
from orgs.views.export import export_response
from orgs.views.listing import paged
from orgs.views.verbs import carry_out

SIGN_INS_SHOWN = 10


def find(request, pk, right=None):
    """The account, 404 out of reach, 403 without the right to this."""
    person = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    if right and right not in on_account(request.user, person):
        raise PermissionDenied
    return person


@allow(Duty.SYSTEM, Duty.SECURITY)
def accounts(request):
    """账号列表."""
    found = filtered(request)
    context = {
        "filter": found,
        "table": paged(request, AccountTable(found.qs)),
        "may_open": request.user.duty == Duty.SYSTEM,
    }
    return render(request, "orgs/accounts.html", context)


def filtered(request):
    """The accounts that the address asks for, with the posts they hold today."""
    posts = Post.objects.current().select_related("organization", "department")
    rows = User.objects.visible_to(request.user).prefetch_related(
        Prefetch("posts", queryset=posts, to_attr="posts_today")
    )
    return AccountFilter(request.GET, rows)


@allow(Duty.SYSTEM, Duty.SECURITY)
def export(request):
    """导出: the accounts that the filters show."""
    return export_response(request, AccountTable(filtered(request).qs), "账号")


@sensitive_post_parameters("password")
@allow(Duty.SYSTEM)
def create(request):
    """开立账号."""
    form = OpenAccountForm(request.POST or None)
    if form.is_valid():
        fields = form.cleaned_data
        password = fields.pop("password") or made_up_password()
        person = User.objects.open_account(actor=request.user, password=password, **fields)
        return show_once(request, person, password, "账号已开立")
    return render(request, "orgs/account_form.html", {"form": form, "title": "开立账号"})


def show_once(request, person, password, title):
    """The initial password, on this one page: it is kept nowhere in a readable form."""
    context = {"person": person, "password": password, "title": title}
    response = render(request, "orgs/account_password.html", context)
    response["Cache-Control"] = "no-store"
    return response


def detail(request, pk):
    """账号: data, posts, recent sign-ins, and what may be done."""
    person = find(request, pk)
    context = {
        "person": person,
        "rights": on_account(request.user, person),
        "labels": {name: right.label for name, right in ACCOUNT.items()},
        "locked": is_locked(person.username),
        "posts": person.posts.open().select_related("organization", "department"),
        "former": person.posts.ended().select_related("organization", "department"),
        "sign_ins": AuditEntry.objects.sign_ins(person)[:SIGN_INS_SHOWN],
    }
    return render(request, "orgs/account_detail.html", context)


def edit(request, pk):
    """修改资料 by the system administrator, 账号类别 by the security administrator."""
    person = find(request, pk)
    rights = on_account(request.user, person)
    if "edit" in rights:
        copy = User.objects.get(pk=pk)  # the form writes into its instance
        form = AccountForm(request.POST or None, instance=copy)
    elif "classify" in rights:
        form = DutyForm(request.POST or None, initial={"duty": person.duty})
    else:
        raise PermissionDenied
    if form.is_valid() and carry_out(form, person.revise, actor=request.user, **form.cleaned_data):
        messages.success(request, "账号已修改。")
        return redirect(person)
    title = "修改资料" if "edit" in rights else "账号类别"
    context = {"form": form, "person": person, "title": title}
    return render(request, "orgs/account_form.html", context)


@sensitive_post_parameters("password")
def reset_password(request, pk):
    """重置密码."""
    person = find(request, pk, "reset")
    form = InitialPasswordForm(request.POST if request.method == "POST" else None, user=person)
    if form.is_valid():
        password = form.cleaned_data["password"] or made_up_password()
        person.change_password(password, actor=request.user)
        return show_once(request, person, password, "密码已重置")
    context = {"form": form, "person": person, "title": "重置密码", "submit": "重置密码"}
    return render(request, "orgs/account_form.html", context)


def switch_account(request, pk):
    """停用 or 启用, after a question."""
    person = find(request, pk, "switch")
    # The form says which way: sent twice, it does not switch back.
    form = SwitchForm(request.POST or None, initial={"active": not person.is_active})
    if form.is_valid() and carry_out(
        form, person.set_active, actor=request.user, **form.cleaned_data
    ):
        messages.success(request, "账号已启用。" if person.is_active else "账号已停用。")
        return redirect(person)
    context = {"form": form, "person": person, "label": "停用" if person.is_active else "启用"}
    return render(request, "orgs/account_switch.html", context)


def unlock(request, pk):
    """解除登录锁定, also where it has just run out."""
    person = find(request, pk)
    if request.user.duty != ACCOUNT["unlock"].duty:
        raise PermissionDenied
    if request.method == "POST":
        unlock_account(person, actor=request.user)
        messages.success(request, "已解除登录锁定。")
    return redirect(person)


@allow(Duty.SYSTEM, Duty.SECURITY, Duty.AUDIT)
def roles(request):
    """角色与权限: what each role and each kind of account may do, and how far it sees."""
    context = {
        "roles": [(role, WORK[role], Post(role=role).reach_words) for role in Role],
        "duties": [(duty, DUTIES[duty]) for duty in Duty],
    }
    return render(request, "orgs/roles.html", context)

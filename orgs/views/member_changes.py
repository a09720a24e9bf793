"""党员登记和变更: enrolled, changed, and what the register says of a person's whereabouts."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render

from orgs.forms.member import (
    AwayForm,
    BackForm,
    EnrolForm,
    LostForm,
    ReviseMemberForm,
    StandingForm,
)
from orgs.models import LEADING, Member, Organization
from orgs.views.access import allow
from orgs.views.member import find
from orgs.views.verbs import carry_out

#: verb → (right, label of the page and its button, form, method of Member)
VERBS = {
    "standing": ("standing", "变更党籍状态", StandingForm, "set_standing"),
    "away": ("away", "登记流动", AwayForm, "go_away"),
    "back": ("away", "流动返回", BackForm, "come_back"),
    "lost": ("lost", "登记失联", LostForm, "lose"),
    "found": ("lost", "恢复联系", BackForm, "get_in_touch"),
}


@allow(*LEADING)
def enrol(request):
    """登记党员."""
    reach = Organization.objects.in_reach_of(request.user, *LEADING)
    asked = {"organization": request.GET.get("organization", "")}
    form = EnrolForm(request.POST or None, initial=asked, reach=reach)
    if form.is_valid() and carry_out(form, Member.enrol, actor=request.user, **form.cleaned_data):
        warn(request, form)
        number = form.cleaned_data["id_number"]
        member = Member.objects.visible_to(request.user).with_id(number).get()
        messages.success(request, f"已登记{member.name}。")
        return redirect(member)
    return render(request, "orgs/member_enrol.html", {"form": form})


def revise(request, pk):
    """变更党员信息."""
    member = find(request, pk, "edit")
    form = ReviseMemberForm(request.POST or None, instance=member)
    if form.is_valid() and carry_out(form, member.revise, actor=request.user, **form.cleaned_data):
        warn(request, form)
        messages.success(request, "党员信息已变更。")
        return redirect(member)
    context = {"form": form, "member": member, "title": "变更信息"}
    return render(request, "orgs/member_form.html", context)


def warn(request, form):
    for doubt in form.doubts():
        messages.warning(request, doubt)


def change(request, pk, verb):
    """Carry out one of the verbs about where a member is and stands."""
    if verb not in VERBS:
        raise Http404
    right, label, form_class, method = VERBS[verb]
    member = find(request, pk, right)
    options = {"member": member} if form_class is StandingForm else {}
    form = form_class(request.POST or None, **options)
    if form.is_valid() and carry_out(
        form, getattr(member, method), actor=request.user, **form.cleaned_data
    ):
        messages.success(request, f"已{label}。")
        return redirect(member)
    context = {"form": form, "member": member, "title": label}
    return render(request, "orgs/member_form.html", context)

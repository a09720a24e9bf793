"""任职 and 离任, the work of the security administrator."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render

from orgs.forms.account import DismissForm, PostForm
from orgs.views.accounts import find
from orgs.views.verbs import carry_out


def appoint(request, pk):
    """任职."""
    person = find(request, pk, "appoint")
    # htmx asks again with the organization in the address, for the units to choose from.
    asked = {"organization": request.GET.get("organization", "")}
    form = PostForm(request.POST or None, initial=asked)
    if form.is_valid() and carry_out(form, person.appoint, actor=request.user, **form.cleaned_data):
        messages.success(request, "已任职。")
        return redirect(person)
    return render(request, "orgs/post_new.html", {"form": form, "person": person})


def dismiss(request, pk, post_pk):
    """离任."""
    person = find(request, pk, "dismiss")
    post = get_object_or_404(person.posts.open(), pk=post_pk)
    form = DismissForm(request.POST or None, post=post)
    if form.is_valid() and carry_out(
        form, person.dismiss, actor=request.user, post=post, **form.cleaned_data
    ):
        messages.success(request, "任职已结束。")
        return redirect(person)
    return render(request, "orgs/post_end.html", {"form": form, "person": person, "post": post})

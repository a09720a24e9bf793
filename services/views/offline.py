"""离线登记: a page that works without network, and the desk where it hands in what it kept."""

import hashlib
import hmac
import json
from base64 import b64encode
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles import finders
from django.core.exceptions import ValidationError
from django.forms import ModelChoiceField, UUIDField
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from orgs.models import NotAllowed
from services.draft_forms import CaptureForm, HandInForm
from services.forms import IntakeForm
from services.models import ServiceRequest
from services.views.intake import counter_of

#: What the page needs to open without network; it is the same for everybody and holds no data.
SHELL = (
    "brand/favicon.svg",
    "brand/mark.svg",
    "vendor/bootstrap/css/bootstrap-reboot.min.css",
    "portal.css",
    "public.css",
    "intake.css",
    "print.css",
    "portal.js",
    "offline/manifest.webmanifest",
    "offline/icon-192.png",
    "offline/vault.js",
    "offline/desk.js",
    "offline/form.js",
    "offline/rows.js",
    "offline/page.js",
)


def offline(request):
    """The page itself, for those who register."""
    counter_of(request.user)
    return HttpResponse(shell())


def shell() -> str:
    """Rendered without the request, so that nothing of a person or a session gets into it."""
    return render_to_string("services/offline.html", {"form": CaptureForm()})


@login_not_required
@never_cache
def worker(request):
    """The service worker, with the list of what it keeps. Public: it names files, no data."""
    page = shell()
    digest = hashlib.sha256(page.encode())
    for name in SHELL:
        digest.update(Path(finders.find(name)).read_bytes())
    known = {
        "version": digest.hexdigest()[:16],
        "page": reverse("services:offline"),
        "assets": [static(name) for name in SHELL],
    }
    source = json.dumps(static("offline/worker.js"))
    script = f"self.SHELL = {json.dumps(known)};\nimportScripts({source});\n"
    return HttpResponse(script, content_type="text/javascript")


@never_cache
def desk(request):
    """GET: who is signed in, and what the form offers there. POST: one form is handed in."""
    organization = counter_of(request.user)
    if request.method == "POST":
        return hand_in(request, organization)
    fields = IntakeForm(organization=organization).fields.items()
    return JsonResponse(
        {
            "account": str(request.user.pk),
            "name": request.user.name,
            "organization": {"id": organization.pk, "name": str(organization)},
            "choices": {
                name: [[str(value), str(label)] for value, label in field.choices]
                for name, field in fields
                if isinstance(field, ModelChoiceField)
            },
            "seal": seal_of(request.user),
            "large": request.large_text,
            "csrf": get_token(request),
        }
    )


def seal_of(user) -> str:
    """The account's part of the key to its drafts on a device: without it they stay closed."""
    seal = hmac.digest(settings.INDEX_KEY, f"offline-drafts:{user.pk}".encode(), "sha256")
    return b64encode(seal).decode()


def hand_in(request, organization):
    """Register one form; handed in again, it gets the same receipt again."""
    sent = read(request.body)
    if sent is None:
        return refuse("上交的内容无法识别，请刷新本页后再试。", status=400)
    if sent["account"] != str(request.user.pk):
        return refuse("这件诉求是另一个账号记的，请由本人登录后上交。", status=409)
    item = earlier(request.user, sent["fields"].get("nonce"))
    if item:
        told = (item.citizen.name, item.content)
        is_same = told == (sent["fields"].get("name"), sent["fields"].get("content"))
        return JsonResponse(receipt_of(item, changed=not is_same))
    if sent["organization"] != organization.pk:
        return refuse("这件诉求是在另一个组织记的，请先在门户右上角切换到那个组织。", status=409)
    return register(request.user, organization, sent["fields"])


def register(user, organization, fields):
    form = HandInForm(fields, organization=organization)
    if not form.is_valid():
        errors = {name: [row["message"] for row in rows] for name, rows in wrong(form)}
        return JsonResponse({"errors": errors}, status=422)
    if words := form.doubt():
        at = timezone.localtime(form.true_time)
        question = {"errors": {"received_at": [words]}, "received_at": f"{at:%Y-%m-%dT%H:%M}"}
        return JsonResponse(question, status=422)
    try:
        item = ServiceRequest.register(
            actor=user, organization=organization, **form.register_fields()
        )
    except NotAllowed as refusal:
        return refuse(str(refusal), status=409)
    return JsonResponse(receipt_of(item))


def wrong(form):
    return form.errors.get_json_data().items()


def refuse(words, status):
    return JsonResponse({"errors": {"__all__": [words]}}, status=status)


def read(body):
    """The device's message, as far as it has the right shape."""
    try:
        sent = json.loads(body)
        fields = sent["fields"]
        plain = all(isinstance(value, str | bool) for value in fields.values())
        return sent if plain and {"account", "organization"} <= sent.keys() else None
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def earlier(user, nonce):
    try:
        nonce = UUIDField().clean(nonce)
    except ValidationError:
        return None
    rows = ServiceRequest.objects.select_related("citizen")
    return rows.filter(registrar=user, nonce=nonce).first()


def receipt_of(item, *, changed=False) -> dict:
    """What the person at the device copies on paper for the citizen.

    `changed`: the form has been changed since it was registered, and the change is not in it.
    """
    return {
        "changed": changed,
        "number": item.number,
        "query_code": item.query_code,
        "subject": item.subject,
        "name": item.citizen.masked["name"],
        "due": f"{item.due_on:%Y年%-m月%-d日}" if item.due_on else "",
        "receipt": reverse("services:receipt", args=[item.pk]),
    }

"""工作台: one page for every role, with what waits for the reader and the way to it."""

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from assessments import waiting as assessment_waiting
from assessments.models import Assessment
from orgs.models import (
    LEADING,
    AuditChain,
    AuditEntry,
    CalendarYear,
    Committee,
    Duty,
    ImportBatch,
    Organization,
    Role,
    Transfer,
    User,
)
from orgs.models.calendar import workdays
from orgs.views.blanks import BLANKS
from services.models import ServiceRequest
from services.models.status import WINDOW
from services.tables import RequestTable

LIST_SIZE = 10


def home(request):
    if request.user.is_administrator:
        return render(request, "home_admin.html", {"greeting": greeting(), **duties(request.user)})
    rows = ServiceRequest.objects.visible_to(request.user)
    counts = ServiceRequest.objects.summary_for(request.user)
    todo = rows.awaiting(request.user).for_list().with_deadline().order_by("deadline", "pk")
    todo = todo[:LIST_SIZE]
    context = {
        "greeting": greeting(),
        "counters": counters(counts),
        "todo": counts["todo"],
        "table": RequestTable(todo, orderable=False),
        "may_register": request.user.holds(*WINDOW),
        "urgent": rows.overdue().for_list().order_by("due_at")[:5]
        if request.user.holds(Role.SECRETARY, Role.REVIEWER, Role.CENTRE_HEAD, Role.UNIT_HEAD)
        else [],
        "days": workdays(),
        "waiting": waiting(request.user),
    }
    return render(request, "home.html", context)


def waiting(user) -> list[dict]:
    """What else waits for the user: label, number and address of each that is not empty."""
    batches = ImportBatch.objects.awaiting(user).count()
    lines = [
        counter("名册导入等您办理", batches, "orgs:imports", "?box=mine"),
        *assessment_waiting.lines_for(user),
        *(party_matters(user) if user.holds(*LEADING) else []),
    ]
    return [line for line in lines if line["value"]]


def party_matters(user) -> list[dict]:
    """Of whoever leads: transfers, letters and terms, and where the Party is weak."""
    counts = Transfer.objects.summary_for(user)
    late = Committee.objects.visible_to(user).overdue().count()
    weak = ("secretary", "unit", "none", "few")
    forms = Assessment.objects
    return [
        counter("组织关系待我接收", counts["mine"], "orgs:transfers", "?box=mine"),
        counter("介绍信快过期或已过期", counts["expiring"], "orgs:transfers", "?box=expiring"),
        counter("换届已逾期", late, "orgs:terms", "?state=late"),
        *(counter(BLANKS[tab].label, BLANKS[tab].count(user), "orgs:blanks", f"?tab={tab}")
          for tab in weak),
        counter("组织考评待打分", forms.to_review(user).count(), "assessments:reviews"),
        counter("组织考评待定稿", forms.to_confirm(user).count(), "assessments:reviews",
                "?box=ready"),
        counter("所在地意见待填写", forms.to_advise(user).count(), "assessments:reviews",
                "?box=advise"),
    ]  # fmt: skip


def greeting() -> str:
    hour = timezone.localtime().hour
    return "早上好" if hour < 9 else "上午好" if hour < 12 else "下午好" if hour < 18 else "晚上好"


def counters(counts):
    """Label, number, note, box and tone of each counter, as ui/counter.html wants them."""
    boxes = (
        ("待我办理", "todo", "点开逐件处理", ""),
        ("在办", "open", f"今天登记 {counts['registered']} 件", ""),
        ("即将到期", "soon", f"今天到期 {counts['today']} 件", "yellow"),
        ("超期未办", "late", "点开看由谁承办", "red"),
    )
    return [
        {
            "label": label,
            "value": counts[box],
            "note": note,
            "tone": tone,
            "url": f"{reverse('services:requests')}?box={box}",
        }
        for label, box, note, tone in boxes
    ]


def duties(user):
    """What the three kinds of administrators look at first."""
    if user.duty == Duty.AUDIT:
        today = timezone.localdate()
        entries = AuditEntry.objects.visible_to(user)
        head = AuditChain.objects.filter(day=today).first()
        return {
            "counters": [
                counter("今天操作记录", entries.filter(day=today).count(), "orgs:audit"),
                counter(
                    "今天查看个人信息",
                    entries.filter(day=today, action="citizen.unmasked").count(),
                    "orgs:audit",
                    "?action=citizen.unmasked",
                ),
            ],
            "note": f"今日记录链 {head.count} 条，末条校验值 {head.head[:16]}" if head else "",
        }
    people = User.objects.visible_to(user)
    return {
        "waiting": waiting(user) if user.duty == Duty.SYSTEM else [],
        "counters": [
            counter("账号", people.count(), "orgs:accounts"),
            counter("停用账号", people.filter(is_active=False).count(), "orgs:accounts"),
            counter("党组织", Organization.objects.visible_to(user).count(), "orgs:organizations"),
            counter(
                "待确认的年度日历",
                CalendarYear.objects.filter(confirmed=False).count(),
                "orgs:calendars" if user.duty == Duty.SYSTEM else "orgs:roles",
            ),
        ],
        "note": "",
    }


def counter(label, value, name, query=""):
    return {"label": label, "value": value, "url": reverse(name) + query}

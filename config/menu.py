"""The frame around every staff page: menu by role, posts to switch between, unread notices."""

from django.urls import reverse

from orgs.models import Duty, Role

WINDOW = (Role.CLERK, Role.AGENT)
CENTRE = (*WINDOW, Role.DISPATCHER, Role.CENTRE_HEAD, Role.CALLBACK)
UNITS = (Role.HANDLER, Role.UNIT_HEAD)
LEADERS = (Role.SECRETARY, Role.REVIEWER)
LEDGER = (Role.AGENT, Role.CENTRE_HEAD, *LEADERS)
BUSINESS = tuple(Role)

#: group → (label, url name, icon, roles or duties that see it)
MENU = (
    ("", (("工作台", "home", "house-door", (*BUSINESS, *Duty)),)),
    (
        "便民服务",
        (
            ("登记诉求", "services:register", "pencil-square", WINDOW),
            ("离线登记", "services:offline", "wifi-off", WINDOW),
            ("办件", "services:requests", "inbox", BUSINESS),
            ("代办", "services:errands", "person-walking", (*WINDOW, Role.CENTRE_HEAD)),
            ("代办台账", "services:errand_ledger", "journal-text", LEDGER),
            (
                "答复模板",
                "services:reply_templates",
                "chat-square-text",
                (*UNITS, Role.CENTRE_HEAD),
            ),
            ("事项清单", "services:items", "card-checklist", BUSINESS),
            ("公示栏", "services:announcements", "megaphone", BUSINESS),
        ),
    ),
    (
        "组织",
        (
            ("党组织", "orgs:organizations", "diagram-3", (*BUSINESS, Duty.SYSTEM, Duty.SECURITY)),
            ("党员", "orgs:members", "person-vcard", (Role.AGENT, *LEADERS)),
            (
                "组织关系转接",
                "orgs:transfers",
                "arrow-left-right",
                (Role.AGENT, *LEADERS),
            ),
            (
                "名册导入",
                "orgs:imports",
                "file-earmark-arrow-up",
                (Role.AGENT, *LEADERS, Duty.SYSTEM),
            ),
            ("书记与班子", "orgs:secretaries", "person-badge", (Role.AGENT, *LEADERS)),
            ("换届", "orgs:terms", "calendar-check", (Role.AGENT, *LEADERS)),
            ("单位与覆盖", "orgs:workplaces", "buildings", (Role.AGENT, *LEADERS)),
            ("空白与薄弱", "orgs:blanks", "exclamation-diamond", (Role.AGENT, *LEADERS)),
            ("服务中心", "orgs:centres", "shop-window", (*BUSINESS, Duty.SYSTEM)),
        ),
    ),
    (
        "考核",
        (
            ("年度考核", "assessments:cycles", "clipboard-check", (Role.AGENT, *LEADERS)),
            ("考核方案", "assessments:schemes", "list-check", (Role.AGENT, *LEADERS)),
            ("看板", "assessments:dashboard", "bar-chart", (Role.CENTRE_HEAD, *LEADERS)),
            (
                "承办负荷",
                "assessments:workload",
                "speedometer2",
                (Role.DISPATCHER, Role.CENTRE_HEAD, *LEADERS),
            ),
            ("组织考评", "assessments:reviews", "clipboard-check", LEADERS),
            ("考核结果", "assessments:result_cycles", "trophy", (Role.AGENT, *LEADERS)),
            (
                "考核整改",
                "assessments:rectifications",
                "wrench-adjustable",
                (Role.AGENT, *LEADERS),
            ),
            ("述职评议", "assessments:debriefings", "mic", (Role.AGENT, *LEADERS)),
            ("考评抽查", "assessments:spot_checks", "shuffle", LEADERS),
        ),
    ),
    (
        "系统",
        (
            ("账号", "orgs:accounts", "people", (Duty.SYSTEM, Duty.SECURITY)),
            ("角色与权限", "orgs:roles", "shield-check", (Duty.SYSTEM, Duty.SECURITY, Duty.AUDIT)),
            ("AB岗代理", "orgs:stand_ins", "person-check", BUSINESS),
            ("工作日历", "orgs:calendars", "calendar3", (*BUSINESS, Duty.SYSTEM)),
            ("诉求分类", "services:categories", "tags", (Duty.SYSTEM, Role.CENTRE_HEAD)),
            ("操作记录", "orgs:audit", "journal-check", (Duty.AUDIT,)),
        ),
    ),
)


def frame(request):
    """Context of base.html; public pages and error pages need none of it."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    held = {post.organization_id: post.organization for post in user.all_posts()}
    return {
        "menu": menu_for(user, request.path),
        "acting_choices": list(held.values()),
        "unread_notices": user.notices.unread().count(),
        "large_text": request.large_text,
    }


def menu_for(user, path):
    """The groups that hold something for this user, with the current page marked."""
    mine = {user.duty} if user.is_administrator else {post.role for post in user.acting_posts()}
    groups = [
        (group, [(label, reverse(name), icon) for label, name, icon, who in items if mine & {*who}])
        for group, items in MENU
    ]
    here = current([url for _, items in groups for _, url, _ in items], path)
    return [
        {
            "label": group,
            "items": [
                {"label": label, "url": url, "icon": icon, "active": url == here}
                for label, url, icon in items
            ],
        }
        for group, items in groups
        if items
    ]


def current(urls, path) -> str:
    """The entry a page belongs to: the longest address it lies under; home only itself."""
    found = (url for url in urls if url == path or (url != "/" and path.startswith(url)))
    return max(found, key=len, default="")

"""The people of one year of assessment in their pages, one after the other."""

from datetime import date, timedelta
from decimal import Decimal

from playwright.sync_api import expect

from assessments.models import Cycle, VoterGroup, database_today
from assessments.tasks import compute_results, prepare_cycle
from tests.browser import assert_accessible, sign_in

QUESTIONS = 7
DESK, PHONE = {"width": 1280, "height": 720}, {"width": 390, "height": 844}


class Walk:
    """The people of one year at one screen, one after the other."""

    def __init__(self, page, server, people):
        self.page, self.server, self.people = page, server, people
        self.main, self.problems = page.locator("main"), []
        page.on("console", lambda m: self.problems.append(m.text) if m.type == "error" else None)

    @property
    def cycle(self):
        return Cycle.objects.get()

    def form(self, sector):
        rows = self.cycle.assessments.select_related("organization", "cycle__scheme")
        return rows.get(sector=sector)

    def look(self, path):
        self.page.goto(f"{self.server.url}{path}")
        assert_accessible(self.page)

    def press(self, name, said):
        """A button, and what the page says to it."""
        self.page.get_by_role("button", name=name, exact=True).click()
        expect(self.page.get_by_role("status").filter(has_text=said).first).to_be_visible()

    def unfold(self, label, button=None, said=None):
        """One of the verbs beside the matter."""
        self.page.locator("summary", has_text=label).click()
        self.press(button or label, said or f"已办理：{label}。")

    def open_year(self):
        sign_in(self.page, self.server, self.people.department)
        self.look("/assessments/")
        self.page.get_by_role("link", name="启动年度考核").click()
        assert_accessible(self.page)
        self.page.get_by_label("考核范围").fill(self.people.town.code)
        for label, day in calendar().items():
            self.page.get_by_label(label).fill(day.isoformat())
        self.page.get_by_role("button", name="启动").click()
        expect(self.page.locator("#work")).to_contain_text("正在生成考核表")
        prepare_cycle(self.cycle.pk)  # the page finds out by itself
        expect(self.page.get_by_role("table")).to_contain_text("西岭师专党总支", timeout=15_000)
        assert_accessible(self.page)

    def assess_by_keyboard(self, sector, own):
        """书记: that share of all points from field to field, never a mouse."""
        sign_in(self.page, self.server, self.people.secretaries[sector])
        self.look("/assessments/")
        self.page.get_by_role("table").get_by_role("link").first.click()
        self.page.get_by_role("link", name="西岭村党支部").first.click()
        assert_accessible(self.page)
        answers = [a for a in self.form(sector).answers.select_related("indicator")
                   if a.wants_self_points]  # fmt: skip
        self.page.locator("input[name^=self_points]").first.focus()
        for answer in answers:
            self.tab_to(f"self_points_{answer.pk}")
            self.page.keyboard.type(share(answer, own))
        self.tab_to("summary")
        self.page.keyboard.type("全年走访农户一遍，代办三百余件。")
        self.tab_to("then")
        expect(self.page.locator("#saved")).to_contain_text("已自动保存")
        self.page.keyboard.press("Enter")
        expect(self.page.get_by_role("status").first).to_contain_text("自评已提交。")
        assert_accessible(self.page)

    def tab_to(self, name):
        """Tab until the field has the focus; far away is a trap."""
        for _ in range(12):
            if self.page.evaluate("document.activeElement.name") == name:
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not come to {name}.")

    def prepare_ballots(self):
        sign_in(self.page, self.server, self.people.department)
        self.look(self.cycle.get_absolute_url())
        self.main.get_by_role("link", name="群众测评").click()
        assert_accessible(self.page)
        self.press("准备测评（3 个组织）", "已办理：准备测评。")
        self.page.get_by_role("link", name="西岭村党支部").click()
        self.page.locator("summary", has_text="登记人数").click()
        for group in ("SERVED", "PUBLIC", "PARTY"):
            name = VoterGroup.Code(group).label
            self.page.get_by_label(f"{name}应到人数").fill("10")
        self.press("保存人数", "已办理：登记人数。")
        self.unfold("申请印制测评码")
        self.unfold("开始测评")
        assert_accessible(self.page)

    def print_codes(self) -> dict:
        """{group: codes as printed}: what one person asked for another allows."""
        address = self.page.url
        sign_in(self.page, self.server, self.people.second)
        self.page.goto(address)
        self.unfold("同意印制")
        self.page.get_by_role("button", name="印制测评码").click()
        expect(self.page.locator(".slip")).to_have_count(30)
        assert_accessible(self.page)
        names = {label: code for code, label in VoterGroup.Code.choices}
        return {
            names[sheet.get_by_role("heading").inner_text().split("：")[0]]:
            sheet.locator(".slip-code").all_inner_texts()
            for sheet in self.page.locator(".slip-sheet").all()
        }  # fmt: skip

    def look_at_ballot(self, code):
        """As a telephone shows it, with scripts; nothing is cast."""
        self.page.set_viewport_size(PHONE)
        self.page.context.clear_cookies()
        fill_in_code(self.page, self.server, code)
        assert_accessible(self.page)
        self.page.set_viewport_size(DESK)

    def close_ballot(self, sector):
        sign_in(self.page, self.server, self.people.department)
        self.look(f"/assessments/{self.form(sector).pk}/ballot/")
        self.page.locator("summary", has_text="结束测评").click()
        self.page.get_by_label("提前结束的原因").fill("应到人员已全部投票")
        self.press("结束测评", "已办理：结束测评。")
        expect(self.main).to_contain_text("群众测评得分 92.00")
        assert_accessible(self.page)

    def review(self, sector, given):
        """That share of all points by one person, the last word by another."""
        sign_in(self.page, self.server, self.people.second)
        self.look("/assessments/reviews/")
        self.page.get_by_role("link", name="西岭村党支部").click()
        assert_accessible(self.page)
        for answer in self.form(sector).answers.select_related("indicator"):
            if answer.wants_review_points:
                field = self.page.locator(f"[name=points_{answer.pk}]")
                field.fill(share(answer, given))
        self.press("保存考评分", "考评分已保存。")
        expect(self.main).to_contain_text("请另一位同志查看后定稿")

        sign_in(self.page, self.server, self.people.superior)
        self.look("/assessments/reviews/?box=ready")
        self.page.get_by_role("link", name="西岭村党支部").click()
        self.unfold("查看考评分")
        self.unfold("考评定稿")
        assert_accessible(self.page)

    def publish(self):
        cycle = self.cycle
        sign_in(self.page, self.server, self.people.department)
        self.look(cycle.get_absolute_url())
        self.main.get_by_role("link", name="结果", exact=True).click()
        self.page.get_by_role("button", name="计算结果").click()
        expect(self.page.locator("#work")).to_contain_text("等待计算结果")
        compute_results(cycle.pk)
        expect(self.page.get_by_role("button", name="重新计算")).to_be_visible(timeout=15_000)
        assert_accessible(self.page)
        self.unfold("公示结果", "确认公示结果")

    def read_publicity(self, lines):
        """Anybody, on any day of the publication."""
        self.page.context.clear_cookies()
        self.look("/public/assessments/")
        self.page.get_by_role("link", name="年度考核").click()
        assert_accessible(self.page)
        expect(self.page.locator("main .matters > li")).to_have_text(lines)


def calendar() -> dict:
    """What is done at the same time here takes months: three windows are open today."""
    today, day = database_today(), timedelta(days=1)
    found = {"取数自": date(today.year, 1, 1), "取数至": date(today.year, 12, 31)}
    for label in ("自评", "群众测评", "组织考评"):
        found |= {f"{label}开始": today - 9 * day, f"{label}截止": today + 9 * day}
    for label in ("公示", "申诉"):
        found |= {f"{label}开始": today + 10 * day, f"{label}截止": today + 20 * day}
    return found


def share(answer, of) -> str:
    return str((answer.indicator.points * Decimal(of)).quantize(Decimal("0.1")))


def fill_in_code(page, server, code):
    """A voter types what stands on a slip."""
    page.goto(f"{server.url}/v/")
    page.get_by_label("测评码").fill(code.lower())
    page.get_by_role("button", name="下一步：填选票").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("西岭村党支部 群众测评")


def vote(page, server, code):
    fill_in_code(page, server, code)
    questions = page.get_by_role("group")
    expect(questions).to_have_count(QUESTIONS)
    for question in questions.all():
        question.get_by_text("满意", exact=True).click()
    page.get_by_role("button", name="投票").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("投票成功，谢谢您")

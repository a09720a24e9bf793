"""Each situation of the plan: how a case came to be where it stands today.

What lies in the past is written by the trail; what was done only just now, by the verbs.
"""

from datetime import timedelta

from django.utils import timezone

from orgs.models import Role
from services.demo.story import RECENT, Story
from services.models import Grade

COMMENTS = {
    5: ("办得很快，态度也好。", "没想到这么快就办好了，谢谢。", "干部上门来办的，很满意。", ""),
    4: ("满意。", "窗口讲得清楚。", ""),
    3: ("办是办了，跑了两趟。", ""),
    2: ("等得太久，中间没人告诉进度。", "答复太笼统，问题只解决了一半。"),
    1: ("到现在还没有解决，要求重新办理。",),
}


class Situation(Story):
    # before a unit has it

    def registered(self):
        return self._register().finish()

    def deemed(self):
        trail = self._register()
        trail.deem_accepted()
        trail.finish()

    def at_the_window(self):
        self._accepted().finish()

    def accepted(self):
        return self._accepted().finish()

    def dispatched(self):
        self._dispatched().finish()

    def sent_back(self):
        trail = self._dispatched()
        head = self.town.who(Role.UNIT_HEAD, self.unit)[0]
        at = self.office.after(trail.at, self._minutes(30, 200))
        reason = "经核对，该事项不属本单位职责，请另派承办单位。"
        trail.send_back(at, actor=head, reason=reason)
        trail.finish()

    # in the unit

    def handling(self):
        return self._signed().finish()

    def returned(self):
        trail = self._submitted(self._recent())
        at = self.office.after(trail.at, self._minutes(15, 60))
        reason = "请写明发放时间和依据文件，再送审。"
        trail.return_draft(at, actor=self.head, reason=reason)
        trail.finish()

    def pending(self):
        self._submitted(self._recent()).finish()

    def approved(self):
        trail = self._submitted(self._recent())
        self._approve(trail)
        trail.finish()

    # after the answer

    def replied(self):
        self._answered().finish()

    def rated(self):
        trail = self._answered()
        self._rate(trail)
        if self.case.grade <= Grade.BAD and self.case.when > RECENT:
            self._make_good(trail)
        trail.finish()

    def _rate(self, trail):
        """The citizen takes his or her time, until the evening of the third day at most."""
        day = timezone.localdate(trail.at) + timedelta(days=self._minutes(0, 2))
        at = max(self.office.at(day, 18, self._minutes(5, 170)), trail.at)
        self._evaluate(trail, at)

    def _evaluate(self, trail, at):
        comment = self.rng.choice(COMMENTS[self.case.grade])
        trail.evaluate(at, grade=self.case.grade, comment=comment)

    def _make_good(self, trail):
        start = self.office.at(self.office.days.add(timezone.localdate(trail.at), 2), 9, 10)
        result = "已上门致歉并说明经过，遗留问题已处理，群众表示理解。"
        trail.rectify(start, actor=self.handler, result=result)
        at = self.office.after(trail.at, self._minutes(200, 500))
        callback = self.town.one(Role.CALLBACK)
        trail.call_back(at, actor=callback, is_reached=True, is_solved=True, note="整改到位")

    def silent(self):
        trail = self._answered()
        trail.close()
        trail.finish()

    def called_back(self):
        trail = self._answered()
        at = self.office.after(trail.at, self._minutes(200, 900))
        trail.call_back(
            at, actor=self.town.one(Role.CALLBACK), is_reached=True, is_solved=True,
            grade=self.case.grade, note="电话回访，群众认可答复",
        )  # fmt: skip
        trail.finish()

    def on_the_spot(self):
        trail = self._accepted()
        at = trail.at + timedelta(minutes=self._minutes(6, 25))
        trail.finish_on_spot(at, actor=self.clerk, outcome="SOLVED", text=self.answer)
        if self.case.grade:
            at = trail.at + timedelta(minutes=self._minutes(1, 4))
            self._evaluate(trail, at)
        else:
            trail.close()
        trail.finish()

    def _redo(self, trail):
        reason = "回访时群众反映问题没有解决，请重新核实办理。"
        callback = self.town.one(Role.CALLBACK)
        at = self.office.after(trail.at, self._minutes(150, 350))
        note = "群众反映仍未解决"
        trail.call_back(at, actor=callback, is_reached=True, is_solved=False, note=note)
        trail.redo(self.office.after(trail.at, 10), actor=callback, reason=reason)

    def redoing(self):
        trail = self._answered()
        self._redo(trail)
        trail.finish()

    def redone(self):
        trail = self._answered()
        self._redo(trail)
        self._submit(trail, self.office.days.add(timezone.localdate(trail.at), 1))
        self._approve(trail)
        self._reply(trail)
        self._rate(trail)
        trail.finish()

    # done just now, by the verbs themselves

    def supplementing(self):
        request = self.registered()
        missing = "户口簿复印件\n村民小组会议记录（需组长签字）"
        request.ask_supplement(actor=self.clerk, missing=missing)

    def refusal_proposed(self):
        request = self.registered()
        request.propose_refusal(
            actor=self.clerk,
            reason="诉求已进入诉讼程序，依法不属于受理范围。",
            alternative="县人民法院诉讼服务中心，0700-5550010",
        )
        return request

    def refused(self):
        request = self.refusal_proposed()
        request.endorse(actor=self.town.one(Role.CENTRE_HEAD), opinion="同意，请向群众说明途径。")

    def withdrawn(self):
        request = self.registered()
        request.withdraw(actor=self.clerk, reason="问题已自行解决", signed=True)

    def extension_proposed(self):
        request = self.handling()
        reason = "涉及异地核查家庭财产，需等待外县回函。"
        request.propose_extension(actor=self.handler, days=5, reason=reason)

    def suspended(self):
        request = self.handling()
        request.propose_pause(
            actor=self.handler,
            ground="INSPECTION",
            reason="须到指定医院作残疾等级评定，评定期间不计入时限。",
            until=self.office.due_in(6),
            proof="评定预约单",
        )
        request.endorse(actor=self.head, opinion="同意，已告知群众。")

    def assisted(self):
        request = self.handling()
        request.assist(
            actor=self.town.one(Role.DISPATCHER),
            department=self.town.units["残联"],
            instructions="请协助核实残疾等级和补贴发放情况。",
        )

    def supervised(self):
        request = self.handling()
        text = "超期时间较长，请三日内办结并说明原因。"
        request.supervise(actor=self.town.one(Role.SECRETARY), text=text)

    def merged(self):
        """Two neighbours have come together and ask for the same."""
        primary = self.handling()
        self.person = self.town.next_citizen()
        twin = self.accepted()
        twin.merge(actor=self.town.one(Role.DISPATCHER), primary=primary, reason="同一地点同一问题")

    def complained(self):
        trail = self._answered()
        self._rate(trail)
        request = trail.finish()
        request.complain(text="答复说已经办好，实际只办了一半，打电话也没人接。")

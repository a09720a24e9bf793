"""The steps that the demo's cases have in common: who takes them, and when."""

from datetime import timedelta

from orgs.models import Role
from services.demo.cases import AGE, AGO, LEFT, SITUATIONS, Case
from services.demo.trail import Trail
from services.models import Channel, Citizen, Source

COUNTER_SOURCES = (Source.COUNTER, Source.COUNTER, Source.COUNTER, Source.PHONE, Source.ONLINE)
#: Workdays after which an answered case has been dealt with to the end.
RECENT = 8
PROOFS = (
    (Channel.PHONE, "电话告知本人，表示清楚"),
    (Channel.COUNTER, "本人到窗口领取，已签字"),
    (Channel.VISIT, "上门告知，本人签字"),
    (Channel.LETTER, "书面答复，本人签收"),
)


class Story:
    """One case: the town it happens in, the citizen, the matter; `rng` gives the minutes."""

    def __init__(self, case: Case, town, office, rng):
        self.case, self.town, self.office, self.rng = case, town, office, rng
        self.unit = town.units[case.unit]
        self.person = town.next_citizen()
        direct = case.situation in ("at_the_window", "on_the_spot")
        self.matter = town.next_matter(case.unit, direct=direct)
        self.answer = self.matter.answer.format(v=self.person.village)
        self.days = self.matter.promised_days
        # Who waits at the window has come when it opened.
        hour = 8 if case.situation == "at_the_window" else rng.choice((8, 9, 10))
        minute = rng.randrange(32, 59)
        self.opened_at = office.at(self._opening_day(), hour, minute)

    def _opening_day(self):
        case, office = self.case, self.office
        counts = SITUATIONS[case.situation]
        if counts == AGE:
            return office.back(case.when)
        if counts == LEFT:
            day = office.earlier(office.due_in(case.when), self.days)
            return min(day, office.back(0))
        # Answered cases used most of the promise, or more than all of it.
        used = self.days + case.late if case.late else self.rng.randint(2, max(2, self.days))
        return office.earlier(office.back(case.when), used if self.days else 0)

    def tell(self, now):
        """Write the case as it stands today."""
        self.now = now
        getattr(self, self.case.situation)()

    def _minutes(self, least, most):
        return self.rng.randint(least, most)

    def _register(self) -> Trail:
        village = self.town.villages[self.person.village] if self.case.in_village else None
        place = village or self.town.organization
        clerks = self.town.who(Role.AGENT, place) or self.town.who(Role.CLERK, place)
        self.clerk = self.rng.choice(clerks)
        by_agent = self.clerk.holds(Role.AGENT)
        return Trail(
            actor=self.clerk,
            organization=place,
            citizen=Citizen.known(organization=place, **self.person.details()),
            at=self.opened_at,
            now=self.now,
            source=Source.AGENT if by_agent else self.rng.choice(COUNTER_SOURCES),
            is_delegated=by_agent and self.rng.random() < 0.6,
            **self.matter.request_fields(self.person.village),
        )

    def _accepted(self) -> Trail:
        trail = self._register()
        trail.accept(trail.at + timedelta(minutes=self._minutes(2, 9)), actor=self.clerk)
        return trail

    def _dispatched(self) -> Trail:
        trail = self._accepted()
        at = self.office.after(trail.at, self._minutes(25, 120))
        trail.dispatch(at, actor=self.town.one(Role.DISPATCHER), department=self.unit)
        return trail

    def _signed(self) -> Trail:
        trail = self._dispatched()
        self._sign(trail)
        return trail

    def _sign(self, trail):
        handlers = self.town.who(Role.HANDLER, self.unit)
        is_old = SITUATIONS[self.case.situation] == AGO and self.case.when > RECENT
        self.handler = self.rng.choice(handlers) if is_old else handlers[0]
        self.head = self.town.who(Role.UNIT_HEAD, self.unit)[0]
        trail.sign(self.office.after(trail.at, self._minutes(30, 240)), actor=self.handler)

    def _submitted(self, day) -> Trail:
        trail = self._signed()
        self._submit(trail, day)
        return trail

    def _submit(self, trail, day):
        start = max(trail.at, self.office.at(day, 8, self._minutes(35, 90)))
        trail.submit(
            self.office.after(start, self._minutes(5, 50)),
            actor=self.handler,
            outcome=self.matter.outcome,
            text=self.answer,
        )

    def _approve(self, trail):
        trail.approve(self.office.after(trail.at, self._minutes(20, 80)), actor=self.head)

    def _reply(self, trail):
        channel, proof = self.rng.choice(PROOFS)
        at = self.office.after(trail.at, self._minutes(10, 50))
        trail.reply(at, actor=self.handler, channel=channel, proof=proof)

    def _answered(self) -> Trail:
        trail = self._submitted(self.office.back(self.case.when))
        self._approve(trail)
        self._reply(trail)
        return trail

    def _recent(self):
        """Today or the workday before, for what has just come to a desk."""
        return self.office.back(self.rng.choice((0, 1)))

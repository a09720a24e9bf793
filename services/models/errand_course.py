"""The course of an errand: 报送, 回交, 归档; and off it 上门, 中止, 续办, 终止, 更换代办员."""

from django.db import transaction
from django.utils import timezone

from orgs.models import NotAllowed, Notice
from services.models.custody import Paper, Party, said
from services.models.errand_verbs import ErrandState


class ErrandCourse:
    @transaction.atomic
    def submit(self, *, actor, venue, receiver="", pieces=()):
        """报送: the matter and its papers reach the window."""
        self._begin("submit", actor)
        if pieces:
            self._move(pieces, Party.AGENT, Party.COUNTER, actor, f"{receiver}经收")
        self.state, self.submitted_at = ErrandState.SUBMITTED, timezone.now()
        self.venue, self.receiver = venue, receiver
        self.save(update_fields=["state", "submitted_at", "venue", "receiver"])
        note = said(pieces, f"{venue}{receiver and f'，{receiver}经收'}")
        self._record(actor, "submitted", "代办报送", note=note)

    @transaction.atomic
    def give_back(self, *, actor, signature, note="", is_visit=False, files=()):
        """回交: the citizen signs for the result and for every original."""
        self._begin("give_back", actor)
        self._refuse_while_originals_are_out("回交")
        if kept := self.holdings().at(Party.AGENT, Paper.RESULT):
            raise NotAllowed(f"办理结果还在代办员手里：{said(kept, '')}。请先交还群众。")
        self.state, self.returned_at = ErrandState.RETURNED, timezone.now()
        self.return_signature, self.return_note = signature, note
        self.save(update_fields=["state", "returned_at", "return_signature", "return_note"])
        self._keep(files, actor)
        if is_visit:
            self._log_visit(actor, "上门回交")
        words = said([self.get_return_signature_display()], note)
        self._record(actor, "given_back", "代办回交", note=words)

    @transaction.atomic
    def archive(self, *, actor, archive_place):
        """归档: the signed papers are filed where they are found again."""
        self._begin("archive", actor)
        self.state, self.archived_at = ErrandState.ARCHIVED, timezone.now()
        self.archive_place = archive_place
        self.save(update_fields=["state", "archived_at", "archive_place"])
        self._record(actor, "archived", "代办归档", note=archive_place)

    @transaction.atomic
    def visit(self, *, actor, purpose, nonce=None):
        """上门: a visit at the citizen's home; the same form sent twice is one visit."""
        self._begin("visit", actor)
        if nonce and self.visits.filter(nonce=nonce).exists():
            return
        self._log_visit(actor, purpose, nonce)
        self._record(actor, "visited", "上门", note=purpose)

    @transaction.atomic
    def suspend(self, *, actor, reason):
        """中止: for a time, with the reason; the days of the 报送 stand still."""
        self._begin("suspend", actor)
        self.pauses.create(
            reason=reason, by=actor, started_on=timezone.localdate(), state=self.state
        )
        self.state_before, self.state = self.state, ErrandState.SUSPENDED
        self.save(update_fields=["state", "state_before"])
        self._tell("代办已中止", "delegation.suspended", actor, reason)
        self._record(actor, "suspended", "代办中止", note=reason)

    @transaction.atomic
    def resume(self, *, actor, note=""):
        """续办: from where it stood; the days in between do not count."""
        self._begin("resume", actor)
        self.pauses.filter(ended_on__isnull=True).update(ended_on=timezone.localdate())
        self.state, self.state_before = self.state_before, ""
        if self.state == ErrandState.ENTRUSTED:
            self._count()
        self.save(update_fields=["state", "state_before", "submit_by", "calendar_version"])
        self._tell("代办续办", "delegation.resumed", actor, note)
        self._record(actor, "resumed", "代办续办", note=note)

    @transaction.atomic
    def end(self, *, actor, reason):
        """终止: for good, once every original is back with the citizen; the request goes on."""
        self._begin("end", actor)
        self._refuse_while_originals_are_out("终止")
        self.pauses.filter(ended_on__isnull=True).update(ended_on=timezone.localdate())
        self.state, self.ended_at, self.end_reason = ErrandState.ENDED, timezone.now(), reason
        self.save(update_fields=["state", "ended_at", "end_reason"])
        self._tell("代办已终止", "delegation.ended", actor, reason)
        self._record(actor, "ended", "代办终止", note=reason)

    @transaction.atomic
    def change_agent(self, *, actor, agent, reason):
        """更换代办员: another agent goes on and takes over the papers."""
        self._begin("change_agent", actor)
        others = self.agents_for(self.request.organization).exclude(pk=self.agent_id)
        if not others.filter(pk=agent.pk).exists():
            raise NotAllowed("请选择本村（社区）或本中心的另一名代办员。")
        before, self.agent = self.agent, agent
        self.save(update_fields=["agent"])
        papers = said(self.holdings().at(Party.AGENT), "")
        body = f"{reason}{papers and f'；随交材料：{papers}'}"
        self._tell("代办转交给您", "delegation.agent_changed", actor, body)
        Notice.post(
            {before} - {actor},
            f"代办已转交{agent}：{self.request.subject}",
            kind="delegation.handed_over",
            about=self,
            organization=self.request.organization,
            body=body,
        )
        changes = {"agent": [str(before), str(agent)]}
        self._record(actor, "agent_changed", "更换代办员", note=body, changes=changes)

"""不适用 decided, the review confirmed by somebody who scored nothing of it, opened again."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from assessments.models.review_ground import ReviewGround, codes_of, reason_needed, score_words
from assessments.parts import unreviewed, waived_points
from orgs.models import NotAllowed


class ReviewRuling(ReviewGround):
    @transaction.atomic
    def waive(self, *, actor, answer, approved):
        """不适用: approved or refused, at most as many points as the scheme lets out."""
        self._begin("waive", actor)
        answers = self.answers()
        answer = next(a for a in answers if a.pk == answer.pk)
        if not answer.waiver_reason:
            raise NotAllowed("本组织没有为这项指标申请不适用。")
        before, answer.is_waived, answer.waiver_by = answer.is_waived, approved, actor
        most = self.assessment.cycle.scheme.most_not_applicable
        if approved and (total := waived_points(answers)) > most:
            raise NotAllowed(
                f"不适用合计 {score_words(total)} 分，超过上限 {score_words(most)} 分，不能再批准。"
            )
        answer.save(update_fields=["is_waived", "waiver_by"])
        self.sum_up(answers)
        words = {None: "未定", True: "不适用", False: "适用"}
        changes = {str(answer.indicator): [words[before], words[approved]]}
        self._record(actor, "waived", "审批不适用", changes=changes, note=answer.waiver_reason)
        title = "同意不适用" if approved else "不同意不适用"
        self._tell(self._own_people(), f"{title}：{answer.indicator}", f"waived.{answer.pk}")

    @transaction.atomic
    def confirm(self, *, actor):
        """考评定稿, by somebody who scored nothing of it."""
        self._begin("confirm", actor)
        if actor.pk in self.scorer_ids() | {self.second_id}:
            raise NotAllowed("打分的人不能定稿，请由另一位同志定稿。")
        answers = self.answers()
        if not self.shows_points_to(actor, answers):
            raise NotAllowed("请先查看考评分再定稿。")
        if faults := self.faults(answers):
            raise ValidationError(faults)
        self.confirmed_by, self.confirmed_at = actor, timezone.now()
        self.save(update_fields=["confirmed_by", "confirmed_at"])
        self.sum_up(answers)
        self._move("REVIEWED")
        self._record(actor, "confirmed", "考评定稿")
        self._tell(self._own_people(), "组织考评已定稿", "confirmed")

    @transaction.atomic
    def reopen(self, *, actor, reason):
        """重新考评: what was confirmed is open again; the points stay as they were."""
        self._begin("reopen", actor)
        self.confirmed_by = self.confirmed_at = None
        self.reopen_reason = reason
        self.save(update_fields=["confirmed_by", "confirmed_at", "reopen_reason"])
        self._move("SUBMITTED")
        self._record(actor, "reopened", "重新考评", note=reason)
        people = [*self._own_people(), *self.scorers.all()]
        self._tell(people, "组织考评退回重评", "reopened", body=reason)

    def faults(self, answers) -> list[str]:
        """Why the review is not ready to be confirmed; empty when it is."""
        found = []
        if lacking := unreviewed(answers):
            found.append(f"还有 {len(lacking)} 项没有打分：{codes_of(lacking)}。")
        if asked := [a for a in answers if a.waiver_reason and a.is_waived is None]:
            found.append(f"不适用申请没有审批：{codes_of(asked)}。")
        counted = [a for a in answers if not a.is_waived and not a.review_reason]
        if unsaid := [a for a in counted if reason_needed(a, a.review_points)]:
            found.append(f"与自评分或自动取数不同，还没有写明理由：{codes_of(unsaid)}。")
        if self.second_id and not self.second_done_at:
            found.append(f"第二考评人{self.second}还没有完成打分。")
        elif not lacking and self.is_disputed(answers) and not self.settled_by_id:
            found.append("两名考评人差异较大，请先由第一考评人或组织部门处理。")
        if self.assessment.is_vertical and not hasattr(self.assessment, "local_opinion"):
            found.append("所在地党组织的意见还没有填写，考评截止后仍没有的请登记缺意见。")
        return found

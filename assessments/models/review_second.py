"""第二考评人: scores independently and blind; a large difference is settled with a reason."""

from django.db import transaction
from django.utils import timezone

from assessments.models.review_ground import ReviewGround, codes_of, score_words
from assessments.models.verbs import Part, parts_of
from orgs.models import NotAllowed


class ReviewSecond(ReviewGround):
    @transaction.atomic
    def take_second(self, *, actor):
        """领取第二考评: only who has neither scored nor read the points can score blind."""
        self._begin("score", actor)
        self._check_window(actor)
        if self.second_id:
            raise NotAllowed(f"第二考评人已经是{self.second}。")
        if actor.pk in self.scorer_ids() | self.reader_ids():
            raise NotAllowed("您已经打过分或看过考评分，不能再作第二考评人。")
        self.second, self.second_done_at = actor, None
        self.second_version = 0
        self.save(update_fields=["second", "second_done_at", "second_version"])
        self.sum_up(self.answers())
        self._record(actor, "second_taken", "领取第二考评")

    @transaction.atomic
    def drop_second(self, *, actor, reason):
        """撤销第二考评, before it is done; what was scored so far is put aside."""
        self._begin("score", actor)
        if not self.second_id or self.second_done_at:
            raise NotAllowed("没有进行中的第二考评，请刷新后查看。")
        if actor.pk != self.second_id and Part.DEPARTMENT not in parts_of(actor, self.assessment):
            raise NotAllowed("第二考评由本人或组织部门撤销。")
        was, self.second = self.second, None
        self.save(update_fields=["second"])
        self.second_scores.all().delete()
        self.sum_up(self.answers())
        self._record(actor, "second_dropped", "撤销第二考评", note=f"{was}：{reason}")

    @transaction.atomic
    def score_second(self, *, actor, version, points, is_done):
        """第二考评人打分: {answer id: points or None}; done is final, and both see each other's."""
        self._begin("score", actor)
        self._check_window(actor)
        if actor.pk != self.second_id or self.second_done_at:
            raise NotAllowed("您不是这里的第二考评人，或者已经完成打分。")
        self._check_version(version, self.second_version)
        answers = self.answers()
        for answer in answers:
            self._check_points(answer, points.get(answer.pk))
        lacking = [a for a in answers if a.wants_review_points and points.get(a.pk) is None]
        if is_done and lacking:
            raise NotAllowed(f"还有 {len(lacking)} 项没有打分：{codes_of(lacking)}。")
        changes = self._write_second(answers, points)
        self.second_done_at = timezone.now() if is_done else None
        self.second_version += 1
        self.save(update_fields=["second_done_at", "second_version"])
        self.sum_up(answers)
        label = "完成第二考评" if is_done else "第二考评打分"
        self._record(actor, "second_scored", label, changes=changes)
        if is_done and self.is_disputed(answers):
            self._tell(list(self.scorers.all()), "两名考评人差异较大，请处理", "disputed")

    def _write_second(self, answers, points):
        before = self.second_points()
        rows, model = [], self.second_scores.model
        for answer in answers:
            if (given := points.get(answer.pk)) is not None:
                rows.append(model(review=self, answer=answer, points=given))
        self.second_scores.all().delete()
        model.objects.bulk_create(rows)
        return {
            str(a.indicator): [score_words(before.get(a.pk)), score_words(points.get(a.pk))]
            for a in answers
            if before.get(a.pk) != points.get(a.pk)
        }

    @transaction.atomic
    def settle(self, *, actor, reason):
        """处理差异: the first or the department says why the points stand as they do."""
        self._begin("score", actor)
        if not self.is_disputed(self.answers()):
            raise NotAllowed("两名考评人没有需要处理的差异，请刷新后查看。")
        is_first = actor.pk in self.scorer_ids()
        is_department = Part.DEPARTMENT in parts_of(actor, self.assessment)
        if actor.pk == self.second_id or not (is_first or is_department):
            raise NotAllowed("差异由第一考评人或组织部门处理。")
        self.settled_reason, self.settled_by = reason, actor
        self.save(update_fields=["settled_reason", "settled_by"])
        self._record(actor, "settled", "处理考评差异", note=reason)

"""考评打分: the official points, saved as often as one likes until the review is confirmed."""

from django.db import transaction
from django.utils import timezone

from assessments.models.review_ground import ReviewGround, score_words
from orgs.models import NotAllowed


class ReviewScoring(ReviewGround):
    @transaction.atomic
    def score(self, *, actor, version, scores):
        """考评打分: {answer id: (points or None, reason)}; a draft may have gaps."""
        self._begin("score", actor)
        self._check_window(actor)
        if actor.pk == self.second_id:
            raise NotAllowed("您是第二考评人，请在“第二考评人打分”里独立打分。")
        answers = self.answers()
        if not self.shows_points_to(actor, answers):
            raise NotAllowed("另一位同志正在打分。请先点“查看考评分”，再接着打分。")
        self._check_version(version, self.version)
        changes = self._write(actor, answers, scores)
        if not changes:
            return
        self.version += 1
        self.save(update_fields=["version"])
        self.scorers.add(actor)
        self.sum_up(answers)
        if self.settled_by_id:
            self._unsettle()
        self._record(actor, "scored", "考评打分", changes=changes)

    def _write(self, actor, answers, scores):
        """Change what differs; returns it as the audit trail keeps it."""
        changes, changed, now = {}, [], timezone.now()
        for answer in answers:
            given, reason = scores.get(answer.pk, (answer.review_points, answer.review_reason))
            if (given, reason) == (answer.review_points, answer.review_reason):
                continue
            self._check_points(answer, given)
            before = score_words(answer.review_points, answer.review_reason)
            answer.review_points, answer.review_reason = given, reason
            answer.review_by, answer.review_at = actor, now
            changed.append(answer)
            changes[str(answer.indicator)] = [before, score_words(given, reason)]
        fields = ["review_points", "review_reason", "review_by", "review_at"]
        self.assessment.answers.bulk_update(changed, fields)
        return changes

    @transaction.atomic
    def look(self, *, actor):
        """查看考评分 of somebody else: on record, because it ends the way to a blind score."""
        self._begin("score", actor)
        if self.is_blind(self.answers()):
            raise NotAllowed("第二考评人正在独立打分，两人都完成后才能查看。")
        self.readers.add(actor)
        self._record(actor, "read", "查看考评分")

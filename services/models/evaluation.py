"""好差评: one rating for each round of a case, by the citizen alone."""

from django.conf import settings
from django.db import models


class Grade(models.IntegerChoices):
    VERY_GOOD = 5, "非常满意"
    GOOD = 4, "满意"
    FAIR = 3, "基本满意"
    BAD = 2, "不满意"
    VERY_BAD = 1, "非常不满意"


class Evaluation(models.Model):
    class Source(models.TextChoices):
        CITIZEN = "CITIZEN", "群众自评"
        CALLBACK = "CALLBACK", "回访记录"

    request = models.ForeignKey(
        "services.ServiceRequest", models.PROTECT, related_name="evaluations"
    )
    round = models.PositiveSmallIntegerField("轮次")
    grade = models.PositiveSmallIntegerField("评价", choices=Grade)
    comment = models.TextField("意见", blank=True)
    source = models.CharField("来源", max_length=10, choices=Source, default=Source.CITIZEN)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="记录人"
    )
    ip = models.GenericIPAddressField("来源地址", null=True)
    addition = models.TextField("追评", blank=True)
    added_at = models.DateTimeField("追评时间", null=True)
    created_at = models.DateTimeField("评价时间")

    class Meta:
        verbose_name = verbose_name_plural = "评价"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "round"],
                name="evaluation_once",
                violation_error_message="本次办理已经评价过。",
            ),
            models.CheckConstraint(
                condition=models.Q(grade__gte=1, grade__lte=5), name="evaluation_five_grades"
            ),
            models.CheckConstraint(
                condition=models.Q(source="CITIZEN", entered_by__isnull=True)
                | models.Q(source="CALLBACK", entered_by__isnull=False),
                name="evaluation_names_who_entered_it",
            ),
        ]

    def __str__(self):
        return f"{self.request} {self.get_grade_display()}"

    @property
    def is_bad(self) -> bool:
        """The two lowest grades are 差评."""
        return self.grade <= Grade.BAD

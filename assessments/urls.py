from django.urls import path

from assessments.views import (
    answers,
    assessment,
    cycles,
    dashboard,
    review,
    reviews,
    spot_checks,
    workload,
)

app_name = "assessments"
urlpatterns = [
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    path("dashboard/export/", dashboard.export, name="dashboard_export"),
    path("assessments/", cycles.cycles, name="cycles"),
    path("assessments/export/", cycles.cycles_export, name="cycles_export"),
    path("assessments/open/", cycles.cycle_new, name="cycle_new"),
    path("assessments/cycles/<int:pk>/", cycles.cycle, name="cycle"),
    path("assessments/cycles/<int:pk>/calendar/", cycles.reschedule, name="cycle_calendar"),
    path("assessments/cycles/<int:pk>/export/", cycles.board_export, name="board_export"),
    path("assessments/<int:pk>/", assessment.assessment, name="assessment"),
    path("assessments/<int:pk>/report/", assessment.report, name="self_report"),
    path("assessments/<int:pk>/report/word/", assessment.report_docx, name="self_report_docx"),
    path("assessments/<int:pk>/do/<str:verb>/", assessment.act, name="self_act"),
    path("assessments/<int:pk>/answers/<int:answer_pk>/", answers.answer, name="answer"),
    path(
        "assessments/<int:pk>/answers/<int:answer_pk>/files/<int:file_pk>/",
        answers.evidence_file,
        name="evidence_file",
    ),
    path(
        "assessments/<int:pk>/answers/<int:answer_pk>/remove/<str:kind>/<int:evidence_pk>/",
        answers.remove,
        name="evidence_remove",
    ),
    path("workload/", workload.workload, name="workload"),
    path("workload/export/", workload.export, name="workload_export"),
    path("assessments/reviews/", reviews.reviews, name="reviews"),
    path("assessments/reviews/export/", reviews.export, name="reviews_export"),
    path("assessments/spot-checks/", spot_checks.spot_checks, name="spot_checks"),
    path("assessments/spot-checks/draw/", spot_checks.draw, name="spot_check_draw"),
    path("assessments/spot-checks/<int:pk>/", spot_checks.spot_check, name="spot_check"),
    path("assessments/spot-checks/<int:pk>/export/", spot_checks.export, name="spot_check_export"),
    path(
        "assessments/spot-checks/<int:pk>/<int:item_pk>/",
        spot_checks.report,
        name="spot_check_report",
    ),
    path("assessments/<int:pk>/review/", review.review, name="review"),
    path("assessments/<int:pk>/review/second/", review.second, name="review_second"),
    path("assessments/<int:pk>/review/waive/<int:answer_pk>/", review.waive, name="review_waive"),
    path("assessments/<int:pk>/review/do/<str:verb>/", review.act, name="review_act"),
]

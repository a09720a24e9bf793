from django.urls import path

from assessments.views import assessment, cycles, dashboard, review, workload

app_name = "assessments"
urlpatterns = [
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    path("dashboard/export/", dashboard.export, name="dashboard_export"),
    path("assessments/", cycles.cycles, name="cycles"),
    path("assessments/export/", cycles.cycles_export, name="cycles_export"),
    path("assessments/open/", cycles.cycle_new, name="cycle_new"),
    path("assessments/cycles/<int:pk>/", cycles.cycle, name="cycle"),
    path("assessments/cycles/<int:pk>/export/", cycles.board_export, name="board_export"),
    path("assessments/<int:pk>/", assessment.assessment, name="assessment"),
    path("workload/", workload.workload, name="workload"),
    path("workload/export/", workload.export, name="workload_export"),
    path("assessments/<int:pk>/review/", review.review, name="review"),
    path("assessments/<int:pk>/review/second/", review.second, name="review_second"),
    path("assessments/<int:pk>/review/waive/<int:answer_pk>/", review.waive, name="review_waive"),
    path("assessments/<int:pk>/review/do/<str:verb>/", review.act, name="review_act"),
]

from django.urls import path

from assessments.views import dashboard, workload

app_name = "assessments"
urlpatterns = [
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    path("dashboard/export/", dashboard.export, name="dashboard_export"),
    path("workload/", workload.workload, name="workload"),
    path("workload/export/", workload.export, name="workload_export"),
]

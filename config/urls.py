"""All addresses of the portal; each app names its own."""

from django.urls import include, path

from config import health, home

urlpatterns = [
    path("", home.home, name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("", include("orgs.urls")),
    path("", include("services.urls")),
    path("", include("assessments.urls")),
]

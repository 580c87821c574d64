"""The addresses of the portal, and those of the reference list."""

from django.urls import include, path

from . import views

urlpatterns = [
    path("reference/", views.ReferenceList.as_view(), name="reference"),
    path("reference/export/", views.export, name="reference_export"),
    path("", include("inm_portal.urls")),
]

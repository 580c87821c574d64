"""The reference list alone."""

from django.urls import path

from bench import views

urlpatterns = [path("reference/", views.ReferenceList.as_view(), name="reference")]

from django.urls import path

from .views import calls

app_name = "seed_projects"

urlpatterns = [
    path("calls/<int:pk>/", calls.CallDetail.as_view(), name="call"),
]

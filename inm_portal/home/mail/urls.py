"""The addresses of the pages about mail."""

from django.urls import path

from . import care, views, webhooks

urlpatterns = [
    *webhooks.routes(),
    path("", views.MessageList.as_view(), name="messages"),
    path("export/", views.ExportMessages.as_view(), name="export_messages"),
    path("hold/", care.HoldAllMail.as_view(), name="hold_all_mail"),
    path(
        "holds/<int:pk>/release/",
        care.ReleaseAllMail.as_view(),
        name="release_all_mail",
    ),
    path("bounces/", care.BounceList.as_view(), name="bounces"),
    path(
        "bounces/export/",
        care.ExportBounces.as_view(),
        name="export_bounces",
    ),
    path(
        "bounces/<int:pk>/clear/",
        care.ClearBounce.as_view(),
        name="clear_bounce",
    ),
    path("<int:pk>/", views.MessagePage.as_view(), name="message"),
    path(
        "<int:pk>/preview/",
        views.MessagePreview.as_view(),
        name="message_preview",
    ),
    path("<int:pk>/hold/", views.HoldMessage.as_view(), name="hold_message"),
    path(
        "<int:pk>/release/",
        views.ReleaseMessage.as_view(),
        name="release_message",
    ),
    path(
        "<int:pk>/cancel/",
        views.CancelMessage.as_view(),
        name="cancel_message",
    ),
    path(
        "<int:pk>/resend/",
        views.ResendMessage.as_view(),
        name="resend_message",
    ),
]

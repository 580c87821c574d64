from django.urls import path

from . import holds, ladders, lists

urlpatterns = [
    path("", lists.ReminderCalendar.as_view(), name="reminders"),
    path("export/", lists.ExportReminders.as_view(), name="export_reminders"),
    path("past/", lists.PastReminders.as_view(), name="past_reminders"),
    path(
        "past/export/",
        lists.ExportPastReminders.as_view(),
        name="export_past_reminders",
    ),
    path("why/", ladders.Ladders.as_view(), name="reminder_ladders"),
    path("rules/", ladders.Rules.as_view(), name="reminder_rules"),
    path("holds/", holds.HoldList.as_view(), name="reminder_holds"),
    path("holds/new/", holds.HoldReminders.as_view(), name="hold_reminders"),
    path("holds/<int:pk>/lift/", holds.LiftHold.as_view(), name="lift_hold"),
    path("stops/<int:pk>/release/", holds.ReleaseStop.as_view(), name="release_stop"),
    path("stops/<int:pk>/cancel/", holds.CancelStopped.as_view(), name="cancel_stop"),
    path("<int:pk>/", lists.ReminderDetail.as_view(), name="reminder"),
    path("<int:pk>/hold/", holds.HoldObject.as_view(), name="hold_reminder"),
    path("<int:pk>/fill/", lists.FillReminder.as_view(), name="fill_reminder"),
]

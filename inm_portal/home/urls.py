"""The addresses of what goes across apps: home, people, mail, reminders, records."""

from django.urls import include, path

from inm_portal.accounts.views import delegations as account_delegations

from . import (
    acceptance,
    access_requests,
    closures,
    delegations,
    directory,
    documents,
    invitations,
    jobs,
    journal,
    lost_factors,
    merging,
    personal_data,
    queue,
    tasklist,
    viewing,
    views,
)

#: Everybody who signs in, who is invited, and who waits for a place.
people = [
    path("", directory.PersonList.as_view(), name="people"),
    path("export/", directory.ExportPeople.as_view(), name="export_people"),
    path("<int:pk>/", directory.PersonDetail.as_view(), name="person"),
    path("<int:pk>/roles/give/", directory.GiveRole.as_view(), name="give_role"),
    path("<int:pk>/roles/take/", directory.TakeRole.as_view(), name="take_role"),
    path(
        "<int:pk>/second-factor/reset/",
        lost_factors.ResetFactors.as_view(),
        name="reset_factors",
    ),
    path("<int:pk>/end-access/", directory.EndAccess.as_view(), name="end_access"),
    path(
        "<int:pk>/restore-access/",
        directory.RestoreAccess.as_view(),
        name="restore_access",
    ),
    path("<int:pk>/merge/", merging.MergePerson.as_view(), name="merge_person"),
    path("merges/<int:pk>/undo/", merging.UndoMerge.as_view(), name="undo_merge"),
    path(
        "<int:pk>/delegate/",
        account_delegations.DelegateForAnother.as_view(),
        name="delegate_for",
    ),
    path("<int:pk>/data/", personal_data.PersonData.as_view(), name="person_data"),
    path("<int:pk>/erase/", personal_data.ErasePerson.as_view(), name="erase_person"),
    path(
        "<int:pk>/erase/confirm/",
        personal_data.ConfirmErasure.as_view(),
        name="confirm_erasure",
    ),
    path("<int:pk>/view-as/", viewing.ViewAs.as_view(), name="view_as"),
    path("standing-in/", delegations.DelegationList.as_view(), name="delegations"),
    path(
        "standing-in/export/",
        delegations.ExportDelegations.as_view(),
        name="export_delegations",
    ),
    path(
        "standing-in/<int:pk>/end/",
        delegations.EndDelegation.as_view(),
        name="end_delegation",
    ),
    path("view-as/", viewing.ViewingList.as_view(), name="viewings"),
    path("view-as/export/", viewing.ExportViewings.as_view(), name="export_viewings"),
    path("view-as/end/", viewing.EndViewAs.as_view(), name="end_view_as"),
    path(
        "requests/",
        access_requests.AccessRequestPage.as_view(),
        name="access_requests",
    ),
    path(
        "requests/export/",
        access_requests.ExportAccessRequests.as_view(),
        name="export_access_requests",
    ),
    path(
        "requests/<int:pk>/welcome/",
        access_requests.WelcomeRequest.as_view(),
        name="welcome_request",
    ),
    path(
        "requests/<int:pk>/decline/",
        access_requests.DeclineRequest.as_view(),
        name="decline_request",
    ),
    path("invitations/", invitations.InvitationList.as_view(), name="invitations"),
    path(
        "invitations/export/",
        invitations.ExportInvitations.as_view(),
        name="export_invitations",
    ),
    path("invitations/new/", invitations.InvitePerson.as_view(), name="invite"),
    path(
        "invitations/<int:pk>/",
        invitations.InvitationDetail.as_view(),
        name="invitation",
    ),
    path(
        "invitations/<int:pk>/resend/",
        invitations.ResendInvitation.as_view(),
        name="resend_invitation",
    ),
    path(
        "invitations/<int:pk>/revoke/",
        invitations.RevokeInvitation.as_view(),
        name="revoke_invitation",
    ),
]

contact = [
    path("data/", personal_data.ContactData.as_view(), name="contact_data"),
    path("erase/", personal_data.EraseContact.as_view(), name="erase_contact"),
    path(
        "erase/confirm/",
        personal_data.ConfirmContactErasure.as_view(),
        name="confirm_contact_erasure",
    ),
]

urlpatterns = [
    path("", views.Home.as_view(), name="home"),
    path("theme/", views.set_theme, name="set_theme"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", views.metrics, name="metrics"),
    path("people/", include(people)),
    path("consortium/contacts/<int:pk>/", include(contact)),
    path("account/data/", personal_data.OwnData.as_view(), name="own_data"),
    path("acting/stop/", account_delegations.StopActing.as_view(), name="stop_acting"),
    path(
        "accounts/invitation/",
        acceptance.AcceptInvitation.as_view(),
        name="accept_invitation",
    ),
    path(
        "accounts/invitation/<str:token>/",
        acceptance.OpenInvitation.as_view(),
        name="open_invitation",
    ),
    path("messages/", include("inm_portal.home.mail.urls")),
    path("reminders/closures/", closures.ClosureList.as_view(), name="closures"),
    path("reminders/closures/new/", closures.AddClosure.as_view(), name="add_closure"),
    path(
        "reminders/closures/<int:pk>/withdraw/",
        closures.WithdrawClosure.as_view(),
        name="withdraw_closure",
    ),
    path("reminders/", include("inm_portal.home.reminders.urls")),
    path("today/", queue.Queue.as_view(), name="today"),
    path("tasks/", tasklist.TaskList.as_view(), name="tasks"),
    path("tasks/<int:pk>/finish/", tasklist.FinishTask.as_view(), name="finish_task"),
    path("journal/", journal.JournalPage.as_view(), name="journal"),
    path("journal/export/", journal.ExportJournal.as_view(), name="export_journal"),
    path("jobs/", jobs.JobList.as_view(), name="jobs"),
    path("jobs/export/", jobs.ExportJobs.as_view(), name="export_jobs"),
    path("jobs/<int:pk>/", jobs.JobDetail.as_view(), name="job"),
    path("jobs/<int:pk>/progress/", jobs.JobProgress.as_view(), name="job_progress"),
    path("jobs/<int:pk>/cancel/", jobs.CancelJob.as_view(), name="cancel_job"),
    path("jobs/<int:pk>/retry/", jobs.RetryJob.as_view(), name="retry_job"),
    path(
        "documents/<int:pk>/supersede/",
        documents.SupersedeDocument.as_view(),
        name="supersede_document",
    ),
    path(
        "documents/<int:pk>/<str:name>", documents.Download.as_view(), name="document"
    ),
]

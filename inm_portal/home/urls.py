"""People: everybody who signs in, who is invited, and who became one."""

from django.urls import path

from . import directory, invitations, lost_factors, merging

urlpatterns = [
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
    path("<int:pk>/merge/", merging.MergePerson.as_view(), name="merge_person"),
    path("merges/<int:pk>/undo/", merging.UndoMerge.as_view(), name="undo_merge"),
    path("<int:pk>/end-access/", directory.EndAccess.as_view(), name="end_access"),
    path(
        "<int:pk>/restore-access/",
        directory.RestoreAccess.as_view(),
        name="restore_access",
    ),
    path(
        "invitations/",
        invitations.InvitationList.as_view(),
        name="invitations",
    ),
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

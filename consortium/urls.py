from django.urls import path

from .views import (
    agreements,
    amendments,
    contacts,
    exceptions,
    links,
    merging,
    organizations,
)

app_name = "consortium"

urlpatterns = [
    path("members/", organizations.MemberList.as_view(), name="members"),
    path(
        "members/export/", organizations.ExportMembers.as_view(), name="export_members"
    ),
    path("members/new/", organizations.AddMember.as_view(), name="add_member"),
    path("members/<int:pk>/", organizations.MemberDetail.as_view(), name="member"),
    path(
        "members/<int:pk>/change/",
        organizations.ChangeMember.as_view(),
        name="change_member",
    ),
    path(
        "members/<int:pk>/rename/",
        organizations.RenameMember.as_view(),
        name="rename_member",
    ),
    path(
        "members/<int:pk>/sites/new/", organizations.AddSite.as_view(), name="add_site"
    ),
    path("members/<int:pk>/parent/", links.LinkParent.as_view(), name="link_parent"),
    path(
        "members/<int:pk>/merger/", links.RecordMerger.as_view(), name="record_merger"
    ),
    path(
        "members/<int:pk>/spin-off/",
        links.RecordSpinOff.as_view(),
        name="record_spin_off",
    ),
    path(
        "links/<int:pk>/open-history/",
        links.OpenHistory.as_view(),
        name="open_history",
    ),
    path("exceptions/", exceptions.ExceptionList.as_view(), name="exceptions"),
    path(
        "exceptions/export/",
        exceptions.ExportExceptions.as_view(),
        name="export_exceptions",
    ),
    path(
        "members/<int:pk>/screenings/new/",
        organizations.RecordScreening.as_view(),
        name="record_screening",
    ),
    path(
        "members/<int:pk>/contacts/new/",
        contacts.AddContact.as_view(),
        name="add_contact",
    ),
    path(
        "members/<int:pk>/agreements/new/",
        agreements.DraftAgreement.as_view(),
        name="draft_agreement",
    ),
    path("contacts/", contacts.ContactList.as_view(), name="contacts"),
    path("contacts/export/", contacts.ExportContacts.as_view(), name="export_contacts"),
    path("contacts/<int:pk>/", contacts.ContactDetail.as_view(), name="contact"),
    path(
        "contacts/<int:pk>/change/",
        contacts.ChangeContact.as_view(),
        name="change_contact",
    ),
    path(
        "contacts/<int:pk>/confirm/",
        contacts.ConfirmContact.as_view(),
        name="confirm_contact",
    ),
    path(
        "contacts/<int:pk>/invite/",
        contacts.InviteContact.as_view(),
        name="invite_contact",
    ),
    path(
        "contacts/<int:pk>/merge/",
        merging.MergeContact.as_view(),
        name="merge_contact",
    ),
    path(
        "contact-merges/<int:pk>/undo/",
        merging.UndoContactMerge.as_view(),
        name="undo_contact_merge",
    ),
    path(
        "contacts/<int:pk>/depart/",
        contacts.DepartContact.as_view(),
        name="depart_contact",
    ),
    path(
        "contacts/<int:pk>/roles/new/",
        contacts.AssignRole.as_view(),
        name="assign_role",
    ),
    path("roles/<int:pk>/end/", contacts.EndRole.as_view(), name="end_role"),
    path("agreements/", agreements.AgreementList.as_view(), name="agreements"),
    path(
        "agreements/export/",
        agreements.ExportAgreements.as_view(),
        name="export_agreements",
    ),
    path(
        "agreements/<int:pk>/", agreements.AgreementDetail.as_view(), name="agreement"
    ),
    path(
        "agreements/<int:pk>/change/",
        agreements.ChangeDraft.as_view(),
        name="change_draft",
    ),
    path(
        "agreements/<int:pk>/waive/",
        agreements.WaiveFloor.as_view(),
        name="waive_floor",
    ),
    path(
        "agreements/<int:pk>/sign/",
        agreements.SignAgreement.as_view(),
        name="sign_agreement",
    ),
    path(
        "agreements/<int:pk>/amendments/new/",
        amendments.DraftAmendment.as_view(),
        name="draft_amendment",
    ),
    path(
        "amendments/<int:pk>/", amendments.AmendmentDetail.as_view(), name="amendment"
    ),
    path(
        "amendments/<int:pk>/change/",
        amendments.ChangeAmendment.as_view(),
        name="change_amendment",
    ),
    path(
        "amendments/<int:pk>/waive/",
        amendments.WaiveAmendment.as_view(),
        name="waive_amendment",
    ),
    path(
        "amendments/<int:pk>/sign/",
        amendments.SignAmendment.as_view(),
        name="sign_amendment",
    ),
    path(
        "amendments/<int:pk>/abandon/",
        amendments.AbandonAmendment.as_view(),
        name="abandon_amendment",
    ),
    path(
        "agreements/<int:pk>/deviations/new/",
        agreements.AddDeviation.as_view(),
        name="add_deviation",
    ),
    path(
        "deviations/<int:pk>/remove/",
        agreements.RemoveDeviation.as_view(),
        name="remove_deviation",
    ),
    path(
        "agreements/<int:pk>/documents/new/",
        agreements.AttachDocument.as_view(),
        name="attach_document",
    ),
]

from django.urls import path

from . import feeds
from .views import calls, definitions, exchange, public, rubrics, steps

app_name = "seed_projects"

urlpatterns = [
    path("open-calls/", public.OpenCalls.as_view(), name="open_calls"),
    path("open-calls/feed/", feeds.OpenCallFeed(), name="open_calls_feed"),
    path("open-calls/<slug:slug>/", public.PublicCall.as_view(), name="public_call"),
    path("calls/", calls.CallList.as_view(), name="calls"),
    path("calls/export/", calls.ExportCalls.as_view(), name="export_calls"),
    path("calls/new/", calls.DraftCall.as_view(), name="draft_call"),
    path("calls/<int:pk>/", calls.CallDetail.as_view(), name="call"),
    path("calls/<int:pk>/change/", calls.ChangeCall.as_view(), name="change_call"),
    path("calls/<int:pk>/copy/", calls.CopyCall.as_view(), name="copy_call"),
    path("calls/<int:pk>/preview/", calls.PreviewCall.as_view(), name="preview_call"),
    path("calls/<int:pk>/open/", steps.OpenCall.as_view(), name="open_call"),
    path("calls/<int:pk>/close/", steps.CloseCall.as_view(), name="close_call"),
    path("calls/<int:pk>/review/", steps.BeginReview.as_view(), name="review_call"),
    path("calls/<int:pk>/decide/", steps.DecideCall.as_view(), name="decide_call"),
    path("calls/<int:pk>/archive/", steps.ArchiveCall.as_view(), name="archive_call"),
    path("calls/<int:pk>/cancel/", steps.CancelCall.as_view(), name="cancel_call"),
    path("calls/<int:pk>/reopen/", steps.ReopenCall.as_view(), name="reopen_call"),
    path("calls/<int:pk>/extend/", steps.ExtendDeadline.as_view(), name="extend_call"),
    path("calls/<int:pk>/stage/", steps.SetStage.as_view(), name="set_stage"),
    path("calls/<int:pk>/date/", steps.SetDate.as_view(), name="set_date"),
    path("calls/<int:pk>/tracks/new/", steps.AddTrack.as_view(), name="add_track"),
    path("calls/<int:pk>/rules/new/", steps.AddRule.as_view(), name="add_rule"),
    path("calls/<int:pk>/except/", steps.GrantException.as_view(), name="except_call"),
    path("calls/<int:pk>/rubric/", steps.ChooseRubric.as_view(), name="choose_rubric"),
    path("calls/<int:pk>/form/", steps.ReplaceForm.as_view(), name="replace_form"),
    path(
        "calls/<int:pk>/problems/add/",
        exchange.UseProblem.as_view(),
        name="use_problem",
    ),
    path("calls/<int:pk>/ask/", exchange.AskAboutCall.as_view(), name="ask_call"),
    path(
        "questions/<int:pk>/answer/",
        exchange.AnswerQuestion.as_view(),
        name="answer_question",
    ),
    path("stages/<int:pk>/remove/", steps.RemoveStage.as_view(), name="remove_stage"),
    path("dates/<int:pk>/remove/", steps.RemoveDate.as_view(), name="remove_date"),
    path("tracks/<int:pk>/remove/", steps.RemoveTrack.as_view(), name="remove_track"),
    path("rules/<int:pk>/remove/", steps.RemoveRule.as_view(), name="remove_rule"),
    path("problems/", exchange.ProblemList.as_view(), name="problems"),
    path("problems/export/", exchange.ExportProblems.as_view(), name="export_problems"),
    path("problems/<int:pk>/", exchange.ProblemDetail.as_view(), name="problem"),
    path(
        "problems/<int:pk>/withdraw/",
        exchange.WithdrawProblem.as_view(),
        name="withdraw_problem",
    ),
    path(
        "members/<int:pk>/problems/new/",
        exchange.StateProblem.as_view(),
        name="state_problem",
    ),
    path("forms/", definitions.FormList.as_view(), name="forms"),
    path("forms/new/", definitions.AddForm.as_view(), name="add_form"),
    path("forms/<int:pk>/", definitions.FormDetail.as_view(), name="form"),
    path(
        "forms/<int:pk>/begin/",
        definitions.BeginFormVersion.as_view(),
        name="begin_form_version",
    ),
    path(
        "form-versions/<int:pk>/",
        definitions.FormVersionDetail.as_view(),
        name="form_version",
    ),
    path(
        "form-versions/<int:pk>/publish/",
        definitions.PublishForm.as_view(),
        name="publish_form",
    ),
    path(
        "form-versions/<int:pk>/sections/new/",
        definitions.AddSection.as_view(),
        name="add_section",
    ),
    path(
        "sections/<int:pk>/questions/new/",
        definitions.AddQuestion.as_view(),
        name="add_question",
    ),
    path(
        "sections/<int:pk>/change/",
        definitions.ChangeSection.as_view(),
        name="change_section",
    ),
    path(
        "sections/<int:pk>/move/",
        definitions.MoveSection.as_view(),
        name="move_section",
    ),
    path(
        "sections/<int:pk>/remove/",
        definitions.RemoveSection.as_view(),
        name="remove_section",
    ),
    path(
        "form-questions/<int:pk>/change/",
        definitions.ChangeQuestion.as_view(),
        name="change_question",
    ),
    path(
        "form-questions/<int:pk>/move/",
        definitions.MoveQuestion.as_view(),
        name="move_question",
    ),
    path(
        "form-questions/<int:pk>/remove/",
        definitions.RemoveQuestion.as_view(),
        name="remove_question",
    ),
    path("rubrics/", rubrics.RubricList.as_view(), name="rubrics"),
    path("rubrics/new/", rubrics.AddRubric.as_view(), name="add_rubric"),
    path("rubrics/<int:pk>/", rubrics.RubricDetail.as_view(), name="rubric"),
    path(
        "rubrics/<int:pk>/begin/",
        rubrics.BeginRubricVersion.as_view(),
        name="begin_rubric_version",
    ),
    path(
        "rubric-versions/<int:pk>/",
        rubrics.RubricVersionDetail.as_view(),
        name="rubric_version",
    ),
    path(
        "rubric-versions/<int:pk>/publish/",
        rubrics.PublishRubric.as_view(),
        name="publish_rubric",
    ),
    path(
        "rubric-versions/<int:pk>/criteria/new/",
        rubrics.AddCriterion.as_view(),
        name="add_criterion",
    ),
    path(
        "criteria/<int:pk>/change/",
        rubrics.ChangeCriterion.as_view(),
        name="change_criterion",
    ),
    path(
        "criteria/<int:pk>/move/",
        rubrics.MoveCriterion.as_view(),
        name="move_criterion",
    ),
    path(
        "criteria/<int:pk>/remove/",
        rubrics.RemoveCriterion.as_view(),
        name="remove_criterion",
    ),
]

"""What people type about seed projects, by subject."""

from .calls import (
    CancelForm,
    ChangeCallForm,
    CopyCallForm,
    DateForm,
    DraftCallForm,
    ExceptionForm,
    ExtendForm,
    ReopenForm,
    ReplaceFormForm,
    RubricForm,
    RuleForm,
    StageForm,
    TrackForm,
    UseProblemForm,
    in_parts,
)
from .definitions import CriterionForm, QuestionForm, SectionForm, TitleForm
from .exchange import AnswerForm, AskForm, ProblemForm

__all__ = [
    "AnswerForm",
    "AskForm",
    "CancelForm",
    "ChangeCallForm",
    "CopyCallForm",
    "CriterionForm",
    "DateForm",
    "DraftCallForm",
    "ExceptionForm",
    "ExtendForm",
    "ProblemForm",
    "QuestionForm",
    "ReopenForm",
    "ReplaceFormForm",
    "RubricForm",
    "RuleForm",
    "SectionForm",
    "StageForm",
    "TitleForm",
    "TrackForm",
    "UseProblemForm",
    "in_parts",
]

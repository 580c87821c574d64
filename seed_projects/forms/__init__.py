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
from .letters import ChangeLetterForm, LetterForm, fields_help
from .screening import (
    AppealForm,
    ChecksForm,
    DecideAppealForm,
    MoveForm,
    ReturnForm,
    SendBackForm,
)

__all__ = [
    "AnswerForm",
    "AppealForm",
    "AskForm",
    "CancelForm",
    "ChangeCallForm",
    "ChangeLetterForm",
    "ChecksForm",
    "CopyCallForm",
    "CriterionForm",
    "DateForm",
    "DecideAppealForm",
    "DraftCallForm",
    "ExceptionForm",
    "ExtendForm",
    "LetterForm",
    "MoveForm",
    "ProblemForm",
    "QuestionForm",
    "ReopenForm",
    "ReplaceFormForm",
    "ReturnForm",
    "RubricForm",
    "RuleForm",
    "SectionForm",
    "SendBackForm",
    "StageForm",
    "TitleForm",
    "TrackForm",
    "UseProblemForm",
    "fields_help",
    "in_parts",
]

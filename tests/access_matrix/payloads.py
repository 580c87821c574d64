"""A right body for each write, so that nobody is refused for its content alone."""

from base64 import b64encode
from dataclasses import dataclass, field
from typing import Any

from consortium.services import LADDER
from inm_portal.accounts import roles

from ..factories.library import pdf
from ..kernel.files import PDF

PASSWORD = "a password of the tests"


@dataclass(frozen=True)
class Body:
    """
    What is sent: fields of a form or of a JSON object, headers, and files.

    A field whose name ends with an object's key is called as in ``amount:unpaid``.
    """

    data: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)


class Key(str):
    """The key of an object of the stage, by its name there."""


NOTHING = Body()
NEWCOMER = "newcomer@mit.example"
ALONE = "alone@siemens.example"
FIRST_VERSION = {"If-Match": '"1"'}
SECOND_VERSION = {"If-Match": '"2"'}
TODAY = "2026-11-22"
BILLED = {
    **{"bill_to_entity": "Siemens AG", "bill_to_address": "1 Main Street"},
    **{"channel": "email", "terms_days": 30},
}
PURCHASE_ORDER = {"number": "PO-77", "amount": "5000.00", "ends_on": "2027-11-22"}
PAID = {"paid_on": TODAY, "amount": "4.00", "method": "wire"}
OWN_LADDER = {"until_on": "2026-12-31", "reason": "Their year ends"}
LADDER_TYPED = {
    name: value
    for rung in LADDER
    for name, value in [
        (f"{rung.key}_is_on", "on"),
        (f"{rung.key}_days", abs(rung.days)),
        (f"{rung.key}_channel", "mail"),
    ]
}
RUNGS = [
    {"key": rung.key, "days": rung.days, "is_task": rung.is_task} for rung in LADDER
]
DELIVERED = Body({"channel": "email", "delivered_on": TODAY})
ANSWERED = Body({"kind": "accepted", "answered_on": TODAY})
PROMISED = Body({"pay_on": "2027-01-15", "amount": "1.00"})
INVOICE_DISPUTED = {"amount": "1.00", "reason": "Agreed otherwise"}

TERMINATION = {
    "notice_received_on": TODAY,
    "last_on": "2027-02-20",
    "reason": "The plant closes.",
}
MEMBER = {
    "name": "Novo",
    "legal_name": "Novo A/S",
    "named_since_on": "2000-01-01",
    "sector": "energy",
}
SITE = {"name": "Works", "kind": "plant", "city": "Erlangen", "country": "DE"}
NAMES = {"name": "Siemens II", "legal_name": "Siemens II AG", "from_on": TODAY}
PERSON = {"name": "Ada", "email": "ada@siemens.example", "job_title": "", "phone": ""}
ROLE = {"role": "mentor", "from_on": TODAY}
TERMS = {
    "contracting_entity": "Siemens AG",
    "entity_country": "US",
    "effective_on": "2031-05-27",
    "currency": "USD",
    "billing_frequency": "annual",
    "payment_terms_days": 30,
    "renewal_notice_days": 90,
    "in_kind_cap_percent": "10.00",
    "cure_days": 90,
}
YEARS_TYPED = {
    f"{part}_{number}": amount
    for number in (1, 2, 3)
    for part, amount in [("required", "600000"), ("fee_part", "275000")]
}
AS_SIGNED = {
    name: "500000" if name.startswith("required") else amount
    for name, amount in YEARS_TYPED.items()
}
YEARS = {"years": [{"required": "600000.00", "fee_part": "275000.00"}] * 3}
SIGNATURES = {
    "signed_on": TODAY,
    "signed_for_member_by": "A Sponsor",
    "signed_for_mit_by": "A Director",
}
AMENDMENT = {
    "effective_on": "2027-05-27",
    "reason": "Asked for",
    "counting": "full_year",
    "other_terms": "Two seats.",
}
AMENDED = {"years": [{"number": 3, "required": "700000.00", "fee_part": "0.00"}]}
LINK = {"other": Key("group"), "from_on": TODAY}
SPIN_OFF = {
    "name": "Siemens Drives",
    "legal_name": "Siemens Drives GmbH",
    "rest_name": "The rest",
    "rest_legal_name": "The rest AG",
    "from_on": TODAY,
}
DEVIATION = {
    "clause": "4.2",
    "template_says": "One seat.",
    "agreement_says": "Two seats.",
    "reason": "Two divisions.",
}
SCREENING = {"result": "clear", "screened_name": "Siemens AG", "screened_on": TODAY}
GUEST = {"name": "Ada", "email": "ada@mit.example"}
NEW_PASSWORDS = dict.fromkeys(("password1", "password2"), "another one of the tests")
VERSION = {"version": 1}
A_FILE = Body(files={"file": ("signed.pdf", PDF)})

ZONE = Body({"time_zone": "Europe/Berlin"})
REASON = Body({"reason": "A person asked for it"})
ERASED_CONTACT = Body({"ground": "asked", "address": ALONE})
RULE = "consortium.contact_confirmation"
NOTE = {"subject": "Our invoice", "text": "May I ask what keeps you from it?"}
HELD = {"until_on": "2031-05-27", "reason": "They asked"}

PAPER = {
    **{"payer": "Siemens AG", "number": "INV-77", "amount": "5000.00"},
    "dated_on": "2026-02-02",
}
CONTRIBUTED = {"contributed_on": "2026-02-02"}
PART = {"commitment_year": Key("year"), "category": "fee", "amount": "5000.00"}
CLAIM = {"what_for": "The fee of year 1", **CONTRIBUTED}
CLAIM_TYPED = {"year_1": Key("year"), "category_1": "fee", "amount_1": "5,000"}
THING = {"name": "A robot", "running_cost": "0.00"}
OFFER_TYPED = {"year": Key("year"), "category": "equipment", "claimed": "5,000"}
ACCEPTED = Body({"accepted": "1000.00", "reason": "About manufacturing"})
REDUCED = Body({"amount": "100.00", "reason": "Cut by amendment"})
VALUED = Body(
    {"method": "list", "basis": "1500.00", "discount_percent": "40.00", "months": 0}
)
DISPUTED = Body({"figure": "1700.00", "method": "appraisal", "reason": "Worth more"})
ASSESSED = Body({"needs_ehs_approval": True, "running_cost": "900.00"})
APPROVED = Body({"office": "ehs", "approved_by": "EHS", "approved_on": TODAY})
APPRAISED = Body(
    {"appraiser": "An appraiser", "appraised_on": TODAY, "value": "1400", "cost": "9"},
    files=A_FILE.files,
)
SETTLED = Body({"value": "1750.00", "reason": "Appraised", "appraisal_cost": "90.00"})
INTEREST = Body({"person": Key("colleague"), "reason": "Shares", "from_on": TODAY})

RECEIPT = Body(
    {
        **{"received_on": TODAY, "amount": "5000.00", "currency": "USD"},
        **{"method": "wire", "payer_name": "Siemens AG", "bank_reference": "W-1"},
    }
)

OF_SIEMENS = {"organization": Key("member"), "amount": "900.00"}
OF_LINE = {"line": Key("unpaid"), "amount": "70.00"}
APPLIED = Body({"parts": [OF_LINE], "reason": "As they wrote"})
BOUNCED = Body({"returned_on": TODAY, "reason": "No cover"})
PAID_BACK = Body({"amount": "20.00", "reason": "Paid twice"})
FEE_OF_A_BANK = {"kind": "bank_charge", "amount": "25.00"}

RECOGNIZED = b"member,month,amount,currency\nSiemens,2026-10,10.00,USD\n"
STATEMENT = b"Date,Amount,Payer,Reference,Text\n2026-11-12,71.00,Siemens AG,FED-71,\n"
BANK_FILE = Body(
    {"account": Key("bank_account")}, files={"file": ("november.csv", STATEMENT)}
)
BANK_ACCOUNT = {
    **{"name": "Operating", "format": "csv", "currency": "USD", "method": "wire"},
    **{"delimiter": ",", "day_format": "%Y-%m-%d", "decimal_mark": "."},
    **{"day_column": "Date", "amount_column": "Amount", "payer_column": "Payer"},
}
POSTED_UNTIL = Body({"posted_until": TODAY})

CREDIT = {"reason": "Agreed with the member"}

CALL_BACK = Body(
    {
        **{"received_on": TODAY, "asked_by": "ap@siemens.example"},
        **{"reason": "Pay from another bank", "contact": Key("called")},
    }
)
ANSWER = Body({"answer": "Yes, we moved."})

USED = Body({"quantity": 1, "used_on": TODAY, "what": "The symposium"})
GRANTED = Body({"quantity": 1, "reason": "For the panel"})

ALUMNI = {"name": "Alumni days", "unit": "days", "quantity": 1, "from_on": TODAY}
LATER = {"from_on": "2027-07-01", "reason": "As the board decided"}

RENEWS = Body({"answer": "renews", "received_on": TODAY, "words": "As planned"})
DECIDED_LATE = {"reason": "It was sent in time"}
GOODWILL = Body({"until_on": TODAY, "reason": "The paper is with their counsel"})
FAREWELL = Body(
    {
        **{"held_on": TODAY, "contact": Key("contact"), "reasons": ["budget"]},
        "words": "Their budget was cut",
    }
)
POORLY = {"health": "at_risk", "noted_on": TODAY, "reason": "Their lead left"}

STEP = {
    **{"stage": "talks", "amount": "500000.00", "probability": 40},
    **{"expected_on": "2027-03-01", "note": "They visit in January"},
}
FOLLOWED_BY = {"owner": Key("colleague")}
TALKS = STEP | FOLLOWED_BY | {"offer": "factory"}

ESTIMATE = Body({"probability": 60, "reason": "As the sponsor says"})

FORMED = Body(
    {
        **{"name": "Board", "kind": "advisory", "charge": "Advice"},
        "formed_on": TODAY,
    }
)
PLACE = Body({"name": "Vice chair", "votes": 1})
NAMED = {"name": "Ada", "email": "a@mit.example"}
WRITER = {"role": "co_pi", "right": "write"}
TO_MEET = {
    "faculty": Key("professor"),
    "topic": "Robots",
    "suits": "In May",
}
SPOKEN = {
    **{"kind": "call", "held_on": TODAY, "summary": "On the next symposium"},
    "contacts": [Key("contact")],
}
SPOKEN_ANEW = Body(SPOKEN | {"reason": "Another day"})
PROFESSOR = Body(
    {"name": "Ada", "email": "ada@mit.example", "department": "Aeronautics"}
)
REOPENED = {"owner": Key("colleague"), "due_on": TODAY}
FOLLOWED = Body(REOPENED | {"what": "Send the case study"})

WORK = {
    **{"kind": "roadmap", "title": "Roadmap of welding", "summary": "Where it leads"},
    "audience": "members",
}
AN_EDITION = Body(files={"file": ("roadmap.pdf", pdf(1))})
SAID = Body({"text": "Add a year"})
PROGRAM = {
    **{"kind": "techamp", "name": "TechAMP 2027", "summary": "For technicians"},
    "starts_on": TODAY,
}
JOINS = Body({"organization": Key("second_member"), "seats": 2, "on": TODAY})
LAST_DAY = Body({"on": TODAY})
GIVES = Body({"kind": "time", "what": "A trainer", "contributed_on": TODAY})
PROFILE = Body(
    {
        **{"degree": "SM", "department": "Mechanics", "skills": "Robots"},
        **{"graduates_on": "2027-06-01", "looks_for": "job"},
    }
)

LATE = "2030-03-01T23:59:59-05:00"
CALL = {
    **{"title": "Seeds 2030", "slug": "seeds-2030", "summary": "Seeds."},
    **{"contact_name": "Jo", "contact_email": "jo@inm.example", "ceiling": "9000"},
    **{"months": 12, "zone": "America/New_York", "grace_minutes": 0},
    **{"indirect_rule": "none", "blind_mode": "single", "reviews_wanted": 3},
    **{"cost_categories": ["postdoc"], "themes": [1]},
}
COPY = Body({"title": "Again", "slug": "again", "shift_days": 364})
STAGE = {"kind": "full", "form": Key("used_form")}
LEAVE = Body(
    {"rule": Key("rule"), "person": Key("person"), "until_on": "2027-01-01"}
    | {"reason": "Appointed in May"}
)
CRITERION = Body({"title": "Reach", "weight": 1, "lowest": 1, "highest": 5})
ASKED = {"kind": "text", "label": "Why?", "section": Key("section")}

SEVERAL = Body(
    {"kind": "returned", "ground": "other", "reason": "No"}
    | {"proposals": [Key("screen_waiting")]}
)
A_LETTER = {"audience": "submitted", "subject": "Soon", "body": "Dear {name}"}
#: What the office does with what was handed in.
OF_SCREENING = {
    **dict.fromkeys(
        ("seed_projects:return_proposal", "screenedproposal-turn-down"),
        Body({"ground": "other", "reason": "Of bread"}),
    ),
    "seed_projects:send_back_proposal": Body(
        {"asked": "Who pays?", "until_at": "2030-03-01T23:59"}
    ),
    "screenedproposal-send-back": Body({"asked": "Who pays?", "until_at": LATE}),
    "screenedproposal-check": Body({"kind": "budget", "passes": True}),
    **dict.fromkeys(
        (
            *["seed_projects:move_proposals", "movebatch-list"],
            "movebatch-preview",
        ),
        SEVERAL,
    ),
    **dict.fromkeys(
        ("seed_projects:record_rate", "costrate-list"),
        Body({"kind": "benefits", "starts_on": TODAY, "percent": "24.60"}),
    ),
    "seed_projects:write_letter": Body(A_LETTER),
    "callletter-list": Body(A_LETTER | {"call": Key("screen_call")}),
    "seed_projects:change_letter": Body(A_LETTER | {"version": 1}),
    "seed_projects:decide_appeal": Body({"is_upheld": "no", "words": "It is bread"}),
    "appeal-decide": Body({"is_upheld": False, "words": "It is bread"}),
}

#: Calls for seed proposals, their forms, their rubrics, and what is said of them.
OF_CALLS = {
    **dict.fromkeys(("seed_projects:draft_call", "call-list"), Body(CALL)),
    "seed_projects:change_call": Body(CALL | {"version": 2}),
    "call-detail": Body({"title": "Another"}, {"If-Match": '"2"'}),
    **dict.fromkeys(("seed_projects:copy_call", "call-copy"), COPY),
    **dict.fromkeys(("seed_projects:cancel_call", "call-cancel"), REASON),
    "seed_projects:set_stage": Body(
        STAGE | {"opens_at": "2030-01-01T09:00", "closes_at": "2030-03-01T23:59"}
    ),
    "call-set-stage": Body(
        STAGE | {"opens_at": "2030-01-01T09:00Z", "closes_at": LATE}
    ),
    "seed_projects:set_date": Body({"kind": "start", "at": "2030-06-01T09:00"}),
    "call-set-date": Body({"kind": "start", "at": "2030-06-01T09:00Z"}),
    **dict.fromkeys(
        ("seed_projects:add_track", "call-add-track"), Body({"name": "Seniors"})
    ),
    **dict.fromkeys(
        ("seed_projects:add_rule", "call-add-rule"),
        Body({"statement": "I am at MIT.", "kind": "declared"}),
    ),
    "seed_projects:except_call": Body(LEAVE.data | {"person": Key("screen_person")}),
    "call-grant-exception": LEAVE,
    **dict.fromkeys(
        ("seed_projects:choose_rubric", "call-choose-rubric"),
        Body({"rubric": Key("rubric_out")}),
    ),
    **dict.fromkeys(
        ("seed_projects:use_problem", "call-use-problem"),
        Body({"statement": Key("problem")}),
    ),
    "seed_projects:extend_call": Body(
        {"stage": Key("published_stage"), "until_at": "2030-03-01T23:59"} | REASON.data
    ),
    "call-extend": Body(
        {"stage": Key("published_stage"), "until_at": LATE} | REASON.data
    ),
    "seed_projects:reopen_call": Body(
        {"stage": Key("closed_stage"), "until_at": "2030-03-01T23:59"} | REASON.data
    ),
    "call-reopen": Body({"stage": Key("closed_stage"), "until_at": LATE} | REASON.data),
    **dict.fromkeys(
        ("seed_projects:replace_form", "call-replace-form"),
        Body({"stage": Key("published_stage"), "form": Key("used_form")}),
    ),
    **dict.fromkeys(("seed_projects:ask_call", "call-ask"), Body({"text": "Why?"})),
    **dict.fromkeys(
        ("seed_projects:answer_question", "callquestion-publish"),
        Body({"text": "Why?", "answer": "Because."}),
    ),
    "seed_projects:state_problem": Body({"title": "Dust", "text": "Too much."}),
    "problemstatement-list": Body(
        {"title": "Dust", "text": "Too much.", "organization": Key("member")}
    ),
    **dict.fromkeys(
        ("seed_projects:add_form", "formdefinition-list"), Body({"title": "F"})
    ),
    **dict.fromkeys(("seed_projects:add_rubric", "rubric-list"), Body({"title": "S"})),
    **dict.fromkeys(
        (
            *["seed_projects:add_section", "formversion-add-section"],
            *["seed_projects:change_section", "section-detail"],
        ),
        Body({"title": "More"}),
    ),
    **dict.fromkeys(
        (
            *["seed_projects:add_question", "formversion-add-question"],
            *["seed_projects:change_question", "question-detail"],
        ),
        Body(ASKED),
    ),
    **dict.fromkeys(
        (
            *["seed_projects:add_criterion", "rubricversion-add-criterion"],
            *["seed_projects:change_criterion", "criterion-detail"],
        ),
        CRITERION,
    ),
    **dict.fromkeys(
        ("section-move", "question-move", "criterion-move"), Body({"up": True})
    ),
}

PAYLOADS = {
    **dict.fromkeys(
        ("consortium:issue_statements", "aging-statements"),
        Body({"whom": "moved", "form": "pdf"}),
    ),
    **OF_CALLS,
    **OF_SCREENING,
    **dict.fromkeys(("consortium:add_library_item", "libraryitem-list"), Body(WORK)),
    "consortium:change_library_item": Body(WORK | VERSION),
    "libraryitem-detail": Body({"title": "Anew"}, FIRST_VERSION),
    **dict.fromkeys(
        ("consortium:add_library_version", "libraryitem-add-version"), AN_EDITION
    ),
    **dict.fromkeys(
        ("consortium:withdraw_library_item", "libraryitem-withdraw"), REASON
    ),
    **dict.fromkeys(("consortium:comment_library_item", "libraryitem-comment"), SAID),
    **dict.fromkeys(("consortium:add_program", "workforceprogram-list"), Body(PROGRAM)),
    "consortium:change_program": Body(PROGRAM | VERSION),
    "workforceprogram-detail": Body({"name": "TechAMP"}, FIRST_VERSION),
    **dict.fromkeys(("consortium:join_program", "workforceprogram-join"), JOINS),
    "consortium:change_seats": Body({"seats": 3} | VERSION),
    "programpart-detail": Body({"seats": 3}, FIRST_VERSION),
    **dict.fromkeys(("consortium:leave_program", "programpart-leave"), LAST_DAY),
    **dict.fromkeys(
        ("consortium:contribute_to_program", "programpart-contribute"), GIVES
    ),
    **dict.fromkeys(
        ("consortium:take_back_contribution", "programcontribution-take-back"), REASON
    ),
    **dict.fromkeys(("consortium:my_profile", "studentprofile-list"), PROFILE),
    "libraryitem-follow": Body({"is_following": True}),
    **dict.fromkeys(("consortium:answer_renewal", "agreement-answer-renewal"), RENEWS),
    "consortium:rule_late_notice": Body(DECIDED_LATE | {"is_accepted": "yes"}),
    "renewalanswer-rule-late-notice": Body(DECIDED_LATE | {"is_accepted": True}),
    **dict.fromkeys(
        ("consortium:grant_goodwill", "agreement-grant-goodwill"), GOODWILL
    ),
    **dict.fromkeys(("consortium:record_exit", "agreement-record-exit"), FAREWELL),
    **dict.fromkeys(("consortium:move_prospect", "prospect-move"), Body(STEP)),
    "consortium:open_prospect": Body(TALKS),
    "prospect-list": Body(TALKS | {"organization": Key("member")}),
    **dict.fromkeys(
        ("consortium:take_up_inquiry", "inquiry-take-up"),
        Body(FOLLOWED_BY | {"sector": "other"}),
    ),
    **dict.fromkeys(("consortium:set_aside_inquiry", "inquiry-set-aside"), REASON),
    "consortium:note_health": Body(POORLY),
    "healthnote-list": Body(POORLY | {"organization": Key("member")}),
    **dict.fromkeys(
        ("consortium:estimate_renewal", "agreement-estimate-renewal"), ESTIMATE
    ),
    **dict.fromkeys(("consortium:define_benefit", "benefit-list"), Body(ALUMNI)),
    **dict.fromkeys(
        ("consortium:change_benefit", "benefit-change"), Body(LATER | {"quantity": 3})
    ),
    **dict.fromkeys(("consortium:end_benefit", "benefit-end"), Body(LATER)),
    **dict.fromkeys(("consortium:add_faculty", "facultymember-list"), PROFESSOR),
    **dict.fromkeys(("consortium:form_body", "body-list"), FORMED),
    "consortium:add_seat": PLACE,
    "body-add-seat": PLACE,
    "consortium:call_meeting": Body(
        {
            **{"title": "Fall", "day": "2026-12-10", "starts": "09:00"},
            **{"ends": "10:00", "place": "Cambridge", "agenda": "Results | 30"},
        }
    ),
    "body-call-meeting": Body(
        {
            **{"title": "Fall", "place": "Cambridge"},
            "starts_at": "2026-12-10T09:00:00-05:00",
            "ends_at": "2026-12-10T10:00:00-05:00",
            "agenda": [{"title": "Results", "length": 30}],
        }
    ),
    **dict.fromkeys(
        ("consortium:draft_motion", "body-draft-motion"),
        Body(
            {
                **{"title": "Themes", "text": "To adopt them", "quorum": 50},
                **{"weight_rule": "one_each", "pass_rule": "majority"},
            }
        ),
    ),
    **dict.fromkeys(
        ("consortium:sit_on_seat", "seat-sit"),
        Body({"person": Key("person"), "from_on": TODAY}),
    ),
    **dict.fromkeys(
        ("consortium:end_seat", "seat-end"),
        Body({"until_on": TODAY, "reason": "They merged."}),
    ),
    **dict.fromkeys(
        ("consortium:leave_seat", "sitting-leave"), Body({"until_on": TODAY})
    ),
    **dict.fromkeys(("consortium:cancel_meeting", "meeting-cancel"), REASON),
    "consortium:hold_meeting": Body({"presence:sitting": "present"}),
    "meeting-hold": Body(
        {"presences": [{"sitting": Key("sitting"), "presence": "present"}]}
    ),
    **dict.fromkeys(
        ("consortium:declare_conflict", "meeting-declare-conflict"),
        Body(
            {
                **{"sitting": Key("sitting"), "what": "We bid"},
                "left_the_room": True,
            }
        ),
    ),
    "consortium:add_paper": Body(
        {"title": "Figures", "audience": "sitting"},
        files={"file": ("figures.pdf", PDF)},
    ),
    **dict.fromkeys(
        ("consortium:record_decision", "meeting-decide"), Body({"text": "Robots"})
    ),
    **dict.fromkeys(
        ("consortium:ask_action", "meeting-ask"),
        Body({"what": "Write", "owner": Key("colleague"), "due_on": TODAY}),
    ),
    **dict.fromkeys(
        ("consortium:write_minutes", "meeting-write-minutes"), Body({"text": "So"})
    ),
    "consortium:open_motion": Body({"day": "2026-12-01", "time": "17:00"}),
    "motion-open": Body({"closes_at": "2026-12-01T17:00:00-05:00"}),
    **dict.fromkeys(("consortium:vote", "elector-vote"), Body({"choice": "for"})),
    "consortium:give_proxy": Body({"to": ""}),
    "elector-give-proxy": Body({"to": None}),
    **dict.fromkeys(
        ("consortium:publish_antitrust", "antitruststatement-list"),
        Body({"text": "No prices", "from_on": TODAY}),
    ),
    **dict.fromkeys(
        ("seed_projects:begin_proposal", "call-propose"), Body({"title": "Cold spray"})
    ),
    **dict.fromkeys(
        ("seed_projects:comment_proposal", "proposal-comment"),
        Body({"text": "Who writes the budget?"}),
    ),
    "proposal-detail": Body({"title": "Anew"}, SECOND_VERSION),
    "proposal-write-answer": Body(
        {"question": Key("own_question"), "value": "So", "version": 1}
    ),
    "proposal-budget": Body({"lines": []}, SECOND_VERSION),
    "proposal-declare": Body({"rule": Key("own_rule"), "is_met": True}),
    "proposal-add-author": Body(
        {"name": "Ed", "email": "ed@mit.example", "role": "student", "right": "read"}
    ),
    "seed_projects:attach_file": Body(files={"file": ("plan.pdf", pdf(1))}),
    "proposal-attach": Body(
        {"question": Key("own_file_question")}, files={"file": ("plan.pdf", pdf(1))}
    ),
    "proposal-withdraw": REASON,
    "proposalperson-detail": Body({"role": "student", "right": "read"}),
    "asidetext-settle": Body({"value": "One and two", "version": 1}),
    "seed_projects:change_proposal": Body({"title": "Cold spray 2"} | VERSION),
    "seed_projects:settle_text": Body({"value": "Both", "version": 1}),
    "seed_projects:add_author": Body(
        WRITER | {"name": "Ada", "email": "a@mit.example"}
    ),
    "seed_projects:change_author": Body(WRITER),
    **dict.fromkeys(
        ("seed_projects:add_budget_line", "seed_projects:change_budget_line"),
        Body(
            {
                **{"year": 1, "category": "materials", "what": "Powder"},
                **{"quantity": 1, "unit_amount": "900"},
            }
        ),
    ),
    "seed_projects:withdraw_proposal": REASON,
    "consortium:ask_one_to_one": Body(TO_MEET | {"contact": Key("contact")}),
    "onetoonerequest-list": Body(
        TO_MEET | {"contact": Key("contact"), "organization": Key("member")}
    ),
    **dict.fromkeys(
        ("consortium:agree_one_to_one", "onetoonerequest-agree"),
        Body({"meets_on": "2026-12-10", "place": "Room 5"}),
    ),
    **dict.fromkeys(
        ("consortium:decline_one_to_one", "onetoonerequest-decline"), REASON
    ),
    **dict.fromkeys(
        ("consortium:withdraw_one_to_one", "onetoonerequest-withdraw"), REASON
    ),
    **dict.fromkeys(
        ("consortium:hold_one_to_one", "onetoonerequest-hold"),
        Body({"summary": "On robots"}),
    ),
    **dict.fromkeys(
        ("consortium:cap_one_to_ones", "facultymember-cap"),
        Body({"one_to_one_cap": 2}),
    ),
    "consortium:record_interaction": Body(SPOKEN),
    "interaction-list": Body(SPOKEN | {"organization": Key("member")}),
    **dict.fromkeys(
        ("consortium:correct_interaction", "interaction-correct"), SPOKEN_ANEW
    ),
    **dict.fromkeys(
        ("consortium:take_back_interaction", "interaction-take-back"), REASON
    ),
    **dict.fromkeys(
        ("consortium:follow_up_interaction", "interaction-follow-up"), FOLLOWED
    ),
    **dict.fromkeys(("consortium:reopen_follow_up", "followup-reopen"), Body(REOPENED)),
    **dict.fromkeys(("consortium:use_benefit", "entitlement-use"), USED),
    **dict.fromkeys(("consortium:grant_benefit", "entitlement-grant"), GRANTED),
    **dict.fromkeys(("consortium:reverse_use", "benefituse-reverse"), REASON),
    "consortium:ask_for_call_back": CALL_BACK,
    "callback-list": Body(CALL_BACK.data | {"organization": Key("member")}),
    **dict.fromkeys(("consortium:confirm_call_back", "callback-confirm"), ANSWER),
    **dict.fromkeys(("consortium:refuse_call_back", "callback-refuse"), ANSWER),
    **dict.fromkeys(("consortium:record_receipt", "receipt-list"), RECEIPT),
    **dict.fromkeys(("consortium:attach_remittance", "receipt-attach"), A_FILE),
    **dict.fromkeys(("consortium:attach_to_invoice", "invoice-attach"), A_FILE),
    "invoice-note-number": Body({"external_number": "AR-0042"}),
    **dict.fromkeys(("consortium:attach_advice", "remittanceadvice-attach"), A_FILE),
    "consortium:share_receipt": Body({"member_1": Key("member"), "amount_1": "900"}),
    "receipt-share": Body({"parts": [OF_SIEMENS]}),
    **dict.fromkeys(("consortium:bounce_receipt", "receipt-bounce"), BOUNCED),
    "consortium:allocate_share": Body({"amount:unpaid": "70"}),
    "receiptshare-allocate": APPLIED,
    "receiptshare-settle": Body(
        {"parts": [OF_LINE], "given_up": [OF_LINE | FEE_OF_A_BANK]}
    ),
    "invoice-apply-offer": Body({"share": Key("share"), "amount": "5.00"}),
    "allocation-reallocate": APPLIED,
    **dict.fromkeys(("consortium:reverse_share", "receiptshare-reverse"), REASON),
    **dict.fromkeys(("consortium:reverse_allocation", "allocation-reverse"), REASON),
    **dict.fromkeys(("consortium:reverse_write_off", "writeoff-reverse"), REASON),
    **dict.fromkeys(("consortium:refund_share", "receiptshare-refund"), PAID_BACK),
    **dict.fromkeys(
        ("consortium:approve_refund", "refund-approve"), Body({"paid_on": TODAY})
    ),
    **dict.fromkeys(("consortium:reverse_refund", "refund-reverse"), BOUNCED),
    "consortium:write_off_line": Body(FEE_OF_A_BANK),
    **dict.fromkeys(("consortium:end_ladder", "reminderpolicy-end"), REASON),
    **dict.fromkeys(
        ("consortium:give_member_ladder", "consortium:give_invoice_ladder"),
        Body(LADDER_TYPED | OWN_LADDER),
    ),
    **dict.fromkeys(
        ("organization-give-ladder", "invoice-give-ladder"),
        Body({"rungs": RUNGS} | OWN_LADDER),
    ),
    **dict.fromkeys(
        ("consortium:choose_reminders", "organization-choose-reminders"),
        Body({"first_notice": 21, "version": 1}),
    ),
    "writeoff-list": Body(FEE_OF_A_BANK | {"line": Key("unpaid")}),
    "consortium:claim_credit": Body(PAPER | CLAIM | CLAIM_TYPED),
    "consortium:offer_in_kind": Body(PAPER | CONTRIBUTED | THING | OFFER_TYPED),
    "organization-claim-credit": Body(CLAIM | {"paper": PAPER, "parts": [PART]}),
    "organization-offer-in-kind": Body(
        THING | CONTRIBUTED | {"paper": PAPER, "part": PART | {"category": "equipment"}}
    ),
    **dict.fromkeys(("consortium:waive_shortfall", "commitmentyear-waive"), REASON),
    **dict.fromkeys(
        ("consortium:ask_evidence", "contributioncredit-ask"),
        Body({"asked_for": "The letter of the fellow"}),
    ),
    **dict.fromkeys(
        ("consortium:answer_evidence", "contributioncredit-supply"), A_FILE
    ),
    **dict.fromkeys(
        ("consortium:give_opinion", "contributioncredit-opine"), Body({"text": "Fine"})
    ),
    **dict.fromkeys(
        ("consortium:decide_credit", "contributioncredit-decide"), ACCEPTED
    ),
    **dict.fromkeys(("consortium:reduce_credit", "contributioncredit-reduce"), REDUCED),
    **dict.fromkeys(
        ("consortium:reverse_credit", "contributioncredit-reverse"), REASON
    ),
    **dict.fromkeys(("consortium:decline_item", "contributioncredit-decline"), REASON),
    **dict.fromkeys(("consortium:return_item", "contributioncredit-give-back"), REASON),
    **dict.fromkeys(
        ("consortium:deliver_item", "contributioncredit-deliver"), Body({"on": TODAY})
    ),
    **dict.fromkeys(("consortium:value_item", "contributioncredit-value"), VALUED),
    **dict.fromkeys(("consortium:assess_item", "contributioncredit-assess"), ASSESSED),
    **dict.fromkeys(
        ("consortium:approve_item", "contributioncredit-approve"), APPROVED
    ),
    **dict.fromkeys(
        ("consortium:add_appraisal", "contributioncredit-appraise"), APPRAISED
    ),
    **dict.fromkeys(
        ("consortium:book_item", "contributioncredit-book"),
        Body({"booked_value": "1200.00"}),
    ),
    **dict.fromkeys(
        ("consortium:dispute_value", "contributioncredit-dispute"), DISPUTED
    ),
    **dict.fromkeys(
        ("consortium:settle_dispute", "contributioncredit-settle"), SETTLED
    ),
    "consortium:change_evidence": Body(
        {"amount": "1200.00", "dated_on": "2026-02-02", "version": 1}
    ),
    "evidence-detail": Body({"amount": "1200.00"}, FIRST_VERSION),
    **dict.fromkeys(("consortium:attach_evidence", "evidence-attach"), A_FILE),
    **dict.fromkeys(
        ("consortium:disclose_interest", "organization-disclose-interest"), INTEREST
    ),
    **dict.fromkeys(
        ("consortium:end_interest", "interest-end"), Body({"until_on": TODAY})
    ),
    "view_as": Body({"reason": "Asked why a year is missing."}),
    "set_theme": Body({"theme": "dark"}),
    **dict.fromkeys(("hold_message", "message-hold"), REASON),
    **dict.fromkeys(("cancel_message", "message-cancel"), REASON),
    **dict.fromkeys(("resend_message", "message-resend"), REASON),
    **dict.fromkeys(("hold_all_mail", "mailhold-list"), REASON),
    **dict.fromkeys(("end_delegation", "delegation-end"), REASON),
    **dict.fromkeys(("clear_bounce", "bounce-clear"), REASON),
    **dict.fromkeys(("accounts:preferences", "own-account"), ZONE),
    "account_login": Body({"login": "stranger@inm.example", "password": PASSWORD}),
    "account_reauthenticate": Body({"password": PASSWORD}),
    "account_change_password": Body({"oldpassword": PASSWORD, **NEW_PASSWORDS}),
    "account_reset_password": Body({"email": "nobody@inm.example"}),
    "confirm_erasure": Body({"ground": "asked", "address": NEWCOMER}),
    **dict.fromkeys(("confirm_contact_erasure", "contact-erase"), ERASED_CONTACT),
    "invite": Body(GUEST),
    "reset_factors": Body({"reason": "lost"}),
    "give_role": Body({"role": roles.FINANCE}),
    "merge_person": Body({"merged": Key("ended")}),
    "person-merge": Body({"merged": Key("ended")}),
    "consortium:merge_contact": Body({"merged": Key("twin")}),
    "contact-merge": Body({"merged": Key("twin")}),
    "take_role": Body({"role": roles.FINANCE}),
    "consortium:add_member": Body(MEMBER),
    "consortium:change_member": Body({"sector": "energy", **VERSION}),
    "consortium:rename_member": Body(NAMES | VERSION),
    "consortium:add_site": Body(SITE),
    "consortium:add_contact": Body(PERSON),
    "consortium:draft_agreement": Body(TERMS | YEARS_TYPED),
    "consortium:change_contact": Body(PERSON | VERSION),
    "consortium:depart_contact": Body({"on": TODAY}),
    "consortium:assign_role": Body(ROLE),
    "consortium:end_role": Body({"until_on": TODAY}),
    "consortium:change_draft": Body(TERMS | YEARS_TYPED | VERSION),
    "consortium:waive_floor": Body({"reason": "A pilot", **VERSION}),
    "consortium:sign_agreement": Body(SIGNATURES | VERSION, files=A_FILE.files),
    "consortium:terminate_agreement": Body(TERMINATION | {"version": 2}),
    "consortium:draft_amendment": Body(AMENDMENT | AS_SIGNED),
    "consortium:change_amendment": Body(AMENDMENT | AS_SIGNED | VERSION),
    "consortium:waive_amendment": Body({"reason": "Asked for", **VERSION}),
    "consortium:sign_amendment": Body(SIGNATURES | VERSION, files=A_FILE.files),
    "consortium:abandon_amendment": Body({"reason": "No agreement"}),
    "agreement-amend": Body(AMENDMENT | AMENDED),
    "amendment-detail": Body(AMENDMENT | AMENDED, FIRST_VERSION),
    "amendment-waive": Body({"reason": "Asked for"}, FIRST_VERSION),
    "amendment-sign": Body(SIGNATURES, FIRST_VERSION, A_FILE.files),
    "amendment-abandon": Body({"reason": "No agreement"}),
    "consortium:link_parent": Body(LINK),
    "organization-link-parent": Body(LINK),
    "consortium:record_spin_off": Body(SPIN_OFF),
    "organization-spin-off": Body(SPIN_OFF),
    "consortium:add_deviation": Body(DEVIATION),
    "consortium:record_screening": Body(SCREENING),
    "agreement-add-deviation": Body(DEVIATION),
    "organization-screen": Body(SCREENING),
    "consortium:attach_document": A_FILE,
    **dict.fromkeys(("consortium:hold_dues", "invoice-hold-reminders"), Body(HELD)),
    **dict.fromkeys(
        (
            *("consortium:hand_over_dues", "invoice-hand-over"),
            *("consortium:tell_steering", "invoice-tell-steering"),
        ),
        Body({"on": TODAY, "reason": "It is late"}),
    ),
    **dict.fromkeys(
        ("consortium:decide_dues", "invoice-decide-dues"),
        Body({"kind": "kept", "reason": "They pay in May"}),
    ),
    "consortium:change_sponsor_note": Body(NOTE | VERSION),
    "sponsornote-detail": Body(NOTE, FIRST_VERSION),
    "sponsornote-send": Body(headers=FIRST_VERSION),
    **dict.fromkeys(("consortium:decline_sponsor_note", "sponsornote-decline"), REASON),
    "hold_reminders": Body(HELD | {"held": RULE}),
    "hold_reminder": Body(HELD),
    "fill_reminder": Body({"reason": "Called them"}),
    "release_stop": Body({"reason": "Right after all"}),
    "cancel_stop": Body({"reason": "A wrong import"}),
    "add_closure": Body({"on": TODAY, "name": "Inventory"}),
    "finish_task": Body({"outcome": "Seen to"}),
    "reminderdelivery-fill": Body({"reason": "Called them"}),
    "reminderhold-list": Body(HELD | {"rule": RULE}),
    "reminderstop-release": Body({"reason": "Right after all"}),
    "reminderstop-cancel": Body({"reason": "A wrong import"}),
    "closure-list": Body({"on": TODAY, "name": "Inventory"}),
    "task-finish": Body({"outcome": "Seen to"}),
    "organization-list": Body(MEMBER),
    "organization-detail": Body({"sector": "energy"}, FIRST_VERSION),
    "organization-rename": Body(NAMES, FIRST_VERSION),
    "organization-add-site": Body(SITE),
    "organization-add-contact": Body(PERSON),
    "organization-draft-agreement": Body(TERMS | YEARS),
    "contact-detail": Body({"job_title": "Engineer"}, FIRST_VERSION),
    "contact-depart": Body({"on": TODAY}),
    "contact-assign-role": Body(ROLE),
    "roleassignment-end": Body({"until_on": TODAY}),
    "invitation-list": Body(GUEST),
    "person-erase": Body({"ground": "asked", "address": NEWCOMER}),
    "person-give-role": Body({"role": roles.FINANCE}),
    "person-reset-factors": Body({"reason": "lost"}),
    "person-take-role": Body({"role": roles.FINANCE}),
    "agreement-detail": Body(TERMS | YEARS, FIRST_VERSION),
    "agreement-waive": Body({"reason": "A pilot"}, FIRST_VERSION),
    "agreement-sign": Body(SIGNATURES, FIRST_VERSION, A_FILE.files),
    "agreement-terminate": Body(TERMINATION, {"If-Match": '"2"'}),
    "agreement-attach": A_FILE,
    "consortium:draft_invoices": Body({"instalment": Key("to_do")}),
    "invoice-list": Body({"instalments": [Key("to_do")]}),
    "consortium:change_invoice": Body({"note": "Two desks", **VERSION}),
    "invoice-detail": Body({"note": "Two desks"}, FIRST_VERSION),
    "invoice-approve": Body(headers=FIRST_VERSION),
    **dict.fromkeys(("consortium:send_back_invoice", "invoice-send-back"), REASON),
    **dict.fromkeys(("consortium:void_invoice", "invoice-void"), REASON),
    **dict.fromkeys(("consortium:replace_invoice", "invoice-replace"), REASON),
    "consortium:credit_invoice": Body(CREDIT | {"amount_0": "1.00"}),
    "creditnote-list": Body(CREDIT | {"invoice": Key("invoice")}),
    **dict.fromkeys(
        ("consortium:take_back_instalment", "instalment-take-back"), REASON
    ),
    "consortium:change_payer": Body(BILLED | VERSION),
    "payerprofile-detail": Body({"attention": "Payables"}, FIRST_VERSION),
    **dict.fromkeys(
        ("consortium:record_order", "organization-record-order"), Body(PURCHASE_ORDER)
    ),
    "consortium:change_order": Body({"amount": "7000.00"} | VERSION),
    "purchaseorder-detail": Body({"amount": "7000.00"}, FIRST_VERSION),
    "consortium:end_order": Body({"last_on": TODAY} | VERSION),
    "purchaseorder-end": Body({"last_on": TODAY}),
    **dict.fromkeys(
        ("consortium:advise_payment", "organization-advise-payment"), Body(PAID)
    ),
    **dict.fromkeys(("consortium:deliver_invoice", "invoice-deliver"), DELIVERED),
    **dict.fromkeys(("consortium:answer_invoice", "invoice-record-answer"), ANSWERED),
    **dict.fromkeys(("consortium:promise_payment", "invoice-promise"), PROMISED),
    "consortium:dispute_invoice": Body(INVOICE_DISPUTED | {"settle_by": "2031-05-27"}),
    "invoice-dispute": Body(INVOICE_DISPUTED),
    **dict.fromkeys(
        (
            *("consortium:settle_invoice_dispute", "invoicedispute-settle"),
            *("consortium:withdraw_invoice_dispute", "invoicedispute-withdraw"),
        ),
        REASON,
    ),
    **dict.fromkeys(("consortium:reopen_month", "periodclose-reopen"), REASON),
    **dict.fromkeys(("consortium:make_export", "exportbatch-list"), POSTED_UNTIL),
    **dict.fromkeys(("consortium:upload_bank_file", "bankfile-list"), BANK_FILE),
    **dict.fromkeys(
        ("consortium:add_bank_account", "bankaccount-list"), Body(BANK_ACCOUNT)
    ),
    "consortium:change_bank_account": Body(BANK_ACCOUNT | VERSION),
    "bankaccount-detail": Body({"method": "ach"}, FIRST_VERSION),
    "periodclose-list": Body({"month": "2026-10"}),
    "consortium:import_recognized": Body(
        {"name": "x.csv", "content": b64encode(RECOGNIZED).decode()}
    ),
    "recognitionimport-list": Body(files={"file": ("recognized.csv", RECOGNIZED)}),
}

#: Writes that no body makes succeed, and why.
WITHOUT = {
    "seed_projects:autosave_section": "its fields bear the keys of its questions",
    "seed_projects:answer_section": "its fields bear the keys of its questions",
    "screenedproposal-leave-out": "nobody there let three days pass",
    "consortium:propose_ladder": "a ladder waits for a second person already",
    "reminderpolicy-list": "a ladder waits for a second person already",
    "consortium:describe_payer": "how Siemens pays is known already",
    "organization-describe-payer": "how Siemens pays is known already",
    "consortium:join": "a page that is sent at once is looked over first",
    "consortium:verify_paper": "shows what it finds, and does nothing",
    "consortium:record_merger": "Siemens merged already",
    "organization-merge": "Siemens merged already",
    "account_signup": "nobody signs up",
    "delegate_for": "the colleague is chosen from a list",
    "account_set_password": "everybody has a password",
    "accounts:confirm_email": "the key opens nothing",
    "account_reset_password_from_key": "the key opens nothing",
}

"""What holds for every model: states, money, rows written once, migrations."""

import re
from importlib import import_module
from importlib.util import find_spec
from itertools import pairwise

import pytest
from django.db import models
from django.db.migrations.loader import MigrationLoader

from inm_portal.kernel import vocabulary
from inm_portal.kernel.lifecycle import LifecycleModel
from inm_portal.kernel.models import AppendOnlyModel, JournalEntry
from inm_portal.kernel.money import MoneyField, PercentField, QuantityField

from .sources import own_apps, own_models


def those(kind: type) -> list[type]:
    """Return the models of a kind; the triggers of a proxy are those of its table."""
    found = [model for model in own_models() if issubclass(model, kind)]
    return [model for model in found if not model._meta.proxy]


def name_of(value) -> str:
    return getattr(value, "__name__", str(value))


@pytest.mark.parametrize("model", those(LifecycleModel), ids=name_of)
def test_a_lifecycle_names_every_state_and_no_other(model):
    following = {state for states in model.steps.values() for state in states}

    assert set(model.steps) == set(model.State)
    assert following <= set(model.State)


@pytest.mark.parametrize("model", those(LifecycleModel), ids=name_of)
def test_every_state_can_be_reached_from_the_first(model):
    reached = {model._meta.get_field("state").default}
    for _step in model.State:
        reached |= {after for state in reached for after in model.steps[state]}

    assert reached == set(model.State)


@pytest.mark.parametrize("model", those(LifecycleModel), ids=name_of)
def test_a_lifecycle_is_held_by_the_database(model):
    names = {trigger.name: trigger for trigger in model._meta.triggers}
    steps = {(str(a), str(b)) for a, states in model.steps.items() for b in states}

    assert names.keys() >= {"state_steps", "state_start"}
    assert {tuple(pair) for pair in names["state_steps"].transitions} == steps


@pytest.mark.parametrize("model", those(AppendOnlyModel), ids=name_of)
def test_a_row_that_is_written_once_has_its_trigger(model):
    assert "append_only" in {trigger.name for trigger in model._meta.triggers}


def test_the_journal_is_written_once():
    assert issubclass(JournalEntry, AppendOnlyModel)


@pytest.mark.parametrize("model", own_models(), ids=name_of)
def test_amounts_are_money_and_nothing_is_a_float(model):
    fields = model._meta.get_fields()

    numbers = [f for f in fields if isinstance(f, models.DecimalField)]
    exact = MoneyField | PercentField | QuantityField
    assert [f for f in numbers if not isinstance(f, exact)] == []
    assert [f for f in fields if isinstance(f, models.FloatField)] == []


@pytest.mark.parametrize("model", own_models(), ids=name_of)
def test_money_is_exact_to_the_cent(model):
    money = [f for f in model._meta.get_fields() if isinstance(f, MoneyField)]

    assert {(f.max_digits, f.decimal_places) for f in money} <= {(14, 2)}


@pytest.mark.parametrize("model", own_models(), ids=name_of)
def test_a_constraint_is_named_by_a_sentence_and_once(model):
    names = [constraint.name for constraint in model._meta.constraints]

    assert [n for n in names if not re.fullmatch(r"[a-z]+(_[a-z0-9]+)+", n)] == []
    assert len(set(names)) == len(names)


def verbs() -> list:
    """Return what each app's journal can say."""
    return [
        verb
        for app in own_apps()
        if find_spec(f"{app.name}.verbs")
        for verb in import_module(f"{app.name}.verbs").Verb
    ]


@pytest.mark.parametrize("verb", verbs())
def test_a_verb_is_known_with_a_sentence(verb):
    sentence = str(vocabulary.known_verbs()[verb.value])

    assert vocabulary.sentence_of(verb) == sentence == str(verb.label)
    assert re.fullmatch(r"[A-Z][^.]+[^. ]", sentence)


@pytest.mark.parametrize("verb", verbs())
def test_a_verb_is_an_app_and_what_happened(verb):
    app, happened = verb.value.split(".")

    assert app in {config.label for config in own_apps()}
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", happened)


def test_each_verb_is_one_of_an_app():
    assert set(vocabulary.known_verbs()) == {verb.value for verb in verbs()}


def migrations(label: str) -> list[tuple[str, list[str]]]:
    """Return the migrations of an app by name, each with those it follows there."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    found = {
        name: [parent for app, parent in migration.dependencies if app == label]
        for (app, name), migration in loader.disk_migrations.items()
        if app == label
    }
    return sorted(found.items())


@pytest.mark.parametrize("app", own_apps(), ids=lambda app: app.label)
def test_migrations_follow_one_another_in_the_order_of_their_names(app):
    found = migrations(app.label)

    assert [parents for _name, parents in found[:1] if parents] == []
    for (before, _parents), (_name, parents) in pairwise(found):
        assert parents == [before]


@pytest.mark.parametrize("app", own_apps(), ids=lambda app: app.label)
def test_migrations_are_numbered_and_say_what_they_do(app):
    names = [name for name, _parents in migrations(app.label)]

    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))
    assert [n for n in names if not re.fullmatch(r"\d{4}(_[a-z]+)+", n)] == []
    assert [n for n in names if re.search(r"_(auto|initial|alter|add)(_|$)", n)] == []

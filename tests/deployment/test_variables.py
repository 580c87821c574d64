"""One list of variables: what the code reads, the example and the table agree."""

import re
from itertools import pairwise

import pytest

from . import variables

EXAMPLE = variables.ROOT / ".env.example"


def test_the_example_has_exactly_what_is_read():
    read = variables.read_by_the_code() | variables.asked_by_compose()

    assert variables.in_example() == read


def test_the_table_has_exactly_what_the_example_has():
    assert variables.in_table() == variables.in_example()


def test_each_variable_of_the_example_is_explained_in_one_line():
    lines = [line for line in EXAMPLE.read_text().splitlines() if line]

    for above, line in pairwise(lines):
        if re.match(r"#?[A-Z][A-Z0-9_]*=", line):
            assert above.startswith("# "), line


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ('env("A")', {"A"}),
        ('env.list("A", default=[])', {"A"}),
        ('os.environ.get("A", "x")', {"A"}),
        ('os.environ["A"]', {"A"}),
        ('os.environ["A"] = "x"', set()),
        ('env.read_env("A")', set()),
        ('env(f"A_{name}_B")', {"A_NAME_B"}),
    ],
)
def test_what_counts_as_reading(source, names):
    assert set(variables.read_by(source)) == names

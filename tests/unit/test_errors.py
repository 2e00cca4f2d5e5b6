from __future__ import annotations

import pickle

import pytest

from sxsim.errors import (
    ExistingFileError,
    HistoryError,
    MissingExtraError,
    MissingFileError,
    ModelError,
    PlanError,
    RequestError,
    SxsimError,
    UnknownNameError,
    nearest,
)

FAMILIES = [
    (PlanError, ValueError),
    (HistoryError, ValueError),
    (ModelError, ValueError),
    (RequestError, ValueError),
    (UnknownNameError, KeyError),
    (MissingFileError, FileNotFoundError),
    (ExistingFileError, FileExistsError),
    (MissingExtraError, ImportError),
]


@pytest.mark.parametrize(("family", "builtin"), FAMILIES)
def test_each_family_is_the_matching_builtin(family, builtin):
    with pytest.raises(builtin, match=r"^x = 3 is odd\. Give an even number\.$") as caught:
        raise family("x = 3 is odd.", "Give an even number.")
    assert isinstance(caught.value, SxsimError)
    assert (caught.value.text, caught.value.hint) == ("x = 3 is odd.", "Give an even number.")


@pytest.mark.parametrize("family", [family for family, _ in FAMILIES])
def test_a_message_is_plain_text_with_or_without_a_remedy(family):
    assert str(family("No figure.")) == "No figure."
    assert str(family("No figure.", "Give one.")) == "No figure. Give one."


@pytest.mark.parametrize("family", [family for family, _ in FAMILIES])
def test_an_error_survives_the_way_between_processes(family):
    error = pickle.loads(pickle.dumps(family("No figure.", "Give one.")))
    assert type(error) is family
    assert (str(error), error.text, error.hint) == ("No figure. Give one.", "No figure.", "Give one.")


def test_the_nearest_name_is_offered():
    assert nearest("labl", ["label", "kind"]) == "Did you mean 'label'?"
    assert nearest("patent", iter(["patents", "papers"])) == "Did you mean 'patents'?"


def test_all_names_in_order_are_offered_where_none_is_near():
    assert nearest("xyz", ["label", "kind"]) == "Known: kind, label."

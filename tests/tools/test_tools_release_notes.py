import pytest

from tools.clone import Clone
from tools.errors import SetupError
from tools.release_notes import project_version, release_notes
from tools.words import main

CHANGELOG = """# Changelog

## [Unreleased]

## [0.2.0] - 2026-12-01

### Added

- Something.

## [0.1.0] - 2026-11-01

- The first.
"""


@pytest.fixture
def released(clone: Clone) -> Clone:
    (clone.root / "pyproject.toml").write_text('[project]\nversion = "0.2.0"\n')
    (clone.root / "CHANGELOG.md").write_text(CHANGELOG)
    return clone


def test_the_notes_of_a_tag_are_its_section_alone(released: Clone) -> None:
    assert release_notes(released, "v0.2.0") == "### Added\n\n- Something.\n"


@pytest.mark.parametrize("tag", ["", "0.2.0", "v0.1.0", "v0.2.0-1"])
def test_a_tag_of_another_version_is_refused_with_the_right_one(released: Clone, tag: str) -> None:
    with pytest.raises(SetupError, match=r"whose version is 0\.2\.0: v0\.2\.0\. Change the version, run `uv lock`"):
        release_notes(released, tag)


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        ("## [0.2.0] - 2026-12-01\n", "", r"has no section `## \[0\.2\.0\] - <date>`"),
        ("## [0.2.0] - 2026-12-01", "## [0.2.0]", r"has no section"),
        ("### Added\n\n- Something.\n", "", r"says nothing of 0\.2\.0"),
    ],
)
def test_a_changelog_that_says_nothing_of_it_stops_the_release(released: Clone, was: str, now: str, told: str) -> None:
    (released.root / "CHANGELOG.md").write_text(CHANGELOG.replace(was, now))
    with pytest.raises(SetupError, match=told):
        release_notes(released, "v0.2.0")


def test_the_projects_own_version_is_found_and_a_wrong_tag_is_one_sentence(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert project_version(Clone.here())
    assert main(["notes", "v999"]) == 1
    assert capsys.readouterr().err.startswith("error: The tag v999 isn't that of pyproject.toml")


def test_a_project_without_a_version_is_refused(clone: Clone) -> None:
    with pytest.raises(SetupError, match="has no line `version"):
        project_version(clone)

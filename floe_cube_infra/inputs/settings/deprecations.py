"""Settings that have another name now, or go: what was written still counts, with a warning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final


class DeprecatedSettingWarning(FutureWarning):
    """A later version refuses a setting, or the name that it has; the text names the date and the way out."""


@dataclass(frozen=True, kw_only=True)
class FormerName:
    """A name that a setting had.

    Attributes:
        former: Section and key, as in a stack's file: `api.image`.
        name: What it is called now; its values are the same.
        refused_from: The first day on which a release may refuse the former name: half a year after the release that
            deprecates it, or later. No clock decides: the name counts until it leaves this list.
    """

    former: str
    name: str
    refused_from: date


@dataclass(frozen=True, kw_only=True)
class Leaving:
    """A setting that goes without another in its place.

    Attributes:
        name: Section and key; it stays among the settings, and counts, until it is gone from both.
        instead: What to do instead, as a sentence.
        refused_from: As of a former name.
    """

    name: str
    instead: str
    refused_from: date


LEAVING: Final[Sequence[Leaving]] = ()
"""A setting that is to go comes here first."""

FORMER_NAMES: Final[Sequence[FormerName]] = (
    FormerName(former="api.image", name="images.cube", refused_from=date(2027, 7, 1)),
)
"""A setting that is renamed comes here in the same commit, and leaves with a new `SETTINGS_VERSION`."""


@dataclass(frozen=True, kw_only=True)
class Renamed:
    """Settings with their names of now.

    Attributes:
        settings: Without former names.
        warnings: A sentence for each that came with one.
        problems: A sentence for each that came with both: nobody knows which one was meant.
    """

    settings: dict[str, object]
    warnings: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


def renamed(
    raw: Mapping[str, object],
    project: str,
    former_names: Sequence[FormerName] = FORMER_NAMES,
    leaving: Sequence[Leaving] = LEAVING,
) -> Renamed:
    """Gives settings their names of now; sections that are no mappings are left to be refused as they are."""
    settings, problems = dict(raw), []
    warnings = [
        f"{project}:{each.name} goes: releases from {each.refused_from.isoformat()} on may refuse it. {each.instead}"
        for each in leaving
        if _is_given(settings, *each.name.split("."))
    ]
    for each in former_names:
        (old_section, old_key), (section, key) = each.former.split("."), each.name.split(".")
        before, after = settings.get(old_section), settings.get(section, {})
        if not isinstance(before, Mapping) or old_key not in before or not isinstance(after, Mapping):
            continue
        settings[old_section] = {name: value for name, value in before.items() if name != old_key}
        former, name = f"{project}:{each.former}", f"{project}:{each.name}"
        if key in after:
            problems.append(f"{former}: is the former name of {name}, which is given, too; keep the latter alone")
            continue
        settings[section] = {**after, key: before[old_key]}
        warnings.append(
            f"{former} is {name} now. The former name still counts; releases from {each.refused_from.isoformat()} on "
            "may refuse it, so move the value."
        )
    return Renamed(settings=settings, warnings=tuple(warnings), problems=tuple(problems))


def _is_given(settings: Mapping[str, object], section: str, key: str) -> bool:
    given = settings.get(section)
    return isinstance(given, Mapping) and key in given

"""What scanners find in manifests, and what was said about it."""

from __future__ import annotations

import json
import subprocess
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from tools.scanners import provide_checkov, provide_kube_score

EXPLAINED = Path(__file__).with_name("explained.toml")


@dataclass(frozen=True, order=True)
class Finding:
    """A rule that an object breaks.

    Attributes:
        scanner: Who says so.
        rule: The rule's id; kube-score's with what of it is broken.
        environment: The folder that the object lies in.
        thing: The object, `Deployment/cube-api`.
    """

    scanner: str
    rule: str
    environment: str
    thing: str


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """Why a rule may be broken.

    Attributes:
        scanner: Whose rule.
        rule: The rule's id, as in a finding.
        on: Which objects may break it, as patterns.
        environments: In which environments; None for all.
        why: The reason.
    """

    scanner: str
    rule: str
    on: tuple[str, ...]
    environments: tuple[str, ...] | None
    why: str

    def covers(self, finding: Finding) -> bool:
        return any(self.covers_by(pattern, finding) for pattern in self.on)

    def covers_by(self, pattern: str, finding: Finding) -> bool:
        """Whether it does by one of its patterns."""
        is_its_own = (self.scanner, self.rule) == (finding.scanner, finding.rule)
        is_there = self.environments is None or finding.environment in self.environments
        return is_its_own and is_there and fnmatchcase(finding.thing, pattern)


def explanations() -> list[Explanation]:
    """All that are written down."""
    tables = tomllib.loads(EXPLAINED.read_text())
    return [
        Explanation(
            scanner=scanner,
            rule=each["rule"],
            on=tuple(each["on"]),
            environments=tuple(each["in"]) if "in" in each else None,
            why=each["why"],
        )
        for scanner, found in tables.items()
        for each in found
    ]


def checkov(folder: Path) -> set[Finding]:
    """What checkov finds in the folders of a folder."""
    command = [*provide_checkov(), "--directory", str(folder), "--framework", "kubernetes", "--compact", "--quiet"]
    report = _report([*command, "--skip-download", "--output", "json"])
    assert report["summary"]["parsing_errors"] == 0
    assert report["summary"]["passed"] > 0
    return {
        Finding("checkov", found["check_id"], _environment(Path(found["file_abs_path"])), _thing(found["resource"]))
        for found in report["results"]["failed_checks"]
    }


def kube_score(folder: Path) -> set[Finding]:
    """What kube-score finds; each environment apart, since it looks at objects together."""
    found: set[Finding] = set()
    for environment in sorted(folder.iterdir()):
        files = [str(file) for file in sorted(environment.rglob("*.yaml"))]
        report = _report([str(provide_kube_score()), "score", "--output-format", "json", *files])
        found.update(_kube_score_findings(report, environment.name))
    return found


def _kube_score_findings(report: list[dict[str, Any]], environment: str) -> Iterator[Finding]:
    for scored in report:
        thing = f"{scored['type_meta']['kind']}/{scored['object_meta']['name']}"
        for check in scored["checks"]:
            # 10 is well, 7 almost.
            if check["skipped"] or check["grade"] >= 7:
                continue
            for comment in check["comments"]:
                yield Finding("kube-score", f"{check['check']['id']}: {comment['summary']}", environment, thing)


def _environment(file: Path) -> str:
    return file.parents[1].name


def _thing(resource: str) -> str:
    kind, _, name = resource.split(".", 2)
    return f"{kind}/{name}"


def _report(command: list[str]) -> Any:
    # They end with an exit code of their own where they find something.
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.stdout, done.stderr
    return json.loads(done.stdout)

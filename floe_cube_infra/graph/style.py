"""The colours, for light and for dark; every one of them is told by form or words, too."""

from __future__ import annotations

from typing import Final

from floe_cube_infra.graph.lettering import FONT

_LIGHT: Final = {
    "sheet": "#ffffff",
    "panel": "#f6f8fa",
    "edge": "#d5dbe3",
    "box": "#ffffff",
    "fact": "#eaf2fb",
    "line": "#8b98a9",
    "text": "#1b2733",
    "quiet": "#5b6875",
    "wire": "#7b8898",
    "filter": "#2463a8",
    "unfiltered": "#a35a00",
    "refused": "#6b7280",
    "view": "#6d4fa3",
    "link": "#2463a8",
    "added": "#1a7f37",
    "removed": "#cf222e",
    "changed": "#9a6700",
}
_DARK: Final = {
    "sheet": "#0d1117",
    "panel": "#131a23",
    "edge": "#2b3542",
    "box": "#18212c",
    "fact": "#1b2f47",
    "line": "#566475",
    "text": "#e8edf3",
    "quiet": "#a3b0bf",
    "wire": "#7f8ea0",
    "filter": "#6cb0ff",
    "unfiltered": "#f0a94a",
    "refused": "#a2acb8",
    "view": "#bb9df0",
    "link": "#6cb0ff",
    "added": "#3fb950",
    "removed": "#ff7b72",
    "changed": "#d9a520",
}


def _rules(colours: dict[str, str]) -> str:
    rules = [
        ".sheet{{fill:{sheet}}}.panel{{fill:{panel};stroke:{edge}}}.box{{fill:{box};stroke:{line}}}",
        "text{{fill:{text}}}.plain,.panel-title{{fill:{quiet}}}a text,a .plain{{fill:{link}}}",
        ".join path,.link path{{stroke:{wire}}}.hub .box{{stroke:{text}}}.fact .box{{fill:{fact}}}",
    ]
    rules += [
        f".{kind} .side,.{kind} .full,.{kind} .access{{{{fill:{{{kind}}}}}}}.{kind} .sign *{{{{stroke:{{{kind}}}}}}}"
        for kind in ("filter", "unfiltered", "refused")
    ]
    rules.append(".view .box,.link path{{stroke:{view}}}")
    rules += [
        f".{mark} .box,.join.{mark} path{{{{stroke:{{{colour}}}}}}}.{mark} .told{{{{fill:{{{colour}}}}}}}"
        for mark, colour in (("added", "added"), ("removed", "removed"), ("renamed", "changed"), ("changed", "changed"))
    ]
    return "".join(rules).format(**colours)


STYLE: Final = (
    f"text{{font:11px {FONT}}}"
    ".heading{font-size:17px;font-weight:600}.large{font-size:16px;font-weight:700}.name{font-size:13px;font-weight:600}"
    ".told,.panel-title{font-weight:600}.panel-title{font-size:19px}"
    ".box{stroke-width:1.2}.hub .box{stroke-width:2}.view .box{stroke-dasharray:5 3}"
    ".join path,.link path{fill:none;stroke-width:1.3}.link path{stroke-dasharray:4 3}"
    ".sign *{fill:none;stroke-width:1.4}"
    ".added .box,.changed .box,.renamed .box,.removed .box{stroke-width:2.4}.removed .box,.join.removed path"
    "{stroke-dasharray:7 4}.join.added path,.join.changed path{stroke-width:2.2}"
    ".join:hover path,.link:hover path{stroke-width:3}"
    f"{_rules(_LIGHT)}@media (prefers-color-scheme:dark){{{_rules(_DARK)}}}"
)
"""One style sheet. Where it isn't understood, everything is black on white."""

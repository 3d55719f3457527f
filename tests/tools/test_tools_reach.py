import json
import time
from pathlib import Path

from tools.reach import Reach


class _Servers:
    def __init__(self, *answers: str | None) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    def __call__(self, url: str) -> str | None:
        self.asked.append(url)
        return self.answers.pop(0)


def test_bad_news_is_remembered_and_not_asked_again(tmp_path: Path) -> None:
    servers = _Servers("a could not be reached", "b could not be reached")
    reach = Reach(memory=tmp_path / "new" / "memory.json", ask=servers)
    assert reach.why_not(["a", "b"]) == "b could not be reached"
    assert reach.why_not(["a", "b"]) == "b could not be reached"
    assert servers.asked == ["a", "b"]


def test_one_server_that_answers_is_enough_and_good_news_is_not_remembered(tmp_path: Path) -> None:
    servers = _Servers("a could not be reached", None, None)
    reach = Reach(memory=tmp_path / "memory.json", ask=servers)
    assert reach.why_not(["a", "b"]) is None
    assert reach.why_not(["a", "b"]) is None
    assert servers.asked == ["a", "b", "a"]


def test_after_a_day_it_is_asked_again(tmp_path: Path) -> None:
    memory = tmp_path / "memory.json"
    memory.write_text(json.dumps({"a": {"why": "gone", "since": time.time() - 25 * 3600}}))
    assert Reach(memory=memory, ask=_Servers(None)).why_not(["a"]) is None


def test_a_spoilt_memory_is_no_memory(tmp_path: Path) -> None:
    memory = tmp_path / "memory.json"
    for content in ("", "[]", '{"a": 1}', '{"a": {"why": "x"}}', "{"):
        memory.write_text(content)
        assert Reach(memory=memory, ask=_Servers(None)).why_not(["a"]) is None


def test_a_failure_that_was_found_later_is_remembered_beside_the_others(tmp_path: Path) -> None:
    reach = Reach(memory=tmp_path / "memory.json", ask=_Servers("gone"))
    assert reach.why_not(["a"]) == "gone"
    reach.remember(["b"], "its download failed")
    assert (reach.why_not(["a"]), reach.why_not(["b"])) == ("gone", "its download failed")

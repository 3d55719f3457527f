import pytest

from tools.clone import Clone
from tools.errors import SetupError
from tools.postgres import find_postgres, run_postgres


def test_a_server_answers_and_is_gone_afterwards() -> None:
    with run_postgres(find_postgres(Clone.here())) as server:
        assert server.run("CREATE DATABASE shop") == ""
        assert server.run("SELECT current_database(); SHOW timezone", database="shop") == "shop\nUTC\n"
        assert server.password not in repr(server)
    with pytest.raises(SetupError, match="refused"):
        server.run("SELECT 1")


def test_a_wrong_statement_is_told_with_its_place() -> None:
    with (
        run_postgres(find_postgres(Clone.here())) as server,
        pytest.raises(SetupError, match=r'<stdin>:2: ERROR:  syntax error at or near "SELEC"'),
    ):
        server.run("SELECT 1;\nSELEC 2;")

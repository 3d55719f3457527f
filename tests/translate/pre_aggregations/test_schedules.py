from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floe_cube_infra.translate.pre_aggregations import check_schedule, check_time_zone, read_schedule

INSTEAD = "use for example `30 minute`, `6 hour`, `0 5 * * *` (daily) or `0 5 * * 1` (weekly)"


@pytest.mark.parametrize(
    ("expression", "every"),
    [
        ("0 5 * * *", "0 5 * * *"),
        ("  0   5 * * * ", "0 5 * * *"),
        ("0 5 ? * *", "0 5 * * *"),
        ("0 5 * * ?", "0 5 * * *"),
        ("0 5 1-31 JAN-DEC 0-6", "0 5 * * *"),
        ("30 0 5 * * *", "30 0 5 * * *"),
        ("0 0 5 * * *", "0 5 * * *"),
        ("0 5 * * mon", "0 5 * * 1"),
        ("0 5 * * 7", "0 5 * * 0"),
        ("@daily", "0 0 * * *"),
        ("@hourly", "0 * * * *"),
        ("15 * * * *", "15 * * * *"),
        ("*/30 * * * *", "30 minute"),
        ("0,15,30,45 * * * *", "15 minute"),
        ("*/60 * * * *", "0 * * * *"),
        ("* * * * *", "1 minute"),
        ("0 */6 * * *", "6 hour"),
        ("0 0,12 * * *", "12 hour"),
        ("*/10 * * * * *", "10 second"),
        ("30 minutes", "30 minutes"),
        ("1  hour", "1 hour"),
    ],
)
def test_a_schedule_becomes_what_cube_builds_by(expression: str, every: str) -> None:
    schedule = read_schedule(expression)

    assert (schedule.every, schedule.note) == (every, None)
    assert schedule.is_cron == ("*" in every)
    assert check_schedule(expression) is None


@pytest.mark.parametrize(
    ("expression", "every"),
    [
        ("15,45 * * * *", "30 minute"),
        ("30 */6 * * *", "6 hour"),
        ("0 1-23/2 * * *", "2 hour"),
        ("5 */2 * * * *", "2 minute"),
    ],
)
def test_an_offset_that_an_interval_cannot_have_is_noted(expression: str, every: str) -> None:
    schedule = read_schedule(expression)

    assert schedule.every == every
    assert schedule.note == (
        f"Cube builds by `{expression}` every {every}, counted from the start of the day: an interval has no offset"
    )


@pytest.mark.parametrize(
    ("expression", "problem"),
    [
        ("0 25 * * *", "the hour field `25` of `0 25 * * *` is out of range 0-23"),
        ("60 * * * *", "the minute field `60` of `60 * * * *` is out of range 0-59"),
        ("61 0 5 * * *", "the second field `61` of `61 0 5 * * *` is out of range 0-59"),
        ("0 0 0 * *", "the day-of-month field `0` of `0 0 0 * *` is out of range 1-31"),
        ("0 0 * 13 *", "the month field `13` of `0 0 * 13 *` is out of range 1-12"),
        ("0 0 * * 8", "the day-of-week field `8` of `0 0 * * 8` is out of range 0-7"),
        ("0 99999999999999999999 * * *", "the hour field `99999999999999999999` of "),
        ("5-1 * * * *", "the minute field `5-1` of `5-1 * * * *` has the range 5-1, which ends before it begins"),
        ("1,,2 * * * *", "the minute field `1,,2` of `1,,2 * * * *` has an empty item in its list"),
        ("*/0 * * * *", "the minute field `*/0` of `*/0 * * * *` has a step of 0; it must be 1 at least"),
        ("0 noon * * *", "the hour field `noon` of `0 noon * * *` has the unknown name NOON; allowed are 0-23"),
        (
            "0 0 * * monday",
            "the day-of-week field `monday` of `0 0 * * monday` has the unknown name MONDAY; allowed are 0-7, or "
            "SUN, MON, TUE, WED, THU, FRI, SAT",
        ),
        (
            "? * * * *",
            "the minute field `?` of `? * * * *` is not understood; allowed are `*`, 0-59, ranges, lists and steps",
        ),
        ("0 0 * * 1#6", "the day-of-week field `1#6` of `0 0 * * 1#6` asks for a day of the week that is not the "),
        ("0 0 L,1 * *", "the day-of-month field `L,1` of `0 0 L,1 * *` has `L` in a list, where it can't stand"),
        ("0 0 31 2 *", "the cron expression `0 0 31 2 *` names a day that its months never have"),
        (
            "0 5 * *",
            "the cron expression `0 5 * *` has 4 fields; allowed are 5 (minute, hour, day of month, month, day of "
            "week), or 6 with the second first",
        ),
        ("* * * * * * *", "the cron expression `* * * * * * *` has 7 fields; allowed are 5 "),
        ("daily", "the cron expression `daily` has 1 field; allowed are 5 "),
        ("", "the cron expression `` has no fields; allowed are 5 "),
        ("2 months", "`2 months` is no interval; allowed are a whole number and second, minute, hour, day or week"),
        ("-1 hour", "`-1 hour` is no interval; "),
        ("0 hours", "`0 hours` is an interval of no length; it must be 1 hour at least"),
    ],
)
def test_what_is_no_schedule_says_which_field_is_wrong(expression: str, problem: str) -> None:
    found = check_schedule(expression)

    assert found is not None
    assert found.startswith(problem)


@pytest.mark.parametrize(
    ("expression", "field"),
    [
        ("0 5 * * 1-5", "the day-of-week field `1-5`"),
        ("0 5 * * 1L", "the day-of-week field `1L`"),
        ("0 5 * * 1#2", "the day-of-week field `1#2`"),
        ("0 5 L * *", "the day-of-month field `L`"),
        ("0 5 1 * *", "the day-of-month field `1`"),
        ("@monthly", "the day-of-month field `1`"),
        ("0 5 * 1-11 *", "the month field `1-11`"),
        ("*/7 * * * *", "the minute field `*/7`"),
        ("0 */5 * * *", "the hour field `*/5`"),
        ("0,10 * * * *", "the minute field `0,10`"),
        ("*/30 5 * * *", "the hour field `5`"),
        ("0 * * * 1", "the day-of-week field `1`"),
    ],
)
def test_a_valid_expression_with_unequal_intervals_is_refused_as_cube_would(expression: str, field: str) -> None:
    assert check_schedule(expression) == (
        f"`{expression}` is a cron expression, but Cube builds at equal intervals only, which {field} isn't; {INSTEAD}"
    )


@given(st.one_of(st.text(), st.lists(st.text("0123456789*/-,?L#WMONJA ", max_size=6), max_size=7).map(" ".join)))
def test_any_text_is_a_schedule_or_a_sentence(text: str) -> None:
    problem = check_schedule(text)

    assert problem is None or problem.isprintable() or not text.isprintable()


@given(
    st.sampled_from([None, 0, 30]),
    st.integers(0, 59),
    st.integers(0, 23),
    st.sampled_from(["*", "?", *map(str, range(8)), "sun", "WED"]),
)
def test_every_daily_and_weekly_time_is_accepted_and_stays_what_it_is(
    second: int | None, minute: int, hour: int, day: str
) -> None:
    seconds = "" if second is None else f"{second} "
    schedule = read_schedule(f"{seconds}{minute} {hour} * * {day}")

    names = {"?": "*", "7": "0", "sun": "0", "WED": "3"}
    assert schedule.every == f"{'' if not second else f'{second} '}{minute} {hour} * * {names.get(day, day)}"


@given(st.sampled_from([2, 3, 4, 5, 6, 10, 12, 15, 20, 30]))
def test_every_step_that_divides_the_hour_is_an_interval(step: int) -> None:
    assert read_schedule(f"*/{step} * * * *").every == f"{step} minute"


@pytest.mark.parametrize("zone", ["UTC", "Europe/Amsterdam", "America/Argentina/Buenos_Aires", "Etc/GMT+2"])
def test_a_zone_of_the_iana_database_is_accepted(zone: str) -> None:
    assert check_time_zone(zone) is None


@pytest.mark.parametrize(
    ("zone", "meant"),
    [
        ("Europe/Amsterdm", "; did you mean Europe/Amsterdam?"),
        ("europe/amsterdam", "; did you mean Europe/Amsterdam?"),
        ("", ""),
        ("../../etc/passwd", ""),
        ("localtime", ""),
    ],
)
def test_another_zone_is_refused_with_a_guess(zone: str, meant: str) -> None:
    found = check_time_zone(zone)

    assert found is not None
    assert found.startswith(f"`{zone}` is no time zone; allowed are IANA names such as UTC or Europe/Amsterdam")
    assert found.endswith(meant)


@given(st.text())
def test_any_text_is_a_zone_or_a_sentence(text: str) -> None:
    problem = check_time_zone(text)

    assert problem is None or "is no time zone" in problem

"""Days that people give: past ones, as ISO dates."""

from datetime import date


def past_day(text: str) -> str:
    """Return a day as YYYY-MM-DD.

    Raises:
        ValueError: it is no day, or lies ahead; the message says what was expected.
    """
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r}: expected a date such as 2026-11-22") from None
    if day > date.today():
        today = date.today().isoformat()
        raise ValueError(f"{text!r}: expected a date up to today, {today}")
    return day.isoformat()

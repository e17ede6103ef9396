"""What depends on the country a clinic is in: its name, time zones, holidays, emergency number.

Names and time zones come from the tz database (iso3166.tab, zone1970.tab), holidays from the
`holidays` package.
"""

import datetime as dt
from functools import lru_cache
from importlib.resources import files

import holidays

# National emergency numbers (ITU-T list of emergency numbers; 112 in the European Union by
# Directive (EU) 2018/1972, article 109). Only suggested where a clinic says its country: whoever
# fills in the settings looks at it, and may write another.
_EMERGENCY = {
    "911": "US CA MX CR PA EC PY UY AR PH",
    "112": "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK "
    "IS LI NO CH TR IN",
    "999": "GB HK SG MY KE",
    "000": "AU",
    "111": "NZ",
    "123": "CO",
}


@lru_cache(maxsize=1)
def names() -> dict[str, str]:
    """English names by two-letter code, by name."""
    found = dict(line.split("\t")[:2] for line in _lines("iso3166.tab"))
    return dict(sorted(found.items(), key=lambda one: one[1]))


@lru_cache(maxsize=1)
def zones() -> dict[str, str]:
    """The country that a time zone is first of, by the zone's name."""
    rows = (line.split("\t") for line in _lines("zone1970.tab"))
    return {zone: codes.split(",")[0] for codes, _, zone, *_ in rows}


def emergency_number(country: str) -> str:
    """Empty where we do not know it."""
    return next((number for number, codes in _EMERGENCY.items() if country in codes.split()), "")


@lru_cache(maxsize=1)
def _known_regions() -> dict[str, list[str]]:
    return dict(holidays.list_supported_countries())


def has_holidays(country: str) -> bool:
    return country in _known_regions()


def regions(country: str) -> list[str]:
    """States or provinces with holidays of their own, by the codes that `holidays` knows."""
    return _known_regions().get(country, [])


@lru_cache(maxsize=64)
def _holidays(country: str, region: str) -> holidays.HolidayBase:
    return holidays.country_holidays(country, subdiv=region or None)


def holiday(country: str, region: str, day: dt.date) -> str:
    """The name of the public holiday; empty on other days and where none are known."""
    if not has_holidays(country):
        return ""
    known = _holidays(country, region if region in regions(country) else "")
    return str(known.get(day) or "")


def _lines(name: str) -> list[str]:
    text = (files("tzdata.zoneinfo") / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]

#!/usr/bin/env python3
"""Writes the shop's seeds: a small, invented, always identical set of CSV files.

Usage: ``python seeds/generate.py [FOLDER]`` (default: the folder of this script).
Standard library only. People, addresses and companies are made up; e-mail domains are those reserved
by RFC 2606, telephone numbers those reserved for fiction (555-0100 to 555-0199).
"""

from __future__ import annotations

import csv
import json
import random
import sys
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
Row = dict[str, object]

SEED = 20240101
FIRST_DAY = datetime(2024, 1, 1, tzinfo=UTC)
# Row ids are derived from names in this space, so that they never change.
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "shop.example.com")

ORGANIZATIONS = (
    ("Alder Outfitters", "alder", "enterprise", "US"),
    ("Birch & Co", "birch", "team", "DE"),
    ("Cedar Supply", "cedar", "starter", "NL"),
)
# How often a row falls to each organization: sizes differ, so that a leak between them changes every sum.
ORGANIZATION_WEIGHTS = (5, 3, 2)
FIRST_NAMES = ("Ada", "Ben", "Cleo", "Dara", "Emil", "Fay", "Gus", "Hana", "Ivo", "June", "Kai", "Lena")
LAST_NAMES = ("Ash", "Brook", "Clay", "Dale", "Field", "Grove", "Hill", "Lake", "Moor", "Stone")
STREETS = ("Harbour Road", "Mill Lane", "Orchard Way", "Station Street", "Willow Walk")
CITIES = (
    ("Amsterdam", "NL"),
    ("Berlin", "DE"),
    ("Boston", "US"),
    ("Hamburg", "DE"),
    ("Portland", "US"),
    ("Utrecht", "NL"),
)
TIERS = ("bronze", "silver", "gold")
CATALOGUE = {
    "Camping": ("Tents", "Stoves", "Sleeping bags"),
    "Clothing": ("Jackets", "Boots", "Hats"),
    "Cycling": ("Helmets", "Lights", "Tools"),
}
TAGS = ("new", "sale", "eco", "bestseller")
STATUSES = ("placed", "shipped", "completed", "completed", "completed", "returned", "cancelled")
CHANNELS = ("web", "app", "phone")
PAYMENT_METHODS = ("card", "card", "bank_transfer", "gift_card")
RETURN_REASONS = ("damaged", "wrong_size", "changed_mind")


class Dice:
    """Random choices built on ``random()`` alone, the one method whose sequence Python promises to keep."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - sample data, nothing secret

    def below(self, limit: int) -> int:
        """Gives an integer from 0 to ``limit - 1``."""
        return int(self._random.random() * limit)

    def between(self, low: int, high: int) -> int:
        """Gives an integer from ``low`` to ``high``, both included."""
        return low + self.below(high - low + 1)

    def pick(self, choices: Sequence[T]) -> T:
        """Gives one of ``choices``."""
        return choices[self.below(len(choices))]

    def chance(self, percent: int) -> bool:
        """Gives True in ``percent`` of 100 cases."""
        return self.below(100) < percent


def money(cents: int) -> Decimal:
    """Gives an amount with two decimals from a number of cents."""
    return Decimal(cents).scaleb(-2)


def moment(dice: Dice, first_day: int, last_day: int) -> datetime:
    """Gives a whole second between two days, counted from the first day of the data."""
    days = dice.between(first_day, last_day)
    return FIRST_DAY + timedelta(days=days, seconds=dice.below(86_400))


def row_id(kind: str, number: int) -> uuid.UUID:
    """Gives the UUID of a row, the same at every run."""
    return uuid.uuid5(NAMESPACE, f"{kind}/{number}")


def organizations() -> list[Row]:
    """Gives the three organizations whose rows must never mix."""
    return [
        {
            "organization_id": number,
            "external_id": row_id("organization", number),
            "organization_name": name,
            "slug": slug,
            "plan": plan,
            "country_code": country,
            "created_at": FIRST_DAY - timedelta(days=90 * number),
        }
        for number, (name, slug, plan, country) in enumerate(ORGANIZATIONS, start=1)
    ]


def organization_of(number: int) -> int:
    """Gives the organization of the n-th row of a table: spread by weight, each of them present early."""
    wheel = [i for i, weight in enumerate(ORGANIZATION_WEIGHTS, start=1) for _ in range(weight)]
    return wheel[number * 7 % len(wheel)]


def customers(dice: Dice, count: int = 60) -> list[Row]:
    """Gives people with personal data in several columns."""
    rows: list[Row] = []
    for number in range(1, count + 1):
        first, last = dice.pick(FIRST_NAMES), dice.pick(LAST_NAMES)
        created = moment(dice, 0, 120)
        preferences = {"language": dice.pick(("en", "de", "nl")), "newsletter": dice.chance(40)}
        rows.append(
            {
                "customer_id": number,
                "organization_id": organization_of(number),
                "full_name": f"{first} {last}",
                "email": f"{first}.{last}.{number}@example.{dice.pick(('com', 'org'))}".lower(),
                "phone": f"+1-202-555-{dice.between(100, 199):04d}",
                "birth_date": date(1950, 1, 1) + timedelta(days=dice.below(365 * 50)),
                "loyalty_tier": dice.pick(TIERS),
                "marketing_opt_in": dice.chance(60),
                "preferences": json.dumps(preferences, sort_keys=True),
                "created_at": created,
                "updated_at": created + timedelta(days=dice.below(200)),
            }
        )
    return rows


def addresses(dice: Dice, people: Sequence[Row], extra: int = 20) -> list[Row]:
    """Gives one address for everybody and a second one for some."""
    owners = [*people, *(dice.pick(people) for _ in range(extra))]
    rows: list[Row] = []
    for number, owner in enumerate(owners, start=1):
        city, country = dice.pick(CITIES)
        rows.append(
            {
                "address_id": number,
                "organization_id": owner["organization_id"],
                "customer_id": owner["customer_id"],
                "street": f"{dice.between(1, 99)} {dice.pick(STREETS)}",
                "city": city,
                "postal_code": f"{dice.between(1000, 9999)}",
                "country_code": country,
            }
        )
    return rows


def products(dice: Dice, count: int = 25) -> list[Row]:
    """Gives the goods of each organization."""
    categories = sorted(CATALOGUE)
    rows: list[Row] = []
    for number in range(1, count + 1):
        category = dice.pick(categories)
        subcategory = dice.pick(CATALOGUE[category])
        tags = [tag for tag in TAGS if dice.chance(30)]
        rows.append(
            {
                "product_id": number,
                "organization_id": organization_of(number),
                "sku": f"{category[:3].upper()}-{number:04d}",
                "product_name": f"{subcategory} No. {number}",
                "category": category,
                "subcategory": subcategory,
                "list_price": money(dice.between(500, 30_000)),
                "tags": "{" + ",".join(tags) + "}",
                "is_active": dice.chance(85),
            }
        )
    return rows


def orders(dice: Dice, people: Sequence[Row], places: Sequence[Row], count: int = 250) -> list[Row]:
    """Gives orders, each billed and shipped to addresses of its customer."""
    rows: list[Row] = []
    for number in range(1, count + 1):
        customer = dice.pick(people)
        own = [place for place in places if place["customer_id"] == customer["customer_id"]]
        attributes: dict[str, object] = {"channel": dice.pick(CHANNELS)}
        if dice.chance(25):
            attributes["campaign"] = dice.pick(("spring", "autumn"))
        rows.append(
            {
                "order_id": number,
                "order_uuid": row_id("order", number),
                "organization_id": customer["organization_id"],
                "customer_id": customer["customer_id"],
                "billing_address_id": own[0]["address_id"],
                "shipping_address_id": dice.pick(own)["address_id"],
                "status": dice.pick(STATUSES),
                "is_gift": dice.chance(10),
                "attributes": json.dumps(attributes, sort_keys=True),
                "ordered_at": moment(dice, 121, 330),
            }
        )
    return rows


def order_items(dice: Dice, all_orders: Sequence[Row], goods: Sequence[Row]) -> list[Row]:
    """Gives one to three lines an order, with goods of the order's own organization."""
    rows: list[Row] = []
    for order in all_orders:
        own = [good for good in goods if good["organization_id"] == order["organization_id"]]
        for line in range(1, dice.between(1, 3) + 1):
            product = dice.pick(own)
            rows.append(
                {
                    "order_id": order["order_id"],
                    "line_number": line,
                    "organization_id": order["organization_id"],
                    "product_id": product["product_id"],
                    "quantity": dice.between(1, 4),
                    "unit_price": product["list_price"],
                }
            )
    return rows


def payments(dice: Dice, all_orders: Sequence[Row], lines: Sequence[Row]) -> list[Row]:
    """Gives a payment of the full amount for every order that was not cancelled."""
    totals: dict[object, Decimal] = {}
    for line in lines:
        amount = Decimal(str(line["quantity"])) * Decimal(str(line["unit_price"]))
        totals[line["order_id"]] = totals.get(line["order_id"], Decimal(0)) + amount
    paid = [order for order in all_orders if order["status"] != "cancelled"]
    return [
        {
            "payment_id": number,
            "organization_id": order["organization_id"],
            "order_id": order["order_id"],
            "payment_method": dice.pick(PAYMENT_METHODS),
            "amount": totals[order["order_id"]],
            "is_refunded": order["status"] == "returned",
            "paid_at": order_moment(order) + timedelta(minutes=dice.below(2_880)),
        }
        for number, order in enumerate(paid, start=1)
    ]


def returns(dice: Dice, all_orders: Sequence[Row]) -> list[Row]:
    """Gives the first line of every returned order back."""
    sent_back = [order for order in all_orders if order["status"] == "returned"]
    return [
        {
            "return_id": row_id("return", number),
            "organization_id": order["organization_id"],
            "order_id": order["order_id"],
            "line_number": 1,
            "reason": dice.pick(RETURN_REASONS),
            "returned_at": order_moment(order) + timedelta(days=dice.between(3, 30)),
        }
        for number, order in enumerate(sent_back, start=1)
    ]


def order_moment(order: Row) -> datetime:
    """Gives when an order was placed."""
    ordered_at = order["ordered_at"]
    assert isinstance(ordered_at, datetime)  # noqa: S101 - says the type, rows hold any object
    return ordered_at


def cell(value: object) -> str:
    """Gives a value the way PostgreSQL reads it: ISO 8601 with an offset, lower-case booleans."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value)


def tables() -> Mapping[str, list[Row]]:
    """Gives every seed by its name, drawn from one sequence of random numbers."""
    dice = Dice(SEED)
    people = customers(dice)
    places = addresses(dice, people)
    goods = products(dice)
    all_orders = orders(dice, people, places)
    lines = order_items(dice, all_orders, goods)
    return {
        "raw_organizations": organizations(),
        "raw_customers": people,
        "raw_addresses": places,
        "raw_products": goods,
        "raw_orders": all_orders,
        "raw_order_items": lines,
        "raw_payments": payments(dice, all_orders, lines),
        "raw_returns": returns(dice, all_orders),
    }


def write(folder: Path) -> None:
    """Writes one CSV file a table into ``folder``, with Unix line ends on every system."""
    for name, rows in tables().items():
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(rows[0])
            writer.writerows([cell(value) for value in row.values()] for row in rows)


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    if not target.is_dir():
        sys.exit(f"{target} is not a folder: give one that exists, or nothing to write beside this script.")
    write(target)

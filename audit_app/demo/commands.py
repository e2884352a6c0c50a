"""`flask demo`: fills an empty database with the demo's data, and says how to sign in."""

import time

import click
from flask import current_app
from flask.cli import with_appcontext

from ..accounts.models import Person
from ..db import db
from .awarding import recognise
from .life import World, is_lived
from .many import live_many
from .words import read


@click.command("demo")
@click.option("--sites", type=click.IntRange(1), help="Make a service of so many settings instead, to measure on.")
@click.option("--cycles", type=click.IntRange(1), default=6, help="How many audits each of them then has.")
@with_appcontext
def demo(sites: int | None, cycles: int) -> None:
    """Fill an empty database with invented people and audits, and print how to sign in. Only in demo mode."""
    if not current_app.config["DEMO"]:
        raise click.ClickException("Demo data has known passwords. It is made in demo mode only (DEMO=yes).")
    if sites:
        make_many(sites, cycles)
        return
    if not is_lived():
        started = time.perf_counter()
        live()
        db.session.commit()
        click.echo(f"Made the demo's people and audits in {time.perf_counter() - started:.1f} s.")
    db.session.rollback()
    click.echo(sign_ins())


def live() -> None:
    """Make all of the demo's data, and what some of its audits came to; the caller commits."""
    world = World()
    world.make()
    recognise(world)


def make_many(sites: int, cycles: int) -> None:
    """Make a service of many settings, and say how far it is and how to sign in."""
    if db.session.scalar(db.select(Person.id).limit(1)):
        raise click.ClickException("There are people here already. Many settings are made in an empty database only.")
    started = time.perf_counter()
    for name in live_many(sites, cycles):
        click.echo(f"{time.perf_counter() - started:7.1f} s  {name}")
    password = read("cast.toml")["password"]
    click.echo(f"manager@many.example manages all of it, manager1@many.example Trust 1. Their password is: {password}")


def sign_ins() -> str:
    """Who can sign in, as what, and what each is good for, as a table."""
    cast = read("cast.toml")
    places = {one["key"]: one["name"] for organisation in cast["organisation"] for one in _with_sites(organisation)}
    rows = [(one["name"], _in_words(one["roles"], places), one["email"], one["try"]) for one in cast["person"]]
    password = f"Everybody’s password is:  {cast['password']}"
    return "\n".join(
        ["", "Sign in as one of these.  " + password, "", *_table(("Who", "Role", "E-mail", "For"), rows), ""]
    )


def _table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    lines = [heads, tuple("─" * width for width in widths), *rows]
    return ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]


def _with_sites(organisation: dict) -> list[dict]:
    return [organisation, *organisation.get("site", [])]


def _in_words(roles: list[dict], places: dict[str, str]) -> str:
    """`auditor, Kestrel wing, Heron wing`: a role that is held twice is named once."""
    told = {}
    for role in roles:
        told.setdefault(role["role"], []).extend([places[role["at"]]] if "at" in role else [])
    return "; ".join(", ".join([role, *where]) for role, where in told.items())

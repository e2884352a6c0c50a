"""`flask export` and `flask import`."""

import os
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from ..access import ADMIN, Person
from ..accounts.models import Grant
from ..db import db, reading
from .database import write_database
from .importing import FileRefused, Taken, read_lines, take_in
from .queries import Scope

LANGUAGES = click.Choice(["en", "cy"])


@click.command("export")
@with_appcontext
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--language", type=LANGUAGES, default="en", help="The language of statements and of the history's words.")
def export(file: Path, language: str) -> None:
    """Write the figures of the whole service to FILE, a new SQLite database that Datasette opens as it is. No
    passwords, addresses or tokens are in it; names only in the history."""
    if file.exists():
        raise click.ClickException(f"{file} is there already. Name a file that is not.")
    making = file.with_name(f".{file.name}.making")
    making.unlink(missing_ok=True)
    making.touch(mode=0o600)
    try:
        with reading():
            counts = write_database(Scope.of_everything(language), making)
        os.replace(making, file)
    finally:
        making.unlink(missing_ok=True)
    click.echo("\n".join(f"{count:>12,}  {name}" for name, count in counts.items()))
    click.echo(f"{file} is written. Look into it with:  datasette {file}")


@click.command("import")
@with_appcontext
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Try it out and say what would be done; change nothing.")
@click.option(
    "--by", "email", help="E-mail address of the person in whose name; else the service's only administrator."
)
@click.option("--address", help="Where people open Milieu, for the links; else https:// and the first trusted host.")
def import_(file: Path, dry_run: bool, email: str | None, address: str | None) -> None:
    """Add settings and people from FILE, a CSV (UTF-8) or XLSX with a first line of column names: organisation,
    setting, sector, about, name, email, role. Try it with --dry-run first. Rows that cannot be taken are named, each
    with line, column and reason, and then nothing is done at all. Prints a link for each person invited."""
    by = _in_whose_name(email)
    try:
        taken = take_in(read_lines(file), by)
    except FileRefused as refused:
        raise click.ClickException(str(refused)) from None
    if taken.faults or dry_run:
        db.session.rollback()
    for fault in taken.faults:
        click.echo(f"{file.name}, {fault}", err=True)
    if taken.faults:
        raise click.ClickException(f"{len(taken.faults)} things to mend; nothing was taken in.")
    db.session.commit()
    click.echo(("This would be done:" if dry_run else "Done:") + f" {_in_words(taken)}")
    if not dry_run:
        _print_links(taken, address or f"https://{current_app.config['TRUSTED_HOSTS'][0]}")


def _in_words(taken: Taken) -> str:
    return (
        f"{len(taken.sites)} settings added, {len(taken.invited)} people invited, {len(taken.given)} given a role, "
        f"{taken.there_before} there before."
    )


def _print_links(taken: Taken, address: str) -> None:
    if taken.invited:
        days = current_app.config["INVITATION_DAYS"]
        click.echo(f"Give each person their own link; it works once, for {days} days, and is shown only here:")
    for who, rest in taken.invited:
        click.echo(f"{who}\n    {address.rstrip('/')}/#/join/{rest}")


def _in_whose_name(email: str | None) -> Person:
    if email:
        person = Person.by_email(email)
        if person is None:
            raise click.ClickException(f"Nobody here has the address {email}.")
        return person
    everywhere = db.select(Grant.person_id).filter_by(role=ADMIN, organisation_id=None, ended_at=None).distinct()
    admins = list(db.session.scalars(everywhere))
    if len(admins) != 1:
        raise click.ClickException("There is not exactly one administrator of the service; say who with --by EMAIL.")
    return db.session.get(Person, admins[0])

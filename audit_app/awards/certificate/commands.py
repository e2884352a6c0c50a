"""`flask signing-key`: the keys that certificates are signed with."""

import click
from flask.cli import with_appcontext

from ...db import db
from . import keys
from .issuing import issue_anew


@click.group("signing-key")
def signing_key() -> None:
    """The keys that certificates are signed with: list, add, retire, distrust."""


@signing_key.command("list")
@with_appcontext
def list_keys() -> None:
    """Every key, oldest first, and what became of it."""
    found = keys.keys_here()
    for key in found:
        click.echo(f"{key.id}  {key.state:<10}  added {key.added:%Y-%m-%d %H:%M} UTC")
    if not found:
        click.echo("There is none yet. The first is made when it is needed.")


@signing_key.command("add")
@with_appcontext
def add_key() -> None:
    """Make a new key, which signs from now on. What others signed stays as good as it was."""
    click.echo(f"{keys.add_key().id} signs from now on.")


@signing_key.command("retire")
@click.argument("id")
@with_appcontext
def retire_key(id: str) -> None:
    """End the use of a key and delete its private half. What it signed can still be checked."""
    keys.retire_key(id)
    click.echo(f"{id} signs no more. {keys.signing_key().id} does.")


@signing_key.command("distrust")
@click.argument("id")
@with_appcontext
def distrust_key(id: str) -> None:
    """For a key that leaked: publish it no more, and issue anew all that it signed. Can be run again if cut short."""
    keys.distrust_key(id)
    number = issue_anew()
    db.session.commit()
    click.echo(f"{id} is not ours any more. {number:,} certificates were issued anew with {keys.signing_key().id}.")

"""The flask commands."""

import re
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from . import backups
from .access import ADMIN
from .accounts import passwords
from .accounts.models import Grant, Person, fold_email
from .awards.certificate.commands import signing_key
from .awards.certificate.keys import FOLDER, back_up_keys, restore_keys
from .checklists.commands import checklists
from .config import SETTINGS
from .db import db, new_id
from .demo.commands import demo
from .evidence.copies import SHARED, back_up_photos, photos_here, restore_photos, verify_photos
from .exports.commands import export, import_
from .exports.operations import end_all_tokens
from .ledger.perform import perform_one
from .ledger.verify import verify
from .plans.commands import remind
from .problems import Problem


def init_app(app: Flask) -> None:
    """Register the commands."""
    for command in (
        create_admin,
        demo,
        backup,
        restore,
        verify_ledger,
        settings,
        checklists,
        remind,
        export,
        import_,
        signing_key,
    ):
        app.cli.add_command(command)


@click.command("create-admin")
@with_appcontext
@click.option("--email", prompt=True, help="Address to sign in with.")
@click.option("--name", prompt=True, help="Name as colleagues will see it.")
@click.option("--organisation", prompt="First organisation", help="Name of the first organisation.")
@click.password_option(help="12 to 128 characters; asked for when not given.")
def create_admin(email: str, name: str, organisation: str, password: str) -> None:
    """Make the first account: an administrator, with a first organisation."""
    if Person.by_email(email):
        raise click.ClickException("There is an account with this address already.")
    try:
        passwords.require_good(password)
        person = Person(email=fold_email(email), name=name.strip(), password_hash=passwords.hash_password(password))
        db.session.add(person)
        db.session.flush()
        db.session.add(Grant(id=new_id(), person_id=person.id, role=ADMIN))
        db.session.flush()
        perform_one(new_id(), "organisation.add", {"name": organisation}, by=person)
    except Problem as problem:
        raise click.ClickException(problem.detail or problem.title) from None
    db.session.commit()
    click.echo(f"{name} can sign in as {person.email}.")


@click.command("verify")
@with_appcontext
def verify_ledger() -> None:
    """Re-derive all from the ledger and look at every photo; name what does not fit, of each stream the first."""
    faults, photos = list(verify()), list(verify_photos())
    db.session.rollback()
    for fault in faults + photos:
        click.echo(fault, err=True)
    if faults:
        raise click.ClickException(f"{len(faults)} of the ledger's streams do not hold.")
    if photos:
        raise click.ClickException(f"The ledger holds, but {len(photos)} photos are not as they were.")
    click.echo("The ledger holds.")


@click.command("backup")
@with_appcontext
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """Copy the database to FILE, and photos and signing keys to folders beside it, while the service runs, and read the
    copies back. Devices then keep less."""
    photos = photos_here()
    db.session.rollback()
    reach = backups.back_up(file.absolute())
    number, faults = back_up_photos(file.absolute().parent, photos)
    click.echo(
        f"{file} holds {_in_words(reach)}, and {SHARED} beside it {number:,} photos. Keep both on another machine."
    )
    if signing := back_up_keys(file.absolute().parent):
        click.echo(f"{FOLDER} beside them holds {signing} signing keys. Whoever has them can issue certificates.")
    for fault in faults:
        click.echo(fault, err=True)
    if faults:
        raise click.ClickException(f"{len(faults)} photos could not be copied.")


@click.command("restore")
@with_appcontext
@click.argument("file", type=click.Path(path_type=Path))
def restore(file: Path) -> None:
    """Put the backup FILE in place where there is no database; never over one. Ends every session, and every key."""
    reach = backups.restore(file.absolute())
    end_all_tokens()
    db.session.commit()
    restore_keys(file.absolute().parent)
    back, missing = restore_photos(file.absolute().parent)
    if missing:
        click.echo(
            f"{missing:,} photos are not beside the backup. Phones that still have them send them again.", err=True
        )
    click.echo(
        f"Restored {_in_words(reach)} and {back:,} photos. Everybody must sign in again, and make keys for programs "
        "anew; phones send again what is missing.\n"
        "What was changed online since the backup is as it was: look at who may do what, and at invitations."
    )


def _in_words(reach: backups.Reach) -> str:
    return f"{sum(reach.values()):,} operations in {len(reach)} streams"


def _without_password(value):
    """A setting as it may be shown: an address keeps its password to itself."""
    return re.sub(r"(://[^:/@]*):[^@/]*@", r"\1:(secret)@", value) if isinstance(value, str) else value


@click.command("settings")
@with_appcontext
def settings() -> None:
    """Print every setting, its value here and its meaning."""
    for setting in SETTINGS:
        shown = "(secret)" if setting.name == "SECRET_KEY" else _without_password(current_app.config[setting.name])
        click.echo(f"{setting.name} = {shown}\n    {setting.meaning}")

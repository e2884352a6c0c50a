"""`flask remind`: tells people by e-mail what is overdue and what is due within a week."""

import click
from flask import current_app
from flask.cli import with_appcontext

from ..db import db
from ..mail import Letter, send
from .queries import reminders
from .reminding import subject_of, text_of


@click.command("remind")
@with_appcontext
@click.option("--language", type=click.Choice(["en", "cy"]), default="en", help="The language to write in.")
def remind(language: str) -> None:
    """E-mail everybody what is overdue, due within a week or awaited of them at their settings. Without MAIL_URL it is
    printed. Run it once a week, for instance from cron."""
    letters = [Letter(one.name, one.email, subject_of(one, language), text_of(one, language)) for one in reminders()]
    db.session.rollback()  # nothing is locked or held open while the post goes out
    if not letters:
        click.echo("Nothing is overdue, due within a week or awaited; there is nobody to remind.")
        return
    if not current_app.config["MAIL_URL"]:
        click.echo("\n".join(f"To: {one.name} <{one.email}>\nSubject: {one.subject}\n\n{one.text}" for one in letters))
        click.echo(f"{len(letters)} not sent: MAIL_URL is not set, so they are printed.")
        return
    failed = send(letters, current_app.config["MAIL_URL"], current_app.config["MAIL_FROM"])
    click.echo(f"Reminded {len(letters) - len(failed)} of {len(letters)} people.")
    for letter, why in failed:
        click.echo(f"Not sent to {letter.email}: {why}", err=True)
    if failed:
        raise click.ClickException(f"{len(failed)} of {len(letters)} reminders could not be sent.")

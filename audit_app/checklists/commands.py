"""Commands for those who look after checklists: `flask checklists check` and `flask checklists publish`."""

import datetime

import click
from flask import current_app
from flask.cli import AppGroup

from .library import Library, publish

checklists = AppGroup("checklists", help="Check and publish checklists.")


@checklists.command("check")
def check() -> None:
    """Read all checklists again and say what is published and what is a draft."""
    library = Library.load(current_app.config["CHECKLISTS_DIR"])
    for edition in library.published:
        click.echo(f"published {edition.published}  {edition.slug} {edition.edition}{_translations(edition)}")
    for edition in library.drafts:
        click.echo(f"draft, not offered    {edition.slug} {edition.edition}{_translations(edition)}")
    click.echo(f"{len(library.sectors)} sectors: {', '.join(library.sectors)}. Nothing to mend.")


@checklists.command("publish")
@click.argument("slug")
@click.argument("edition", type=int)
def publish_edition(slug: str, edition: int) -> None:
    """Freeze an edition for ever, so that audits can use it."""
    digest = publish(current_app.config["CHECKLISTS_DIR"], slug, edition, datetime.datetime.now(datetime.UTC).date())
    click.echo(f"{slug} {edition} is published and can no longer change (SHA-256 {digest}). Commit published.toml.")


def _translations(edition) -> str:
    return "".join(f", {language} {status}" for language, status in edition.translations.items())

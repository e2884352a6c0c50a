"""Checklists: the library of criteria, its editions, sector vocabularies, scales and award rules.

For the rest of the house, `current_app.extensions["checklists"]` is a `Library`:

- `library.find(slug, edition)` is a published `Edition`, or the problem `ChecklistUnknown`;
- `library.offered` are the editions that a new audit may choose from, `library.sectors` the sectors by id;
- `edition.criteria`, `edition.principles`, `edition.ratings`, `edition.has_criterion(id)`, `edition.award_rule`;
- `edition.in_words(sector, language)` is the edition as the wire has it.
"""

from functools import cache
from pathlib import Path

from flask import Flask

from .library import Library
from .routes import routes

HERE = Path(__file__).resolve().parent.parent.parent / "checklists"


def init_app(app: Flask) -> None:
    """Read the library and open its routes; a broken file stops the start with `ChecklistBroken`."""
    app.extensions["checklists"] = _library(app.config.get("CHECKLISTS_DIR") or HERE)
    app.register_blueprint(routes)


@cache
def _library(folder: str | Path) -> Library:
    """Read once a process, however many applications there are in it: nothing in it changes while the house is open."""
    return Library.load(folder)

"""Issuing an award's credential: what it says is read from the tables, the newest key signs it, and the register keeps
its digest, by which it is known again."""

from datetime import date

from flask import current_app
from sqlalchemy import update

from ...db import db, now
from ...ledger.canonical import digest
from ...problems import Problem
from ...sites.models import Organisation, Site
from ..models import Award, Issued
from . import credential
from .keys import published_keys, signing_key


class HomeMissing(Problem):
    """A certificate names, for ever, the address where it can be checked, and this service was not told its own.
    Nothing was decided or issued. Whoever runs the service sets `PUBLIC_URL`; then take the step again."""

    status = 503
    title = "The service does not know its own address"


def home() -> str:
    """The service's own address, without a slash at its end. Refuses with `HomeMissing` where nobody set it."""
    address = current_app.config["PUBLIC_URL"]
    if not address:
        raise HomeMissing("No certificate can be issued before PUBLIC_URL is set.")
    return address


def issue(award: Award) -> str:
    """The award's credential, signed today: the current one from now on. What was issued before stays known, as
    superseded. It is part of the caller's transaction, and takes a millisecond or two."""
    token = credential.issue(said_of(award), signing_key())
    known = db.session.get(Issued, digest(token))
    current = update(Issued).filter_by(award_number=award.number, current=True)
    db.session.execute(current.values(current=False), execution_options={"synchronize_session": "fetch"})
    if known:
        known.current = True
    else:
        row = {"digest": digest(token), "token": token, "issued_at": now(), "current": True}
        db.session.add(Issued(award_number=award.number, **row))
    db.session.flush()
    return token


def issue_anew() -> int:
    """Issue again, with today's key, each award whose current credential names a key that is published no more; how
    many. Nobody but us is asked to do anything: who shows an old one is told that there is a newer."""
    keys = published_keys()
    rows = db.session.execute(db.select(Issued.award_number, Issued.token).filter_by(current=True)).all()
    numbers = [number for number, token in rows if credential.number_in(token, keys) is None]
    for number in numbers:
        issue(db.session.get(Award, number))
    return len(numbers)


def said_of(award: Award) -> credential.Award:
    """What the credential of an award says."""
    site = db.session.get(Site, award.site_id)
    edition = current_app.extensions["checklists"].find(award.checklist, award.edition)
    return credential.Award(
        home=home(),
        number=award.number,
        index=award.list_index,
        body_id=award.body_id,
        body=db.session.get(Organisation, award.body_id).name,
        place=award.site_id,
        setting=award.holder,
        organisation=db.session.get(Organisation, site.organisation_id).name,
        checklist=award.checklist,
        checklist_title=edition.title[edition.original],
        edition=award.edition,
        language=edition.original,
        decided=date.fromisoformat(award.decided_on),
        until=date.fromisoformat(award.until),
        record=award.record_digest,
    )

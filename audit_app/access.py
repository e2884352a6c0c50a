"""Who is signed in, and MAY: the one table of who may do what.

Queries start from what a person may see; another organisation's thing is not found rather than forbidden.
"""

import functools
from collections.abc import Callable, Iterable

from flask import Flask, request
from flask_login import LoginManager, current_user

from .accounts.models import Device, Grant, Person
from .db import db, glance
from .problems import CrossSite, NotAllowed, NotFound, SignInRequired

AUDITOR, LEAD, MANAGER, ASSESSOR, PANEL, ADMIN = "auditor", "lead", "manager", "assessor", "panel", "admin"
ROLES = (AUDITOR, LEAD, MANAGER, ASSESSOR, PANEL, ADMIN)
TEAM = frozenset({AUDITOR, LEAD})
PLANNERS = TEAM | {MANAGER}
KEEPERS = frozenset({LEAD, MANAGER, ADMIN})

# verb → the roles that may; a role counts where its grant reaches: one setting, or a whole organisation.
MAY: dict[str, frozenset[str]] = {
    # offline
    "audit.open": TEAM,
    "contributor.add": TEAM,
    "contributor.withdraw": TEAM,
    "answer.rate": TEAM,
    "answer.comment": TEAM,
    "finding.agree": TEAM,
    "finding.account": TEAM,
    "plan.add": PLANNERS,
    "plan.change": PLANNERS,
    "plan.settle": PLANNERS,
    "evidence.add": TEAM,
    "evidence.tag": TEAM,
    "evidence.untag": TEAM,
    "evidence.caption": TEAM,
    "evidence.withdraw": TEAM,
    "judgement.record": frozenset({ASSESSOR}),
    "judgement.note": frozenset({ASSESSOR}),
    "judgement.probe": frozenset({ASSESSOR}),
    "visit.see": frozenset({ASSESSOR}),
    "visit.unsee": frozenset({ASSESSOR}),
    "assessment.remark": frozenset({ASSESSOR}),
    # online
    "operation.admit": frozenset({LEAD}),
    "assessment.admit": frozenset({ASSESSOR}),
    "audit.promote": frozenset({LEAD}),
    "audit.submit": frozenset({LEAD}),
    "audit.recall": frozenset({LEAD}),
    "audit.return": frozenset({ASSESSOR}),
    "submission.take": frozenset({MANAGER}),
    "assessment.assign": frozenset({MANAGER}),
    "interest.declare": frozenset({ASSESSOR, PANEL}),
    "assessment.report": frozenset({ASSESSOR}),
    "actions.answer": frozenset({LEAD}),
    "visit.record": frozenset({ASSESSOR}),
    "report.release": frozenset({ASSESSOR}),
    "report.correct": frozenset({LEAD}),
    "panel.convene": frozenset({MANAGER}),
    "panel.view": frozenset({PANEL}),
    "panel.decide": frozenset({PANEL}),
    "deferral.answer": frozenset({LEAD}),
    "interim.review": frozenset({ASSESSOR}),
    "award.renew": frozenset({PANEL}),
    "award.suspend": frozenset({PANEL}),
    "award.restore": frozenset({PANEL}),
    "award.keep": frozenset({PANEL}),
    "award.withdraw": frozenset({PANEL}),
    "appeal.lodge": frozenset({LEAD, MANAGER}),
    "appeal.decide": frozenset({PANEL}),
    "register.consent": frozenset({LEAD}),
    "organisation.add": frozenset({ADMIN}),
    "organisation.change": frozenset({MANAGER, ADMIN}),
    "site.add": frozenset({MANAGER, ADMIN}),
    "site.change": KEEPERS,
    "camera.set": frozenset({LEAD}),
    "person.invite": KEEPERS,
    "person.end": frozenset({MANAGER, ADMIN}),
    "grant.give": KEEPERS,
    "grant.end": KEEPERS,
    "device.end": frozenset({MANAGER, ADMIN}),
    "calibration.set": frozenset({MANAGER}),
    "calendar.make": PLANNERS | {ASSESSOR, PANEL},
    "calendar.end": PLANNERS | {ASSESSOR, PANEL},
    "token.make": frozenset({LEAD, MANAGER}),
    "token.end": frozenset(ROLES),
    # reading
    "site.see": frozenset({AUDITOR, LEAD, MANAGER, ADMIN}),
    "audit.see": frozenset({AUDITOR, LEAD, MANAGER}),
    "history.see": frozenset({AUDITOR, LEAD, MANAGER}),
    "kept.see": frozenset({LEAD}),
    "organisation.see": KEEPERS,
    "dashboard.see": frozenset({MANAGER}),
    "export.see": frozenset({LEAD, MANAGER}),
    "submission.see": frozenset({MANAGER, ASSESSOR, PANEL}),
    "submission.history.see": frozenset({MANAGER}),
    "assessment.see": frozenset({ASSESSOR}),
    "calibration.see": frozenset({MANAGER}),
}

# role → the roles it may give to others, and take from them.
MAY_GIVE: dict[str, frozenset[str]] = {
    LEAD: TEAM,
    MANAGER: frozenset({AUDITOR, LEAD, MANAGER}),
    ADMIN: frozenset(ROLES),
}

HOLDS, HELD = "holds", "held"
CALLABLE_BY = "callable_by"
BY_PROGRAM = "by_program"


def standing(grants: list[Grant], verb: str, organisation_id: str, site_id: str | None = None) -> str | None:
    """Does somebody with these grants hold the right to `verb` here, have they held it, or neither?"""
    reaching = [grant for grant in grants if grant.role in MAY[verb] and grant.reaches(organisation_id, site_id)]
    if any(grant.ended_at is None for grant in reaching):
        return HOLDS
    return HELD if reaching else None


def has_part(grants: list[Grant], organisation_id: str, site_id: str | None = None) -> bool:
    """Does any of these grants, ended or not, touch this setting, or anything in this organisation?"""
    return any(grant.touches(organisation_id, site_id) for grant in grants)


def may(person: Person, verb: str, organisation_id: str, site_id: str | None = None) -> bool:
    """May `person` do `verb` in this organisation, or at this setting of it, now?"""
    return standing(grants_of(person), verb, organisation_id, site_id) == HOLDS


def require_may(person: Person, verb: str, organisation_id: str, site_id: str | None = None) -> None:
    """Refuse with `NotFound` whoever has no part in this organisation or setting, and with `NotAllowed` a role that
    does not include `verb`."""
    grants = grants_of(person)
    if standing(grants, verb, organisation_id, site_id) == HOLDS:
        return
    if has_part([grant for grant in grants if grant.ended_at is None], organisation_id, site_id):
        raise NotAllowed(f"Your role does not include {verb}.")
    raise NotFound()


def may_give(person: Person, role: str, organisation_id: str, site_id: str | None) -> bool:
    """May `person` give or take `role` here? Nobody gives more than their own role does, nor more widely."""
    return any(
        grant.ended_at is None
        and role in MAY_GIVE.get(grant.role, frozenset())
        and grant.reaches(organisation_id, site_id)
        for grant in grants_of(person)
    )


def looks_after_service(person: Person) -> bool:
    """Is `person` an admin of the whole service, and not of one organisation alone?"""
    return any(grant.organisation_id is None and grant.ended_at is None for grant in grants_of(person))


def verbs_of(person: Person, organisation_id: str, site_id: str | None = None) -> list[str]:
    """Every verb that `person` may do here, sorted."""
    grants = grants_of(person)
    return sorted(verb for verb in MAY if standing(grants, verb, organisation_id, site_id) == HOLDS)


def grants_of(person: Person) -> list[Grant]:
    """All grants of a person, ended ones too, oldest first."""
    return list(db.session.scalars(db.select(Grant).filter_by(person_id=person.id).order_by(Grant.given_at)))


def find_person(id: str) -> Person | None:
    """The person with this id, or nobody."""
    return db.session.get(Person, id)


def names_of(ids: Iterable[str]) -> dict[str, str]:
    """The names of these people, by id."""
    rows = db.session.execute(db.select(Person.id, Person.name).filter(Person.id.in_(set(ids))))
    return dict(rows.all())


def require_sign_in(view: Callable) -> Callable:
    """A route for whoever is signed in. What they may then see or do is asked of `MAY`, thing by thing."""

    @functools.wraps(view)
    def guarded(*args, **kwargs):
        if not current_user.is_authenticated:
            raise SignInRequired("Sign in, and what waits on this phone is sent.")
        return view(*args, **kwargs)

    setattr(guarded, CALLABLE_BY, "signed in")
    return guarded


def open_to_all(view: Callable) -> Callable:
    """A route that anybody may call, said aloud: a route that names nobody fails the house rules."""
    setattr(view, CALLABLE_BY, "anybody")
    return view


def signed_in() -> Person:
    """The person who is signed in on the device that asks."""
    return current_user.person


def init_app(app: Flask) -> None:
    """Set up sign-in by cookie and the refusal of requests from other websites."""
    manager = LoginManager()
    manager.session_protection = None  # it signs phones out when they move between Wi-Fi and 4G
    manager.user_loader(_device_by_token)
    app.login_manager = manager  # its init_app would also set up remember-me cookies, which every reply would vary by
    app.before_request(refuse_cross_site)


def _device_by_token(token: str) -> Device | None:
    """The device whose session this is; at a glance, so that a push holds no lock while it is being validated."""
    with glance():
        return Device.by_token(token)


def refuse_cross_site() -> None:
    """Take changes only from our own pages: a cookie alone never proves who asks (no token dance needed)."""
    if request.method in {"GET", "HEAD", "OPTIONS"}:
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site not in {"same-origin", "none"}:
            raise CrossSite()
        return
    origin = request.headers.get("Origin")
    if origin is not None:
        if origin != request.host_url.rstrip("/"):
            raise CrossSite()
        return
    if request.cookies:
        raise CrossSite("A change that comes with a cookie must say which page it comes from.")

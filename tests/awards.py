"""Awards as tests need them: a body that gives them, and places that hold one. The rows are what the way from
submission to decision leaves behind; the certificate is really issued."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from audit_app.awards.certificate.issuing import issue
from audit_app.awards.certificate.numbers import new_number
from audit_app.awards.models import Award, Decision, Interim, Issued, Panel, Submission
from audit_app.awards.stages import AWARDED, expires_on
from audit_app.db import db, new_id, now
from audit_app.ledger.models import Stream
from audit_app.sites.models import Organisation

from .builders import CHECKLIST, Scene


@dataclass
class Place:
    """A setting with an audit that was opened, its lead, and who runs it."""

    organisation: str
    site: str
    audit: str


class Awards:
    """Gives awards to places of a scene, as one body."""

    def __init__(self, scene: Scene, body: str = "The Relational Places Trust"):
        self.scene, self.app = scene, scene.app
        self.body = scene.organisation(body)
        self.given = 0
        with self.app.app_context():
            db.session.get(Organisation, self.body).awards = True
            db.session.commit()

    def place(self, name: str = "Rowan ward", organisation: str = "Northfield Trust", sector: str = "ward") -> Place:
        """A setting whose audit its lead opened."""
        owner = self.scene.organisation(organisation)
        site = self.scene.site(owner, name, sector)
        lead = self.scene.phone(f"Lead {new_id()[-12:]}", "lead", owner, site)
        return Place(owner, site, self.scene.audit(lead, site).id)

    def give(
        self,
        name: str = "Rowan ward",
        *,
        organisation: str = "Northfield Trust",
        sector: str = "ward",
        decided: date | None = None,
        listed: bool = True,
        against_rule: str | None = None,
    ) -> str:
        """A place that was awarded, thirty days ago unless another day is named; its number."""
        place = self.place(name, organisation, sector)
        decided = decided or now().date() - timedelta(days=30)
        moment = datetime(decided.year, decided.month, decided.day, 9, tzinfo=UTC)
        self.given += 1
        with self.app.app_context():
            sealed = db.session.get(Stream, place.audit)
            db.session.add(
                Submission(
                    audit_id=place.audit,
                    body_id=self.body,
                    stage=AWARDED,
                    sealed_number=sealed.seq,
                    sealed_digest=sealed.digest,
                    submitted_by=self.scene.admin_id,
                    submitted_at=moment - timedelta(days=90),
                    decided_on=decided.isoformat(),
                    awarded_on=decided.isoformat(),
                )
            )
            db.session.flush()
            decision = self._decide(place.audit, "panel.decide", AWARDED, moment, against_rule)
            award = Award(
                number=new_number(decided.year),
                audit_id=place.audit,
                site_id=place.site,
                body_id=self.body,
                decision_id=decision,
                holder=name,
                checklist=CHECKLIST,
                edition=1,
                decided_on=decided.isoformat(),
                until=expires_on(decided).isoformat(),
                list_index=70_000 + self.given,
                listed=listed,
                record_digest=sealed.digest,
            )
            db.session.add(award)
            db.session.flush()
            issue(award)
            db.session.commit()
            return award.number

    def suspend(self, number: str, on: date | None = None, reason: str | None = None) -> None:
        self._turn(number, "award.suspend", on, reason, suspended_on=True)

    def restore(self, number: str, on: date | None = None) -> None:
        self._turn(number, "award.restore", on, None, suspended_on=False)

    def withdraw(self, number: str, on: date | None = None, reason: str | None = None) -> None:
        self._turn(number, "award.withdraw", on, reason, withdrawn_on=True)

    def review(self, number: str, on: date) -> None:
        """An interim review, half-way."""
        with self.app.app_context():
            said = {"reviewed_by": self.scene.admin_id, "reviewed_on": on.isoformat(), "reviewed_at": now()}
            db.session.add(Interim(id=new_id(), award_number=number, says="Walked round; private words.", **said))
            db.session.get(Award, number).interim_on = on.isoformat()
            db.session.commit()

    def replace(self, number: str, by: str) -> None:
        with self.app.app_context():
            db.session.get(Award, number).replaced_by = by
            db.session.commit()

    def change(self, number: str, **values) -> None:
        """Set what an award's row says, as an operation would."""
        with self.app.app_context():
            for name, value in values.items():
                setattr(db.session.get(Award, number), name, value)
            db.session.commit()

    def token(self, number: str) -> str:
        """The credential that is current."""
        with self.app.app_context():
            token = db.session.scalar(db.select(Issued.token).filter_by(award_number=number, current=True))
            db.session.rollback()
            return token

    def issue_again(self, number: str) -> str:
        """The award's credential as it is issued now."""
        with self.app.app_context():
            token = issue(db.session.get(Award, number))
            db.session.commit()
            return token

    def _turn(self, number: str, verb: str, on: date | None, reason: str | None, **ended: bool) -> None:
        on = on or now().date()
        with self.app.app_context():
            award = db.session.get(Award, number)
            for column, is_ended in ended.items():
                setattr(award, column, on.isoformat() if is_ended else None)
            at = datetime(on.year, on.month, on.day, 12, tzinfo=UTC)
            self._decide(award.audit_id, verb, None, at, published=reason)
            db.session.commit()

    def _decide(
        self,
        audit: str,
        verb: str,
        outcome: str | None,
        at: datetime,
        against_rule: str | None = None,
        published: str | None = None,
    ) -> str:
        panel = Panel(id=new_id(), audit_id=audit, body_id=self.body, convened_by=self.scene.admin_id, convened_at=at)
        panel.closed_at = at
        db.session.add(panel)
        db.session.flush()
        decision = Decision(
            id=new_id(),
            audit_id=audit,
            panel_id=panel.id,
            verb=verb,
            outcome=outcome,
            reasons="What the panel said among itself.",
            rule_says="shown",
            against_rule=against_rule,
            published=published,
            decided_on=at.date().isoformat(),
            decided_at=at,
        )
        db.session.add(decision)
        db.session.flush()
        return decision.id

"""Milieu's server. `create_app()` is the table of contents."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from . import access, checklists, cli, db, failures, headers, health, logs, reference, shell
from .accounts import operations as account_verbs
from .accounts import routes as account_routes
from .audits import operations as audit_verbs
from .audits import projection as audit_tables
from .audits import routes as audit_routes
from .awards import awaiting
from .awards import routes as award_routes
from .awards.assessment import operations as assessing_verbs
from .awards.assessment import projection as assessing_tables
from .awards.assessment import reporting as reporting_verbs
from .awards.panel import granting as granting_verbs
from .awards.panel import operations as deciding_verbs
from .awards.panel import replying as replying_verbs
from .awards.submission import operations as award_verbs
from .config import cookie_settings, read_settings
from .dashboard import routes as dashboard_routes
from .evidence import operations as evidence_verbs
from .evidence import projection as evidence_tables
from .evidence import routes as evidence_routes
from .exports import operations as export_verbs
from .exports import routes as export_routes
from .ledger import operations as ledger_verbs
from .ledger import routes as ledger_routes
from .paper import routes as paper_routes
from .plans import operations as plan_verbs
from .plans import projection as plan_tables
from .plans import routes as plan_routes
from .register import checking
from .register import routes as register_routes
from .sites import operations as site_verbs

VERBS = (  # registered by being imported
    ledger_verbs,
    site_verbs,
    account_verbs,
    audit_verbs,
    audit_tables,
    evidence_verbs,
    evidence_tables,
    plan_verbs,
    plan_tables,
    award_verbs,
    assessing_verbs,
    assessing_tables,
    reporting_verbs,
    deciding_verbs,
    granting_verbs,
    replying_verbs,
    awaiting,
    export_verbs,
)
BLUEPRINTS = (
    shell.shell,
    health.health,
    reference.reference,
    ledger_routes.door,
    account_routes.accounts,
    account_routes.organisations,
    audit_routes.audits,
    evidence_routes.evidence,
    plan_routes.plans,
    paper_routes.paper,
    award_routes.awards,
    dashboard_routes.dashboard,
    export_routes.exports,
    register_routes.register,
    checking.check,
)


class Milieu(Flask):
    """Flask, with the request as the transaction: what succeeds is committed before the reply, what fails is not."""

    def dispatch_request(self):
        reply = super().dispatch_request()
        db.db.session.commit()
        return reply


def create_app(**overrides) -> Flask:
    """Build the application from the environment's settings; `overrides` win over them (tests)."""
    app = Milieu(__name__, static_folder=None)
    settings = read_settings(**overrides)
    app.config.from_mapping(settings, **cookie_settings(settings))
    if app.config["PROXY_HOPS"]:
        hops = app.config["PROXY_HOPS"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)
    for part in (logs, db, headers, failures, access, checklists, cli):
        part.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app

"""Milieu's server. `create_app()` is the table of contents."""

from datetime import timedelta

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from . import access, checklists, cli, db, failures, headers, logs
from .accounts import operations as account_verbs
from .accounts.routes import accounts, cookie_settings, organisations
from .audits import operations as audit_verbs
from .audits import projection as audit_tables
from .audits.routes import audits
from .config import read_settings
from .dashboard.routes import dashboard
from .health import health
from .ledger import operations as ledger_verbs
from .ledger.routes import door
from .reference import reference
from .shell import shell
from .sites import operations as site_verbs

VERBS = (ledger_verbs, site_verbs, account_verbs, audit_verbs, audit_tables)  # registered by being imported
BLUEPRINTS = (shell, health, reference, accounts, organisations, door, audits, dashboard)


class Milieu(Flask):
    """Flask, with the request as the transaction: what succeeds is committed before the reply, what fails is not."""

    def dispatch_request(self):
        reply = super().dispatch_request()
        db.db.session.commit()
        return reply


def create_app(**overrides) -> Flask:
    """Build the application from the environment's settings; `overrides` win over them (tests)."""
    app = Milieu(__name__, static_folder=None)
    app.config.from_mapping(read_settings(**overrides))
    app.config.update(cookie_settings(secure=not app.config["DEMO"]))
    app.config["PERMANENT_SESSION_LIFETIME"] = timedelta(days=app.config["SESSION_DAYS"])
    if app.config["PROXY_HOPS"]:
        hops = app.config["PROXY_HOPS"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)
    for part in (logs, db, headers, failures, access, checklists, cli):
        part.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app

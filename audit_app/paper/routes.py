"""Where paper is asked for: forms and reports, each as PDF and as a page."""

from pathlib import Path
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, render_template, request

from ..access import require_sign_in, signed_in
from ..audits.queries import find_audit
from ..checklists.models import ChecklistUnknown, LanguageUnknown, SectorUnknown
from ..problems import Malformed, NotAllowed, NotFound
from ..typeset import typeset
from ..wire import PDF, asked_language, reply_pdf, speaks
from .backing import pictures_of
from .queries import blank_form, form_for, report_of

paper = Blueprint("paper", __name__)

HERE = Path(__file__).resolve().parent
FORM_ASKS = ("sector", "language", "audit", "contributor")
FORM_REFUSES = (ChecklistUnknown, SectorUnknown, LanguageUnknown, Malformed, NotFound, NotAllowed)
PAGE = "text/html"


@paper.get("/api/checklists/<slug>/<int:edition>/form.pdf")
@speaks(gives=PDF, asks=FORM_ASKS, refuses=FORM_REFUSES)
@require_sign_in
def print_form(slug: str, edition: int):
    """A blank form to print and write on, as tagged PDF (PDF/UA).

    With `?audit=`, and `&contributor=`, its code says whose it is, and it speaks in the words of that setting.
    """
    form = _asked_form(slug, edition)
    return reply_pdf(typeset(HERE / "form.typ", form), f"{form['title']} {form['code']}")


@paper.get("/api/checklists/<slug>/<int:edition>/form")
@speaks(gives=PAGE, asks=FORM_ASKS, refuses=FORM_REFUSES)
@require_sign_in
def show_form(slug: str, edition: int):
    """The same blank form as a page that prints well."""
    return _page("form.html", _asked_form(slug, edition), f"{request.path}.pdf")


@paper.get("/api/audits/<id>/report.pdf")
@speaks(gives=PDF, asks=("language",), refuses=(NotFound, NotAllowed))
@require_sign_in
def print_report(id: str):
    """The report of an audit as it stands now, as tagged PDF (PDF/UA)."""
    report = report_of(find_audit(id, signed_in()), asked_language())
    return reply_pdf(typeset(HERE / "report.typ", report, pictures_of(id)), f"{report['title']} {report['site']}")


@paper.get("/audits/<id>/report")
@require_sign_in
def show_report(id: str):
    """The same report as a page that prints well."""
    report = report_of(find_audit(id, signed_in()), asked_language())
    return _page("report.html", report, f"/api/audits/{id}/report.pdf", photos=f"/api/audits/{id}/photos")


def _asked_form(slug: str, number: int) -> dict:
    edition = current_app.extensions["checklists"].find(slug, number)
    audit, contributor = request.args.get("audit"), request.args.get("contributor")
    home, language = request.url_root, asked_language()
    if audit:
        return form_for(find_audit(audit, signed_in()), edition, contributor, language, home)
    if contributor:
        raise Malformed("A contributor belongs to an audit: say which.")
    return blank_form(edition, request.args.get("sector", ""), language, home)


def _page(template: str, sheet: dict, pdf: str, **more) -> Response:
    """The sheet as a page, leading to its PDF and its other language. It is the asker's alone, so nothing keeps it."""
    asked = request.args.to_dict()
    links = {
        "pdf": f"{pdf}?{urlencode(asked)}",
        "other": f"{request.path}?{urlencode(asked | {'language': 'en' if sheet['language'] == 'cy' else 'cy'})}",
    }
    reply = Response(render_template(template, sheet=sheet, words=sheet["words"], **links, **more), mimetype=PAGE)
    reply.headers["Cache-Control"] = "no-store"
    return reply

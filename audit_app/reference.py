"""The reference: what the API takes and gives, and a page for every problem it can name."""

from flask import Blueprint, render_template

from .access import open_to_all
from .problems import NotFound, all_problems

reference = Blueprint("reference", __name__)


@reference.get("/problems/<name>")
@open_to_all
def explain_problem(name: str):
    """What a problem's name means, for whoever follows its `type`."""
    problem = all_problems().get(name)
    if problem is None:
        raise NotFound("There is no problem of this name.")
    return render_template("problem.html", problem=problem)

"""The reference: what the API takes and gives, made from the schemas that check it, and a page for every problem."""

import re
from functools import cache

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Blueprint, Flask, Response, current_app, render_template
from werkzeug.routing import Rule

from .access import BY_PROGRAM, CALLABLE_BY, MAY, open_to_all
from .ledger.kinds import KINDS
from .ledger.schemas import OperationSchema, ProblemSchema
from .problems import Malformed, NotFound, NotJson, Problem, SignInRequired, TooLarge, all_problems
from .shell import current_shell
from .wire import PROTOCOL, Speech, dump

reference = Blueprint("reference", __name__)

ASKED = {
    "after": ({"type": ["integer", "string"]}, "What the page before gave as `next`; without it, the first page."),
    "language": ({"type": "string", "enum": ["en", "cy"], "default": "en"}, "The language to answer in."),
    "audit": ({"type": "string"}, "The id of an audit that the form is for."),
    "contributor": ({"type": "string"}, "The id of one of its contributors."),
    "size": ({"type": "string", "enum": ["small"]}, "`small` for the thumbnail."),
    "sector": ({"type": "string"}, "The sector in whose words to answer, for instance `ward`."),
    "organisation": ({"type": "string"}, "The id of an organisation: only its settings."),
    "site": ({"type": "string"}, "The id of a setting: only that one."),
    "checklist": ({"type": "string"}, "The name of a checklist: only audits by it."),
    "track": ({"type": "string", "enum": ["development", "award"]}, "Only audits on this track."),
    "stage": ({"type": "string"}, "Only audits at this stage, for instance `open`."),
    "cycle": ({"type": "integer", "minimum": 0, "default": 0}, "Only each setting's first, second … audit; 0: latest."),
    "lens": ({"type": "string"}, "The id of a lens; without it, by principle."),
    "order": (
        {"type": "string", "enum": ["name", "due", "change", "gap", "shown"], "default": "name"},
        "What is first.",
    ),
}
IN_PATH = {
    "id": "The id of the audit or organisation.",
    "sha256": "The hash of the photo as its device has it.",
    "slug": "The checklist's name in addresses.",
    "edition": "The edition's number.",
    "secret": "What only the link itself holds.",
    "table": "The table, for instance `answers`; `GET /api/exports` lists them.",
}
SESSION, TOKEN = {"session": []}, {"token": []}
TOKEN_SCHEME = {
    "type": "http",
    "scheme": "bearer",
    "description": "A token that its owner made in the app (`token.make`). It only reads, and only where it is named.",
}
ABOUT = """
What Milieu’s app says to its server. Reads are whole things with an ETag. Every change is an operation, handed in
through one address, `POST /api/operations`. Every reply says `"protocol": 1`. Every refusal is a problem (RFC 9457),
whose `type` is the address of a page that explains it.
"""


@reference.get("/api/openapi.json")
@open_to_all
def describe_api():
    """This API as an OpenAPI 3.1 document."""
    return Response(dump(description()), mimetype="application/json")


@reference.get("/api/docs")
@open_to_all
def read_api():
    """The same to read."""
    described = description()
    return render_template(
        "reference.html",
        about=described["info"],
        routes=_by_tag(described["paths"]),
        schemas=described["components"]["schemas"],
        kinds={kind.name: kind for kind in sorted(KINDS.values(), key=lambda kind: (kind.online, kind.name))},
        may={verb: sorted(roles) for verb, roles in MAY.items()},
        problems=_sorted_problems(),
    )


@reference.get("/problems")
@open_to_all
def list_problems():
    """Every problem that there is."""
    return render_template("problems.html", problems=_sorted_problems())


@reference.get("/problems/<name>")
@open_to_all
def explain_problem(name: str):
    """What a problem's name means, for whoever follows its `type`."""
    problem = all_problems().get(name)
    if problem is None:
        raise NotFound("There is no problem of this name.")
    return render_template("problem.html", problem=problem)


def description() -> dict:
    """The OpenAPI 3.1 document of this application, made once."""
    kept = current_app.extensions
    if "reference" not in kept:
        kept["reference"] = describe(current_app)
    return kept["reference"]


def describe(app: Flask) -> dict:
    """An OpenAPI 3.1 document of every route of the API, from what each `speaks`, and of every kind of operation."""
    plugin = MarshmallowPlugin(schema_name_resolver=_name)
    spec = APISpec(
        title="Milieu",
        version=str(PROTOCOL),
        openapi_version="3.1.0",
        plugins=[plugin],
        info={
            "description": " ".join(ABOUT.split()),
            "license": {"name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later"},
        },
    )
    cookie = {"type": "apiKey", "in": "cookie", "name": app.config["SESSION_COOKIE_NAME"]}
    spec.components.security_scheme("session", cookie | {"description": "Set by `POST /api/session`."})
    spec.components.security_scheme("token", TOKEN_SCHEME)
    spec.components.schema("Problem", schema=ProblemSchema)
    for schema in {type(kind.schema): None for kind in KINDS.values()}:
        spec.components.schema(_name(schema), schema=schema)
    for rule in routes_of(app):
        spec.path(_path(rule), operations=_operations(app, rule))
    described = spec.to_dict()
    _describe_schemas(described, plugin)
    _describe_operations(described)
    return described


def routes_of(app: Flask) -> list[Rule]:
    """The API's routes: all below /api but this description itself."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/")]
    own = reference.name + "."
    return sorted((rule for rule in rules if not rule.endpoint.startswith(own)), key=lambda rule: rule.rule)


def _name(schema) -> str:
    """`HomeSchema` is Home; where part of a schema is left out, the name says what."""
    found = schema if isinstance(schema, type) else type(schema)
    left_out = getattr(schema, "exclude", None) or ()
    return found.__name__.removesuffix("Schema") + "".join(f"Without{name.title()}" for name in sorted(left_out))


def _path(rule: Rule) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)


def _ref(name: str) -> str:
    return f"#/components/schemas/{name}"


# one route


def _operations(app: Flask, rule: Rule) -> dict[str, dict]:
    view = app.view_functions[rule.endpoint]
    return {method.lower(): _operation(rule, view) for method in sorted(rule.methods - {"HEAD", "OPTIONS"})}


def _operation(rule: Rule, view) -> dict:
    speech: Speech = view.speech
    summary, _, rest = " ".join(view.__doc__.split()).partition(". ")
    signed_in = getattr(view, CALLABLE_BY) == "signed in"
    told = {
        "operationId": rule.endpoint,
        "tags": [rule.endpoint.partition(".")[0]],
        "summary": summary.rstrip("."),
        "parameters": _parameters(rule, speech),
        "responses": _replies(speech, signed_in),
        "security": [SESSION] * signed_in + [TOKEN] * getattr(view, BY_PROGRAM, False),
    }
    if rest:
        told["description"] = rest
    if speech.takes:
        told["requestBody"] = {"required": True, "content": {"application/json": {"schema": speech.takes}}}
    return told


def _parameters(rule: Rule, speech: Speech) -> list[dict]:
    found = []
    for name in sorted(rule.arguments):
        kind = {"type": "integer"} if f"<int:{name}>" in rule.rule else {"type": "string"}
        found.append({"name": name, "in": "path", "required": True, "schema": kind, "description": IN_PATH[name]})
    for name in speech.asks:
        schema, meaning = ASKED[name]
        found.append({"name": name, "in": "query", "schema": schema, "description": meaning})
    if speech.etag:
        meaning = "The ETag of what one has; if nothing is new, the answer is 304."
        found.append({"name": "If-None-Match", "in": "header", "schema": {"type": "string"}, "description": meaning})
    return found


def _replies(speech: Speech, signed_in: bool) -> dict[str, dict]:
    replies = {"204": {"description": "Done."}}
    if speech.gives:
        found = _media(speech.gives) if isinstance(speech.gives, str) else _json(speech.gives)
        replies = {"200": found | ({"headers": _etag()} if speech.etag else {})}
    if speech.etag:
        replies["304"] = {"description": "Nothing is new."}
    refused: dict[str, list[type[Problem]]] = {}
    usual = (SignInRequired,) * signed_in + (NotJson, Malformed, TooLarge) * bool(speech.takes)
    for problem in dict.fromkeys((*speech.refuses, *usual)):
        refused.setdefault(str(problem.status), []).append(problem)
    for status, problems in sorted(refused.items()):
        replies[status] = _refusal(" ".join(f"`{problem.name()}`: {problem.title}." for problem in problems))
    return replies | {"default": _refusal("Any other problem.")}


def _json(schema) -> dict:
    return {"description": words_of(schema), "content": {"application/json": {"schema": schema}}}


def _media(kind: str) -> dict:
    """A reply that is no JSON, by its media type."""
    return {"description": f"As `{kind}`.", "content": {kind: {"schema": {"type": "string", "contentMediaType": kind}}}}


def _etag() -> dict:
    return {"ETag": {"schema": {"type": "string"}, "description": "To send as `If-None-Match` next time."}}


def _refusal(words: str) -> dict:
    return {"description": words, "content": {"application/problem+json": {"schema": ProblemSchema}}}


# schemas


def _describe_schemas(described: dict, plugin: MarshmallowPlugin) -> None:
    """Give every schema the words of its class; what comes in may have no unknown field."""
    schemas = described["components"]["schemas"]
    for (made_of, *_), name in plugin.converter.refs.items():
        schemas[name]["description"] = words_of(made_of)
        schemas[name]["additionalProperties"] = False
    names = [f"/problems/{name}" for name in sorted(all_problems())]
    schemas["Problem"]["properties"]["type"]["enum"] = names
    schemas["Problem"]["additionalProperties"] = True


def _describe_operations(described: dict) -> None:
    """`Operation`: one of all kinds, told apart by `kind`, each with its own payload."""
    schemas = described["components"]["schemas"]
    envelope = _envelope(OperationSchema)
    for kind in KINDS.values():
        own = {"kind": {"const": kind.name}, "payload": {"$ref": _ref(_name(kind.schema))}}
        schemas[kind.name] = envelope | {"description": _words_for(kind), "properties": envelope["properties"] | own}
    refs = {name: _ref(name) for name in sorted(KINDS)}
    schemas["Operation"] = {
        "description": words_of(OperationSchema),
        "oneOf": [{"$ref": ref} for ref in refs.values()],
        "discriminator": {"propertyName": "kind", "mapping": refs},
    }
    schemas["Push"]["properties"]["operations"]["items"] = {"$ref": _ref("Operation")}


@cache
def _envelope(schema) -> dict:
    """What all operations have around their payload."""
    plugin = MarshmallowPlugin(schema_name_resolver=_name)
    APISpec(title="", version="", openapi_version="3.1.0", plugins=[plugin])
    return plugin.converter.schema2jsonschema(schema) | {"additionalProperties": False}


def _words_for(kind) -> str:
    roles = sorted(MAY[kind.name])
    where = "sent at once and awaited" if kind.online else "recorded on the device first, with or without a network"
    return f"{words_of(kind.act)} Who may: {', '.join(roles)}. It is {where}; its stream is the {kind.stream}'s."


# pages


@reference.app_template_global()
def page_file(path: str) -> str:
    """The address of one of the app's files, for pages that the server draws."""
    return f"/pwa/{current_shell().version}/{path}"


@reference.app_template_filter("in_words")
def words_of(thing) -> str:
    """What a class says of itself, on one line."""
    return " ".join((thing.__doc__ or "").split())


def _by_tag(paths: dict) -> dict[str, list[dict]]:
    """The routes, by the capability that they belong to."""
    found: dict[str, list[dict]] = {}
    for path, methods in paths.items():
        for method, told in methods.items():
            found.setdefault(told["tags"][0], []).append(told | {"path": path, "method": method.upper()})
    return found


def _sorted_problems() -> list[type[Problem]]:
    return sorted(all_problems().values(), key=lambda problem: (problem.status, problem.name()))

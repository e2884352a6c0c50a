"""Serves the app and lists its files for the service worker.

The files under `static/pwa` are the app: what is in the folder is what a phone gets, line by line, with no build
between. At start they are read once, compressed once, and named by one version, a hash over all of them, so that a
phone holds a complete set of one version or none.
"""

import base64
import gzip
import hashlib
import posixpath
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from flask import Blueprint, Response, current_app, request

from .access import open_to_all
from .problems import NotFound

FOLDER = Path(__file__).resolve().parent.parent / "static" / "pwa"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
COMPRESSED = {".ico", ".png", ".woff2"}
NOT_FOR_THE_WORKER = re.compile(
    r"(icons|vendor/licences)/|vendor/vendor\.json|index\.html|manifest\.webmanifest|sw\.js"
    r"|styles/(pages|paper|register)\.css"
)
STYLES = "styles/index.css"
# The start page for a first visit, and the one that the worker keeps for every later start, with what each comes to.
FIRST, LATER = "index.html", "later.html"
COMES_TO = {
    FIRST: ("app.js", "views/sign-in.js"),
    LATER: (
        "app.js",
        "store/store.js",
        "sync/sync.js",
        "elements/sync-status.js",
        "elements/tab-bar.js",
        "words/en.js",
        "views/home.js",
    ),
}

FOR_EVER = "public, max-age=31536000, immutable"
A_DAY = "public, max-age=86400"
ASK_EACH_TIME = "no-cache"

IMPORT = re.compile(r"""^\s*(?:import|export)\s+(?:[\w*{}\s,$]+?\s+from\s+)?['"](\.[^'"]+)['"]""", re.MULTILINE)
COMMENT = re.compile(rb"^[ \t]*(?://.*|/\*(?:[^*]|\*(?!/))*\*/[ \t]*)$", re.MULTILINE)
LAYERS = re.compile(r"@layer\s+([\w\s,-]+);")
FOR_SEARCH_ENGINES = (b"/register", b"/certificate/", b"/check$", b"/checklists/", b"/styles/")  # $: nothing after it

shell = Blueprint("shell", __name__)


@dataclass(frozen=True)
class File:
    """One file of the app as it is served."""

    path: str
    body: bytes

    @property
    def suffix(self) -> str:
        return posixpath.splitext(self.path)[1]

    @cached_property
    def digest(self) -> bytes:
        return hashlib.sha256(self.body).digest()

    @property
    def integrity(self) -> str:
        """The hash in the words of Subresource Integrity, for the service worker to check."""
        return "sha256-" + base64.b64encode(self.digest).decode()

    @cached_property
    def gzipped(self) -> bytes | None:
        """The compressed body; `None` where that saves nothing."""
        return None if self.suffix in COMPRESSED else gzip.compress(self.body, 9, mtime=0)


@dataclass(frozen=True)
class Shell:
    """All files of the app under one version, with the page and the worker filled in."""

    version: str
    files: dict[str, File]
    worker: File

    def for_the_worker(self) -> list[File]:
        """The complete set that a phone keeps, so that the app starts with no network."""
        return [file for path, file in self.files.items() if not NOT_FOR_THE_WORKER.match(path)]


def read_shell(folder: Path = FOLDER, demo: bool = False) -> Shell:
    """Read the app from `folder`. The same files make the same version, on every machine and in every process.

    With `demo` the page says so to the app, which says so on every screen.
    """
    found = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix in TYPES
    }
    found["index.html"] = found["index.html"].replace(b"{{demo}}", b" data-demo" if demo else b"")
    version = version_of(found)
    bodies = joined_styles({path: without_comments(path, body) for path, body in found.items()})
    pages = {name: page(bodies, version, comes_to) for name, comes_to in COMES_TO.items()}
    bodies |= pages
    files = {path: File(path, body) for path, body in sorted(bodies.items())}
    unfilled = Shell(version, files, File("sw.js", b""))
    return Shell(version, files, File("sw.js", worker(found["sw.js"], unfilled)))


def version_of(bodies: dict[str, bytes]) -> str:
    """A name for exactly these files with exactly these contents."""
    digest = hashlib.sha256()
    for path, body in sorted(bodies.items()):
        digest.update(f"{path}\0{len(body)}\0".encode() + body)
    return digest.hexdigest()[:16]


def without_comments(path: str, body: bytes) -> bytes:
    """Our own code without the comments that stand on lines of their own: they are a fifth of what a phone would have
    to fetch. Their lines stay, empty, so that a line's number is the same here, there and in a report."""
    if path.startswith("vendor/") or not path.endswith((".js", ".css")):
        return body
    return COMMENT.sub(lambda comment: b"\n" * comment[0].count(b"\n"), body)


def joined_styles(bodies: dict[str, bytes]) -> dict[str, bytes]:
    """The files, with the style sheets of the layers joined into the one that states their order: one request, not
    seven, before the first paint. They lie in one folder, so their addresses stay right."""
    layers = LAYERS.search(bodies[STYLES].decode())
    names = [f"styles/{name.strip()}.css" for name in layers[1].split(",")] if layers else []
    joined = [STYLES, *(name for name in names if name in bodies)]
    rest = {path: body for path, body in bodies.items() if path not in joined}
    return rest | {STYLES: b"\n".join(bodies[path] for path in joined)}


def page(bodies: dict[str, bytes], version: str, comes_to: tuple[str, ...]) -> bytes:
    """A start page, with every module of what it comes to asked for at once instead of one after another."""
    modules = dict.fromkeys(path for start in comes_to for path in modules_of(start, bodies))
    preloads = "\n".join(f'  <link rel="modulepreload" href="/pwa/{version}/{path}">' for path in modules)
    text = bodies[FIRST].decode().replace("{{version}}", version)
    return text.replace("  <!-- modules -->", preloads).encode()


def modules_of(path: str, bodies: dict[str, bytes]) -> list[str]:
    """This module and all that it imports statically, through any number of steps, nearest first."""
    found = [path] if path in bodies else []
    for module in found:
        found.extend(name for name in imports_of(module, bodies[module]) if name in bodies and name not in found)
    return found


def imports_of(path: str, body: bytes) -> list[str]:
    """The modules that this one imports statically, by their paths in the app. `import()` is not one: it can wait."""
    here = posixpath.dirname(path)
    named = (posixpath.normpath(posixpath.join(here, name)) for name in IMPORT.findall(body.decode()))
    return list(dict.fromkeys(named))


def worker(template: bytes, of: Shell) -> bytes:
    """The service worker, told which files make the version and what each must hash to."""
    listed = " ".join(f"{file.path}#{file.integrity}" for file in of.for_the_worker())
    return template.decode().replace("{{version}}", of.version).replace("{{files}}", listed).encode()


@shell.record_once
def read_at_start(state) -> None:
    """Read the app before the first request, and before gunicorn forks."""
    state.app.extensions["shell"] = read_shell(demo=state.app.config["DEMO"])


def current_shell() -> Shell:
    """The app's files; read anew for each page while somebody is working on them (debug mode)."""
    if current_app.debug and request.endpoint in {"shell.index", "shell.service_worker"}:
        current_app.extensions["shell"] = read_shell(demo=current_app.config["DEMO"])
    return current_app.extensions["shell"]


@shell.get("/")
@open_to_all
def index() -> Response:
    """The app's start page; every screen is this page."""
    return send(current_shell().files["index.html"], ASK_EACH_TIME)


@shell.get("/sw.js")
@open_to_all
def service_worker() -> Response:
    """The service worker, which carries the version it keeps."""
    return send(current_shell().worker, ASK_EACH_TIME)


@shell.get("/pwa/<version>/<path:path>")
@open_to_all
def file(version: str, path: str) -> Response:
    """A file of the running version, to be kept for ever; another version is not found, never mixed in."""
    if version != current_shell().version:
        raise NotFound("This version of the app is not served any more. Start the app again.")
    return send(find_file(path), FOR_EVER)


@shell.get("/icons/<name>")
@open_to_all
def icon(name: str) -> Response:
    """An icon or a screenshot under an address that no new version changes, for launchers and shop windows."""
    return send(find_file(f"icons/{name}"), A_DAY)


@shell.get("/manifest.webmanifest")
@open_to_all
def manifest() -> Response:
    """What makes the app installable."""
    return send(find_file("manifest.webmanifest"), ASK_EACH_TIME)


@shell.get("/favicon.ico")
@open_to_all
def favicon() -> Response:
    """The mark for browsers that look for it here."""
    return send(find_file("icons/favicon.ico"), A_DAY)


@shell.get("/robots.txt")
@open_to_all
def robots() -> Response:
    """What is public by consent may be found by search engines: the register, its awards' certificates, what they are
    judged by, and where certificates are checked. Nothing else here is for them."""
    allowed = b"".join(b"Allow: %s\n" % path for path in FOR_SEARCH_ENGINES)
    return send(File("robots.txt", b"User-agent: *\n" + allowed + b"Disallow: /\n"), A_DAY)


def find_file(path: str) -> File:
    """The file of the app under this path; refuses with `NotFound`."""
    found = current_shell().files.get(path)
    if found is None:
        raise NotFound("The app has no such file.")
    return found


def send(file: File, caching: str) -> Response:
    """This file, compressed when the asker takes gzip, or a 304 when they have it already."""
    zipped = file.gzipped if request.accept_encodings["gzip"] else None
    response = Response(file.body if zipped is None else zipped, content_type=TYPES[file.suffix])
    response.headers["Cache-Control"] = caching
    response.set_etag(file.digest.hex()[:32] + ("" if zipped is None else "-gzip"))
    if file.gzipped is not None:
        response.headers["Vary"] = "Accept-Encoding"
    if zipped is not None:
        response.headers["Content-Encoding"] = "gzip"
    return response.make_conditional(request)

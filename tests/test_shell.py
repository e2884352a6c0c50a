"""The app's files: what a phone gets, how it is kept, and what the worker is told."""

import base64
import gzip
import hashlib
import json
import re
import subprocess

import pytest

from audit_app import create_app
from audit_app.shell import FOLDER, imports_of, joined_styles, modules_of, read_shell, without_comments
from tests.needs import needs


@pytest.fixture
def visitor(tmp_path):
    """A browser that nobody is signed in on."""
    return create_app(DATA_DIR=str(tmp_path), SECRET_KEY="s" * 48).test_client()


@pytest.fixture
def version(visitor):
    return visitor.application.extensions["shell"].version


@pytest.fixture
def little_app(tmp_path):
    """The smallest app there could be."""
    files = {
        "index.html": '<html{{demo}} data-version="{{version}}">\n  <!-- modules -->\n',
        "app.js": "import { a } from './lib/a.js'\nconst later = () => import('./later.js')\n",
        "later.js": "export const later = 1\n",
        "lib/a.js": "import {\n  b,\n} from './b.js'\nexport const a = './not-an-import.js'\n",
        "lib/b.js": "import '../app.js'\nexport const b = 1\n",
        "lib/types.d.ts": "export {}\n",
        "styles/index.css": "@layer base, print;\n",
        "styles/base.css": "@layer base { p { color: red } }\n",
        "views/home.js": "import '../later.js'\n",
        "icons/mark.svg": "<svg/>\n",
        "sw.js": "const VERSION = '{{version}}'\nconst FILES = '{{files}}'\n",
    }
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    return tmp_path


def listed(worker: str) -> dict[str, str]:
    """What the worker is told to keep: each path with the hash it must have."""
    files = re.search(r"const FILES = '([^']*)'", worker)[1]
    return dict(entry.split("#") for entry in files.split())


def test_the_start_page_asks_for_files_of_its_version_and_is_asked_for_each_time(visitor, version):
    page = visitor.get("/")

    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-cache"
    assert f'src="/pwa/{version}/app.js"' in page.text
    assert "{{" not in page.text and "<!-- modules -->" not in page.text


def test_everything_the_start_page_asks_for_is_there(visitor):
    page = visitor.get("/")

    addresses = re.findall(r'(?:href|src)="(/[^"]*)"', page.text)
    assert len(addresses) > 5
    assert [address for address in addresses if visitor.get(address).status_code != 200] == []


def test_the_start_page_holds_no_script_or_style_of_its_own(visitor):
    page = visitor.get("/").text

    assert re.search(r"<script(?![^>]*\ssrc=)", page) is None
    assert "<style" not in page and not re.search(r"\s(style|on\w+)=", page)


def test_a_file_of_this_version_is_kept_for_ever(visitor, version):
    file = visitor.get(f"/pwa/{version}/vendor/lit.js")

    assert file.headers["Content-Type"].startswith("text/javascript")
    assert "immutable" in file.headers["Cache-Control"]


@pytest.mark.parametrize("address", ["/pwa/{old}/app.js", "/pwa/{version}/no-such.js", "/pwa/{version}/../wsgi.py"])
def test_another_version_or_file_is_not_found(visitor, version, address):
    reply = visitor.get(address.format(version=version, old="0" * 16))

    assert reply.status_code == 404


def test_text_comes_compressed_to_whoever_takes_it(visitor, version):
    address = f"/pwa/{version}/vendor/lit.js"

    plain, zipped = visitor.get(address), visitor.get(address, headers={"Accept-Encoding": "gzip"})

    assert zipped.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(zipped.data) == plain.data
    assert plain.headers["Vary"] == zipped.headers["Vary"] == "Accept-Encoding"
    assert plain.headers["ETag"] != zipped.headers["ETag"]


def test_whoever_has_it_already_gets_only_that_word(visitor):
    page = visitor.get("/")

    again = visitor.get("/", headers={"If-None-Match": page.headers["ETag"]})

    assert again.status_code == 304
    assert again.data == b""


def test_the_worker_is_told_the_true_hash_of_every_file_it_keeps(visitor, version):
    files = listed(visitor.get("/sw.js").text)

    for path, integrity in files.items():
        served = visitor.get(f"/pwa/{version}/{path}").data
        assert integrity == "sha256-" + base64.b64encode(hashlib.sha256(served).digest()).decode(), path
    assert {"later.html", "app.js", "vendor/lit.js", "styles/index.css"} <= set(files)
    assert "index.html" not in files
    assert not [path for path in files if path.startswith(("icons/", "vendor/licences/")) or path.endswith(".d.ts")]


def test_the_worker_stays_small():
    lines = (FOLDER / "sw.js").read_text().splitlines()

    assert len(lines) < 150


def test_page_and_worker_have_one_word_for_taking_the_new_version():
    said = re.search(r"postMessage\(\{ type: '([^']+)' \}\)", (FOLDER / "app.js").read_text())[1]

    assert f"event.data?.type === '{said}'" in (FOLDER / "sw.js").read_text()


def test_the_manifest_names_icons_that_are_there(visitor):
    manifest = json.loads(visitor.get("/manifest.webmanifest").data)

    pictures = manifest["icons"] + manifest["screenshots"]
    assert [picture["src"] for picture in pictures if visitor.get(picture["src"]).status_code != 200] == []
    assert {"any", "maskable"} == {icon["purpose"] for icon in manifest["icons"]}


@pytest.mark.parametrize("picture", ["icons", "screenshots"])
def test_pictures_are_as_large_as_the_manifest_says(visitor, picture):
    manifest = json.loads(visitor.get("/manifest.webmanifest").data)

    for entry in manifest[picture]:
        if entry["type"] == "image/png":
            head = visitor.get(entry["src"]).data[16:24]
            assert entry["sizes"] == f"{int.from_bytes(head[:4])}x{int.from_bytes(head[4:])}", entry["src"]


def test_every_module_that_a_module_imports_is_there():
    bodies = {
        path.relative_to(FOLDER).as_posix(): path.read_bytes()
        for path in FOLDER.rglob("*.js")
        if path.name != "sw.js" and path.parent.name != "vendor"
    }

    missing = {path: [name for name in imports_of(path, body) if not (FOLDER / name).is_file()]
               for path, body in bodies.items()}  # fmt: skip
    assert not any(missing.values()), missing


def test_a_change_of_any_file_is_another_version(little_app):
    before = read_shell(little_app).version

    (little_app / "lib/b.js").write_text("export const b = 2\n")

    assert read_shell(little_app).version != before


def test_the_same_files_make_the_same_version(little_app):
    assert read_shell(little_app).version == read_shell(little_app).version


def test_demo_mode_is_said_on_the_page_and_is_a_version_of_its_own(little_app):
    plain, demo = read_shell(little_app), read_shell(little_app, demo=True)

    assert b"data-demo" in demo.files["index.html"].body and b"data-demo" not in plain.files["index.html"].body
    assert demo.version != plain.version


def test_what_a_first_visit_and_a_later_start_come_to_is_asked_for_at_once_and_the_rest_when_needed(little_app):
    made = read_shell(little_app)

    first, later = (
        re.findall(r'modulepreload" href="/pwa/\w+/([^"]+)"', made.files[page].body.decode())
        for page in ("index.html", "later.html")
    )

    assert first == ["app.js", "lib/a.js", "lib/b.js"]
    assert later == ["app.js", "lib/a.js", "lib/b.js", "views/home.js", "later.js"]
    assert "lib/types.d.ts" not in made.files


def test_modules_that_import_one_another_are_each_listed_once(little_app):
    bodies = {path: file.body for path, file in read_shell(little_app).files.items()}

    assert modules_of("app.js", bodies) == ["app.js", "lib/a.js", "lib/b.js"]


def test_comments_on_lines_of_their_own_stay_at_home_and_every_line_keeps_its_number():
    source = (
        b"// why\nconst a = 1 // not this\n/** What.\n * @type {X} */\n/** @type {Y} */ this.b\nconst c = `\n  text`\n"
    )

    served = without_comments("lib/a.js", source)

    assert served == b"\nconst a = 1 // not this\n\n\n/** @type {Y} */ this.b\nconst c = `\n  text`\n"


@pytest.mark.node
@needs("node", "nodejs npm")
def test_what_a_phone_gets_means_what_was_written():
    """esbuild, which knows the languages, makes the same of both."""
    served = read_shell().files
    pairs = [
        {"path": path.relative_to(FOLDER).as_posix(), "source": path.read_text()}
        for path in sorted(FOLDER.rglob("*.js"))
        if path.name != "sw.js"
    ]
    for pair in pairs:
        pair["served"] = served[pair["path"]].body.decode()

    script = """
        const { transformSync } = require(process.argv[1])
        const pairs = JSON.parse(require('node:fs').readFileSync(0))
        const small = (code) => transformSync(code, { minify: true, legalComments: 'none' }).code
        console.log(JSON.stringify(pairs.filter(({ source, served }) => small(source) !== small(served))))
    """
    esbuild = FOLDER.parents[1] / ".tools/node_modules/esbuild"
    told = subprocess.run(
        ["node", "-e", script, esbuild], input=json.dumps(pairs), capture_output=True, text=True, check=True
    )

    assert len(pairs) > 10
    assert [pair["path"] for pair in json.loads(told.stdout)] == []


def test_the_layers_come_as_one_style_sheet_in_their_order():
    bodies = {
        "styles/index.css": b"@layer reset, base;",
        "styles/base.css": b"@layer base {}",
        "styles/reset.css": b"@layer reset {}",
    }

    joined = joined_styles(bodies)

    assert joined == {"styles/index.css": b"@layer reset, base;\n@layer reset {}\n@layer base {}"}

"""How long paper takes: the report of a big audit as tagged PDF, and a form to write on, each through gunicorn."""

import hashlib
import io
import itertools
import time
from collections.abc import Iterator

from PIL import Image

from audit_app.db import new_id

from .figures import Table, percentile
from .service import Client, Setting, serving
from .visit import CHECKLIST, CRITERIA, EDITION, REMARKS, Phone

GOAL = 2000  # ms
PHOTOS, TIMES = 40, 12
VOICES = ("staff",) * 5 + ("resident",) * 4 + ("visitor",)


def measure() -> Iterator[Table]:
    """The report of 50 criteria, 10 contributors, 500 answers and 40 photos, each time after something new was said."""
    table = Table(f"A report of {len(CRITERIA)} criteria and {PHOTOS} photos, and a blank form, as tagged PDF")
    with serving() as (service, setting):
        client, phone, audit = Client(service.port).sign_in(), Phone(), new_id()
        _furnish(client, phone, audit, setting)
        reports, forms = [], []
        for turn in range(TIMES):
            client.push(audit, [phone.operation("finding.agree", {"criterion": CRITERIA[turn], "rating": 2})])
            took, report = _took(client, f"/api/audits/{audit}/report.pdf")
            reports.append(took)
            forms.append(_took(client, f"/api/checklists/{CHECKLIST}/{EDITION}/form.pdf?audit={audit}")[0])
    table.add("report, p50", percentile(reports, 0.5), "ms", GOAL)
    table.add("report, slowest", max(reports), "ms", GOAL)
    table.add("form, p50", percentile(forms, 0.5), "ms")
    table.add("report, as it travels", len(report) / 1000, "kB")
    yield table


def _took(client: Client, path: str) -> tuple[float, bytes]:
    began = time.perf_counter()
    status, body = client.get(path)
    took = (time.perf_counter() - began) * 1000
    if status != 200:
        raise RuntimeError(f"{path} answered {status}: {body.decode()}")
    return took, body


def _furnish(client: Client, phone: Phone, audit: str, setting: Setting) -> None:
    """Say as much in an audit as a big team does."""
    opening = {"site": setting.site, "checklist": CHECKLIST, "edition": EDITION, "track": "development"}
    remarks = itertools.cycle(REMARKS)
    said = [phone.operation("audit.open", opening)]
    for number, voice in enumerate(VOICES):
        by = {"contributor": phone.uuid7()}
        said.append(phone.operation("contributor.add", by | {"voice": voice, "label": f"Group {number}"}))
        for place, criterion in enumerate(CRITERIA):
            on = by | {"criterion": criterion}
            said.append(phone.operation("answer.rate", on | {"rating": (number + place) % 4}))
            said.append(phone.operation("answer.comment", on | {"text": next(remarks)}))
    for criterion in CRITERIA:
        account = {"shows": next(remarks), "helps": next(remarks), "hinders": next(remarks)}
        said.append(phone.operation("finding.account", {"criterion": criterion, **account}))
    photos = [_photo(number) for number in range(PHOTOS)]
    for number, photo in enumerate(photos):
        shown = {"caption": next(remarks), "criteria": [CRITERIA[number]], "sha256": _sha256(photo), "nobody": True}
        said.append(phone.operation("evidence.add", {"evidence": phone.uuid7(), "kind": "photo", **shown}))
    for at in range(0, len(said), 150):
        client.push(audit, said[at : at + 150])
    for photo in photos:
        client.put(f"/api/audits/{audit}/photos/{_sha256(photo)}", photo)


def _photo(number: int) -> bytes:
    """A photo with as much in it as a real one: no two alike."""
    made = io.BytesIO()
    noise = Image.effect_noise((160, 120), 60 + number).convert("RGB")
    noise.resize((1600, 1200), Image.Resampling.BICUBIC).save(made, "JPEG", quality=80)
    return made.getvalue()


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()

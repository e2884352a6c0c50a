"""What shows it: evidence through the one door, and photos that arrive whole or not at all."""

import hashlib
import io
import os
from pathlib import Path

import pytest
from PIL import Image

from audit_app.db import db, new_id
from audit_app.evidence.copies import restore_photos
from audit_app.evidence.queries import evidence_of, kinds_by_criterion
from audit_app.ledger.verify import verify

from .builders import OURS, Phone, Scene, operation


def a_photo(colour="steelblue", size=(640, 480), **more) -> bytes:
    """A photo as a phone takes it."""
    made = io.BytesIO()
    Image.new("RGB", size, colour).save(made, "JPEG", **more)
    return made.getvalue()


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


class Team:
    """Amina and Ben of a setting, its lead, an audit, and what they add to it."""

    def __init__(self, scene: Scene, sector: str = "ward"):
        self.scene = scene
        self.organisation = scene.organisation()
        self.site = scene.site(self.organisation, sector=sector)
        self.amina = scene.phone("Amina", "auditor", self.organisation, self.site)
        self.ben = scene.phone("Ben", "auditor", self.organisation, self.site)
        self.lead = scene.phone("Lena", "lead", self.organisation, self.site)
        self.audit = scene.audit(self.amina, self.site).id

    def add(self, kind="observation", by: Phone | None = None, **said) -> dict:
        """Somebody adds an item; its outcome, with its id as `item`."""
        item = {"evidence": new_id(), "kind": kind, "caption": "The door is open", "criteria": ["safety-1"]} | said
        outcome = (by or self.amina).do(self.audit, "evidence.add", item)
        return outcome | {"item": item["evidence"]}

    def add_photo(self, data: bytes, **more) -> dict:
        return self.add("photo", sha256=sha256(data), nobody=True, **more)

    def address(self, data: bytes) -> str:
        return f"/api/audits/{self.audit}/photos/{sha256(data)}"

    def put(self, data: bytes, by: Phone | None = None, address: str | None = None):
        return (by or self.amina).client.put(address or self.address(data), data=data, headers=OURS)

    def patch(self, data: bytes, at: int, length: int, whole: bytes, by: Phone | None = None):
        headers = OURS | {"Upload-Offset": str(at), "Upload-Length": str(length)}
        return (by or self.amina).client.patch(self.address(whole), data=data, headers=headers)

    def photos(self) -> list[dict]:
        return self.lead.get(f"/api/audits/{self.audit}/photos").json["photos"]

    def kept_files(self) -> list[Path]:
        folder = Path(self.scene.app.config["DATA_DIR"]) / "evidence"
        return sorted(path for path in folder.rglob("*") if path.is_file())

    def items(self) -> list[dict]:
        with self.scene.app.app_context():
            return evidence_of(self.audit)

    def kinds(self) -> dict:
        with self.scene.app.app_context():
            return kinds_by_criterion([self.audit]).get(self.audit, {})


@pytest.fixture
def team(scene: Scene) -> Team:
    return Team(scene)


# What is said


def test_one_item_shows_several_criteria_and_counts_under_each(team: Team):
    item = team.add("quotation", voice="resident", criteria=["safety-1", "belonging-2"])["item"]
    team.add("document", where="Office")

    (quotation, document) = team.items()
    assert quotation["criteria"] == ["belonging-2", "safety-1"]
    assert (quotation["id"], quotation["voice"], document["where"]) == (item, "resident", "Office")
    assert team.kinds() == {"safety-1": {"quotation": 1, "document": 1}, "belonging-2": {"quotation": 1}}


def test_what_was_tagged_can_be_untagged_and_what_was_withdrawn_no_longer_counts(team: Team):
    item = team.add()["item"]
    team.ben.do(team.audit, "evidence.tag", {"evidence": item, "criterion": "safety-2"})
    registers = team.amina.get(f"/api/audits/{team.audit}").json["registers"]
    seen = [write["id"] for write in registers[f"evidence/{item}/shows/safety-1"]]
    untag = operation("evidence.untag", {"evidence": item, "criterion": "safety-1"}, seen=seen)

    assert team.amina.verdicts(team.audit, [untag]) == ["applied"]
    assert team.kinds() == {"safety-2": {"observation": 1}}

    registers = team.amina.get(f"/api/audits/{team.audit}").json["registers"]
    seen = [write["id"] for write in registers[f"evidence/{item}/withdrawn"]]
    assert team.amina.verdicts(team.audit, [operation("evidence.withdraw", {"evidence": item}, seen=seen)]) == [
        "applied"
    ]
    assert team.kinds() == {} and team.items() == []


def test_two_captions_written_unseen_by_each_other_are_both_kept_and_neither_is_chosen(team: Team):
    item = team.add()["item"]
    registers = team.amina.get(f"/api/audits/{team.audit}").json["registers"]
    seen = [write["id"] for write in registers[f"evidence/{item}/caption"]]
    for phone, words in ((team.amina, "Wide open"), (team.ben, "Ajar")):
        phone.verdicts(team.audit, [operation("evidence.caption", {"evidence": item, "caption": words}, seen=seen)])

    assert sorted(team.amina.registers(team.audit)[f"evidence/{item}/caption"]) == ["Ajar", "Wide open"]
    assert team.items()[0]["caption"] is None


def test_evidence_of_another_audit_and_criteria_of_another_checklist_are_refused(team: Team):
    item = team.add()["item"]
    other = team.scene.audit(team.amina, team.site).id

    elsewhere = team.amina.do(other, "evidence.caption", {"evidence": item, "caption": "Mine"})
    unknown = team.add(criteria=["safety-1", "safety-look"])

    assert elsewhere["problem"]["type"] == "/problems/evidence-of-another-audit"
    assert unknown["problem"]["type"] == "/problems/criterion-unknown"


def test_the_history_tells_evidence_in_words(team: Team):
    item = team.add("count", caption="Community meetings held", count=9, of=12, over="October to December")["item"]
    team.amina.do(team.audit, "evidence.tag", {"evidence": item, "criterion": "safety-2"})

    told = [entry["words"] for entry in team.lead.get(f"/api/audits/{team.audit}/history").json["entries"][-2:]]

    assert told[0] == "Amina added a count: “Community meetings held”"
    assert told[1].startswith("Amina said that “Community meetings held” shows “")


def test_the_tables_of_evidence_are_drawn_again_from_the_ledger_alone(team: Team):
    team.add("quotation", voice="resident", criteria=["safety-1", "belonging-2"])
    item = team.add()["item"]
    team.amina.do(team.audit, "evidence.withdraw", {"evidence": item})

    with team.scene.app.app_context():
        assert list(verify()) == []
        db.session.rollback()


# No camera is a normal mode


@pytest.mark.parametrize("sector", ["prison-wing", "approved-premises"])
def test_in_criminal_justice_a_photo_is_refused_until_a_lead_allows_it_by_authority_and_after_the_last_day(
    scene, sector
):
    team, photo = Team(scene, sector=sector), a_photo()

    def camera():
        (site,) = team.lead.get("/api/home").json["sites"]
        return site["camera"]

    assert camera() == {"allowed": False, "until": None}
    assert team.add_photo(photo)["problem"]["type"] == "/problems/no-camera-here"
    assert team.put(photo).status_code == 404

    allow = {"site": team.site, "allowed": True, "authority": "Governor's letter 12", "until": "2099-01-31"}
    assert team.amina.do(team.organisation, "camera.set", allow)["verdict"] == "refused"
    no_end = {"site": team.site, "allowed": True, "authority": "Governor's letter 12"}
    assert team.lead.do(team.organisation, "camera.set", no_end)["verdict"] == "refused"
    assert team.lead.do(team.organisation, "camera.set", allow)["verdict"] == "applied"
    assert camera() == {"allowed": True, "until": "2099-01-31"}
    assert team.add_photo(photo)["verdict"] == "applied"

    team.lead.do(team.organisation, "camera.set", allow | {"until": "2020-01-31"})
    assert camera() == {"allowed": False, "until": None}
    assert team.add_photo(a_photo("red"))["problem"]["type"] == "/problems/no-camera-here"


def test_a_photo_needs_the_word_that_nobody_can_be_recognised(team: Team):
    photo = a_photo()

    assert team.add("photo", sha256=sha256(photo))["verdict"] == "refused"
    assert team.add("photo", sha256=sha256(photo), nobody=False)["verdict"] == "refused"
    assert team.add_photo(photo)["verdict"] == "applied"


# How photos arrive


def test_a_photo_arrives_whole_and_comes_back_drawn_anew_with_a_thumbnail(team: Team):
    photo = a_photo(size=(2400, 1200), comment=b"taken by Amina", exif=b"Exif\0\0secret place")
    team.add_photo(photo)
    assert team.kinds() == {}, "a photo whose bytes are missing shows nothing"

    reply = team.put(photo)

    assert (reply.status_code, reply.json["here"]) == (200, True)
    shown = team.ben.get(team.address(photo))
    small = team.ben.get(team.address(photo) + "?size=small")
    assert Image.open(io.BytesIO(shown.data)).size == (1600, 800)
    assert Image.open(io.BytesIO(small.data)).size == (320, 160)
    assert shown.headers["Content-Security-Policy"].startswith("sandbox")
    assert shown.headers["Cache-Control"] == "no-store"
    assert team.photos() == [{"sha256": sha256(photo), "width": 1600, "height": 800, "safe": False}]
    assert team.kinds() == {"safety-1": {"photo": 1}}
    kept = b"".join(path.read_bytes() for path in team.kept_files())
    assert b"Amina" not in kept and b"secret" not in kept and photo not in kept


def test_a_photo_in_parts_goes_on_where_it_was_cut_at_every_part(team: Team):
    photo = Image.effect_noise((1500, 1100), 90).convert("RGB")
    made = io.BytesIO()
    photo.save(made, "JPEG", quality=92)
    data = made.getvalue()
    size = 200 * 1024
    team.add_photo(data)

    for at in range(0, len(data), size):
        told = team.amina.client.head(team.address(data), headers=OURS)
        assert told.headers["Upload-Offset"] == str(at) and told.headers["Upload-Complete"] == "?0"
        wrong = team.patch(b"x" * 10, at + 1, len(data), data)
        assert (wrong.status_code, wrong.headers["Upload-Offset"]) == (409, str(at))
        reply = team.patch(data[at : at + size], at, len(data), data)
        assert reply.status_code == 200
    assert reply.json["here"]

    told = team.amina.client.head(team.address(data), headers=OURS)
    assert told.headers["Upload-Complete"] == "?1"
    assert team.patch(data[-5:], len(data) - 5, len(data), data).json["here"], "a repeat gets the same answer"
    assert len(team.photos()) == 1
    assert [path.parent.name for path in team.kept_files()] == [path.name[:2] for path in team.kept_files()]


def test_bytes_that_were_changed_on_the_way_are_thrown_away_and_sent_again(team: Team):
    photo, other = a_photo(), a_photo("red")
    team.add_photo(photo)

    refused = team.put(other, address=team.address(photo))

    assert refused.json["type"] == "/problems/hash-mismatch"
    assert team.photos() == []
    assert team.put(photo).json["here"]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "not-a-photo"),
        (b"<!doctype html><script>alert(1)</script>", "not-a-photo"),
        (b"GIF89a" + b"\0" * 40, "not-a-photo"),
        (a_photo()[:200], "photo-unreadable"),
    ],
)
def test_what_is_no_photo_is_refused_clearly_and_leaves_nothing_behind(team: Team, data: bytes, problem: str):
    team.add_photo(data)

    reply = team.put(data)

    assert reply.json["type"] == f"/problems/{problem}" and reply.json["detail"]
    assert team.photos() == [] and team.kept_files() == []


def test_bytes_that_nobody_has_spoken_of_are_not_taken(team: Team):
    stranger = team.scene.phone("Zoe", "auditor", team.scene.organisation("Elsewhere"))
    photo = a_photo()

    assert team.put(photo).status_code == 404
    team.add_photo(photo)
    assert team.put(photo, by=stranger).status_code == 404
    assert stranger.get(team.address(photo)).status_code == 404
    assert stranger.get(f"/api/audits/{team.audit}/photos").status_code == 404
    assert team.put(photo, by=team.ben).json["here"], "one of the team may bring it"


def test_a_photo_that_was_taken_while_the_right_held_is_taken_in_though_what_was_said_is_kept(team: Team):
    photo = a_photo()
    me = team.amina.get("/api/session").json["person"]["id"]
    team.scene.end_grants(me)

    assert team.add_photo(photo)["verdict"] == "kept"
    assert team.put(photo).json["here"]
    assert team.photos() and team.items() == []


def test_too_much_at_once_and_nonsense_is_refused(team: Team):
    photo = a_photo()
    team.add_photo(photo)

    assert team.put(b"\xff\xd8\xff" + b"0" * (1024 * 1024), address=team.address(photo)).status_code == 413
    assert team.patch(b"0" * (256 * 1024 + 1), 0, 10**6, photo).status_code == 413
    nonsense = team.amina.client.patch(team.address(photo), data=b"x", headers=OURS | {"Upload-Offset": "-1"})
    assert nonsense.json["type"] == "/problems/malformed"
    assert team.patch(b"x", 0, 30 * 10**6, photo).status_code == 200
    assert team.photos() == []


def test_a_full_disk_is_said_and_the_photo_arrives_once_there_is_room(team: Team, monkeypatch):
    photo = a_photo()
    team.add_photo(photo)
    real = os.fsync

    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("audit_app.evidence.files.os.fsync", full)
    assert team.put(photo).status_code == 507
    assert team.photos() == []
    monkeypatch.setattr("audit_app.evidence.files.os.fsync", real)
    assert team.put(photo).json["here"]


# Backup, restore, and the proof


def test_a_backup_takes_photos_along_and_tells_which_are_safe(team: Team, tmp_path):
    photo, late = a_photo(), a_photo("red")
    team.add_photo(photo)
    team.put(photo)
    copy = tmp_path / "backups" / "monday.milieu"
    copy.parent.mkdir()

    assert "1 photos" in run(team.scene.app, "backup", copy).output
    team.add_photo(late)
    team.put(late)

    assert [one["safe"] for one in team.photos()] == [True, False]
    assert run(team.scene.app, "verify").exit_code == 0


def test_a_damaged_photo_is_named_and_never_backed_up_as_if_it_were_whole(team: Team, tmp_path):
    photo = a_photo()
    team.add_photo(photo)
    team.put(photo)
    for path in team.kept_files():
        path.write_bytes(path.read_bytes()[:-1] + b"!")

    checked = run(team.scene.app, "verify")
    backed_up = run(team.scene.app, "backup", tmp_path / "x.milieu")

    assert checked.exit_code == 1 and "is damaged" in checked.output
    assert backed_up.exit_code == 1 and "is damaged" in backed_up.output
    assert [one["safe"] for one in team.photos()] == [False]


def test_a_photo_that_a_restore_cannot_find_is_missing_until_its_phone_sends_it_again(team: Team):
    photo = a_photo()
    team.add_photo(photo)
    team.put(photo)
    for path in team.kept_files():
        path.unlink()

    with team.scene.app.app_context():
        assert restore_photos(Path(team.scene.app.config["DATA_DIR"]) / "nowhere") == (0, 1)

    assert team.photos() == [] and team.kinds() == {}
    assert team.put(photo).json["here"]
    assert team.kinds() == {"safety-1": {"photo": 1}}


def run(app, *words):
    """A command of the service, as somebody types it."""
    return app.test_cli_runner().invoke(args=[str(word) for word in words])

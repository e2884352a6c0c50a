"""The keys that certificates are signed with: who may read them, what becomes of them, and that they come along."""

import stat
from pathlib import Path

import pytest

from audit_app.awards.certificate import keys
from audit_app.config import BadSetting, read_settings
from tests.builders import Scene

SECRET = "x" * 40


@pytest.fixture
def folder(app) -> Path:
    return Path(app.config["DATA_DIR"]) / "signing-keys"


def run(app, *words: str):
    return app.test_cli_runner().invoke(args=["signing-key", *words])


def test_the_first_key_is_made_when_it_is_needed_for_its_owners_eyes_alone(app, folder: Path):
    with app.app_context():
        assert keys.published_keys() == {}
        assert "There is none yet" in run(app, "list").output

        first = keys.signing_key()

        assert keys.signing_key().id == first.id
        assert keys.published_keys() == {first.id: first.public}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # one file to look through is enough
def test_no_private_half_is_in_the_database(app, scene: Scene, folder: Path):
    with app.app_context():
        private = keys.signing_key().private.private_bytes_raw()

    kept = b"".join(path.read_bytes() for path in folder.parent.glob("milieu.sqlite*"))

    assert private not in kept and private.hex().encode() not in kept


def test_a_new_key_signs_and_the_old_one_stays_published(app):
    with app.app_context():
        first = keys.signing_key()
        assert run(app, "add").exit_code == 0
        second = keys.signing_key()

        assert second.id != first.id
        assert list(keys.published_keys()) == [first.id, second.id]


def test_a_retired_key_signs_no_more_and_still_proves_what_it_signed(app, folder: Path):
    with app.app_context():
        first = keys.signing_key()
        signature = first.private.sign(b"said")

        assert run(app, "retire", first.id).exit_code == 0

        assert keys.signing_key().id != first.id
        keys.published_keys()[first.id].verify(signature, b"said")
        assert f"{first.id}  retired" in run(app, "list").output
    assert '"private": null' in (folder / f"{first.id}.json").read_text()


def test_a_distrusted_key_is_not_published_any_more(app):
    with app.app_context():
        leaked = keys.signing_key()

        assert run(app, "distrust", leaked.id).exit_code == 0

        assert leaked.id not in keys.published_keys()
        assert keys.signing_key().id != leaked.id
        assert f"{leaked.id}  distrusted" in run(app, "list").output


def test_a_key_that_is_not_there_is_refused_in_words(app):
    done = run(app, "retire", "2020-01-01-00000000")

    assert done.exit_code == 1
    assert "There is no key 2020-01-01-00000000" in done.output


def test_keys_come_back_with_a_backup_and_none_is_written_over(app, folder: Path, tmp_path):
    beside = tmp_path / "elsewhere"
    beside.mkdir()
    with app.app_context():
        lost, kept = keys.add_key(), keys.add_key()
        assert keys.back_up_keys(beside) == 2
        keys.distrust_key(kept.id)
        (folder / f"{lost.id}.json").unlink()

        assert keys.restore_keys(beside) == 1

        assert keys.signing_key().id == lost.id
        assert kept.id not in keys.published_keys(), "what was said of a key since the backup stays said"
    assert {stat.S_IMODE(path.stat().st_mode) for path in (beside / "signing-keys").iterdir()} == {0o600}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # keys are files, whatever the database is
def test_the_backup_command_takes_the_keys_along(app, tmp_path):
    with app.app_context():
        key = keys.signing_key()
    beside = tmp_path / "elsewhere"
    beside.mkdir()

    done = app.test_cli_runner().invoke(args=["backup", str(beside / "one.backup")])

    assert done.exit_code == 0, done.output
    assert "1 signing keys" in done.output
    assert (beside / "signing-keys" / f"{key.id}.json").exists()


@pytest.mark.parametrize(
    "address", ["milieu.example", "http://milieu.example", "https://milieu.example/app", "https://a:b@milieu.example"]
)
def test_an_address_that_certificates_could_not_name_is_refused_at_the_start(address: str):
    with pytest.raises(BadSetting, match="PUBLIC_URL"):
        read_settings({"PUBLIC_URL": address, "SECRET_KEY": SECRET})


def test_the_address_has_no_slash_at_its_end_and_a_demo_names_itself():
    assert read_settings({"PUBLIC_URL": "https://milieu.example/", "SECRET_KEY": SECRET})["PUBLIC_URL"] == (
        "https://milieu.example"
    )
    assert read_settings({"SECRET_KEY": SECRET})["PUBLIC_URL"] == ""
    assert read_settings({"DEMO": "yes", "PORT": "8123", "SECRET_KEY": SECRET})["PUBLIC_URL"] == "http://127.0.0.1:8123"

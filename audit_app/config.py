"""Every setting, its default and its meaning. The environment is the only place settings come from."""

import os
import secrets
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from .mail import mail_server

ROOT = Path(__file__).resolve().parent.parent
SHORTEST_SECRET = 32


class BadSetting(SystemExit):
    """A setting that Milieu refuses to start with; its words say which and why."""


@dataclass(frozen=True)
class Setting:
    """One setting: its name in the environment, how it is read, and what it means."""

    name: str
    default: str
    meaning: str
    read: type = str


def yes(text: str) -> bool:
    """Read a yes/no setting: 1, true, yes and on mean yes."""
    return text.strip().lower() in {"1", "true", "yes", "on"}


def words(text: str) -> list[str]:
    """Read a list setting, separated by commas or spaces."""
    return text.replace(",", " ").split()


def home_address(text: str) -> str:
    """Read the service's own address: scheme and host, without a slash at its end. Empty means that there is none."""
    if not text:
        return ""
    found = urlsplit(text.rstrip("/"))
    here = found.hostname in {"localhost", "127.0.0.1", "::1"}
    if found.scheme not in ({"http", "https"} if here else {"https"}) or not found.netloc or found.username:
        raise ValueError(text)
    if found.path or found.query or found.fragment:
        raise ValueError(text)
    return found.geturl()


def mail_url(text: str) -> str:
    """Read a mail server's address; refuses what is none. Empty means that there is none."""
    if text:
        mail_server(text)
    return text


SETTINGS = (
    Setting("DATA_DIR", str(ROOT / "data"), "Folder of the database and of everything else that is kept."),
    Setting("DATABASE_URL", "", "PostgreSQL address; empty means SQLite in DATA_DIR."),
    Setting("SECRET_KEY", "", f"Signs sign-in cookies; at least {SHORTEST_SECRET} characters; demo mode makes one."),
    Setting("DEMO", "no", "Demo mode: invented data, known passwords, this machine only.", yes),
    Setting("HOST", "127.0.0.1", "Address gunicorn listens on; demo mode refuses any but loopback."),
    Setting("PORT", "8000", "Port gunicorn listens on.", int),
    Setting("TRUSTED_HOSTS", "localhost 127.0.0.1 [::1]", "Host names this service answers to.", words),
    Setting(
        "PUBLIC_URL",
        "",
        "Address that certificates name for ever, like https://milieu.example; without it none is issued outside demo.",
        home_address,
    ),
    Setting("PROXY_HOPS", "0", "How many proxies in front may be believed about address and scheme.", int),
    Setting("SESSION_DAYS", "60", "Days after which a phone must sign in again.", int),
    Setting("INVITATION_DAYS", "14", "Days an invitation link works.", int),
    Setting("AUDIT_EVERY_DAYS", "365", "Days after an audit was opened on which a setting's next one is due.", int),
    Setting("MAIL_URL", "", "Mail server for reminders, like smtps://user:password@host; empty prints them.", mail_url),
    Setting("MAIL_FROM", "", "Address that reminders come from; needed with MAIL_URL."),
    Setting("CHECKLISTS_DIR", str(ROOT / "checklists"), "Folder of the checklists' editions."),
    Setting("LOG_LEVEL", "INFO", "How much is logged: DEBUG, INFO, WARNING or ERROR."),
)


def read_settings(environment: dict[str, str] | None = None, **overrides) -> dict:
    """Return all settings as Flask configuration.

    `overrides` win over the environment (tests use them). Raises `BadSetting` with the name of a setting that
    cannot be read, and outside demo mode when the secret is missing or short.
    """
    environment = os.environ if environment is None else environment
    config = {}
    for setting in SETTINGS:
        text = environment.get(setting.name) or setting.default
        try:
            config[setting.name] = setting.read(text)
        except ValueError:
            raise BadSetting(f"{setting.name}={text!r} cannot be read. {setting.meaning}") from None
    config.update(overrides)
    config["DATA_DIR"] = str(Path(config["DATA_DIR"]).resolve())
    _require_secret(config)
    _require_loopback(config)
    _require_sender(config)
    if config["DEMO"] and not config["PUBLIC_URL"]:
        config["PUBLIC_URL"] = f"http://127.0.0.1:{config['PORT']}"
    return config


def _require_secret(config: dict) -> None:
    if config["DEMO"] and not config["SECRET_KEY"]:
        config["SECRET_KEY"] = _demo_secret(Path(config["DATA_DIR"]))
    if len(config["SECRET_KEY"]) < SHORTEST_SECRET:
        raise BadSetting(
            f"SECRET_KEY is missing or shorter than {SHORTEST_SECRET} characters. Make one with:\n"
            '  python3 -c "import secrets; print(secrets.token_urlsafe(48))"'
        )


def _demo_secret(folder: Path) -> str:
    """A random secret kept beside the demo's data, so that a restart signs nobody out."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "demo-secret"
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text()


def _require_loopback(config: dict) -> None:
    if config["DEMO"] and config["HOST"] not in {"127.0.0.1", "::1", "localhost"}:
        raise BadSetting("Demo mode has known passwords, so it refuses to listen on anything but this machine.")


def _require_sender(config: dict) -> None:
    if config["MAIL_URL"] and "@" not in config["MAIL_FROM"]:
        raise BadSetting("MAIL_URL is set, and MAIL_FROM is not an address. Reminders must come from somewhere.")


def cookie_settings(config: dict) -> dict:
    """How the sign-in cookie is set, in Flask's words: `__Host-` and Secure, except on a demo's plain http."""
    secure = not config["DEMO"]
    return {
        "SESSION_COOKIE_NAME": "__Host-milieu" if secure else "milieu",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_REFRESH_EACH_REQUEST": False,  # the one poll should cost next to nothing
        "PERMANENT_SESSION_LIFETIME": timedelta(days=config["SESSION_DAYS"]),
    }

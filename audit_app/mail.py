"""The post: letters in plain text, handed to a mail server one by one. One bad address never stops the others."""

import smtplib
import ssl
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from urllib.parse import SplitResult, unquote, urlsplit

TIMEOUT = 30
PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}

BROKEN = (smtplib.SMTPServerDisconnected, smtplib.SMTPConnectError, OSError)


@dataclass(frozen=True)
class Letter:
    """To whom, and what."""

    name: str
    email: str
    subject: str
    text: str


def mail_server(url: str) -> SplitResult:
    """A mail server's address in parts; raises ValueError for what is none."""
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname or parts.path.strip("/"):
        raise ValueError(f"must look like {', '.join(f'{name}://user:password@host:port' for name in PORTS)}")
    _ = parts.port  # refuses what is no port
    return parts


def send(letters: list[Letter], url: str, sender: str) -> list[tuple[Letter, str]]:
    """Hand in the letters; returns those that were not taken, each with the reason in words.

    A connection that breaks is made anew for the next letter; a server that cannot be reached at all is asked once.
    """
    post = _Post(mail_server(url), sender)
    failed = []
    try:
        for letter in letters:
            why = post.hand_in(letter)
            if why:
                failed.append((letter, why))
    finally:
        post.close()
    return failed


class _Post:
    """A connection to the mail server, made when it is needed."""

    def __init__(self, server: SplitResult, sender: str):
        self.server, self.sender = server, sender
        self.line: smtplib.SMTP | None = None
        self.unreachable = ""

    def hand_in(self, letter: Letter) -> str:
        """Why the letter was not taken, or nothing."""
        if self.unreachable:
            return self.unreachable
        try:
            message = _message(letter, self.sender)
        except (ValueError, MessageError):
            return "this is not an address that mail can be sent to"
        if self.line is None:
            self.unreachable = self._connect()
            if self.unreachable:
                return self.unreachable
        try:
            self.line.send_message(message)
        except smtplib.SMTPRecipientsRefused as refused:
            return _said(*next(iter(refused.recipients.values())))
        except smtplib.SMTPResponseException as refused:
            return _said(refused.smtp_code, refused.smtp_error)
        except smtplib.SMTPNotSupportedError:
            return "the mail server cannot take addresses with such letters"
        except BROKEN as broken:
            self.close()
            return f"the connection to the mail server broke ({broken}); it may or may not have arrived"
        return ""

    def _connect(self) -> str:
        """Connect and sign in; why that was not possible, or nothing."""
        where = f"{self.server.hostname}:{self._port}"
        try:
            self.line = self._open()
            if self.server.username:
                self.line.login(unquote(self.server.username), unquote(self.server.password or ""))
        except smtplib.SMTPAuthenticationError as refused:
            why = f"the mail server {where} did not take the user and password of MAIL_URL: {_said(*refused.args)}"
        except smtplib.SMTPNotSupportedError as unknown:
            why = f"the mail server {where} cannot do what MAIL_URL asks: {unknown}"
        except (smtplib.SMTPException, OSError) as broken:
            why = f"the mail server {where} does not answer: {broken}"
        else:
            return ""
        self.close()
        return why

    @property
    def _port(self) -> int:
        return self.server.port or PORTS[self.server.scheme]

    def _open(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.server.scheme == "smtps":
            return smtplib.SMTP_SSL(self.server.hostname, self._port, timeout=TIMEOUT, context=context)
        line = smtplib.SMTP(self.server.hostname, self._port, timeout=TIMEOUT)
        if self.server.scheme == "smtp+starttls":
            try:
                line.starttls(context=context)
            except Exception:
                line.close()
                raise
        return line

    def close(self) -> None:
        """Let go of the connection, whatever state it is in."""
        if self.line is not None:
            try:
                self.line.quit()
            except (smtplib.SMTPException, OSError):
                self.line.close()
        self.line = None


def _message(letter: Letter, sender: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = sender
    message["To"] = Address(letter.name, addr_spec=letter.email)
    message["Subject"] = letter.subject
    message["Date"] = formatdate(localtime=False)
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2].strip("> ") or None)
    message["Auto-Submitted"] = "auto-generated"  # so that nobody's "I am on leave" answers it
    message.set_content(letter.text)
    return message


def _said(code: int, words: bytes | str) -> str:
    text = words.decode(errors="replace") if isinstance(words, bytes) else words
    return f"the mail server said: {code} {' '.join(text.split())}"

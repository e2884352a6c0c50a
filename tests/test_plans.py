"""The improvement plan: what is to be done, what came of what was promised, reminders by e-mail, and the calendar."""

import re
from contextlib import contextmanager
from datetime import date, timedelta
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from icalendar import Calendar

from audit_app.access import find_person
from audit_app.config import BadSetting, read_settings
from audit_app.db import db, new_id, today
from audit_app.ledger.verify import verify
from audit_app.plans.due import Figures
from audit_app.plans.models import CalendarLink, PlanItem
from audit_app.plans.queries import plan_of, plan_of_site, promised, reminders

from .builders import Phone, Scene, email_of, operation, secret
from .serving import free_port

TODAY = date(2026, 11, 23)


@pytest.fixture
def rowan(scene: Scene):
    """Rowan ward with its lead and one audit: (organisation, site, lead's phone, audit)."""
    trust = scene.organisation()
    ward = scene.site(trust)
    lead = scene.phone("Tom Hill", "lead", trust, ward)
    return trust, ward, lead, scene.audit(lead, ward, "resident", "Community meeting")


def plan(phone: Phone, audit: str, what: str = "A debrief for the night team", **fields) -> str:
    """Plan something; its id."""
    item = new_id()
    said = {"item": item, "what": what, "criteria": ["safety-5"], "whose": "lead", "due": None, "answers": []} | fields
    assert phone.do(audit, "plan.add", said)["verdict"] == "applied"
    return item


def say(phone: Phone, audit: str, kind: str, payload: dict) -> dict:
    """Say something of an item as one who has seen all that was said of it; its outcome."""
    registers = phone.get(f"/api/audits/{audit}").json["registers"]
    about = [writes for name, writes in registers.items() if name.startswith(f"plan/{payload['item']}/")]
    seen = {write["id"]: None for writes in about for write in writes}
    return phone.push(audit, [operation(kind, payload, list(seen))]).json["outcomes"][0]


def settle(phone: Phone, audit: str, item: str, state: str, **why) -> dict:
    return say(phone, audit, "plan.settle", {"item": item, "state": state, **why})


def in_days(days: int) -> str:
    return (today() + timedelta(days=days)).isoformat()


def test_what_is_planned_is_a_register_for_each_field_and_a_row(app, rowan):
    _, ward, lead, audit = rowan
    answers = [
        {"kind": "answer", "reference": f"{audit.contributor}/safety-5"},
        {"kind": "meeting", "reference": "Community meeting, 3 November"},
    ]

    item = plan(lead, audit.id, criteria=["safety-5", "safety-1"], due="2026-12-01", answers=answers)

    registers = lead.registers(audit.id)
    assert registers[f"plan/{item}/what"] == ["A debrief for the night team"]
    assert registers[f"plan/{item}/criteria"] == [["safety-1", "safety-5"]]
    assert registers[f"plan/{item}/whose"] == ["lead"]
    assert registers[f"plan/{item}/due"] == ["2026-12-01"]
    assert registers[f"plan/{item}/state"] == [{"state": "to-do"}]
    assert registers[f"plan/{item}/answers"] == [answers]
    with app.app_context():
        [one] = plan_of_site(ward, TODAY)
        assert (one.id, one.audit, one.site) == (item, audit.id, ward)
        assert (one.what, one.criteria, one.whose) == ("A debrief for the night team", ("safety-1", "safety-5"), "lead")
        assert (one.due, one.state, one.stands, one.carried) == (date(2026, 12, 1), "to-do", "later", False)
        assert [dict(answer) for answer in one.answers] == answers
        assert list(verify()) == []


def test_a_change_changes_what_it_names_and_nothing_else(app, rowan):
    _, ward, lead, audit = rowan
    item = plan(lead, audit.id, due="2026-12-01")

    say(lead, audit.id, "plan.change", {"item": item, "whose": "Ward manager"})
    say(lead, audit.id, "plan.change", {"item": item, "due": None})
    settle(lead, audit.id, item, "done", outcome="It takes place each Friday.")

    registers = lead.registers(audit.id)
    assert registers[f"plan/{item}/what"] == ["A debrief for the night team"]
    with app.app_context():
        [one] = plan_of_site(ward, TODAY)
        assert (one.what, one.whose, one.due) == ("A debrief for the night team", "Ward manager", None)
        assert (one.state, one.outcome, one.reason, one.stands) == ("done", "It takes place each Friday.", None, "done")


def test_a_plan_never_ends_without_a_word(rowan):
    _, _, lead, audit = rowan
    item = plan(lead, audit.id)

    assert settle(lead, audit.id, item, "done")["verdict"] == "refused"
    assert settle(lead, audit.id, item, "dropped", outcome="x")["verdict"] == "refused"
    assert settle(lead, audit.id, item, "dropped", reason="No money this year.")["verdict"] == "applied"


def test_a_plan_is_for_statements_of_its_edition_and_stays_in_its_audit(scene, rowan):
    _, ward, lead, audit = rowan
    item = plan(lead, audit.id)
    other = scene.audit(lead, ward)

    unknown = lead.do(audit.id, "plan.change", {"item": item, "criteria": ["kindness-1"]})
    about_unknown = [{"kind": "answer", "reference": f"{audit.contributor}/kindness-1"}]
    elsewhere = lead.do(other.id, "plan.change", {"item": item, "what": "Something else"})

    assert unknown["problem"]["type"] == "/problems/criterion-unknown"
    answering = lead.do(audit.id, "plan.change", {"item": item, "answers": about_unknown})
    assert answering["problem"]["type"] == "/problems/criterion-unknown"
    assert elsewhere["problem"]["type"] == "/problems/item-of-another-audit"
    assert settle(lead, other.id, item, "doing")["problem"]["type"] == "/problems/item-of-another-audit"


def test_two_who_change_an_item_unseen_by_each_other_are_both_kept_and_nobody_is_reminded_too_late(app, scene, rowan):
    trust, ward, lead, audit = rowan
    item = plan(lead, audit.id, due=in_days(9), criteria=["safety-5"])
    amina = scene.phone("Amina Khan", "auditor", trust, ward)
    [written] = lead.get(f"/api/audits/{audit.id}").json["registers"][f"plan/{item}/due"]
    seen = [written["id"]]

    for phone, due, words, state in (
        (lead, in_days(3), "A debrief for nights", {"state": "doing"}),
        (amina, None, "Talk with the night team", {"state": "done", "outcome": "We talked."}),
    ):
        said = [
            operation("plan.change", {"item": item, "due": due, "what": words, "criteria": ["safety-1"]}, seen),
            operation("plan.settle", {"item": item, **state}, seen),
        ]
        assert phone.verdicts(audit.id, said) == ["applied", "applied"]

    registers = lead.registers(audit.id)
    assert len(registers[f"plan/{item}/due"]) == len(registers[f"plan/{item}/state"]) == 2
    with app.app_context():
        [one] = plan_of_site(ward)
        assert one.what == "A debrief for nights / Talk with the night team"
        assert one.due.isoformat() == in_days(3)
        assert (one.state, one.outcome, one.stands, one.criteria) == (None, None, "week", ("safety-1",))
        assert list(verify()) == []


def test_what_was_changed_before_its_adding_arrived_is_drawn_once_that_is_there(app, rowan):
    _, ward, lead, audit = rowan
    item = new_id()
    added = operation(
        "plan.add",
        {"item": item, "what": "Mend the door", "criteria": [], "whose": "team", "due": None, "answers": []},
    )

    lead.verdicts(audit.id, [operation("plan.settle", {"item": item, "state": "doing"}, [added["id"]])])

    with app.app_context():
        assert plan_of_site(ward) == []
    lead.verdicts(audit.id, [added])
    with app.app_context():
        [one] = plan_of_site(ward)
        assert (one.what, one.state) == ("Mend the door", "doing")
        assert list(verify()) == []


def test_what_an_audit_that_is_kept_planned_is_drawn_once_it_is_in_force(app, scene, rowan):
    trust, ward, lead, _ = rowan
    ben_id = scene.person("Ben Ode", "auditor", trust, ward)
    ben = scene.phone_of("Ben Ode")
    scene.end_grants(ben_id)
    audit, item = new_id(), new_id()
    opening = {"site": ward, "checklist": "ten-minute-look", "edition": 1, "track": "development"}
    planned = {"item": item, "what": "Tea at four", "criteria": [], "whose": "", "due": None, "answers": []}
    said = [operation("audit.open", opening), operation("plan.add", planned)]
    assert ben.verdicts(audit, said) == ["kept", "kept"]

    for one in reversed(said):
        assert lead.do(audit, "operation.admit", {"operation": one["id"]})["verdict"] == "applied"

    with app.app_context():
        assert [one.what for one in plan_of(audit)] == ["Tea at four"]
        assert list(verify()) == []


def test_overdue_comes_first_then_this_week_then_the_rest_and_last_what_is_settled(app, rowan):
    _, ward, lead, audit = rowan
    for what, days in (("Later", 8), ("No day", None), ("Yesterday", -1), ("In a week", 7), ("Long ago", -90)):
        plan(lead, audit.id, what, due=None if days is None else in_days(days))
    plan(lead, audit.id, "Today", due=in_days(0))
    done = plan(lead, audit.id, "Done, though late", due=in_days(-5))
    settle(lead, audit.id, done, "done", outcome="Hung up.")
    dropped = plan(lead, audit.id, "Dropped", due=in_days(-5))
    settle(lead, audit.id, dropped, "dropped", reason="The wall is listed.")

    with app.app_context():
        items = plan_of_site(ward)

    assert [(one.what, one.stands) for one in items] == [
        ("Long ago", "overdue"),
        ("Yesterday", "overdue"),
        ("Today", "week"),
        ("In a week", "week"),
        ("Later", "later"),
        ("No day", "undated"),
        ("Done, though late", "done"),
        ("Dropped", "dropped"),
    ]


def test_what_is_open_is_carried_over_and_the_next_audit_counts_what_was_promised(app, scene, rowan):
    _, ward, lead, first = rowan
    oldest = plan(lead, first.id, "Since the first look")
    ended = plan(lead, first.id, "Done long since")
    settle(lead, first.id, ended, "done", outcome="It was.")
    second = scene.audit(lead, ward)
    late = plan(lead, second.id, "Mend the door", due=in_days(-1))
    kept = plan(lead, second.id, "Tea at four")
    settle(lead, second.id, kept, "done", outcome="Every day.")
    told = plan(lead, second.id, "A garden")
    settle(lead, second.id, told, "dropped", reason="There is no ground.")

    third = scene.audit(lead, ward)
    new = plan(lead, third.id, "Talk about keys")

    with app.app_context():
        assert [(one.id, one.carried) for one in plan_of(third.id)] == [
            (late, True),
            (oldest, True),
            (new, False),
        ]
        assert {one.id: one.carried for one in plan_of(second.id)} == {
            late: False,
            oldest: True,
            kept: False,
            told: False,
        }
        assert [one.id for one in plan_of_site(ward) if one.carried] == [late, oldest]
        assert promised(third.id) == Figures(done=1, dropped=1, open=2, overdue=1)
        assert promised(third.id).promised == 4
        assert promised(second.id) == Figures(done=1, dropped=0, open=1, overdue=0)
        assert promised(first.id) == Figures(0, 0, 0, 0)
        assert plan_of(new_id()) == []
        assert promised(new_id()) == Figures(0, 0, 0, 0)
    settle(lead, second.id, late, "done", outcome="It opens.")
    with app.app_context():
        assert promised(third.id) == Figures(done=2, dropped=1, open=1, overdue=0)


def test_the_history_tells_the_plan_in_words(rowan):
    _, _, lead, audit = rowan
    item = plan(lead, audit.id, "Mend the door")
    lead.do(audit.id, "plan.change", {"item": item, "due": "2026-12-01", "whose": "team"})
    settle(lead, audit.id, item, "doing")
    said = {"state": "done", "outcome": "Ring 07700 900123.", "warned": ["phone-number"]}
    lead.do(audit.id, "plan.settle", {"item": item, **said})

    def told(language: str) -> list[str]:
        reply = lead.get(f"/api/audits/{audit.id}/history?language={language}").json
        return [entry["words"] for entry in reply["entries"] if entry["kind"].startswith("plan.")]

    assert told("en") == [
        "Tom Hill planned “Mend the door”",
        "Tom Hill changed the plan “Mend the door”: whose task it is, by when",
        "Tom Hill said how far “Mend the door” is: under way",
        "Tom Hill said how far “Mend the door” is: done (Ring 07700 900123.)"
        " (kept although it may hold a phone number)",
    ]
    assert told("cy")[0] == "Cynlluniodd Tom Hill “Mend the door”"


def test_a_manager_plans_too_and_an_admin_does_not(scene, rowan):
    trust, _, lead, audit = rowan
    manager = scene.phone("Mona Reid", "manager", trust)
    admin = scene.phone("Adi Mint", "admin", trust)
    item = plan(manager, audit.id, "Money for a night debrief", whose="manager")

    assert settle(manager, audit.id, item, "doing")["verdict"] == "applied"
    refused = admin.do(audit.id, "plan.settle", {"item": item, "state": "to-do"})
    assert refused["problem"]["type"] == "/problems/not-allowed"
    assert lead.registers(audit.id)[f"plan/{item}/state"] == [{"state": "doing"}]


def test_a_plan_that_was_changed_behind_the_ledgers_back_is_found(app, rowan):
    _, _, lead, audit = rowan
    plan(lead, audit.id)
    with app.app_context():
        db.session.execute(db.update(PlanItem).values(due="2030-01-01"))
        db.session.commit()

        [fault] = verify()

    assert "plan_item" in fault


# The calendar


def link(phone: Phone, organisation: str) -> str:
    """Make one's link; its address."""
    made, hashed = secret()
    assert phone.do(organisation, "calendar.make", {"secret_sha256": hashed})["verdict"] == "applied"
    return f"/api/calendar/{made}.ics"


def events(reply) -> dict[str, object]:
    assert reply.status_code == 200, reply.get_data(as_text=True)
    return {str(event["summary"]): event for event in Calendar.from_ical(reply.data).walk("VEVENT")}


def test_a_calendar_shows_a_day_for_each_open_item_that_is_due(app, rowan):
    trust, ward, lead, audit = rowan
    answers = [{"kind": "meeting", "reference": "What Ann said"}]
    text = "Debrief; for nights, each time\nand for days " + "é" * 60
    item = plan(lead, audit.id, text, due="2026-12-01", answers=answers)
    plan(lead, audit.id, "No day")
    done = plan(lead, audit.id, "Done", due="2026-12-02")
    settle(lead, audit.id, done, "done", outcome="It was.")
    address = link(lead, trust)

    reply = Phone(app).get(address)

    assert reply.mimetype == "text/calendar"
    assert b"What Ann said" not in reply.data
    assert all(len(line) <= 75 for line in reply.data.split(b"\r\n"))
    [(summary, event)] = events(reply).items()
    assert summary == f"Rowan ward: {text}"
    assert event["uid"] == f"{item}@milieu"
    assert event.decoded("dtstart") == date(2026, 12, 1)
    assert event.decoded("dtend") == date(2026, 12, 2)
    assert event["description"] == "the lead · to do"
    assert event["url"] == f"http://localhost/#/sites/{ward}/plan"
    assert event["transp"] == "TRANSPARENT"


def test_a_calendar_says_when_nothing_is_new(app, rowan):
    trust, _, lead, audit = rowan
    item = plan(lead, audit.id, due="2026-12-01")
    address, phone = link(lead, trust), Phone(app)
    held = phone.get(address).headers["ETag"]

    assert phone.get(address, headers={"If-None-Match": held}).status_code == 304
    lead.do(audit.id, "answer.rate", {"contributor": audit.contributor, "criterion": "safety-1", "rating": 2})
    assert phone.get(address, headers={"If-None-Match": held}).status_code == 304
    settle(lead, audit.id, item, "doing")
    again = phone.get(address, headers={"If-None-Match": held})

    assert [str(event["description"]) for event in events(again).values()] == ["the lead · under way"]
    assert "arweinydd" in events(phone.get(f"{address}?language=cy")).popitem()[1]["description"]


def test_a_calendar_shows_what_its_owner_may_see_now_and_nothing_of_others(app, scene, rowan):
    trust, _, lead, audit = rowan
    plan(lead, audit.id, "Mend the door", due="2026-12-01")
    elsewhere = scene.site(trust, "Maple ward")
    maple = scene.phone("Grace Ade", "lead", trust, elsewhere)
    plan(maple, scene.audit(maple, elsewhere).id, "Maps in large print", due="2026-12-01")
    manager = scene.phone("Mona Reid", "manager", trust)
    tom, mona = link(lead, trust), link(manager, trust)
    phone = Phone(app)

    assert set(events(phone.get(tom))) == {"Rowan ward: Mend the door"}
    assert set(events(phone.get(mona))) == {"Rowan ward: Mend the door", "Maple ward: Maps in large print"}
    with app.app_context():
        tom_id = db.session.scalars(db.select(CalendarLink.person_id)).all()
        assert len(tom_id) == 2
        [one] = [id for id in tom_id if find_person(id).name == "Tom Hill"]
    scene.end_grants(one)
    assert events(phone.get(tom)) == {}


def test_a_new_link_ends_the_one_before_and_a_link_can_be_ended(app, rowan):
    trust, _, lead, _ = rowan
    first = link(lead, trust)
    second = link(lead, trust)
    phone = Phone(app)

    gone = phone.get(first)

    assert (gone.status_code, gone.json["type"]) == (404, "/problems/calendar-unknown")
    assert phone.get(second).status_code == 200
    assert lead.do(trust, "calendar.end", {"ended": True})["verdict"] == "applied"
    assert phone.get(second).status_code == 404
    assert lead.do(trust, "calendar.end", {"ended": True})["verdict"] == "applied"


def test_the_secret_of_a_link_is_nowhere_on_the_service(app, rowan):
    trust, _, lead, _ = rowan
    made, hashed = secret()
    lead.do(trust, "calendar.make", {"secret_sha256": hashed})

    history = lead.get(f"/api/organisations/{trust}/history")

    assert history.status_code == 403  # a lead does not look after the organisation
    with app.app_context():
        assert db.session.scalars(db.select(CalendarLink.secret_sha256)).all() == [hashed]
    assert Phone(app).get(f"/api/calendar/{hashed}.ics").status_code == 404
    assert Phone(app).get(f"/api/calendar/{made}.ics").status_code == 200


def test_guessing_links_gets_slower(app):
    phone = Phone(app)
    replies = [phone.get(f"/api/calendar/{secret()[0]}.ics") for _ in range(33)]

    assert {reply.status_code for reply in replies[:30]} == {404}
    assert replies[-1].status_code == 429
    assert int(replies[-1].headers["Retry-After"]) >= 1


# Reminders


class Office:
    """A mail server that takes letters, but for some addresses, and may hang up on some."""

    def __init__(self):
        self.letters: list[tuple[str, str, str]] = []
        self.refuses: set[str] = set()
        self.drops: set[str] = set()

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refuses:
            return "550 5.1.1 Nobody of this name lives here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if envelope.rcpt_tos[0] in self.drops:
            server.transport.close()
            return "421 Gone"
        message = message_from_bytes(envelope.content, policy=policy.default)
        self.letters.append((envelope.rcpt_tos[0], message["Subject"], message.get_content()))
        self.last = message
        return "250 OK"


@contextmanager
def opened(office: Office, **how):
    """A mail server on this machine, with this office behind it; its `host:port`."""
    port = free_port()
    controller = Controller(office, hostname="127.0.0.1", port=port, **how)
    controller.start()
    yield f"127.0.0.1:{port}"
    controller.stop()


@pytest.fixture
def office():
    """A mail server on this machine, and its address."""
    office = Office()
    with opened(office) as where:
        office.url = f"smtp://{where}"
        yield office


def remind(app, url: str = "", *more: str):
    app.config.update(MAIL_URL=url, MAIL_FROM="Milieu <milieu@northfield.example>")
    return app.test_cli_runner().invoke(args=["remind", *more])


@pytest.fixture
def due(scene, rowan):
    """Something overdue and something due on Rowan ward, something far off, and two more people who look after it."""
    trust, ward, lead, audit = rowan
    plan(lead, audit.id, "Mend the door", due=in_days(-3), whose="")
    plan(lead, audit.id, "Tea at four", due=in_days(7), whose="residents")
    plan(lead, audit.id, "A garden", due=in_days(30))
    plan(lead, audit.id, "No day")
    scene.person("Amina Khan", "auditor", trust, ward)
    scene.person("Mona Reid", "manager", trust)
    scene.person("Adi Mint", "admin", trust)
    scene.person("Grace Ade", "lead", trust, scene.site(trust, "Maple ward"))
    scene.end_grants(scene.person("Ben Gone", "auditor", trust, ward))
    return rowan


def test_everybody_who_looks_after_a_plan_is_reminded_of_what_is_overdue_or_due(app, due, office):
    done = remind(app, office.url)

    assert done.exit_code == 0, done.output
    assert "Reminded 3 of 3 people." in done.output
    assert [to for to, _, _ in office.letters] == [email_of(name) for name in ("Amina Khan", "Mona Reid", "Tom Hill")]
    _, subject, text = office.letters[0]
    assert subject == "Milieu: 1 overdue, 1 due within a week"
    assert re.search(
        r"Hello Amina Khan,\s+Rowan ward\s+- Mend the door\s+was due .* · nobody has taken it on yet", text
    )
    assert re.search(r"- Tea at four\s+due \d+ \w+ 20\d\d · the people who live here or use it", text)
    assert "A garden" not in text
    assert "No day" not in text
    assert office.last["Auto-Submitted"] == "auto-generated"
    assert office.last["From"] == "Milieu <milieu@northfield.example>"


def test_a_manager_gets_one_letter_for_all_settings(app, scene, due):
    grace = scene.phone_of("Grace Ade")
    with app.app_context():
        [maple] = [site["id"] for site in grace.get("/api/home").json["sites"]]
    plan(grace, scene.audit(grace, maple).id, "Maps in large print", due=in_days(0))

    with app.app_context():
        told = {one.name: [name for name, _ in one.sites] for one in reminders()}

    assert told == {
        "Amina Khan": ["Rowan ward"],
        "Grace Ade": ["Maple ward"],
        "Mona Reid": ["Maple ward", "Rowan ward"],
        "Tom Hill": ["Rowan ward"],
    }


def test_one_bad_address_never_stops_the_others(app, due, office):
    office.refuses = {email_of("Amina Khan")}

    done = remind(app, office.url)

    assert done.exit_code == 1
    assert "Reminded 2 of 3 people." in done.output
    assert "Not sent to amina.khan@example.org: the mail server said: 550 5.1.1 Nobody of this name" in done.output
    assert [to for to, _, _ in office.letters] == [email_of("Mona Reid"), email_of("Tom Hill")]


def test_an_address_that_is_none_never_stops_the_others(app, scene, due, office):
    trust, *_ = due
    with app.app_context():
        scene._grant(scene._person("Al Who", "al who@@nowhere"), "manager", trust, None)
        db.session.commit()

    done = remind(app, office.url)

    assert "Not sent to al who@@nowhere: this is not an address that mail can be sent to" in done.output
    assert len(office.letters) == 3


def test_a_connection_that_breaks_is_made_anew_for_the_next(app, due, office):
    office.drops = {email_of("Amina Khan")}

    done = remind(app, office.url)

    assert "Not sent to amina.khan@example.org: the connection to the mail server broke" in done.output
    assert "it may or may not have arrived" in done.output
    assert [to for to, _, _ in office.letters] == [email_of("Mona Reid"), email_of("Tom Hill")]


def test_a_mail_server_that_does_not_answer_is_said_once_for_each_and_nothing_hangs(app, due, office):
    done = remind(app, "smtp://127.0.0.1:9")

    assert done.exit_code == 1
    assert done.output.count("the mail server 127.0.0.1:9 does not answer") == 3
    assert "Reminded 0 of 3 people." in done.output


def test_a_mail_server_that_cannot_keep_a_secret_gets_none(app, due, office):
    done = remind(app, office.url.replace("smtp:", "smtp+starttls:"))

    assert "cannot do what MAIL_URL asks" in done.output
    assert office.letters == []


def test_a_wrong_password_for_the_mail_server_is_said(app, due):
    def nobody(server, session, envelope, mechanism, data):
        return AuthResult(success=False, handled=False)

    with opened(Office(), authenticator=nobody, auth_require_tls=False) as where:
        done = remind(app, f"smtp://milieu:p%40ss@{where}")

    assert "did not take the user and password of MAIL_URL" in done.output
    assert "p@ss" not in done.output
    assert "p%40ss" not in done.output


def test_without_a_mail_server_the_reminders_are_printed(app, due):
    done = remind(app)

    assert done.exit_code == 0
    assert "To: Amina Khan <amina.khan@example.org>" in done.output
    assert "Mend the door" in done.output
    assert "3 not sent: MAIL_URL is not set" in done.output
    assert "yn hwyr" in remind(app, "", "--language", "cy").output


def test_nobody_is_reminded_where_nothing_is_due(app, rowan, office):
    done = remind(app, office.url)

    assert "there is nobody to remind" in done.output
    assert office.letters == []


@pytest.mark.parametrize("url", ["mail.example.org", "http://mail", "smtp://", "smtp://host:port", "smtp://host/path"])
def test_a_mail_server_that_cannot_be_read_is_refused_at_the_start(url, tmp_path):
    with pytest.raises(BadSetting, match="MAIL_URL"):
        read_settings({"MAIL_URL": url, "MAIL_FROM": "a@b.example", "DEMO": "yes", "DATA_DIR": str(tmp_path)})


def test_mail_must_come_from_somebody(tmp_path):
    settings = {"MAIL_URL": "smtp://localhost", "DEMO": "yes", "DATA_DIR": str(tmp_path)}
    with pytest.raises(BadSetting, match="MAIL_FROM"):
        read_settings(settings)

    assert read_settings(settings | {"MAIL_FROM": "milieu@northfield.example"})["MAIL_URL"] == "smtp://localhost"


def test_the_settings_are_shown_without_the_password_of_the_mail_server(app):
    app.config.update(MAIL_URL="smtps://milieu:hush@mail.example.org", MAIL_FROM="milieu@northfield.example")

    shown = app.test_cli_runner().invoke(args=["settings"]).output

    assert "smtps://milieu:(secret)@mail.example.org" in shown
    assert "hush" not in shown

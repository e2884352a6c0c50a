"""The register: who is named in it, what is said of them, and who is not. Asked by anybody, over HTTP."""

import csv
import gzip
import io
import re
from datetime import date, timedelta
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

import jwt
import pytest
from pypdf import PdfReader

from audit_app.awards.certificate.credential import STATES, key_set, token_in
from audit_app.awards.certificate.keys import published_keys
from audit_app.db import now
from audit_app.register.pictures import COLOURS, SIGNS, status_badge
from audit_app.register.queries import STANDING, Wanted, count_listed, find_entry, listed
from audit_app.register.words import WORDS

from .awards import Awards
from .builders import CHECKLIST, Phone, Scene
from .deciding import Deciding

ATOM = "{http://www.w3.org/2005/Atom}"
HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture
def awards(scene: Scene) -> Awards:
    return Awards(scene)


@pytest.fixture
def anybody(app) -> Phone:
    """Somebody who is not signed in, and never was."""
    return Phone(app)


@pytest.fixture
def one_of_each(awards: Awards) -> dict[str, str]:
    """A place in each state, all of which agreed to be named."""
    given = {
        "valid": awards.give("Rowan ward"),
        "expired": awards.give("Oak Lodge", organisation="Vale Schools", sector="school", decided=date(2023, 5, 2)),
        "suspended": awards.give("Willow unit", organisation="Westmoor Trust"),
        "withdrawn": awards.give("B wing", organisation="HMP Larkfield", sector="prison-wing"),
        "superseded": awards.give("Greencroft", organisation="Open Fields", decided=today() - timedelta(days=800)),
        "newer": awards.give("Greencroft again", organisation="Open Fields"),
    }
    awards.suspend(given["suspended"], reason="The ward is moving.")
    awards.withdraw(given["withdrawn"], reason="The wing has closed.")
    awards.replace(given["superseded"], given["newer"])
    return given


def today() -> date:
    return now().date()


def text(reply) -> str:
    assert reply.status_code == 200, reply.get_data(as_text=True)
    return reply.get_data(as_text=True)


def named(anybody: Phone, **asked: str) -> list[str]:
    """Who is on the register's page, in its order."""
    page = text(anybody.client.get("/register", query_string=asked))
    return re.findall(r'<h3><a href="/register/[^"]+">([^<]+)</a></h3>', page)


# Consent


def test_who_did_not_agree_is_named_nowhere_and_not_counted(awards: Awards, anybody: Phone):
    hidden = awards.give("Quiet place", organisation="Private Trust", listed=False)
    awards.suspend(hidden, reason="Their own matter.")

    for address in ("/register", "/register.json", "/register.csv", "/register.atom", "/register?name=quiet"):
        told = text(anybody.get(address))
        assert "Quiet" not in told and "Private" not in told and hidden not in told and "matter" not in told, address
    assert "No setting is named here yet." in text(anybody.get("/register"))
    assert "register: 0" in text(anybody.get(f"/organisations/{awards.body}", headers=HTML))
    for address in (f"/register/{hidden}", f"/register/{hidden}.json"):
        assert anybody.get(address).status_code == 404
    place = awards.change  # who takes their consent back is gone at once
    seen = awards.give("Rowan ward")
    assert named(anybody) == ["Rowan ward"]
    place(seen, listed=False)
    assert named(anybody) == []


def test_not_agreeing_and_not_being_there_look_the_same(awards: Awards, anybody: Phone):
    hidden = awards.give(listed=False)

    replies = [anybody.get(f"/register/{number}", headers=HTML) for number in (hidden, "MIL-2026-7K3QFX")]

    assert [reply.status_code for reply in replies] == [404, 404]
    assert replies[0].data == replies[1].data


def test_a_check_needs_no_consent_and_leads_to_no_page_of_the_register(awards: Awards, anybody: Phone):
    hidden = awards.give("Quiet place", listed=False)

    page, told = text(anybody.get(f"/check/{hidden}")), anybody.get(f"/check/{hidden}.json").json

    assert "Quiet place" in page and f"/register/{hidden}" not in page
    assert told["state"] == "valid" and "page" not in told


def test_search_engines_find_what_is_public_by_consent_and_nothing_else(awards: Awards, anybody: Phone):
    public, hidden = awards.give("Rowan ward"), awards.give("Quiet place", listed=False)
    rules = RobotFileParser()
    rules.parse(anybody.get("/robots.txt").get_data(as_text=True).replace("$", "").splitlines())

    for path in ("/register", f"/register/{public}", f"/certificate/{public}", "/check", "/checklists/any/1"):
        assert rules.can_fetch("AnyBot", path), path
    for path in (
        "/",
        "/api/home",
        "/api/exports/answers.csv",
        "/organisations/x",
        "/places/x",
        "/status/x/y",
        "/badge/x",
    ):
        assert not rules.can_fetch("AnyBot", path), path
    for path in ("/certificate/{}", "/certificate/{}.pdf", "/check/{}"):
        assert anybody.get(path.format(hidden)).headers["X-Robots-Tag"] == "noindex", path
        assert "X-Robots-Tag" not in anybody.get(path.format(public)).headers, path


# Finding


def test_the_newest_award_is_first_and_all_states_are_there(one_of_each, anybody: Phone):
    assert named(anybody)[-1] == "Oak Lodge"
    assert len(named(anybody)) == 6
    page = text(anybody.get("/register"))
    assert "6 awards" in page
    for word in ("Valid", "Expired", "Suspended", "Withdrawn", "Superseded"):
        assert f">{word}</span>" in page


FOUND = [
    ({"name": "ROWAN"}, {"Rowan ward"}),
    ({"name": "green"}, {"Greencroft", "Greencroft again"}),
    ({"place": "schools"}, {"Oak Lodge"}),
    ({"sector": "prison-wing"}, {"B wing"}),
    ({"status": "valid"}, {"Rowan ward", "Greencroft again"}),
    ({"status": "expired"}, {"Oak Lodge"}),
    ({"status": "suspended"}, {"Willow unit"}),
    ({"status": "withdrawn"}, {"B wing"}),
    ({"status": "superseded"}, {"Greencroft"}),
    ({"name": "Greencroft", "status": "valid"}, {"Greencroft again"}),
    ({"name": "100%"}, set()),
    ({"name": "_"}, set()),
    ({"name": "' OR 1=1 --"}, set()),
    ({"body": "nobody"}, set()),
]


def test_awards_are_found_by_name_place_kind_and_status(one_of_each, anybody: Phone, subtests):
    for asked, found in FOUND:
        with subtests.test(str(asked)):
            assert set(named(anybody, **asked)) == found
            told = anybody.client.get("/register.json", query_string=asked).json["awards"]
            assert {one["holder"] for one in told} == found


def test_the_state_of_an_award_is_the_same_in_sql_as_in_words(one_of_each, awards: Awards, app):
    over = awards.give(decided=today().replace(year=today().year - 3))
    both = awards.give(decided=date(2020, 1, 1))
    awards.suspend(both, date(2021, 1, 1))
    numbers = [*one_of_each.values(), over, both]
    with app.app_context():
        for number in numbers:
            for day in (today(), today() + timedelta(days=1200), today() - timedelta(days=1)):
                state = find_entry(number, day).state
                holding = [one for one in STANDING if number in {e.number for e in listed(Wanted(status=one), day)}]
                assert holding == [state], (number, day)
        assert sum(count_listed(Wanted(status=one), today()) for one in STANDING) == len(numbers)


def test_a_long_register_goes_on_from_page_to_page_without_gap_or_repetition(
    awards: Awards, anybody: Phone, monkeypatch
):
    monkeypatch.setattr("audit_app.register.routes.PAGE", 2)
    names = {awards.give(f"Ward {number}") and f"Ward {number}" for number in range(5)}

    seen, address = [], "/register"
    while address:
        page = text(anybody.get(address))
        seen += re.findall(r">(Ward \d)</a>", page)
        found = re.search(r'<a class="button" href="([^"]+)">Next', page)
        address = found and found[1].replace("&amp;", "&")

    assert len(seen) == 5 and set(seen) == names
    told, after = [], ""
    while after is not None:
        reply = anybody.client.get("/register.json", query_string={"after": after}).json
        told, after = told + reply["awards"], reply["next"]
    assert [one["holder"] for one in told] == seen


# An award's page


def test_an_awards_page_says_what_was_judged_and_what_became_of_it(awards: Awards, anybody: Phone):
    decided = today() - timedelta(days=700)
    number = awards.give("Rowan ward", decided=decided, against_rule="The garden was closed for repairs.")
    awards.review(number, decided + timedelta(days=500))
    awards.suspend(number, decided + timedelta(days=600), "The ward is moving.")
    awards.restore(number, decided + timedelta(days=650))

    page, told = text(anybody.get(f"/register/{number}")), anybody.get(f"/register/{number}.json").json

    assert [one["what"] for one in told["history"]] == ["awarded", "interim", "suspended", "restored"]
    assert told["history"][2]["reason"] == "The ward is moving."
    for words in (
        "Rowan ward",
        "Northfield Trust",
        "The Relational Places Trust",
        "Belonging and connection",
        "Leadership and purpose",
        "The garden was closed for repairs.",
        "Looked at again, and still true",
        "Given back",
        number,
    ):
        assert words in page, words


def test_why_an_award_was_withdrawn_is_public_where_its_panel_published_it_and_the_panels_record_is_not(scene: Scene):
    way, anybody = Deciding(scene), Phone(scene.app)
    number = way.award(listed=True)["number"]
    way.turn("award.suspend", reasons="Who said what to whom.")
    assert anybody.get(f"/check/{number}.json").json["reason"] is None

    way.turn("award.withdraw", reasons="Who said what to whom.", published="The ward has closed.")

    for path in ("/register/{}", "/check/{}", "/register/{}.json", "/check/{}.json"):
        assert "The ward has closed." in text(anybody.get(path.format(number))), path
    told = anybody.get(f"/register/{number}.json").json
    assert [(one["what"], one["reason"]) for one in told["history"][1:]] == [
        ("suspended", None),
        ("withdrawn", "The ward has closed."),
    ]
    [row] = csv.DictReader(io.StringIO(text(anybody.get("/register.csv")).removeprefix("\ufeff")))
    assert (row["state"], row["reason"]) == ("withdrawn", "The ward has closed.")
    assert anybody.get("/register.json").json["awards"][0]["reason"] == "The ward has closed."
    assert "The ward has closed." in text(anybody.get("/register.atom"))
    for path in ("/register", "/register.json", "/register.csv", "/register.atom", f"/register/{number}"):
        assert "Who said what" not in text(anybody.get(path)), path
    assert way.lena.do(way.audit, "register.consent", {"listed": False})["verdict"] == "applied"
    for path in ("/check/{}", "/check/{}.json", "/certificate/{}"):
        assert "The ward has closed." not in text(anybody.get(path.format(number))), path


def test_what_the_panel_said_among_itself_is_nowhere_public(one_of_each, awards: Awards, anybody: Phone):
    awards.review(one_of_each["valid"], today())
    pages = ["/register", "/register.json", "/register.csv", "/register.atom"]
    for number in one_of_each.values():
        pages += [f"/register/{number}", f"/register/{number}.json", f"/check/{number}", f"/certificate/{number}"]

    for address in pages:
        told = text(anybody.get(address))
        assert "among itself" not in told and "private words" not in told, address
        assert "Ada" not in told and "Lead" not in told.replace("Leadership", ""), address


def test_who_gives_awards_has_a_page_and_a_profile(one_of_each, awards: Awards, anybody: Phone, scene: Scene):
    address = f"/organisations/{awards.body}"
    page, profile = (
        text(anybody.get(address, headers=HTML)),
        anybody.get(address, headers={"Accept": "application/json"}),
    )

    assert "<h1>The Relational Places Trust</h1>" in page and "register: 6" in page
    assert profile.json["name"] == "The Relational Places Trust"
    assert (
        profile.json["id"] == jwt.decode(awards.token(one_of_each["valid"]), options={"verify_signature": False})["iss"]
    )
    assert anybody.get(f"/organisations/{scene.organisation()}").status_code == 404, "who gives no awards is not public"


def test_every_address_that_a_credential_names_leads_somewhere(awards: Awards, anybody: Phone):
    number = awards.give()
    home = anybody.app.config["PUBLIC_URL"]
    claims = jwt.decode(awards.token(number), options={"verify_signature": False})
    subject = claims["credentialSubject"]
    addresses = [claims["id"], claims["issuer"]["id"], subject["id"], subject["achievement"]["id"]]
    addresses += [one["statusListCredential"] for one in claims["credentialStatus"]]

    for address in addresses:
        assert address.startswith(f"{home}/")
        assert anybody.client.get(address.removeprefix(home), follow_redirects=True).status_code == 200, address


def test_what_is_judged_can_be_read_in_the_words_of_each_kind_of_setting(anybody: Phone, scene: Scene):
    address = f"/checklists/{CHECKLIST}/1"

    assert "pupil" in text(anybody.get(f"{address}?sector=school"))
    assert "Perthyn a chysylltiad" in text(anybody.get(f"{address}?sector=ward&language=cy"))
    for wrong in (f"{address}?sector=nowhere", f"/checklists/{CHECKLIST}/99", "/checklists/nothing/1"):
        assert anybody.get(wrong).status_code in (404, 422)


# Files


def test_the_table_is_csv_and_nothing_in_it_is_a_formula(awards: Awards, anybody: Phone):
    number = awards.give("=HYPERLINK(1)")

    reply = anybody.get("/register.csv")

    [row] = csv.DictReader(io.StringIO(reply.data.decode("utf-8-sig")))
    assert (row["number"], row["state"], row["holder"]) == (number, "valid", "'=HYPERLINK(1)")
    assert reply.headers["Content-Disposition"] == "attachment; filename=register.csv"


def test_the_feed_tells_what_happened_newest_first(one_of_each, awards: Awards, anybody: Phone):
    reply = anybody.get("/register.atom")

    feed = ElementTree.fromstring(text(reply))
    titles = [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")]
    assert reply.mimetype == "application/atom+xml"
    assert set(titles[:2]) == {"Willow unit: Suspended", "B wing: Withdrawn"}
    assert "Greencroft: Replaced by a newer award" in titles and "Oak Lodge: Ran out" in titles
    assert len(titles) == 6 + 4 and len({entry.findtext(f"{ATOM}id") for entry in feed.iter(f"{ATOM}entry")}) == 10
    days = [entry.findtext(f"{ATOM}updated") for entry in feed.iter(f"{ATOM}entry")]
    assert days == sorted(days, reverse=True) and feed.findtext(f"{ATOM}updated") == days[0]


def test_a_name_with_signs_that_xml_knows_is_only_a_name(awards: Awards, anybody: Phone):
    number = awards.give('<i>"Rowan" & co')

    ElementTree.fromstring(text(anybody.get("/register.atom")))
    assert "<i>" not in text(anybody.get(f"/register/{number}"))
    assert "<i>" not in text(anybody.get(f"/check/{number}"))
    ElementTree.fromstring(text(anybody.get(f"/badge/{number}.svg")))


def test_a_certificate_is_a_pdf_with_a_page_in_each_language(awards: Awards, anybody: Phone):
    number = awards.give("Rowan ward")

    reply = anybody.get(f"/certificate/{number}.pdf")

    pages = [page.extract_text() for page in PdfReader(io.BytesIO(reply.data)).pages]
    assert len(pages) == 2
    assert all(number in page and "Rowan ward" in page for page in pages)
    again = anybody.get(f"/certificate/{number}.pdf", headers={"If-None-Match": reply.headers["ETag"]})
    assert again.status_code == 304


def test_a_certificate_page_says_the_same_and_leads_to_its_check(awards: Awards, anybody: Phone):
    number = awards.give("Rowan ward")

    page = text(anybody.get(f"/certificate/{number}"))

    assert (
        "<h1>Rowan ward</h1>" in page
        and f'href="/check/{number}"' in page
        and f'href="/certificate/{number}.pdf"' in page
    )
    assert "All 10 principles were shown" in page


def test_of_an_award_that_was_ended_there_is_nothing_to_take_away(one_of_each, anybody: Phone):
    for state in ("suspended", "withdrawn", "superseded"):
        number = one_of_each[state]
        page = text(anybody.get(f"/certificate/{number}"))
        assert "holds no more" in page and f"/certificate/{number}.pdf" not in page
        for kind in ("pdf", "json", "svg", "png"):
            reply = anybody.get(f"/certificate/{number}.{kind}")
            assert (reply.status_code, reply.json["type"]) == (410, "/problems/no-longer-held")
    assert anybody.get(f"/certificate/{one_of_each['expired']}.pdf").status_code == 200
    assert anybody.get("/certificate/MIL-2026-7K3QFX.pdf").status_code == 404


def test_the_credential_is_given_in_its_envelope_and_in_both_badges(awards: Awards, anybody: Phone):
    number = awards.give()

    for kind in ("json", "svg", "png"):
        assert token_in(anybody.get(f"/certificate/{number}.{kind}").data) == awards.token(number)


def test_the_published_keys_are_those_that_sign(awards: Awards, anybody: Phone, app):
    awards.give()

    told = anybody.get("/.well-known/jwks.json").json

    with app.app_context():
        assert told == key_set(published_keys())
    assert len(told["keys"]) == 1 and "d" not in told["keys"][0]


# The badge for other websites


def test_the_badge_says_by_itself_how_the_award_stands(one_of_each, anybody: Phone, subtests):
    for state in STANDING:
        number = one_of_each[state]
        reply = anybody.get(f"/badge/{number}.svg")
        words = "".join(ElementTree.fromstring(text(reply)).itertext())
        with subtests.test(state):
            assert WORDS[f"is_{state}"]["en"] in words and number in words
            assert "Rowan" not in words and "script" not in text(reply) and "style" not in text(reply)
            assert reply.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
            assert reply.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_a_badge_is_kept_an_hour_at_most_and_never_past_midnight(awards: Awards, anybody: Phone, monkeypatch):
    number = awards.give()
    midnight = now().replace(hour=0, minute=0, second=0, microsecond=0)

    def kept(at) -> int:
        monkeypatch.setattr("audit_app.register.routes.now", lambda: at)
        reply = anybody.get(f"/badge/{number}.svg")
        return int(reply.headers["Cache-Control"].removeprefix("public, max-age="))

    assert kept(midnight + timedelta(hours=12)) == 3600
    assert kept(midnight + timedelta(hours=23, minutes=50)) == 600


def test_every_state_has_a_sign_a_colour_and_words_in_both_languages():
    assert set(SIGNS) == set(COLOURS) == set(STATES)
    for state in STATES:
        for key in (f"is_{state}", f"says_{state}"):
            assert set(WORDS[key]) == {"en", "cy"} and all(WORDS[key].values())
        ElementTree.fromstring(status_badge(state, "<&>", "<&>", "&", ("<" * 80, "&")))


def test_every_word_is_there_in_both_languages_with_the_same_places_to_fill():
    for key, words in WORDS.items():
        places = [set(re.findall(r"{\w+}", words[language])) for language in ("en", "cy")]
        assert places[0] == places[1], key


# Every reply


def test_nobody_who_asks_is_given_a_cookie_and_files_may_be_read_by_other_websites(one_of_each, awards, anybody: Phone):
    number = one_of_each["valid"]
    pages = ["/register", f"/register/{number}", "/check", f"/check/{number}", f"/certificate/{number}"]
    pages += [f"/organisations/{awards.body}", f"/checklists/{CHECKLIST}/1"]
    files = ["/register.json", "/register.csv", "/register.atom", f"/register/{number}.json", f"/check/{number}.json"]
    files += [f"/certificate/{number}.{kind}" for kind in ("json", "svg", "png")]
    files += [f"/badge/{number}.svg", f"/organisations/{awards.body}.json", f"/status/{awards.body}/revocation"]
    files += ["/.well-known/jwks.json"]

    for address in pages + files:
        reply = anybody.get(address, headers=HTML)
        assert reply.status_code == 200
        assert "Set-Cookie" not in reply.headers and "Cookie" not in reply.headers.get("Vary", "")
        assert reply.headers["ETag"] and reply.headers["Cache-Control"] != "no-store"
        assert (reply.headers.get("Access-Control-Allow-Origin") == "*") == (address in files), address
        again = anybody.get(address, headers=HTML | {"If-None-Match": reply.headers["ETag"]})
        assert again.status_code == 304, address


def test_a_long_page_is_packed_for_whoever_takes_it_so(awards: Awards, anybody: Phone):
    number = awards.give()
    for address in ("/register", f"/register/{number}", f"/certificate/{number}.json"):
        plain, packed = anybody.get(address), anybody.get(address, headers={"Accept-Encoding": "gzip"})
        assert gzip.decompress(packed.data) == plain.data and len(packed.data) < len(plain.data)
        assert plain.headers["ETag"] != packed.headers["ETag"] and "Accept-Encoding" in plain.headers["Vary"]
        again = {"Accept-Encoding": "gzip", "If-None-Match": packed.headers["ETag"]}
        assert anybody.get(address, headers=again).status_code == 304


def test_every_public_page_is_there_in_welsh(one_of_each, awards: Awards, anybody: Phone):
    number = one_of_each["valid"]
    for address in ("/register", f"/register/{number}", "/check", f"/check/{number}", f"/certificate/{number}"):
        english, welsh = text(anybody.get(address)), text(anybody.get(f"{address}?language=cy"))
        assert '<html lang="en-GB">' in english and f'href="{address}?language=cy"' in english
        assert '<html lang="cy-GB">' in welsh and "Drafft yw’r Gymraeg hon" in welsh
        inside = re.findall(r'href="(/(?:register|check|certificate)[^"]*)"', welsh)
        assert inside and all("language=cy" in one or "." in one or one == address for one in inside), inside

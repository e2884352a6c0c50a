"""Checklists: what people are asked, in their own sector's words, and files that cannot lie."""

import hashlib
import re
import shutil
import statistics
import tomllib
from pathlib import Path

import pytest
from flask import Flask
from flask_login import LoginManager, UserMixin

from audit_app import checklists
from audit_app.checklists.commands import checklists as commands
from audit_app.checklists.library import ChecklistBroken, Library
from audit_app.checklists.lines import Lines
from audit_app.checklists.models import ChecklistUnknown, LanguageUnknown, SectorUnknown
from audit_app.problems import Problem

FOLDER = Path(__file__).resolve().parent.parent / "checklists"
LIBRARY = Library.load(FOLDER)
MAIN = "enabling-and-facilitating-environments"
EDITIONS = [edition.slug for edition in LIBRARY.published]
SECTORS = ["approved-premises", "community", "greencare", "hostel", "prison-wing", "school", "ward"]
TEN = ["belonging", "safety", "involvement", "boundaries", "communication"]
TEN += ["honesty", "spontaneity", "ownership", "agency", "leadership"]


def texts_in(thing) -> list[str]:
    """Every text of a reply, however deep."""
    if isinstance(thing, str):
        return [thing]
    if isinstance(thing, dict):
        thing = thing.values()
    return [text for part in thing for text in texts_in(part)] if hasattr(thing, "__iter__") else []


# What people are asked


def test_the_three_checklists_are_offered_the_full_one_first():
    assert [(edition.slug, edition.edition) for edition in LIBRARY.offered] == [
        (MAIN, 1),
        ("ten-minute-look", 1),
        ("triple-bottom-line", 1),
    ]


def test_the_full_checklist_has_ten_principles_of_five_criteria():
    edition = LIBRARY.find(MAIN, 1)

    assert [principle.id for principle in edition.principles] == TEN
    assert list(edition.criteria) == [f"{principle}-{number}" for principle in TEN for number in range(1, 6)]


@pytest.mark.parametrize("slug", EDITIONS)
@pytest.mark.parametrize("sector", SECTORS)
@pytest.mark.parametrize("language", ["en", "cy"])
def test_every_criterion_is_complete_in_every_sector(slug, sector, language):
    worded = LIBRARY.find(slug, 1).in_words(sector, language)

    for principle in worded["principles"]:
        for criterion in principle["criteria"]:
            assert len(criterion["look_for"]) >= 2, criterion["id"]
            assert 2 <= len(criterion["ask"]) <= 3, criterion["id"]
            assert set(criterion["evidence"]) - {"photo"}, criterion["id"]
            assert all(criterion["lenses"][lens["id"]] for lens in worded["lenses"]), criterion["id"]
    for text in texts_in(worded):
        assert text.strip() == text != "", text
        assert not re.search(r"[{}]|  ", text), text


@pytest.mark.parametrize("slug", EDITIONS)
@pytest.mark.parametrize("sector", SECTORS)
def test_texts_are_whole_sentences_with_the_right_articles(slug, sector):
    worded = LIBRARY.find(slug, 1).in_words(sector, "en")

    for text in texts_in(worded):
        assert not re.search(r"\ba [aeio]\w|\ban [^aeiouh\W]", text, re.IGNORECASE), text
    for principle in worded["principles"]:
        for criterion in principle["criteria"]:
            for text in (criterion["statement"], criterion["guidance"], *criterion["look_for"], *criterion["ask"]):
                assert text[0].isupper() or text[0] == "‘", text
            assert criterion["statement"].endswith("."), criterion["statement"]
            assert 2 <= len(re.findall(r"[.!?]’?(?=\s|$)", criterion["guidance"])) <= 4, criterion["guidance"]
            assert all(text.endswith(("?", ".")) for text in criterion["ask"]), criterion["ask"]


@pytest.mark.parametrize("slug", EDITIONS)
def test_a_child_of_eleven_could_read_it(slug):
    """By the Flesch-Kincaid grade, with a plain count of vowel groups as syllables: grade 6 is a reading age of 11.

    Whole checklists are held to it; a single sentence may be a little harder, but never long.
    """
    worded = LIBRARY.find(slug, 1).in_words("ward", "en")
    criteria = [criterion for principle in worded["principles"] for criterion in principle["criteria"]]
    statements = [criterion["statement"] for criterion in criteria]
    guidance = [criterion["guidance"] for criterion in criteria]

    assert grade(" ".join(statements)) <= 6.0
    assert grade(" ".join(guidance)) <= 6.0
    assert max(grade(text) for text in guidance) <= 9.0
    assert max(len(words_of(sentence)) for text in statements for sentence in sentences_of(text)) <= 20
    assert max(len(words_of(sentence)) for text in guidance for sentence in sentences_of(text)) <= 26
    assert statistics.median(len(words_of(text)) for text in statements) <= 14


def grade(text: str) -> float:
    """The Flesch-Kincaid grade (Kincaid and others, 1975)."""
    words = words_of(text)
    syllables = sum(syllables_of(word) for word in words)
    return 0.39 * len(words) / len(sentences_of(text)) + 11.8 * syllables / len(words) - 15.59


def words_of(text: str) -> list[str]:
    return re.findall(r"[A-Za-z’-]+", text)


def sentences_of(text: str) -> list[str]:
    return [sentence for sentence in re.split(r"(?<=[.!?:;])’?\s+", text) if sentence]


def syllables_of(word: str) -> int:
    silent = re.sub(r"(?<=[^aeiouyl])e[sd]?$|(?<=[aeiouy].)le$", "", word.lower())
    return max(1, len(re.findall(r"[aeiouy]+", silent or word.lower())))


def test_each_sector_is_asked_in_its_own_words():
    edition = LIBRARY.find(MAIN, 1)

    said = {
        sector: {c["id"]: c for p in edition.in_words(sector, "en")["principles"] for c in p["criteria"]}
        for sector in SECTORS
    }

    newcomer = {sector: criteria["belonging-1"]["statement"] for sector, criteria in said.items()}
    assert newcomer["ward"] == "Someone new is met and shown round by patients as well as by staff."
    assert newcomer["school"] == "Someone new is met and shown round by pupils as well as by staff."
    assert newcomer["greencare"] == "Someone new is met and shown round by participants as well as by leaders."
    assert "Residents hold real roles here" in said["hostel"]["involvement-2"]["statement"]
    assert "regularly for an opening circle" in said["greencare"]["communication-2"]["statement"]
    assert "regularly for circle time" in said["school"]["communication-2"]["statement"]
    assert "the wing forum" in said["prison-wing"]["belonging-2"]["guidance"]
    assert "a sudden farewell is marked too" in said["community"]["belonging-2"]["guidance"]
    assert len({tuple(criteria) for criteria in said.values()}) == 1, "one criterion, one id, whatever the words"


def test_each_sector_names_its_voices():
    edition = LIBRARY.find(MAIN, 1)

    assert edition.in_words("prison-wing", "en")["voices"]["resident"] == "Residents"
    assert edition.in_words("school", "en")["voices"]["resident"] == "Pupils"
    assert edition.in_words("ward", "cy")["voices"]["resident"] == "Cleifion"
    assert edition.in_words("ward", "en")["words"]["recipients"] == "patients"


def test_a_school_is_told_that_this_is_not_the_early_years_term():
    about = LIBRARY.sectors["school"].summary_in("en")["about"]

    assert "early years" in about


def test_the_scale_is_the_same_in_all_three_so_that_results_line_up():
    scales = [edition.in_words("ward", "en")["scale"] for edition in LIBRARY.offered]

    assert scales[0] == scales[1] == scales[2]
    assert [(step["value"], step["word"]) for step in scales[0]] == [
        (0, "Not yet"),
        (1, "Beginning"),
        (2, "Mostly"),
        (3, "Embedded"),
    ]


def test_the_ten_minute_look_asks_once_for_each_of_the_ten_principles():
    full, look = LIBRARY.find(MAIN, 1), LIBRARY.find("ten-minute-look", 1)

    assert list(look.criteria) == [f"{principle.id}-look" for principle in full.principles]
    assert [principle.title for principle in look.principles] == [principle.title for principle in full.principles]


def test_the_triple_bottom_line_asks_four_times_each_of_money_nature_and_people():
    line = LIBRARY.find("triple-bottom-line", 1)

    assert [(p.id, len(p.criteria)) for p in line.principles] == [("economic", 4), ("environmental", 4), ("social", 4)]


def test_the_award_rule_is_conjunctive_and_complete():
    assert LIBRARY.find(MAIN, 1).award_rule == {
        "kind": "every-principle",
        "share": 80,
        "rating": 2,
        "none_below": 1,
        "evidence_kinds": 2,
        "voices": ["resident"],
    }
    assert LIBRARY.find("ten-minute-look", 1).award_rule is None


def test_it_says_whose_criteria_these_are_and_whose_they_are_not():
    worded = LIBRARY.find(MAIN, 1).in_words("ward", "en")

    assert "Haigh and Benefield (2020)" in worded["source"]
    assert "does not give any other body’s award" in worded["source"]
    assert worded["licence"]


def test_the_welsh_is_marked_as_a_draft_and_says_what_is_still_in_english():
    worded = LIBRARY.find(MAIN, 1).in_words("ward", "cy")

    assert worded["draft"] is True
    assert worded["language"] == "cy"
    first = worded["principles"][0]["criteria"][0]
    assert first["statement"] == "Caiff pobl newydd eu croesawu a’u tywys o gwmpas gan y cleifion yn ogystal â’r staff."
    assert first["untranslated"] == ["guidance", "look_for", "ask"]
    assert first["guidance"].startswith("The first day is often the loneliest.")
    assert LIBRARY.find(MAIN, 1).in_words("ward", "en")["draft"] is False
    assert "untranslated" not in LIBRARY.find(MAIN, 1).in_words("ward", "en")["principles"][0]["criteria"][0]


@pytest.mark.parametrize("slug", EDITIONS)
def test_every_statement_title_and_step_of_the_scale_is_there_in_welsh(slug):
    worded = LIBRARY.find(slug, 1).in_words("ward", "cy")

    for principle in worded["principles"]:
        assert "untranslated" not in principle
        assert all("statement" not in criterion["untranslated"] for criterion in principle["criteria"])
    assert not any("untranslated" in part for part in (worded, *worded["scale"], *worded["lenses"]))


def test_unknown_checklists_sectors_and_languages_are_refused_with_what_there_is():
    with pytest.raises(ChecklistUnknown, match="no edition 9"):
        LIBRARY.find(MAIN, 9)
    with pytest.raises(SectorUnknown, match="“submarine” is not one of approved-premises, community"):
        LIBRARY.find(MAIN, 1).in_words("submarine", "en")
    with pytest.raises(LanguageUnknown, match="“tlh” is not one of en, cy"):
        LIBRARY.find(MAIN, 1).in_words("ward", "tlh")


# Files that are published, or not


def test_published_files_are_byte_for_byte_what_was_recorded():
    record = tomllib.loads((FOLDER / "published.toml").read_text("utf-8"))["published"]

    for entry in record:
        bytes_now = (FOLDER / f"{entry['slug']}-{entry['edition']}.toml").read_bytes()
        assert hashlib.sha256(bytes_now).hexdigest() == entry["sha256"]
    assert len(record) == 3


@pytest.fixture
def folder(tmp_path) -> Path:
    """A copy of the library that a test may spoil."""
    return Path(shutil.copytree(FOLDER, tmp_path / "checklists"))


def unpublished(folder: Path) -> Path:
    """The same folder with nothing published, so that its files may change."""
    (folder / "published.toml").unlink()
    return folder


def change(path: Path, old: str, new: str, times: int = 1) -> int:
    """Change a file; return the line on which the first change stands."""
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, times), "utf-8")
    return text[: text.index(old)].count("\n") + 1


def complaints_of(folder: Path) -> list[str]:
    with pytest.raises(ChecklistBroken) as broken:
        Library.load(folder)
    return broken.value.complaints


def test_a_published_file_that_was_changed_is_refused(folder):
    change(folder / f"{MAIN}-1.toml", "The first day is often the loneliest.", "The first day is often lonely.")

    (complaint,) = complaints_of(folder)

    assert re.fullmatch(
        rf"checklists/published.toml, line \d+: .*{MAIN}-1.toml was published on 2026-11-23 and has changed since.*",
        complaint,
    )


def test_a_published_file_that_vanished_is_refused(folder):
    (folder / "triple-bottom-line-1.toml").unlink()
    (folder / "triple-bottom-line-1.cy.toml").unlink()

    (complaint,) = complaints_of(folder)

    assert "triple-bottom-line-1.toml was published on 2026-11-23 and is missing" in complaint


def test_a_draft_is_not_offered_for_audits_until_it_is_published(folder):
    library = Library.load(unpublished(folder))

    assert library.offered == []
    assert len(library.drafts) == 3
    with pytest.raises(ChecklistUnknown, match="is a draft"):
        library.find(MAIN, 1)


def test_a_translation_can_be_corrected_without_touching_the_frozen_edition(folder):
    change(folder / f"{MAIN}-1.cy.toml", "Mae’n iawn teimlo’n ofidus yma.", "Mae’n iawn bod yn ofidus yma.")

    worded = Library.load(folder).find(MAIN, 1).in_words("ward", "cy")

    assert worded["principles"][1]["criteria"][1]["statement"] == "Mae’n iawn bod yn ofidus yma."


# Files that lie

FULL = f"{MAIN}-1.toml"
WELSH = f"{MAIN}-1.cy.toml"
WARD = "sectors/ward.toml"
STATEMENT = 'statement.en = "Someone new is met and shown round by {recipients} as well as by {staff}."'
# what is wrong: file, what stood there, what stands there now, what is said, lines from the change to where it points
LIES = {
    "not TOML": (FULL, 'short.en = "Safety"', 'short.en = "Safety', "is not TOML: ", 0),
    "a text without English": (
        FULL,
        STATEMENT,
        'statement.cy = "Caiff"',
        'criterion "belonging-1": statement.en is missing',
        0,
    ),
    "a text left out": (FULL, STATEMENT + "\n", "", 'criterion "belonging-1": statement is missing', -2),
    "an empty text": (
        FULL,
        "Anyone who is asked can say what is expected here, and why.",
        "  ",
        'criterion "boundaries-1": statement.en is empty',
        0,
    ),
    "an empty text in a list": (
        FULL,
        "{A_recipient} taking a newcomer round",
        "",
        'criterion "belonging-1": look_for.en.item 1 is empty',
        0,
    ),
    "an unknown field": (
        FULL,
        "guidance.en",
        "advice.en",
        'criterion "belonging-1": advice is not a field of this format',
        0,
    ),
    "an id used twice": (
        FULL,
        'id = "belonging-2"',
        'id = "belonging-1"',
        'criterion "belonging-1": id is used twice',
        0,
    ),
    "an id that is none": (FULL, 'id = "belonging-2"', 'id = "Belonging 2"', "is not an id", 0),
    "a group that its lens has not": (
        FULL,
        'lenses.values = ["belonging"]',
        'lenses.values = ["warmth"]',
        'criterion "belonging-1": lenses.values: “warmth” is not a group of that lens',
        0,
    ),
    "a lens that is not there": (
        FULL,
        "lenses.values",
        "lenses.virtues",
        'criterion "belonging-1": lenses.virtues is not a lens of this edition',
        0,
    ),
    "a lens that is not answered": (
        FULL,
        'lenses.values = ["belonging"]\n',
        "",
        'criterion "belonging-1": lenses.values is missing: under which groups',
        0,
    ),
    "a word that no sector has": (
        FULL,
        "and shown round by {recipients}",
        "and shown round by {customers}",
        'criterion "belonging-1": statement.en: {customers} is not a word that can stand here',
        0,
    ),
    "a sector's word where no sector is known": (
        FULL,
        "Ten principles, with five criteria each",
        "Ten principles for {recipients}",
        "summary.en: {recipients} is not a word that can stand here",
        0,
    ),
    "a lonely brace": (
        FULL,
        "and shown round by {recipients}",
        "and shown round by {recipients",
        'criterion "belonging-1": statement.en has a brace that belongs to no word',
        0,
    ),
    "a criterion that only a photo could show": (
        FULL,
        'evidence = ["observation", "document", "quotation"]',
        'evidence = ["photo"]',
        'criterion "belonging-1": evidence needs a kind other than photo',
        0,
    ),
    "a kind of evidence that is none": (
        FULL,
        'evidence = ["observation"',
        'evidence = ["rumour"',
        "“rumour” is not a kind of evidence",
        0,
    ),
    "too few things to ask": (
        "ten-minute-look-1.toml",
        '  "Who might feel left out at the moment?",\n',
        "",
        'criterion "belonging-look": ask.en should be 2 to 3 texts',
        -2,
    ),
    "a scale that does not rise": (
        FULL,
        "value = 2",
        "value = 1",
        "scale.item 3.value should be more than 1: a scale rises",
        0,
    ),
    "a rule of no kind": (
        FULL,
        'kind = "every-principle"',
        'kind = "average"',
        "award_rule.kind should be one of: every-principle, classes",
        0,
    ),
    "a rule that names no step of the scale": (
        FULL,
        "rating = 2",
        "rating = 5",
        "award_rule.rating: 5 is not on the scale",
        0,
    ),
    "a rule with a voice that nobody has": (
        FULL,
        'voices = ["resident"]',
        'voices = ["nobody"]',
        "“nobody” is not a voice",
        0,
    ),
    "a class without a rule of classes": (
        FULL,
        'id = "belonging-2"',
        'id = "belonging-2"\nin_class = "vital"',
        'criterion "belonging-2": in_class: “vital” is not a class of the award rule',
        1,
    ),
    "a first edition that came from somewhere": (
        FULL,
        'id = "belonging-2"',
        'id = "belonging-2"\nfrom = ["belonging-9"]',
        'criterion "belonging-2": from has no meaning in a first edition',
        1,
    ),
    "a number that is text": (FULL, "value = 3", 'value = "3"', "scale.item 4.value should be a whole number", 0),
    "a file under another's name": (FULL, "edition = 1", "edition = 7", "the file’s name says “1”", 0),
    "a language that is none": (FULL, 'languages = ["en"]', 'languages = ["English"]', "is not a language code", 0),
    "Welsh for a criterion that is not there": (
        WELSH,
        "belonging-1.statement",
        "belonging-11.statement",
        "criteria.belonging-11.statement is not in the edition",
        0,
    ),
    "Welsh that calls itself reviewed and has gaps": (
        WELSH,
        'status = "draft"',
        'status = "reviewed"',
        "criteria.belonging-1.guidance is missing, and the translation says that it is reviewed",
        93,
    ),
    "Welsh with a word that no sector has": (
        WELSH,
        "gan {the_recipients}",
        "gan {customers}",
        "{customers} is not a word that can stand here",
        0,
    ),
    "a sector without a word": (WARD, 'recipients = "patients"\n', "", "words.en.recipients is missing", -5),
    "a sector without a voice": (WARD, 'visitor.en = "Visitors"\n', "", "voices.visitor.en is missing", 0),
    "a sector with an unknown voice": (WARD, "visitor.en", "guest.en", "voices.guest is not a field of this format", 0),
    "a record of nothing": (
        "published.toml",
        'slug = "ten-minute-look"',
        'slug = "five-minute-look"',
        "five-minute-look-1.toml was published on 2026-11-23 and is missing",
        -1,
    ),
    "a record with half a hash": ("published.toml", 'sha256 = "', 'sha256 = "x', "is not 64 hexadecimal digits", 0),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_file_that_lies_is_refused_with_file_line_and_reason(folder, lie):
    name, old, new, reason, offset = LIES[lie]
    if name != "published.toml":
        unpublished(folder)
    line = change(folder / name, old, new) + offset

    complaints = complaints_of(folder)

    where = f"checklists/{name}, line {line}: "
    assert any(said.startswith(where) and reason in said for said in complaints), complaints


def test_every_mistake_is_said_in_one_go(folder):
    unpublished(folder)
    one = change(folder / FULL, 'id = "safety-2"', 'id = "safety-1"')
    two = change(folder / FULL, "value = 3", "value = 2")
    three = change(folder / "ten-minute-look-1.toml", "value = 3", "value = 2")

    complaints = complaints_of(folder)

    assert [complaint.split(":")[0] for complaint in complaints] == [
        f"checklists/{FULL}, line {two}",
        f"checklists/{FULL}, line {one}",
        f"checklists/ten-minute-look-1.toml, line {three}",
    ]


def test_a_file_that_is_not_utf_8_is_refused_with_its_line(folder):
    path = unpublished(folder) / FULL
    path.write_bytes(path.read_bytes().replace("‘you have".encode(), b"\x91you have"))

    (complaint,) = complaints_of(folder)

    assert re.fullmatch(rf"checklists/{FULL}, line \d\d: is not written in UTF-8", complaint)


def test_a_file_without_a_checklists_name_is_refused(folder):
    (folder / "notes.toml").write_text('slug = "notes"')

    assert complaints_of(folder) == [
        "checklists/notes.toml, line 1: should be called <slug>-<edition>.toml, or …-1.cy.toml"
    ]


def test_a_sector_without_an_ids_name_is_refused(folder):
    (folder / "sectors" / "ward.toml").rename(folder / "sectors" / "Ward 7.toml")

    assert complaints_of(folder) == [
        "checklists/sectors/Ward 7.toml, line 1: should be called <id>.toml: small letters, digits and hyphens"
    ]


def test_a_file_with_unusual_line_ends_is_still_pointed_into(folder):
    path = unpublished(folder) / FULL
    text = path.read_text("utf-8").replace("This is not idle time", "This is \u2028 not idle time")
    line = text[: text.index('id = "safety-2"')].count("\n") + 1
    path.write_bytes(text.replace('id = "safety-2"', 'id = "safety-1"').replace("\n", "\r\n").encode())

    assert complaints_of(folder) == [f'checklists/{FULL}, line {line}: criterion "safety-1": id is used twice']


def test_a_folder_without_sectors_is_refused(folder):
    shutil.rmtree(folder / "sectors")

    assert "checklists/sectors: has no sector" in complaints_of(folder)[0]


def test_a_new_sector_is_a_file_and_no_code(folder):
    text = (folder / "sectors" / "hostel.toml").read_text("utf-8")
    (folder / "sectors" / "boat.toml").write_text(text.replace('"hostel"', '"boat"').replace('"a hostel"', '"a boat"'))

    worded = Library.load(folder).find(MAIN, 1).in_words("boat", "en")

    assert worded["principles"][9]["criteria"][4]["guidance"].startswith("A boat can only be as brave as")


def test_a_rule_of_classes_is_taken_and_names_its_criteria(folder):
    path = unpublished(folder) / "triple-bottom-line-1.toml"
    text = path.read_text("utf-8")
    for principle, kind in (("economic", "type-1"), ("environmental", "type-2"), ("social", "type-3")):
        text = re.sub(rf'id = "({principle}-\d)"', rf'id = "\1"\nin_class = "{kind}"', text)
    rule = '\n[award_rule]\nkind = "classes"\nrating = 2\n'
    for kind, share in (("type-1", 100), ("type-2", 80), ("type-3", 60)):
        rule += f'\n[[award_rule.classes]]\nid = "{kind}"\ntitle.en = "{kind}"\nshare = {share}\n'
    path.write_text(text + rule, "utf-8")

    worded = Library.load(folder).editions["triple-bottom-line", 1].in_words("ward", "en")["award_rule"]

    assert (worded["kind"], worded["rating"]) == ("classes", 2)
    assert [(part["id"], part["share"]) for part in worded["classes"]] == [
        ("type-1", 100),
        ("type-2", 80),
        ("type-3", 60),
    ]
    assert worded["classes"][0]["criteria"] == ["economic-1", "economic-2", "economic-3", "economic-4"]


def test_a_class_that_no_criterion_is_in_names_nothing(folder):
    path = unpublished(folder) / "triple-bottom-line-1.toml"
    text = re.sub(r'id = "(\w+-\d)"', r'id = "\1"\nin_class = "all"', path.read_text("utf-8"))
    rule = '\n[award_rule]\nkind = "classes"\nrating = 2\n'
    for kind in ("all", "none"):
        rule += f'\n[[award_rule.classes]]\nid = "{kind}"\ntitle.en = "{kind}"\nshare = 80\n'
    path.write_text(text + rule, "utf-8")

    (complaint,) = complaints_of(folder)

    assert 'class "none" names nothing: no criterion is in this class' in complaint


# Editions that follow one another


def second_edition(folder: Path, **changes: str) -> Path:
    """Edition 2 of the triple bottom line, in which everything goes on as it was."""
    text = (folder / "triple-bottom-line-1.toml").read_text("utf-8")
    text = text.replace("edition = 1\n", "edition = 2\nfollows = 1\n", 1)
    text = re.sub(r'id = "(\w+-\d)"', r'id = "\1"\nfrom = ["\1"]', text)
    for old, new in changes.values():
        assert old in text
        text = text.replace(old, new, 1)
    path = folder / "triple-bottom-line-2.toml"
    path.write_text(text, "utf-8")
    return path


def test_a_later_edition_states_what_each_criterion_came_from(folder):
    second_edition(folder)

    edition = Library.load(folder).editions["triple-bottom-line", 2]

    assert edition.follows == 1
    assert edition.criteria["social-4"].came_from == ["social-4"]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("follows = 1\n", "", "follows is missing: which edition does this one follow?"),
        ("follows = 1\n", "follows = 2\n", "there is no earlier edition 2"),
        ('from = ["social-4"]\n', "", 'criterion "social-4": from is missing'),
        ('from = ["social-4"]', 'from = ["social-5"]', "“social-5” is not in edition 1"),
        ('from = ["social-4"]', "from = []", "“social-4” of edition 1 neither goes on nor has ended"),
        (
            "follows = 1",
            'follows = 1\nended = ["social-4"]',
            "“social-4” has ended, and yet a criterion goes on from it",
        ),
    ],
)
def test_a_mapping_with_a_gap_is_refused(folder, old, new, reason):
    second_edition(folder, change=(old, new))

    assert any(reason in complaint for complaint in complaints_of(folder))


def test_only_the_newest_published_edition_is_offered_and_the_older_can_still_be_read(folder):
    second_edition(folder)
    run(folder, "publish", "triple-bottom-line", "2")

    library = Library.load(folder)

    assert [(edition.slug, edition.edition) for edition in library.offered][2] == ("triple-bottom-line", 2)
    assert library.find("triple-bottom-line", 1).edition == 1


# Where things stand in a file


def test_a_line_is_found_for_every_kind_of_place():
    lines = Lines(
        'title.en = "T"\n'
        "# a remark\n"
        "groups = [\n"
        '  { id = "a" },\n'
        '  { id = "b" },\n'
        "]\n"
        'long = """\n'
        "[[not.a.header]]\n"
        '"""\n'
        "[[one]]\n"
        'id = "x"\n'
        "[[one.two]]\n"
        'id = "y"\n'
        "[[one.two]]\n"
        'said.en = ["p", "q"]\n'
        "[rule]\n"
        "share = 80"
    )

    assert lines.of(("title", "en")) == 1
    assert lines.of(("groups", 1, "id")) == 5
    assert lines.of(("one", 0)) == 10
    assert lines.of(("one", 0, "two", 1)) == 14
    assert lines.of(("one", 0, "two", 1, "said", "en", 1)) == 15
    assert lines.of(("one", 0, "two", 1, "missing")) == 14
    assert lines.of(("rule", "share")) == 17
    assert lines.of(("nowhere",)) == 1


# Commands


def run(folder: Path, *words: str):
    app = Flask(__name__)
    app.config["CHECKLISTS_DIR"] = str(folder)
    app.cli.add_command(commands)
    return app.test_cli_runner().invoke(args=["checklists", *words])


def test_check_says_what_is_published_and_what_is_a_draft(folder):
    second_edition(folder)

    result = run(folder, "check")

    assert result.exit_code == 0
    assert f"published 2026-11-23  {MAIN} 1, cy draft" in result.output
    assert "draft, not offered    triple-bottom-line 2" in result.output


def test_check_says_what_is_broken_without_a_stack(folder):
    line = change(folder / WARD, "visitor.en", "guest.en")

    result = run(folder, "check")

    assert result.exit_code == 1
    assert f"checklists/{WARD}, line {line}: voices.guest is not a field of this format" in result.output
    assert "Traceback" not in result.output


def test_publishing_freezes_a_draft_once(folder):
    second_edition(folder)

    first, second = run(folder, "publish", "triple-bottom-line", "2"), run(folder, "publish", "triple-bottom-line", "2")

    assert first.exit_code == 0
    assert "can no longer change" in first.output
    assert second.exit_code == 1
    assert "was published on" in second.output
    change(folder / "triple-bottom-line-2.toml", "Few people like", "Nobody likes")
    assert "has changed since" in complaints_of(folder)[0]


def test_nothing_is_published_that_is_not_there(folder):
    result = run(folder, "publish", "no-such-list", "1")

    assert result.exit_code == 1
    assert "There is no file no-such-list-1.toml" in result.output


# Over the wire


class Reader(UserMixin):
    """Somebody who is signed in."""

    id = "reader"


@pytest.fixture
def client():
    """A small house with only the checklists in it, in which the header X-Reader signs one in."""
    app = Flask(__name__)
    app.config["SECRET_KEY"] = "not a secret"
    LoginManager(app).request_loader(lambda request: Reader() if "X-Reader" in request.headers else None)
    app.register_error_handler(Problem, lambda problem: (problem.body(), problem.status))
    checklists.init_app(app)
    client = app.test_client()
    client.environ_base["HTTP_X_READER"] = "yes"
    return client


def test_a_reader_finds_the_checklists_and_the_sectors(client):
    body = client.get("/api/checklists").json

    assert body["protocol"] == 1
    assert [one["slug"] for one in body["checklists"]] == EDITIONS
    assert body["checklists"][0]["languages"] == ["en", "cy"]
    assert sorted(sector["id"] for sector in body["sectors"]) == SECTORS


def test_a_reader_gets_an_edition_in_their_sectors_words_once(client):
    address = f"/api/checklists/{MAIN}/1?sector=ward&language=en"

    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    other = client.get(address.replace("ward", "school"), headers={"If-None-Match": first.headers["ETag"]})

    assert first.status_code == 200
    assert first.json == {"protocol": 1, **LIBRARY.find(MAIN, 1).in_words("ward", "en")}
    assert (again.status_code, again.data) == (304, b"")
    assert other.status_code == 200


@pytest.mark.parametrize(
    ("address", "status", "problem"),
    [
        (f"/api/checklists/{MAIN}/1", 422, "sector-unknown"),
        (f"/api/checklists/{MAIN}/1?sector=submarine", 422, "sector-unknown"),
        (f"/api/checklists/{MAIN}/1?sector=ward&language=xx", 422, "language-unknown"),
        (f"/api/checklists/{MAIN}/2?sector=ward", 404, "checklist-unknown"),
        ("/api/checklists/nothing/1?sector=ward", 404, "checklist-unknown"),
    ],
)
def test_what_is_not_there_is_said_clearly(client, address, status, problem):
    reply = client.get(address)

    assert reply.status_code == status
    assert reply.json["type"] == f"/problems/{problem}"
    assert reply.json["detail"]


def test_the_signed_out_are_refused(client):
    client.environ_base.pop("HTTP_X_READER")

    assert client.get("/api/checklists").status_code == 401
    assert client.get(f"/api/checklists/{MAIN}/1?sector=ward").status_code == 401

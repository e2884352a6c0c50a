"""What must hold in a checklist beyond the shape of its file.

Each check takes the file's data as its schema loaded it and yields a `Mistake` for everything that does not fit: where,
as a path into the file, and what, in words that follow the name of the place.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from .lines import Path

PLACEHOLDER = re.compile(r"\{([A-Za-z]\w*)\}")
CORE_WORDS = ("setting", "settings", "recipient", "recipients", "staff", "community_meeting", "leaving")


# These stand in lists where no sector is chosen yet, so they must do without its words.
SECTORLESS = (("title",), ("summary",), ("source",))


class Mistake(NamedTuple):
    """One thing that is wrong: where in the file, and what."""

    path: Path
    words: str


class TextAt(NamedTuple):
    """A text, or a list of texts, by language, and where it stands."""

    path: Path
    by_language: dict[str, str | list[str]]


def texts_of(edition: dict) -> Iterator[TextAt]:
    """Every text of an edition."""
    for field in ("title", "summary", "source"):
        yield TextAt((field,), edition[field])
    for step_path, step in _each(("scale",), edition["scale"]):
        yield from _texts(step_path, step, "word", "hint")
    for lens_path, lens in _each(("lenses",), edition["lenses"]):
        yield from _texts(lens_path, lens, "title")
        for path, group in _each((*lens_path, "groups"), lens["groups"]):
            yield from _texts(path, group, "title")
    for path, part in _each(("award_rule", "classes"), (edition["award_rule"] or {}).get("classes", [])):
        yield from _texts(path, part, "title")
    for principle_path, principle in _each(("principles",), edition["principles"]):
        yield from _texts(principle_path, principle, "title", "short", "about")
        for path, criterion in _each((*principle_path, "criteria"), principle["criteria"]):
            yield from _texts(path, criterion, "statement", "guidance", "look_for", "ask")


def criteria_of(edition: dict) -> Iterator[tuple[Path, dict]]:
    """Every criterion of an edition, and where it stands."""
    for path, principle in _each(("principles",), edition["principles"]):
        yield from _each((*path, "criteria"), principle["criteria"])


def check_edition(edition: dict, before: dict | None, words: dict[str, set[str]]) -> Iterator[Mistake]:
    """Everything wrong with an edition; `before` is the one it follows, `words` the sector words of each language."""
    yield from _check_languages(edition)
    yield from _check_ids(edition)
    yield from _check_scale(edition)
    yield from _check_criteria(edition)
    yield from _check_rule(edition)
    yield from _check_mapping(edition, before)
    for path, by_language in texts_of(edition):
        for language, said in by_language.items():
            known = set() if path in SECTORLESS else words.get(language, set())
            yield from check_words((*path, language), said, known)


def check_translation(translation: dict, edition: dict, words: dict[str, set[str]]) -> Iterator[Mistake]:
    """Everything wrong with a translation: ids the edition has not, lists of another length, gaps in a reviewed one."""
    language = translation["language"]
    if language in edition["languages"]:
        yield Mistake(("language",), f"“{language}” is already in the edition itself")
    known = dict(_translatable(edition))
    for path, said in _said_in(translation):
        if path not in known:
            yield Mistake(path, "is not in the edition")
            continue
        if isinstance(said, list) and len(said) != len(known[path]):
            yield Mistake(path, f"has {len(said)} texts, and the edition has {len(known[path])}")
        yield from check_words(path, said, set() if path in SECTORLESS else words.get(language, set()))
    if translation["status"] == "reviewed":
        said = dict(_said_in(translation))
        for path in known:
            if path not in said:
                yield Mistake(path, "is missing, and the translation says that it is reviewed")


def check_sector(sector: dict, words: dict[str, set[str]]) -> Iterator[Mistake]:
    """Everything wrong with a sector; `words` are all the words that any sector has, by language."""
    for language in words:
        for path, texts in _sector_texts(sector):
            if language not in texts:
                yield Mistake((*path, language), "is missing")
        missing = words[language].union(CORE_WORDS) - sector["words"].get(language, {}).keys()
        for word in sorted(missing):
            yield Mistake(("words", language, word), "is missing")


def check_words(path: Path, said: str | list[str], words: set[str]) -> Iterator[Mistake]:
    """A text's placeholders are words that the sectors have, and no brace stands alone."""
    for text in said if isinstance(said, list) else [said]:
        for name in PLACEHOLDER.findall(text):
            if word_of(name) not in words:
                yield Mistake(path, f"{{{name}}} is not a word that can stand here")
        if re.search(r"[{}]", PLACEHOLDER.sub("", text)):
            yield Mistake(path, "has a brace that belongs to no word")


def word_of(name: str) -> str:
    """The word that a placeholder stands for: {Recipients} is {recipients} with a capital."""
    return name[0].lower() + name[1:]


def apply_translation(edition: dict, translation: dict) -> None:
    """Lay a translation's texts into its edition's data, by their ids."""
    said = dict(_said_in(translation))
    for path, by_language in _by_id(edition):
        if path in said:
            by_language[translation["language"]] = said[path]


def _check_languages(edition: dict) -> Iterator[Mistake]:
    languages = edition["languages"]
    if len(set(languages)) != len(languages):
        yield Mistake(("languages",), "names a language twice")
    for path, texts in texts_of(edition):
        for language in languages:
            if language not in texts:
                yield Mistake((*path, language), "is missing")
        for language in sorted(texts.keys() - set(languages)):
            yield Mistake((*path, language), "is in a language that the edition does not name in languages")
        if len({len(said) for said in texts.values() if isinstance(said, list)}) > 1:
            yield Mistake(path, "has not the same number of texts in every language")


def _check_ids(edition: dict) -> Iterator[Mistake]:
    yield from _check_twice(_each(("lenses",), edition["lenses"]))
    for path, lens in _each(("lenses",), edition["lenses"]):
        yield from _check_twice(_each((*path, "groups"), lens["groups"]))
    yield from _check_twice(_each(("principles",), edition["principles"]))
    yield from _check_twice(criteria_of(edition))


def _check_twice(things) -> Iterator[Mistake]:
    met = set()
    for path, thing in things:
        if thing["id"] in met:
            yield Mistake((*path, "id"), "is used twice")
        met.add(thing["id"])


def _check_scale(edition: dict) -> Iterator[Mistake]:
    values = [step["value"] for step in edition["scale"]]
    for place in range(1, len(values)):
        if values[place] <= values[place - 1]:
            yield Mistake(("scale", place, "value"), f"should be more than {values[place - 1]}: a scale rises")


def _check_criteria(edition: dict) -> Iterator[Mistake]:
    groups = {lens["id"]: {group["id"] for group in lens["groups"]} for lens in edition["lenses"]}
    for path, criterion in criteria_of(edition):
        for lens in sorted(groups.keys() - criterion["lenses"].keys()):
            yield Mistake((*path, "lenses", lens), "is missing: under which groups does this criterion come?")
        for lens, named in criterion["lenses"].items():
            if lens not in groups:
                yield Mistake((*path, "lenses", lens), "is not a lens of this edition")
                continue
            if not named:
                yield Mistake((*path, "lenses", lens), "names no group")
            for group in named:
                if group not in groups[lens]:
                    yield Mistake((*path, "lenses", lens), f"“{group}” is not a group of that lens")
        if set(criterion["evidence"]) == {"photo"}:
            yield Mistake((*path, "evidence"), "needs a kind other than photo: cameras are forbidden in some places")


def _check_rule(edition: dict) -> Iterator[Mistake]:
    rule = edition["award_rule"]
    values = {step["value"] for step in edition["scale"]}
    for field in ("rating", "none_below"):
        if rule and field in rule and rule[field] not in values:
            yield Mistake(("award_rule", field), f"{rule[field]} is not on the scale")
    yield from _check_classes(edition, (rule or {}).get("classes", []))


def _check_classes(edition: dict, classes: list[dict]) -> Iterator[Mistake]:
    yield from _check_twice(_each(("award_rule", "classes"), classes))
    ids = {part["id"] for part in classes}
    named = set()
    for path, criterion in criteria_of(edition):
        named.add(criterion["in_class"])
        if criterion["in_class"] is None and ids:
            yield Mistake((*path, "in_class"), "is missing, and the award rule goes by classes")
        elif criterion["in_class"] is not None and criterion["in_class"] not in ids:
            yield Mistake((*path, "in_class"), f"“{criterion['in_class']}” is not a class of the award rule")
    for path, part in _each(("award_rule", "classes"), classes):
        if part["id"] not in named:
            yield Mistake(path, "names nothing: no criterion is in this class")


def _check_mapping(edition: dict, before: dict | None) -> Iterator[Mistake]:
    """A later edition says where each criterion came from and which ended, so that trends survive."""
    if edition["edition"] == 1:
        yield from _check_no_mapping(edition)
        return
    if edition["follows"] is None:
        yield Mistake(("follows",), "is missing: which edition does this one follow?")
        return
    if before is None or edition["follows"] >= edition["edition"]:
        yield Mistake(("follows",), f"there is no earlier edition {edition['follows']}")
        return
    earlier = {criterion["id"] for _, criterion in criteria_of(before)}
    gone_on = set()
    for path, criterion in criteria_of(edition):
        if criterion["came_from"] is None:
            yield Mistake((*path, "from"), "is missing: name the criteria before it, or [] for a new one")
            continue
        gone_on.update(criterion["came_from"])
        for name in criterion["came_from"]:
            if name not in earlier:
                yield Mistake((*path, "from"), f"“{name}” is not in edition {edition['follows']}")
    for name in edition["ended"]:
        if name not in earlier:
            yield Mistake(("ended",), f"“{name}” is not in edition {edition['follows']}")
        if name in gone_on:
            yield Mistake(("ended",), f"“{name}” has ended, and yet a criterion goes on from it")
    for name in sorted(earlier - gone_on - set(edition["ended"])):
        yield Mistake(("ended",), f"“{name}” of edition {edition['follows']} neither goes on nor has ended")


def _check_no_mapping(edition: dict) -> Iterator[Mistake]:
    for field in ("follows", "ended"):
        if edition[field]:
            yield Mistake((field,), "has no meaning in a first edition")
    for path, criterion in criteria_of(edition):
        if criterion["came_from"]:
            yield Mistake((*path, "from"), "has no meaning in a first edition")


def _by_id(edition: dict) -> Iterator[TextAt]:
    """Every text of an edition under the path that a translation has it at: by ids, not by places."""
    names = {("scale", place): ("scale", str(step["value"])) for place, step in enumerate(edition["scale"])}
    for path, text in texts_of(edition):
        match path:
            case ("scale", place, field):
                yield TextAt((*names["scale", place], field), text)
            case ("lenses", place, "title"):
                yield TextAt(("lenses", edition["lenses"][place]["id"], "title"), text)
            case ("lenses", place, "groups", group, "title"):
                lens = edition["lenses"][place]
                yield TextAt(("lenses", lens["id"], "groups", lens["groups"][group]["id"]), text)
            case ("award_rule", "classes", place, "title"):
                yield TextAt(("classes", edition["award_rule"]["classes"][place]["id"]), text)
            case ("principles", place, "criteria", criterion, field):
                yield TextAt(("criteria", edition["principles"][place]["criteria"][criterion]["id"], field), text)
            case ("principles", place, field):
                yield TextAt(("principles", edition["principles"][place]["id"], field), text)
            case _:
                yield TextAt(path, text)


def _translatable(edition: dict) -> Iterator[tuple[Path, str | list[str]]]:
    original = edition["languages"][0]
    for path, text in _by_id(edition):
        yield path, text[original]


def _said_in(translation: dict) -> Iterator[tuple[Path, str | list[str]]]:
    """Every text of a translation, by the same paths."""
    for field in ("title", "summary", "source"):
        if field in translation:
            yield (field,), translation[field]
    for name, lens in translation["lenses"].items():
        if "title" in lens:
            yield ("lenses", name, "title"), lens["title"]
        for group, said in lens["groups"].items():
            yield ("lenses", name, "groups", group), said
    for name, said in translation["classes"].items():
        yield ("classes", name), said
    for kind in ("scale", "principles", "criteria"):
        for name, fields in translation[kind].items():
            for field, said in fields.items():
                yield (kind, name, field), said


def _sector_texts(sector: dict) -> Iterator[tuple[Path, dict]]:
    yield ("title",), sector["title"]
    yield ("about",), sector["about"]
    for voice, texts in sector["voices"].items():
        yield ("voices", voice), texts


def _each(path: Path, things: list[dict]) -> Iterator[tuple[Path, dict]]:
    for place, thing in enumerate(things):
        yield (*path, place), thing


def _texts(path: Path, thing: dict, *fields: str) -> Iterator[TextAt]:
    for field in fields:
        yield TextAt((*path, field), thing[field])

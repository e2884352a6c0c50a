"""Makes the vectors that Python and JavaScript are both tested with: `python -m tests.vectors.make`.

Nothing here imports the code under test: what is expected is written by hand (`effects.json`), comes from a second
implementation (`canonical.json`), or is worked out in the most naive way there is (`due.json`, `live.json`).
"""

import hashlib
import json
import random
import unicodedata
from datetime import date, timedelta
from pathlib import Path

import rfc8785

HERE = Path(__file__).parent
SEED = 20261123
AUDIT_SITE = "0198c5a1-0000-7000-8000-000000000001"
C = "0198c5a1-0000-7000-8000-00000000000c"
P = "0198c5a1-0000-7000-8000-000000000009"
E = "0198c5a1-0000-7000-8000-00000000000e"
S = "0198c5a1-0000-7000-8000-00000000000f"

# What ECMAScript's trim() removes, by name: its WhiteSpace and LineTerminator.
TRIMMED = [
    *range(0x09, 0x0E),
    0x20,
    0xA0,
    0x1680,
    *range(0x2000, 0x200B),
    0x2028,
    0x2029,
    0x202F,
    0x205F,
    0x3000,
    0xFEFF,
]
# What Python's strip() or a person would call blank, and trim() leaves alone.
NOT_TRIMMED = [0x1C, 0x1D, 0x1E, 0x1F, 0x85, 0x180E, 0x200B, 0x200C, 0x200D, 0x2060]


def main() -> None:
    """Write the files anew; the same every time."""
    for name, vectors in (
        ("canonical", canonical()),
        ("due", due()),
        ("effects", effects()),
        ("live", live(random.Random(SEED))),
    ):
        (HERE / f"{name}.json").write_text(as_file(vectors), encoding="utf-8")


def as_file(vectors: list) -> str:
    """A list, one vector a line, in plain ASCII so that no editor or tool can change what it says."""
    return "[\n" + ",\n".join(json.dumps(vector) for vector in vectors) + "\n]\n"


# an item of a plan, and a day → where it stands


def due() -> list[dict]:
    """Around a day, over the ends of months and years, and with the day in February that most years lack."""
    found = []
    for today in (date(2026, 11, 23), date(2026, 12, 28), date(2028, 2, 25)):
        for away in (-400, -1, 0, 1, 6, 7, 8, 400):
            stands = "overdue" if away < 0 else "week" if away <= 7 else "later"
            day = str(today + timedelta(days=away))
            for state in (None, "to-do", "doing"):
                found.append({"state": state, "due": day, "today": str(today), "stands": stands})
            for state in ("done", "dropped"):
                found.append({"state": state, "due": day, "today": str(today), "stands": state})
    return [*found, {"state": "to-do", "due": None, "today": "2026-11-23", "stands": "undated"}]


# value → canonical text → digest; and text → tidied text


def canonical() -> list[dict]:
    values = [
        None,
        True,
        False,
        0,
        -1,
        3,
        2**53 - 1,
        "",
        "plain",
        'quote " backslash \\ slash /',
        "\b\f\n\r\t\u0001\u001f\u007f",
        "a\u2028b\u2029c",
        "café, Wŷr, Łódź, 日本語, עברית, العربية",
        "🙂👩‍👩‍👧 \U0001f468\u200d\U0001f9b0",
        "a'b’c“d”",
        [],
        {},
        [[], {}, [None]],
        [1, "1", True, None],
        {"b": 1, "a": 2, "B": 3, "_": 4, "10": 5, "9": 6},
        {"shows": "x", "hinders": "y", "helps": {"deep": [{"z": 1, "y": [2]}]}},
        {"rating": None, "reason": "no night staff here"},
    ]
    texts = [
        ("e\u0301", "\u00e9"),
        ("\u00e9", "\u00e9"),
        ("w\u0302yr", "\u0175yr"),
        ("A\u030a", "\u00c5"),
        ("\u212b", "\u00c5"),  # the Angstrom sign
        ("\u1112\u1161\u11ab", "\ud55c"),  # Hangul
        ("q\u0307\u0323", "q\u0323\u0307"),  # marks in another order
        ("\u0958", "\u0915\u093c"),  # excluded from composition: gets longer
        ("\ufb01", "\ufb01"),  # a ligature is left alone
        ("\u0301", "\u0301"),
        ("  both ends\t\n", "both ends"),
        ("in  side", "in  side"),
        (" e\u0301 ", "\u00e9"),
        *((f"{chr(code)}x{chr(code)}", "x") for code in TRIMMED),
        *((f"{chr(code)}x{chr(code)}", f"{chr(code)}x{chr(code)}") for code in NOT_TRIMMED),
        ("".join(map(chr, TRIMMED)), ""),
    ]
    for text, tidied in texts:
        assert unicodedata.normalize("NFC", text).strip("".join(map(chr, TRIMMED))) == tidied
    return [_canonical(value, value) for value in values] + [
        _canonical(shape(text), shape(tidied))
        for text, tidied in texts
        for shape in (lambda text: text, lambda text: {"shows": text, "list": [text, 1, None]})
    ]


def _canonical(value, tidied) -> dict:
    text = rfc8785.dumps(value)
    return {
        "value": value,
        "canonical": text.decode(),
        "digest": hashlib.sha256(text).hexdigest(),
        "tidied": rfc8785.dumps(tidied).decode(),
    }


# every offline kind: payload → registers, or refused


def effects() -> list[dict]:
    opening = {"site": AUDIT_SITE, "checklist": "ten-minute-look", "edition": 1, "track": "development"}
    add = {"contributor": C, "voice": "resident", "label": "Residents' meeting"}
    rate = {"contributor": C, "criterion": "safety-1", "rating": 2}
    comment = {"contributor": C, "criterion": "safety-1", "text": "They listen, mostly."}
    agree = {"criterion": "safety-1", "rating": 0}
    account = {"criterion": "safety-1", "shows": "a", "helps": "b", "hinders": ""}

    observation = {"evidence": E, "kind": "observation", "caption": "The door is open", "criteria": ["safety-1"]}
    quotation = observation | {"kind": "quotation", "voice": "resident"}
    document = observation | {"kind": "document", "where": "Office, second shelf"}
    count = observation | {"kind": "count", "count": 12}
    photo = observation | {"kind": "photo", "sha256": "ab" * 32, "nobody": True}

    judge = {"criterion": "safety-1", "judgement": "met"}
    note = {"criterion": "safety-1", "text": "Ask the night staff"}
    probe = {"criterion": "safety-1", "probe": True}
    see = {"seen": S, "criteria": ["safety-1"], "text": "The door is open"}
    remark = {"strengths": "People know each other.", "suggestions": "More plants."}

    def judged(value):
        return {"judgement/safety-1/judgement": value}

    def saw(value):
        return {f"seen/{S}/said": value, f"seen/{S}/withdrawn": False}

    def item(details, shown=("safety-1",), caption="The door is open"):
        at = f"evidence/{E}"
        standing = {f"{at}/details": details, f"{at}/caption": caption, f"{at}/withdrawn": False}
        return standing | {f"{at}/shows/{criterion}": True for criterion in shown}

    plan = {
        "item": P,
        "what": "A night team debrief",
        "criteria": ["safety-5", "safety-1"],
        "whose": "lead",
        "due": "2026-12-01",
        "answers": [{"kind": "answer", "reference": f"{C}/safety-5"}, {"kind": "meeting", "reference": "Friday"}],
    }
    standing_plan = {name: value for name, value in plan.items() if name != "item"} | {
        "criteria": ["safety-1", "safety-5"]
    }

    def planned(**said):
        return {f"plan/{P}/{name}": value for name, value in said.items()}

    def rated(value):
        return {f"answer/{C}/safety-1/rating": value}

    def commented(text):
        return {f"answer/{C}/safety-1/comment": text}

    def added(label):
        at = f"contributor/{C}"
        return {f"{at}/label": label, f"{at}/voice": "resident", f"{at}/withdrawn": False}

    taken = [
        ("audit.open", opening, {"audit/opening": opening}),
        (
            "audit.open",
            opening | {"track": "award", "edition": 2},
            {"audit/opening": opening | {"track": "award", "edition": 2}},
        ),
        ("contributor.add", add, added("Residents' meeting")),
        ("contributor.add", add | {"label": "  Cafe\u0301 \ufeff"}, added("Caf\u00e9")),
        ("contributor.add", add | {"label": "x" * 80}, added("x" * 80)),
        ("contributor.add", add | {"label": "e\u0301" * 80}, added("\u00e9" * 80)),
        ("contributor.add", add | {"label": "\U0001f642" * 80}, added("\U0001f642" * 80)),
        ("contributor.withdraw", {"contributor": C}, {f"contributor/{C}/withdrawn": True}),
        *(("answer.rate", rate | {"rating": rating}, rated({"rating": rating})) for rating in (0, 1, 2, 3, None)),
        (
            "answer.rate",
            rate | {"rating": None, "reason": " no night staff\n"},
            rated({"rating": None, "reason": "no night staff"}),
        ),
        ("answer.comment", comment, commented("They listen, mostly.")),
        ("answer.comment", comment | {"text": ""}, commented("")),
        ("answer.comment", comment | {"text": "\u3000\u2003"}, commented("")),
        ("answer.comment", comment | {"text": "\u212b\r\ntwo lines "}, commented("\u00c5\r\ntwo lines")),
        ("answer.comment", comment | {"text": "x" * 4000}, commented("x" * 4000)),
        *(
            ("finding.agree", agree | {"rating": rating}, {"finding/safety-1/rating": {"rating": rating}})
            for rating in (0, 3, None)
        ),
        (
            "finding.agree",
            agree | {"rating": None, "reason": "nobody stays the night"},
            {"finding/safety-1/rating": {"rating": None, "reason": "nobody stays the night"}},
        ),
        (
            "answer.comment",
            comment | {"text": "He was born on 3 May 1961.", "warned": ["date-of-birth"], "paper": "2026-11-20"},
            commented("He was born on 3 May 1961."),
        ),
        ("finding.account", account, {"finding/safety-1/account": {"shows": "a", "helps": "b", "hinders": ""}}),
        (
            "finding.account",
            account | {"shows": " o\u0302 ", "helps": "\t", "hinders": "x" * 4000},
            {"finding/safety-1/account": {"shows": "\u00f4", "helps": "", "hinders": "x" * 4000}},
        ),
        ("plan.add", plan, planned(**standing_plan, state={"state": "to-do"})),
        (
            "plan.add",
            plan
            | {
                "what": " Cafe\u0301 ",
                "criteria": [],
                "whose": "\t",
                "due": None,
                "answers": [],
                "paper": "2026-11-20",
            },
            planned(what="Caf\u00e9", criteria=[], whose="", due=None, answers=[], state={"state": "to-do"}),
        ),
        ("plan.change", {"item": P, "what": "x" * 500, "warned": ["phone-number"]}, planned(what="x" * 500)),
        ("plan.change", {"item": P, "due": None}, planned(due=None)),
        ("plan.change", {"item": P, "due": "2028-02-29", "whose": ""}, planned(due="2028-02-29", whose="")),
        (
            "plan.change",
            {"item": P, "criteria": ["safety-2", "belonging-1", "safety-2", "a-10", "a-9"]},
            planned(criteria=["a-10", "a-9", "belonging-1", "safety-2"]),
        ),
        (
            "plan.change",
            {
                "item": P,
                "answers": [{"kind": "meeting", "reference": " o\u0302 "}, {"kind": "evidence", "reference": E}],
            },
            planned(answers=[{"kind": "meeting", "reference": "\u00f4"}, {"kind": "evidence", "reference": E}]),
        ),
        ("plan.settle", {"item": P, "state": "to-do"}, planned(state={"state": "to-do"})),
        ("plan.settle", {"item": P, "state": "doing"}, planned(state={"state": "doing"})),
        (
            "plan.settle",
            {"item": P, "state": "done", "outcome": " It takes place. "},
            planned(state={"state": "done", "outcome": "It takes place."}),
        ),
        (
            "plan.settle",
            {"item": P, "state": "dropped", "reason": "No money"},
            planned(state={"state": "dropped", "reason": "No money"}),
        ),
        ("evidence.add", observation, item({"kind": "observation"})),
        (
            "evidence.add",
            observation
            | {"caption": " Cafe\u0301 ", "criteria": ["safety-1", "belonging-2"], "warned": ["phone-number"]},
            item({"kind": "observation"}, ("safety-1", "belonging-2"), "Caf\u00e9"),
        ),
        ("evidence.add", quotation, item({"kind": "quotation", "voice": "resident"})),
        ("evidence.add", document, item({"kind": "document", "where": "Office, second shelf"})),
        (
            "evidence.add",
            document | {"dated": "2026-02-28", "where": " o\u0302 "},
            item({"kind": "document", "where": "\u00f4", "dated": "2026-02-28"}),
        ),
        ("evidence.add", count, item({"kind": "count", "count": 12})),
        (
            "evidence.add",
            count | {"of": 12, "over": "October"},
            item({"kind": "count", "count": 12, "of": 12, "over": "October"}),
        ),
        ("evidence.add", photo, item({"kind": "photo", "sha256": "ab" * 32, "nobody": True})),
        ("evidence.tag", {"evidence": E, "criterion": "safety-1"}, {f"evidence/{E}/shows/safety-1": True}),
        ("evidence.untag", {"evidence": E, "criterion": "safety-1"}, {f"evidence/{E}/shows/safety-1": False}),
        ("evidence.caption", {"evidence": E, "caption": "Wide open "}, {f"evidence/{E}/caption": "Wide open"}),
        ("evidence.withdraw", {"evidence": E}, {f"evidence/{E}/withdrawn": True}),
        *(
            ("judgement.record", judge | {"judgement": held}, judged({"judgement": held}))
            for held in ("met", "partly", "not-yet", "does-not-apply")
        ),
        (
            "judgement.record",
            judge | {"reason": " Cafe\u0301 ", "warned": ["phone-number"]},
            judged({"judgement": "met", "reason": "Caf\u00e9"}),
        ),
        ("judgement.note", note, {"judgement/safety-1/note": "Ask the night staff"}),
        ("judgement.note", note | {"text": " \t"}, {"judgement/safety-1/note": ""}),
        ("judgement.probe", probe, {"judgement/safety-1/probe": True}),
        ("judgement.probe", probe | {"probe": False}, {"judgement/safety-1/probe": False}),
        ("visit.see", see, saw({"criteria": ["safety-1"], "text": "The door is open"})),
        (
            "visit.see",
            see | {"criteria": ["safety-2", "belonging-1", "safety-2"], "text": "x" * 4000},
            saw({"criteria": ["belonging-1", "safety-2"], "text": "x" * 4000}),
        ),
        ("visit.unsee", {"seen": S}, {f"seen/{S}/withdrawn": True}),
        ("assessment.remark", remark, {"assessment/remark": remark}),
        (
            "assessment.remark",
            remark | {"strengths": " o\u0302 ", "suggestions": "", "warned": ["date-of-birth"]},
            {"assessment/remark": {"strengths": "\u00f4", "suggestions": ""}},
        ),
    ]
    refused = [
        *_wrong("audit.open", opening, site="ward-1", checklist=7, edition=0, track="race"),
        *_wrong("audit.open", opening, edition="1"),
        *_wrong("audit.open", opening, edition=True),
        *_wrong("contributor.add", add, contributor=C.upper(), voice="patient", label=""),
        *_wrong("contributor.add", add, label="x" * 81),
        *_wrong("contributor.add", add, label=" \t "),
        *_wrong("contributor.add", add, label="\ufeff"),
        *_wrong("contributor.add", add, label="\ufb2c" * 80),  # 240 characters once composed as NFC asks
        *_wrong("contributor.withdraw", {"contributor": C}, contributor=None),
        *_wrong("answer.rate", rate, contributor="me", criterion="Safety 1", rating=4),
        *(
            vector
            for rating in (-1, 2.0, 2.5, True, "2", [2], {"rating": 2})
            for vector in _wrong("answer.rate", rate, rating=rating)
        ),
        *_wrong("answer.rate", rate, reason="a number needs none"),
        *_wrong("answer.rate", rate | {"rating": None}, reason=""),
        *_wrong("answer.rate", rate | {"rating": None}, reason=None),
        *_wrong("answer.rate", rate | {"rating": None}, reason="x" * 501),
        *_wrong("answer.comment", comment, contributor=1, criterion=["safety-1"], text=None),
        *_wrong("answer.comment", comment, text="x" * 4001),
        *_wrong("answer.comment", comment, warned=["a secret"], paper="last week"),
        *_wrong("answer.comment", comment, warned=[], paper="2026-02-30"),
        *_wrong("finding.agree", agree, criterion="", rating=4),
        *_wrong("finding.agree", agree, reason="a number needs none"),
        *_wrong("finding.account", account, criterion=None, shows=1, helps=None, hinders=["x"]),
        *_wrong("finding.account", account, hinders="x" * 4001),
        *_wrong("plan.add", plan, item="p", what="  ", criteria=["Safety 1"], whose=None, due="", answers=None),
        *_wrong("plan.add", plan, what="x" * 501, whose="x" * 61, due="1/12/2026", criteria=["a"] * 61, state="done"),
        *(
            vector
            for answer in (
                {"kind": "answer", "reference": C},
                {"kind": "answer", "reference": f"{C}/Safety 1"},
                {"kind": "answer", "reference": "somebody/safety-1"},
                {"kind": "evidence", "reference": "the photo"},
                {"kind": "meeting", "reference": ""},
                {"kind": "meeting", "reference": "x" * 121},
                {"kind": "rumour", "reference": "Friday"},
                {"kind": "meeting"},
                {"kind": "meeting", "reference": "Friday", "who": "Ann"},
                "Friday",
            )
            for vector in _wrong("plan.change", {"item": P}, answers=[answer])
        ),
        *_wrong("plan.change", {"item": P}, answers=[{"kind": "meeting", "reference": "Friday"}] * 2),
        *_wrong("plan.change", {"item": P}, answers=[{"kind": "meeting", "reference": f"{n}"} for n in range(21)]),
        *_wrong("plan.change", {"item": P}, due="2026-02-30", what=None, warned=["date-of-birth"]),
        *_wrong("plan.settle", {"item": P, "state": "doing"}, item=None, state="finished"),
        *_wrong("plan.settle", {"item": P, "state": "doing"}, outcome="It takes place."),
        *_wrong("plan.settle", {"item": P, "state": "to-do"}, reason="No money"),
        *_wrong("plan.settle", {"item": P, "state": "done"}, outcome=" ", reason="No money"),
        *_wrong("plan.settle", {"item": P, "state": "dropped", "reason": "No money"}, reason="", outcome="x"),
        *_wrong("plan.settle", {"item": P, "state": "done", "outcome": "x"}, outcome="x" * 1001),
        *_wrong("evidence.add", observation, evidence="e", kind="rumour", caption=" ", criteria=[]),
        *_wrong("evidence.add", observation, caption="x" * 2001, criteria=["safety-1"] * 61),
        *_wrong("evidence.add", observation, voice="staff", sha256="ab" * 32, nobody=True, where="here", count=1),
        *_wrong("evidence.add", quotation, voice="patient", caption=None),
        *_wrong("evidence.add", document, where="", dated="28/02/2026"),
        *_wrong("evidence.add", document, dated="2026-02-29"),
        *_wrong("evidence.add", count, count=-1, of=0),
        *_wrong("evidence.add", count, count=2.0, of=11, over=""),
        *_wrong("evidence.add", photo, sha256="AB" * 32, nobody=False),
        *_wrong("evidence.add", photo, nobody=None),
        *_wrong("evidence.tag", {"evidence": E, "criterion": "safety-1"}, evidence=None, criterion="Safety 1"),
        *_wrong("evidence.untag", {"evidence": E, "criterion": "safety-1"}, criterion=None),
        *_wrong("evidence.caption", {"evidence": E, "caption": "x"}, caption=""),
        *_wrong("evidence.withdraw", {"evidence": E}, evidence=E.upper()),
        *_wrong("judgement.record", judge, criterion="Safety 1", judgement="perhaps"),
        *_wrong("judgement.record", judge, reason=" "),
        *_wrong("judgement.record", judge, reason="x" * 2001),
        *_wrong("judgement.note", note, criterion=None, text=None),
        *_wrong("judgement.note", note, text="x" * 4001),
        *_wrong("judgement.probe", probe, criterion="", probe="yes"),
        *_wrong("visit.see", see, seen="s", criteria=[], text=" "),
        *_wrong("visit.see", see, criteria=["Safety 1"], text="x" * 4001),
        *_wrong("visit.unsee", {"seen": S}, seen=S.upper()),
        *_wrong("assessment.remark", remark, strengths=None, suggestions="x" * 8001),
    ]
    return [{"kind": kind, "payload": payload, "registers": registers} for kind, payload, registers in taken] + refused


def _wrong(kind: str, payload: dict, /, **wrong) -> list[dict]:
    """The payload with one field wrong at a time; the same without each, and with one that nobody knows."""
    payloads = [payload | {name: value} for name, value in wrong.items()]
    if len(wrong) > 1 or kind == "contributor.withdraw":
        payloads += [{name: value for name, value in payload.items() if name != missing} for missing in payload]
        payloads.append(payload | {"surprise": 1})
    return [{"kind": kind, "payload": payload, "refused": True} for payload in payloads]


# sets of operations → live writes


def live(chance: random.Random) -> list[dict]:
    """Small sets of operations with every kind of knot in them, and what is live, worked out by brute force."""
    told = [_told(name, operations) for name, operations in _knots()]
    for number in range(240):
        told.append(_told(f"random {number + 1}", _random_set(chance)))
    return told


def _said(id: str, value=None, seen: str = "", in_force: bool = True, register: str = "r") -> dict:
    return {"id": id, "seen": list(seen), "in_force": in_force, "writes": {register: value or id}}


def _knots() -> list[tuple[str, list[dict]]]:
    return [
        ("nothing said", []),
        ("one write", [_said("a")]),
        ("unseen by each other", [_said("a"), _said("b")]),
        ("agreement unseen by each other", [_said("a", "x"), _said("b", "x")]),
        ("seen both", [_said("a"), _said("b"), _said("c", seen="ab")]),
        ("a chain", [_said("a"), _said("b", seen="a"), _said("c", seen="b")]),
        ("a chain whose middle is unknown: no inheritance through what nobody has", [_said("a"), _said("c", seen="z")]),
        ("the replaced arrives after", [_said("b", seen="a"), _said("a")]),
        ("refused passes through", [_said("a"), _said("b", seen="a", in_force=False), _said("c", seen="b")]),
        (
            "two refused in a row pass through",
            [
                _said("a"),
                _said("b", seen="a", in_force=False),
                _said("c", seen="b", in_force=False),
                _said("d", seen="c"),
            ],
        ),
        ("refused alone replaces nothing", [_said("a"), _said("b", seen="a", in_force=False)]),
        ("in force does not pass through", [_said("a"), _said("b", seen="a", register="s"), _said("c", seen="b")]),
        (
            "refused and kept meet",
            [_said("a"), _said("b"), _said("k", seen="ab", in_force=False), _said("c", seen="k")],
        ),
        ("said twice", [_said("a"), _said("a"), _said("b", seen="a"), _said("b", seen="a")]),
        ("saw itself", [_said("a", seen="a")]),
        ("saw itself through a refused one", [_said("a", seen="b"), _said("b", seen="a", in_force=False)]),
        ("a circle of two", [_said("a", seen="b"), _said("b", seen="a")]),
        (
            "a circle of refused",
            [_said("a", seen="b", in_force=False), _said("b", seen="a", in_force=False), _said("c", seen="a")],
        ),
        ("other registers are not touched", [_said("a"), _said("b", seen="a", register="s")]),
        (
            "undo: each side again, unseen",
            [_said("a"), _said("b"), _said("c", seen="ab"), _said("d", seen="c"), _said("e", seen="c")],
        ),
    ]


def _random_set(chance: random.Random) -> list[dict]:
    ids = [f"o{number}" for number in range(chance.randint(2, 9))]
    operations = []
    for place, id in enumerate(ids):
        before = ids if chance.random() < 0.15 else ids[:place]  # now and then somebody saw what came later: a circle
        seen = [other for other in before if chance.random() < 0.45]
        if chance.random() < 0.2:
            seen.append("unknown")
        registers = chance.sample(["r", "s", "t"], chance.choice([1, 1, 2]))
        writes = {register: chance.choice([id, "same", {"rating": None, "reason": id}]) for register in registers}
        operations.append({"id": id, "seen": seen, "in_force": chance.random() < 0.7, "writes": writes})
    operations += chance.choices(operations, k=chance.choice([0, 0, 1, 3]))
    chance.shuffle(operations)
    return operations


def _told(name: str, operations: list[dict]) -> dict:
    return {"name": name, "operations": operations, "live": _live_by_force(operations)}


def _live_by_force(operations: list[dict]) -> dict:
    """A write lives unless another operation in force on its register reaches it. Reaching is the smallest relation
    with: x reaches what it saw; and what x reaches and is not in force hands on what that had seen."""
    by_id = {operation["id"]: operation for operation in operations}
    reaches = {(one["id"], other) for one in by_id.values() for other in one["seen"]}
    while True:
        more = {
            (x, z) for x, y in reaches if y in by_id and not by_id[y]["in_force"] for z in by_id[y]["seen"]
        } - reaches
        if not more:
            break
        reaches |= more
    found: dict[str, dict] = {}
    for one in by_id.values():
        for register, value in one["writes"].items() if one["in_force"] else ():
            rivals = [x for x in by_id.values() if x is not one and x["in_force"] and register in x["writes"]]
            if not any((rival["id"], one["id"]) in reaches for rival in rivals):
                found.setdefault(register, {})[one["id"]] = value
    return {register: dict(sorted(writes.items())) for register, writes in sorted(found.items())}


if __name__ == "__main__":
    main()

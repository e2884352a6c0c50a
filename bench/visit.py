"""A visit as a phone writes it down: the operations of one audit, in the order and shape the app gives them."""

import hashlib
import itertools
import random
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

CHECKLIST, EDITION = "enabling-and-facilitating-environments", 1
PRINCIPLES = (
    *("belonging", "safety", "involvement", "boundaries", "communication"),
    *("honesty", "spontaneity", "ownership", "agency", "leadership"),
)
CRITERIA = [f"{principle}-{number}" for principle in PRINCIPLES for number in range(1, 6)]
BEGAN = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

# What people write: by ear, not by template, so that it packs no better than it would in life.
REMARKS = (
    "New people are met at the door by somebody who knows their name; on Tuesday it was Femi, with tea.",
    "The notice board by the kitchen still shows the menu from September.",
    "Two of the night staff said they hear about changes after everybody else.",
    "People sit where they like at lunch. Nobody seems to eat alone unless they want to.",
    "The quiet room was locked all afternoon and nobody could say who had the key.",
    "We talked about the window in bay 3 again. It has been reported four times since June.",
    "Residents chose the colour for the lounge and painted most of it themselves.",
    "Good humour at handover; someone asked how the morning had gone before reading the list.",
    "Community meeting starts late most weeks because there are not enough chairs.",
    "A resident chairs the meeting and a different one takes the notes, which go up the same day.",
    "When the alarm went off staff explained what was happening to each person afterwards.",
    "Rules about phones differ between shifts, and people notice.",
    "I saw two people settle a row over the television without anybody stepping in.",
    "Agency nurses get a ten minute tour. They would like longer, and so would we.",
    "The garden is open until nine now, after it was asked for in the spring.",
    "Not sure this works at weekends, when there is no activity worker.",
    "Mistakes are talked about openly: the missed medication came up in the meeting itself.",
    "“You get told off for laughing too loud” – said twice, by different people.",
    "Everybody has a job they chose. Washing up is popular, the bins less so.",
    "The manager eats here on Thursdays and people do tell her things.",
    "Supervision happens every four weeks for the day team and almost never for nights.",
    "Visitors can make their own drinks; the kettle is chained to the wall though.",
    "Leaving is marked with a card and a cake, and some people come back to visit.",
    "There is a suggestions box. It was empty, and dusty.",
    "Staff take their breaks in the garden with everybody else when the weather lets them.",
    "The welcome booklet has pictures of people who left years ago.",
    "A new starter was thrown in on her second day and says so herself, laughing.",
    "Doors are knocked on. We waited to see, and they were, every time.",
    "The rota went up two days late and three swaps were refused without a reason.",
    "Somebody is always in the office, which is good, and always behind the glass, which is not.",
    "Birthday list in the kitchen, kept up by residents. One was forgotten in October; an apology came.",
    "Kitchen knives are counted out loud. People have stopped minding, they say.",
)


class Phone:
    """Somebody writing things down: its clock goes on a little with everything that is written."""

    def __init__(self, seed: int = 1):
        self.chance = random.Random(seed)
        self.now = BEGAN + timedelta(seconds=seed)
        self.id = self.uuid7()

    def uuid7(self) -> str:
        """An id as `lib/ids.js` makes it: the millisecond, then nothing but chance."""
        number = int(self.now.timestamp() * 1000) << 80 | self.chance.getrandbits(80)
        number = number & ~(0xF << 76) | 7 << 76
        return str(uuid.UUID(int=number & ~(3 << 62) | 2 << 62))

    def operation(self, kind: str, payload: dict, seen: list[str] = ()) -> dict:
        """One operation, its fields in the order in which `store.js` puts them."""
        self.now += timedelta(milliseconds=self.chance.randint(6_000, 40_000))
        at = self.now.isoformat(timespec="seconds")
        made = {"id": self.uuid7(), "v": 1, "kind": kind, "at": at, "device": self.id, "payload": payload}
        return made | {"seen": list(seen)}

    def contributor(self, audit: str, person: str) -> str:
        """The contributor that a person is: UUIDv8 of the audit and the person, as `lib/ids.js` has it."""
        found = bytearray(hashlib.sha256(f"{audit}/{person}".encode()).digest()[:16])
        found[6], found[8] = found[6] & 15 | 0x80, found[8] & 63 | 0x80
        return str(uuid.UUID(bytes=bytes(found)))


def visit(phone: Phone, audit: str, site: str) -> Iterator[dict]:
    """One audit of 120 operations: opened, three who speak, 72 ratings (two of them changed later), 18 comments, 20
    findings and 6 accounts, principle by principle."""
    chance, remarks = phone.chance, itertools.cycle(phone.chance.sample(REMARKS, len(REMARKS)))
    opening = {"site": site, "checklist": CHECKLIST, "edition": EDITION, "track": "development"}
    yield phone.operation("audit.open", opening)
    own = phone.contributor(audit, phone.id)
    yield phone.operation("contributor.add", {"contributor": own, "label": "Mary Okafor", "voice": "staff"})
    meeting, night = phone.uuid7(), phone.uuid7()
    yield phone.operation(
        "contributor.add", {"contributor": meeting, "voice": "resident", "label": "Residents’ meeting"}
    )
    yield phone.operation("contributor.add", {"contributor": night, "voice": "staff", "label": "Night shift"})
    changed = set(chance.sample(CRITERIA, 2))
    commented = set(chance.sample(CRITERIA, 18))
    heard = set(chance.sample(CRITERIA, 20))
    agreed = chance.sample(CRITERIA, 20)
    for criterion in CRITERIA:
        rated = phone.operation("answer.rate", _rate(own, criterion, chance))
        yield rated
        if criterion in changed:
            yield phone.operation("answer.rate", _rate(own, criterion, chance), [rated["id"]])
        if criterion in commented:
            yield phone.operation("answer.comment", {"contributor": own, "criterion": criterion, "text": next(remarks)})
        if criterion in heard:
            yield phone.operation("answer.rate", _rate(meeting, criterion, chance))
        if criterion in agreed:
            yield phone.operation("finding.agree", {"criterion": criterion, "rating": chance.randint(0, 3)})
        if criterion in agreed[:6]:
            account = {"shows": next(remarks), "helps": next(remarks), "hinders": ""}
            yield phone.operation("finding.account", {"criterion": criterion, **account})


def _rate(contributor: str, criterion: str, chance: random.Random) -> dict:
    return {"contributor": contributor, "criterion": criterion, "rating": chance.choice((0, 1, 1, 2, 2, 2, 3))}

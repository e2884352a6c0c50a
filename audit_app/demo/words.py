"""What people in the demo say: specific to criterion, voice, rating and sector, and never twice in one organisation."""

import tomllib
from functools import cache
from pathlib import Path
from random import Random

from ..checklists.models import Edition, Sector

HERE = Path(__file__).parent
HIGH = 2


def read(name: str) -> dict:
    """One of the demo's files."""
    return tomllib.loads((HERE / name).read_text())


@cache
def general_words() -> dict:
    """What people say about each criterion, in the words of any sector."""
    return read("words-1.toml") | read("words-2.toml") | read("words-3.toml")


class Words:
    """The words of one setting. `used` is shared by the settings of an organisation: nobody repeats a colleague."""

    def __init__(self, edition: Edition, sector: Sector, used: set[str], chance: Random):
        self.edition = edition
        self.sector = sector
        self.used = used
        self.chance = chance
        self.general = general_words()
        self.special = read("sectors.toml").get(sector.id, {})

    def comment(self, criterion: str, voice: str, rating: int) -> str | None:
        """What somebody with this voice says beside this rating; nothing when it has been said."""
        return self._fresh([self._of(criterion, voice).get(_level(rating), "")])

    def account(self, criterion: str, rating: int, voices: dict[str, float]) -> dict[str, str]:
        """What shows it, helps and hinders. `voices` is what each gave on average, for when nothing new can be said."""
        shows = self._of(criterion, "shows").get(_level(rating), [])
        return {
            "shows": self._now_and_then(shows, 0.8) or self._again(voices),
            "helps": self._now_and_then(self._list(criterion, "helps"), 0.6),
            "hinders": self._now_and_then(self._list(criterion, "hinders"), 0.6),
        }

    def _of(self, criterion: str, name: str) -> dict:
        return self.general[criterion][name] | self.special.get(criterion, {}).get(name, {})

    def _list(self, criterion: str, name: str) -> list[str]:
        return self.special.get(criterion, {}).get(name, {}).get("list") or self.general[criterion][name]

    def _now_and_then(self, texts: list[str], share: float) -> str:
        """One of the texts, but not always: something is left for others, and not everybody fills in every field."""
        return (self.chance.random() < share and self._fresh(texts)) or ""

    def _fresh(self, texts: list[str]) -> str | None:
        unused = [text for text in texts if text and text not in self.used]
        if not unused:
            return None
        chosen = self.chance.choice(unused)
        self.used.add(chosen)
        return self.sector.fill(chosen, "en")

    def _again(self, voices: dict[str, float]) -> str:
        scale = {step.value: step.word["en"].lower() for step in self.edition.scale}
        given = {self.sector.voices["en"][voice].lower(): scale[round(mean)] for voice, mean in voices.items()}
        texts = self.general["again"]["same" if len(set(given.values())) == 1 else "apart"]
        return self.chance.choice(texts).format(voices=", ".join(f"{voice} “{word}”" for voice, word in given.items()))


def _level(rating: int) -> str:
    return "high" if rating >= HIGH else "low"

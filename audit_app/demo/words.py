"""What people in the demo say: specific to criterion, voice, rating and sector, and never twice in one organisation."""

import tomllib
from pathlib import Path
from random import Random

from ..checklists.models import Edition, Sector

HERE = Path(__file__).parent
HIGH = 2


def read(name: str) -> dict:
    """One of the demo's files."""
    return tomllib.loads((HERE / name).read_text())


class Words:
    """The words of one setting. `used` is shared by the settings of an organisation: nobody repeats a colleague."""

    def __init__(self, edition: Edition, sector: Sector, used: set[str], chance: Random):
        self.edition = edition
        self.sector = sector
        self.used = used
        self.chance = chance
        self.general = read("words-1.toml") | read("words-2.toml") | read("words-3.toml")
        self.special = read("sectors.toml").get(sector.id, {})

    def comment(self, criterion: str, voice: str, rating: int) -> str | None:
        """What somebody with this voice says beside this rating; nothing when it has been said."""
        return self._fresh([self._of(criterion, voice).get(_level(rating), "")])

    def account(self, criterion: str, rating: int, voices: dict[str, float]) -> dict[str, str]:
        """What shows it, helps and hinders. `voices` is what each gave on average, for when nothing new can be said."""
        again = [text.format(voices=self._voices(voices)) for text in self.general["again"]["shows"]]
        return {
            "shows": self._fresh(self._of(criterion, "shows").get(_level(rating), [])) or self.chance.choice(again),
            "helps": self._fresh(self._list(criterion, "helps")) or "",
            "hinders": self._fresh(self._list(criterion, "hinders")) or "",
        }

    def _of(self, criterion: str, name: str) -> dict:
        return self.general[criterion][name] | self.special.get(criterion, {}).get(name, {})

    def _list(self, criterion: str, name: str) -> list[str]:
        return self.special.get(criterion, {}).get(name, {}).get("list") or self.general[criterion][name]

    def _fresh(self, texts: list[str]) -> str | None:
        unused = [text for text in texts if text and text not in self.used]
        if not unused:
            return None
        chosen = self.chance.choice(unused)
        self.used.add(chosen)
        return self.sector.fill(chosen, "en")

    def _voices(self, voices: dict[str, float]) -> str:
        scale = {step.value: step.word["en"].lower() for step in self.edition.scale}
        names = self.sector.voices["en"]
        told = ", ".join(f"{names[voice].lower()} {scale[round(mean)]}" for voice, mean in voices.items())
        return told[0].upper() + told[1:]


def _level(rating: int) -> str:
    return "high" if rating >= HIGH else "low"

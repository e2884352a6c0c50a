"""What assessors judge, beside what the team found. Pure: standard library only."""

from collections.abc import Collection

MET, PARTLY, NOT_YET, NOT_APPLICABLE = "met", "partly", "not-yet", "does-not-apply"
JUDGEMENTS = (MET, PARTLY, NOT_YET, NOT_APPLICABLE)
STEPS = {NOT_YET: 0, PARTLY: 1, MET: 2}  # what has an order; a criterion that does not apply stands outside it

OPEN, ALONE, UNHEARD, UNSHOWN = "open", "alone", "unheard", "unshown"


def expected(rating: int | None, enough: int) -> str:
    """What a finding leads one to expect of the judgement. `rating` None: the team says that it does not apply.
    `enough`: the rating that the edition's rule asks for."""
    if rating is None:
        return NOT_APPLICABLE
    if rating >= enough:
        return MET
    return PARTLY if rating else NOT_YET


def needs_reason(judgement: str, expects: str | None) -> bool:
    """Does whoever judges so have to say why? They do where it is not what the finding leads one to expect, and where
    no finding stands (`expects` None)."""
    return judgement != expects


def thin_ground(stands: bool, raters: int, voices: Collection[str], kinds: Collection[str]) -> list[str]:
    """On what thin ground a criterion rests: no finding stands, one contributor alone answered, no resident did, no
    evidence shows it."""
    found = {OPEN: not stands, ALONE: raters == 1, UNHEARD: "resident" not in voices, UNSHOWN: not kinds}
    return [name for name, holds in found.items() if holds]

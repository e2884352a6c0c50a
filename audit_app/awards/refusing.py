"""Why a step towards an award may not be taken: a problem for each reason that `stages.py` gives."""

from ..problems import NotAllowed, Problem
from . import stages


class NotAtThisStage(Problem):
    """Recognition goes step by step: submitted, assessed, visited, released, decided. This step does not follow from
    where the submission is now; somebody else may have taken it further a moment ago. Look again, and go on from
    there."""

    title = "Not at this stage"
    words = "This does not follow from where the submission is now. Look again: somebody may have taken it further."


class OwnOrganisation(Problem):
    """Nobody assesses or decides on a setting of their own organisation, and no organisation awards to its own."""

    title = "This is your own organisation’s"
    words = "Nobody assesses or decides on a setting of an organisation that they belong to."


class NotAssigned(Problem):
    """Only an assessor who was assigned to this submission may do this, once there is something they judged."""

    title = "You are not assigned to this"
    words = "Only an assessor who is assigned to this submission may do this."


class InterestsFirst(Problem):
    """Whoever assesses or decides first says whether they have an interest in the setting: a relative there, a former
    job, a friend. Whoever has one takes no part, and that cannot be taken back here."""

    title = "Declare your interests first"
    words = "First say whether you have an interest in this setting. Whoever has one takes no part."


class AssessedBefore(Problem):
    """Nobody decides on what they assessed, and nobody assesses what they decided on."""

    title = "Assessing and deciding are kept apart"
    words = "Nobody decides on what they assessed, and nobody assesses what they decided on."


class TooFew(Problem):
    """Nobody decides alone: a panel is at least two people who sit on panels of this awarding body."""

    title = "A panel is at least two"
    words = "Name at least two people, all of whom sit on panels here."


class DecidedBefore(Problem):
    """An appeal is decided by people who took no part in the decision it is about."""

    title = "They decided before"
    words = "An appeal is decided by people who have not decided on this before."


class NotOnPanel(Problem):
    """Only who sits on the panel that was convened for this submission may do this."""

    title = "You are not on this panel"
    words = "Only who sits on the panel for this submission may do this."


class ViewsMissing(Problem):
    """A panel decides once each of its members has said what they hold."""

    title = "Not everybody has said their view"
    words = "The panel decides once each of its members has said their view."


class ReasonsMissing(Problem):
    """Whoever is told of this has a right to know why."""

    title = "Say why"
    words = "Write down why. Those it is about will read it."


class WhatAndWhenMissing(Problem):
    """Action points and a deferral say what they are about, and by which day after today."""

    title = "Say what is missing, and by when"
    words = "Name the criteria it is about, and a day after today."


class FactsNotChecked(Problem):
    """Before a panel decides, the setting reads the report and may correct its facts. It has fourteen days."""

    title = "The setting may still correct facts"
    words = "The setting has fourteen days to correct facts, unless it says earlier that they are right."


class TooLate(Problem):
    """The time for this is over."""

    title = "The time for this is over"


class AwardLapsed(Problem):
    """An award holds for 36 months and then lapses by itself. Nothing can be done about it any more."""

    title = "The award has lapsed"


class TooEarly(Problem):
    """An award is looked at again from its fifteenth month on."""

    title = "It is too early for this"


class NothingReplacesIt(Problem):
    """An award is renewed by another one. There is none yet that comes after it."""

    title = "There is no award that comes after it"


class NobodyNamed(Problem):
    """An assessor is somebody who has that role at the awarding body. The one who was named has not."""

    title = "That is no assessor here"
    words = "Name somebody who assesses for this awarding body."


BY_REASON: dict[str, type[Problem]] = {
    stages.NOT_YOURS: NotAllowed,
    stages.NOT_NOW: NotAtThisStage,
    stages.OUTSIDER: OwnOrganisation,
    stages.ASSIGNED: NotAssigned,
    stages.DECLARED: InterestsFirst,
    stages.APART: AssessedBefore,
    stages.ALONE: TooFew,
    stages.AGAIN: DecidedBefore,
    stages.MEMBER: NotOnPanel,
    stages.VIEWS: ViewsMissing,
    stages.REASONS: ReasonsMissing,
    stages.WHAT_AND_WHEN: WhatAndWhenMissing,
    stages.CHECKING: FactsNotChecked,
    stages.TOO_LATE: TooLate,
    stages.OVER: AwardLapsed,
    stages.TOO_EARLY: TooEarly,
    stages.NO_AWARD_AFTER: NothingReplacesIt,
    stages.NOBODY: NobodyNamed,
}

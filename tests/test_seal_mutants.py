"""The rules of the seal and of an assessor's own stream, each left out in turn: a story of `test_submission.py` or
`test_assessment.py` must notice. They are told on one service, which is put back to its beginning before each."""

import copy
import shutil
from contextlib import ExitStack

import pytest
from sqlalchemy import event

from audit_app import create_app
from audit_app.db import db

from . import test_assessment, test_submission
from .builders import Scene
from .recognition import Recognition
from .test_mutants import Mutant, goes_wrong, put_in

LEDGER, SUBMITTING = "audit_app.ledger", "audit_app.awards.submission.operations"
ASSESSING, QUERIES = "audit_app.awards.assessment", "audit_app.awards.queries"
STEPPING = "audit_app.awards.stepping"
LATE = test_submission.test_late_offline_work_is_kept_marked_and_admitted_by_the_recall_for_its_authors
MANY = test_submission.test_hundreds_of_late_operations_count_in_the_order_they_came
OTHER_REASON = test_submission.test_what_was_kept_for_another_reason_stays_kept_when_the_seal_is_opened
PLAN = test_submission.test_the_plan_goes_on_under_the_seal
SEALS = test_submission.test_submitting_seals_the_audit_at_what_its_ledger_says_and_home_tells_it
TAMPERED = test_submission.test_a_seal_that_was_tampered_with_is_found
LET_IN = test_submission.test_a_seal_that_lets_in_what_nobody_asked_about_is_found
RETURNED = test_submission.test_an_assessor_returns_it_with_reasons_and_what_came_late_counts
UNSEEN = test_assessment.test_nothing_of_an_assessment_reaches_the_site_before_it_is_released
BLINDED = test_assessment.test_a_blinded_second_assessor_sees_nothing_of_the_first_before_reporting
RELEASED = test_assessment.test_what_came_after_the_release_is_there_to_read_and_changes_nothing
HANDED_IN = test_assessment.test_an_assessor_puts_in_force_what_somebody_else_handed_in_for_them
CONFLICT = test_assessment.test_what_was_kept_of_somebody_with_a_conflict_never_counts
ANSWERED = test_assessment.test_a_team_answers_action_points_by_showing_and_agreeing_anew_and_is_sealed_again_with_it
ALONE = test_assessment.test_nobody_but_its_assessor_reads_an_assessment
MUTANTS = [
    Mutant(
        "submitting seals",
        f"{LEDGER}.operations:seal",
        "stream.sealed_at, stream.asked = stream.seq, None",
        "pass",
        LATE,
    ),
    Mutant(
        "what comes after the seal is kept, and not applied",
        f"{LEDGER}.perform:_Batch._decide",
        "self.stream.sealed_at is not None and",
        "False and",
        LATE,
    ),
    Mutant(
        "opening the seal puts in force what came late",
        f"{LEDGER}.operations:unseal",
        "range(0, len(late), AT_A_TIME)",
        "()",
        LATE,
    ),
    Mutant(
        "a return opens it, too",
        f"{SUBMITTING}:return_audit",
        "unseal(site_stream)",
        "site_stream.sealed_at = None",
        RETURNED,
    ),
    Mutant(
        "all of it counts, however much came late",
        f"{LEDGER}.operations:unseal",
        "range(0, len(late), AT_A_TIME)",
        "(0,)",
        MANY,
    ),
    Mutant(
        "what was kept for another reason stays kept",
        f"{LEDGER}.queries:is_late",
        "& Operation.problem.startswith(LATE)",
        "",
        OTHER_REASON,
    ),
    Mutant("what counts is not told to be late", f"{LEDGER}.queries:is_late", "& ~ADMITTED", "", LATE),
    Mutant(
        "nothing is put in force under a seal",
        f"{LEDGER}.operations:admit_operation",
        "if stream.sealed_at is not None:",
        "if False:",
        LATE,
    ),
    Mutant("the plan goes on", f"{LEDGER}.perform:_Batch._goes_on", "return kind.goes_on", "return False", PLAN),
    Mutant(
        "what answers comes in while something is asked",
        f"{LEDGER}.perform:_Batch._goes_on",
        "if not asked or",
        "if True or",
        ANSWERED,
    ),
    Mutant(
        "what is about something else does not come in then",
        f"{LEDGER}.perform:_Batch._goes_on",
        "kind.answers(self._scene(arrival), arrival.payload, json.loads(asked))",
        "True",
        ANSWERED,
    ),
    Mutant(
        "with the answer it is sealed anew",
        f"{LEDGER}.operations:seal",
        "stream.seq, None",
        "stream.seq, stream.asked",
        ANSWERED,
    ),
    Mutant(
        "what an award rests on is what was sealed last",
        f"{STEPPING}:_ask",
        "seal_submission(submission, stream)",
        "stream.asked = None",
        ANSWERED,
    ),
    Mutant(
        "what the seal lets in is proved",
        f"{QUERIES}:prove_seal",
        "if stream.asked != _asked_of(submission):",
        "if False:",
        LET_IN,
    ),
    Mutant(
        "a submission holds what the ledger said when it was sealed",
        f"{STEPPING}:seal_submission",
        "= stream.seq, stream.digest",
        "= stream.seq, 64 * '0'",
        SEALS,
    ),
    Mutant(
        "the seal is proved by its digest",
        f"{QUERIES}:prove_seal",
        "or sealed.digest != submission.sealed_digest",
        "",
        TAMPERED,
    ),
    Mutant(
        "what can be proved is asked for when the ledger is verified",
        f"{LEDGER}.verify:verify",
        "for prove in PROOFS.get(stream.kind, ())",
        "for prove in ()",
        TAMPERED,
    ),
    Mutant(
        "the first judgement begins the assessment, and ends that a lead recalls it",
        f"{ASSESSING}.operations:_begin",
        "begin_assessment(assessment.id, by=person)",
        "pass",
        HANDED_IN,
    ),
    Mutant(
        "the site reads no report before it is released",
        f"{ASSESSING}.desk:report_on",
        "released.filter(Assessment.released_at.is_not(None))",
        "released",
        UNSEEN,
    ),
    Mutant(
        "what a blinded assessor asks for is told to nobody",
        f"{ASSESSING}.points:_last_asked",
        ", ~Assessment.blinded",
        "",
        UNSEEN,
    ),
    Mutant(
        "nobody but its assessor reads an assessment",
        f"{ASSESSING}.desk:find_assessment",
        "or assessment.assessor_id != person.id",
        "",
        ALONE,
    ),
    Mutant(
        "a blinded assessor is not told how far the first has come",
        f"{QUERIES}:veiled",
        "else ASSESSING",
        "else stage",
        BLINDED,
    ),
    Mutant(
        "a report that is released stands as it was read",
        f"{ASSESSING}.operations:_require_own",
        "if not assessment.blinded and",
        "if False and",
        RELEASED,
    ),
    Mutant(
        "what somebody else hands in for an assessor begins nothing",
        f"{ASSESSING}.operations:_begin",
        "if not scene.in_person or not may(",
        "if not may(",
        HANDED_IN,
    ),
    Mutant(
        "an assessor alone puts in force what was kept of theirs",
        f"{ASSESSING}.operations:admit_to_assessment",
        "_require_own(scene)",
        "pass",
        HANDED_IN,
    ),
    Mutant(
        "a judgement that is put in force begins the assessment",
        f"{ASSESSING}.operations:admit_to_assessment",
        'if kept.kind == "judgement.record":',
        "if False:",
        HANDED_IN,
    ),
    Mutant(
        "nothing counts of somebody with a conflict",
        f"{ASSESSING}.operations:_require_own",
        'if scene.memory["declared"] == CONFLICT:',
        "if False:",
        CONFLICT,
    ),
]


@pytest.fixture(scope="module")
def beginning(tmp_path_factory, sqlite_template):
    """What puts the service back to its beginning, and gives the people of recognition, signed in."""
    folder = tmp_path_factory.mktemp("seal")
    live, kept = folder / "milieu.sqlite", folder / "beginning.copy"
    shutil.copy(sqlite_template, live)
    app = create_app(TESTING=True, DEMO=True, LOG_LEVEL="ERROR", DATA_DIR=str(folder), DATABASE_URL="")
    with app.app_context():
        event.listen(db.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
    way = Recognition(Scene(app))

    def let_go() -> None:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()

    def put_back() -> Recognition:
        let_go()
        shutil.copy(kept, live)
        return copy.copy(way)

    let_go()
    shutil.copy(live, kept)
    yield put_back
    let_go()


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.leaves_out)
def test_a_story_notices_when_a_rule_of_the_seal_is_left_out(mutant, beginning):
    with ExitStack() as changes:
        for change in ((mutant.where, mutant.old, mutant.new), *mutant.also):
            changes.enter_context(put_in(*change))
        assert goes_wrong(mutant.noticed_by, beginning()), f"nobody noticed: {mutant.leaves_out}"


def test_told_here_too_a_story_ends_well_with_every_rule_in_place(beginning):
    LATE(beginning())
    HANDED_IN(beginning())

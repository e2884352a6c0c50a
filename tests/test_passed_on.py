"""What is passed on, asked in every way by everybody who may ask: all of it together gives nothing hidden away."""

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from audit_app.accounts.models import Person
from audit_app.dashboard.asking import Asked
from audit_app.dashboard.hearing import passed_on
from audit_app.dashboard.hiding import FEWEST
from audit_app.db import db, new_id
from audit_app.ledger.perform import perform

from .builders import CHECKLIST, Scene, operation
from .test_hiding import another_truth

LOOK = "ten-minute-look"
CRITERION = {CHECKLIST: "safety-1", LOOK: "safety-look"}
PRINCIPLE, VOICES = "safety", ("staff", "resident")

AUDITS = st.tuples(st.sampled_from([CHECKLIST, LOOK]), st.integers(0, 9), st.integers(0, 9))
SERVICES = st.lists(  # organisations, their settings, of each the audits: checklist, staff and residents who speak
    st.lists(st.lists(AUDITS, max_size=2, unique_by=lambda audit: audit[0]), min_size=1, max_size=4),
    min_size=1,
    max_size=2,
)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(SERVICES)
@example([[[(CHECKLIST, 3, 0)], [(CHECKLIST, 9, 0)]], [[(CHECKLIST, 7, 0)]]])  # Northfield minus its second ward
@example([[[(CHECKLIST, 3, 0)], [(CHECKLIST, 9, 0)], [(LOOK, 7, 0)]]])  # everything minus the ten-minute looks
@example([[[(CHECKLIST, 3, 0)], [(CHECKLIST, 9, 0)], [(LOOK, 6, 0), (CHECKLIST, 8, 0)]]])
@example([[[(CHECKLIST, 3, 0)], [(CHECKLIST, 4, 0)], [(CHECKLIST, 9, 0)]]])  # a manager of two wards beside one of all
def test_nobody_who_compares_every_choice_works_out_what_is_hidden(scene: Scene, service):
    world = World(scene, service)
    with scene.app.app_context():
        readers = db.session.scalars(db.select(Person).filter(Person.id.in_(world.readers))).all()
        views = [(asked, passed_on(reader, asked)) for reader in readers for asked in world.choices()]
        db.session.rollback()

    shown, sums = world.read(views)

    few = {cell for cell, number in world.people.items() if 0 < number < FEWEST}
    assert not few & shown.keys()
    assert {cell: world.people[cell] for cell in shown if cell in world.people} == {
        cell: number for cell, number in shown.items() if cell in world.people
    }, "what is shown is true"
    hidden = world.people.keys() - shown.keys()
    for cell in few:
        assert another_truth(cell, hidden, sums), f"{cell} follows from what is shown in one place and another"


class World:
    """Organisations with their settings, whoever may ask about them, and how many truly speak where."""

    def __init__(self, scene: Scene, service: list):
        self.organisations, self.latest, self.people = [], {}, {}
        with scene.app.app_context():
            db.session.expunge_all()
        self.readers = [scene.person(f"Mona {new_id()}")]  # who manages all of them
        for settings_ in service:
            organisation = scene.organisation()
            self.organisations.append(organisation)
            self._manages(scene, self.readers[0], organisation, None)
            self.readers.append(scene.person(f"Mo {new_id()}", "manager", organisation))
            lead, some = scene.person(f"Lee {new_id()}", "lead", organisation), scene.person(f"Max {new_id()}")
            for number, audits in enumerate(settings_):
                site = scene.site(organisation, f"Setting {number}")
                if number % 2 == 0:
                    self._manages(scene, some, organisation, site)
                with scene.app.app_context():
                    for audit in audits:
                        self._tell(site, audit, db.session.get(Person, lead))
            self.readers.append(some)

    def _manages(self, scene: Scene, person: str, organisation: str, site: str | None) -> None:
        with scene.app.app_context():
            scene._grant(person, "manager", organisation, site)
            db.session.commit()

    def _tell(self, site: str, audit: tuple[str, int, int], lead: Person) -> None:
        checklist, *speak = audit
        opening = {"site": site, "checklist": checklist, "edition": 1, "track": "development"}
        batch = [operation("audit.open", opening)]
        for voice, number in zip(VOICES, speak, strict=True):
            for _ in range(number):
                one = new_id()
                batch.append(operation("contributor.add", {"contributor": one, "voice": voice, "label": voice}))
                rated = {"contributor": one, "criterion": CRITERION[checklist], "rating": 2}
                batch.append(operation("answer.rate", rated))
            if number:
                self.people[site, checklist, voice] = number
        outcomes = perform(new_id(), batch, by=lead).outcomes
        assert {outcome["verdict"] for outcome in outcomes} == {"applied"}
        db.session.commit()
        self.latest[site] = checklist

    def choices(self) -> list[Asked]:
        """Every way to ask."""
        checklists = ["", CHECKLIST, LOOK]
        return [Asked(organisation=one, checklist=two) for one in ["", *self.organisations] for two in checklists]

    def read(self, views: list[tuple[Asked, dict]]) -> tuple[dict, list]:
        """All that is told: how many stand behind each cell and each total, and what each total adds up."""
        shown, sums = {}, []
        for number, (asked, view) in enumerate(views):
            parts: dict[str, list] = {voice: [] for voice in VOICES}
            for one in view["settings"]:
                for voice, cell in one["principles"].get(PRINCIPLE, {}).items():
                    name = (one["id"], asked.checklist or self.latest[one["id"]], voice)
                    parts[voice].append(name)
                    if not cell["hidden"]:
                        shown[name] = cell["contributors"]
            for voice, cell in view["all"].get(PRINCIPLE, {}).items():
                if not cell["hidden"]:
                    shown[number, "all", voice] = cell["contributors"]
                    sums.append(((number, "all", voice), parts[voice]))
                    assert cell["contributors"] == sum(self.people[part] for part in parts[voice])
        return shown, sums


def test_what_is_told_of_an_organisation_is_the_same_whoever_asks_and_however(scene: Scene):
    world = World(scene, [[[(CHECKLIST, 3, 6)], [(CHECKLIST, 9, 5)]], [[(CHECKLIST, 7, 7)]]])
    with scene.app.app_context():
        everybody = [db.session.get(Person, id) for id in world.readers]
        told = {}
        for reader in everybody:
            for asked in world.choices():
                for one in passed_on(reader, asked)["settings"]:
                    told.setdefault(one["id"], []).append(one["principles"])

    assert len(told) == 3
    assert all(one == several[0] for several in told.values() for one in several)


def test_settings_that_use_different_checklists_are_told_together_only_where_each_may_be(scene: Scene):
    world = World(scene, [[[(CHECKLIST, 3, 6)], [(CHECKLIST, 4, 5)], [(LOOK, 2, 7)]]])
    with scene.app.app_context():
        manager = db.session.get(Person, world.readers[0])
        together, looks = passed_on(manager, Asked()), passed_on(manager, Asked(checklist=LOOK))

    assert together["all"][PRINCIPLE]["staff"] == looks["all"][PRINCIPLE]["staff"] == {"hidden": True}
    assert together["all"][PRINCIPLE]["resident"]["contributors"] == 18
    assert looks["all"][PRINCIPLE]["resident"]["contributors"] == 7
    assert [one["name"] for one in looks["settings"]] == ["Setting 2"]

"""The tables that can be taken out, each column with its words. Pure: standard library only.

CSV, spreadsheets, the database, JSON, their checks and the page that explains them are all made from this one list, so
they cannot disagree.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

TEXT, WHOLE, NUMBER, YES_NO, MOMENT, DAY = "text", "whole number", "number", "yes or no", "moment", "day"
Words = dict[str, str]


@dataclass(frozen=True)
class Column:
    """One column: its name, the kind of its values, its words in each language, and which `table.column` it names."""

    name: str
    kind: str
    words: Words
    refers: str | None = None


@dataclass(frozen=True)
class Table:
    """One table: its rows are told apart by the columns in `key`, which every row has. `refers` are those references
    that take several columns: (columns, table, its columns). `searched` are the columns with words to look for."""

    name: str
    title: Words
    words: Words
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    refers: tuple[tuple[tuple[str, ...], str, tuple[str, ...]], ...] = ()
    searched: tuple[str, ...] = ()

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(column.name for column in self.columns)

    def key_of(self, row: dict) -> tuple:
        """What tells this row from the others."""
        return tuple(row[name] for name in self.key)


def _column(name: str, kind: str, en: str, cy: str, refers: str | None = None) -> Column:
    return Column(name, kind, {"en": en, "cy": cy}, refers)


AUDIT = _column("audit_id", TEXT, "The audit.", "Yr archwiliad.", "audits.id")
SITE = _column("site_id", TEXT, "The setting.", "Y lleoliad.", "sites.id")
SETTING = _column("setting", TEXT, "The setting’s name.", "Enw’r lleoliad.")
EDITION = _column("edition_id", TEXT, "The edition of the checklist.", "Rhifyn y rhestr wirio.", "editions.id")
PRINCIPLE = _column("principle", TEXT, "The principle, by its short name.", "Yr egwyddor, yn ôl ei henw byr.")
CRITERION = _column(
    "criterion",
    TEXT,
    "The statement, by its short name; the table criteria has its words.",
    "Y datganiad, yn ôl ei enw byr; mae ei eiriau yn y tabl criteria.",
)
VOICE = _column(
    "voice",
    TEXT,
    "Whose eyes: staff, resident, visitor or assessor. Empty while people differ about it.",
    "Llygaid pwy: staff, resident, visitor neu assessor. Gwag tra bo pobl yn anghytuno.",
)
RATING = _column(
    "rating",
    WHOLE,
    "0 not yet, 1 beginning, 2 mostly, 3 embedded. Empty: no rating stands.",
    "0 ddim eto, 1 yn dechrau, 2 gan mwyaf, 3 wedi ymwreiddio. Gwag: dim sgôr yn sefyll.",
)
REASON = _column("reason", TEXT, "Why the statement does not apply here.", "Pam nad yw’r datganiad yn berthnasol yma.")
RATING_DIFFERS = _column(
    "rating_differs",
    YES_NO,
    "People wrote different ratings and have not settled it.",
    "Ysgrifennodd pobl sgoriau gwahanol ac nid yw wedi’i setlo.",
)
CRITERIA = _column(
    "criteria",
    TEXT,
    "The statements it belongs to, by their short names with spaces between.",
    "Y datganiadau y mae’n perthyn iddynt, yn ôl eu henwau byr gyda bylchau rhyngddynt.",
)

ORGANISATIONS = Table(
    "organisations",
    {"en": "Organisations", "cy": "Sefydliadau"},
    {"en": "Who runs the settings.", "cy": "Pwy sy’n rhedeg y lleoliadau."},
    ("id",),
    (
        _column("id", TEXT, "The organisation’s id.", "Id y sefydliad."),
        _column("name", TEXT, "Its name.", "Ei enw."),
    ),
)
SITES = Table(
    "sites",
    {"en": "Settings", "cy": "Lleoliadau"},
    {"en": "The places that are audited.", "cy": "Y mannau sy’n cael eu harchwilio."},
    ("id",),
    (
        _column("id", TEXT, "The setting’s id.", "Id y lleoliad."),
        _column("organisation_id", TEXT, "Who runs it.", "Pwy sy’n ei redeg.", "organisations.id"),
        _column("name", TEXT, "Its name.", "Ei enw."),
        _column("sector", TEXT, "Its kind, such as ward or school.", "Ei fath, megis ward neu school."),
        _column("about", TEXT, "A line about it.", "Llinell amdano."),
    ),
)
EDITIONS = Table(
    "editions",
    {"en": "Editions", "cy": "Rhifynnau"},
    {"en": "The checklists that audits use, one row an edition.", "cy": "Y rhestrau gwirio a ddefnyddir."},
    ("id",),
    (
        _column("id", TEXT, "Checklist and number of the edition.", "Y rhestr wirio a rhif y rhifyn."),
        _column("checklist", TEXT, "The checklist, by its short name.", "Y rhestr wirio, yn ôl ei henw byr."),
        _column("edition", WHOLE, "The edition’s number.", "Rhif y rhifyn."),
        _column("title", TEXT, "The checklist’s title.", "Teitl y rhestr wirio."),
    ),
)
STATEMENTS = Table(
    "criteria",
    {"en": "Statements", "cy": "Datganiadau"},
    {
        "en": "What is judged, in the words of the settings’ sector where all have the same, else of a community.",
        "cy": "Yr hyn a fernir, yng ngeiriau sector y lleoliadau os yr un yw i bob un, fel arall geiriau cymuned.",
    },
    ("edition_id", "criterion"),
    (
        EDITION,
        _column("criterion", TEXT, "The statement’s short name.", "Enw byr y datganiad."),
        _column("position", WHOLE, "Its place in the checklist, from 1.", "Ei le yn y rhestr wirio, o 1."),
        PRINCIPLE,
        _column("principle_title", TEXT, "The principle’s title.", "Teitl yr egwyddor."),
        _column("statement", TEXT, "The statement itself.", "Y datganiad ei hun."),
    ),
    searched=("statement",),
)
AUDITS = Table(
    "audits",
    {"en": "Audits", "cy": "Archwiliadau"},
    {"en": "Each setting’s looks at itself.", "cy": "Pob golwg a gymerodd lleoliad arno’i hun."},
    ("id",),
    (
        _column("id", TEXT, "The audit’s id.", "Id yr archwiliad."),
        SITE,
        SETTING,
        EDITION,
        _column("track", TEXT, "development or award.", "development neu award."),
        _column("stage", TEXT, "How far it has come, such as open.", "Pa mor bell y mae, megis open."),
        _column("cycle", WHOLE, "1 is the setting’s first audit.", "1 yw archwiliad cyntaf y lleoliad."),
        _column("latest", YES_NO, "No later audit of this setting.", "Nid oes archwiliad diweddarach o’r lleoliad."),
        _column("opened_at", MOMENT, "When it reached the service, UTC.", "Pryd y cyrhaeddodd y gwasanaeth, UTC."),
    ),
)
CONTRIBUTORS = Table(
    "contributors",
    {"en": "Contributors", "cy": "Cyfranwyr"},
    {"en": "Who speaks in an audit: a person or a group.", "cy": "Pwy sy’n siarad mewn archwiliad: person neu grŵp."},
    ("audit_id", "id"),
    (
        AUDIT,
        _column("id", TEXT, "The contributor’s id.", "Id y cyfrannwr."),
        VOICE,
        _column(
            "label",
            TEXT,
            "What staff and assessors are called. Residents and visitors are never named.",
            "Beth y gelwir staff ac aseswyr. Ni enwir preswylwyr nac ymwelwyr byth.",
        ),
        _column("withdrawn", YES_NO, "Taken out of the count.", "Wedi’i dynnu o’r cyfrif."),
    ),
)
ANSWERS = Table(
    "answers",
    {"en": "Answers", "cy": "Atebion"},
    {
        "en": "What each contributor said of each statement. Those of withdrawn contributors do not count.",
        "cy": "Yr hyn a ddywedodd pob cyfrannwr am bob datganiad. Nid yw rhai cyfranwyr a dynnwyd yn cyfrif.",
    },
    ("audit_id", "contributor_id", "criterion"),
    (
        AUDIT,
        SITE,
        SETTING,
        _column("contributor_id", TEXT, "Whose answer it is.", "Ateb pwy ydyw."),
        VOICE,
        PRINCIPLE,
        CRITERION,
        RATING,
        REASON,
        RATING_DIFFERS,
        _column("comment", TEXT, "What was written beside it.", "Yr hyn a ysgrifennwyd wrth ei ochr."),
        _column(
            "comment_differs",
            YES_NO,
            "People wrote different comments and have not settled it.",
            "Ysgrifennodd pobl sylwadau gwahanol ac nid yw wedi’i setlo.",
        ),
    ),
    refers=((("audit_id", "contributor_id"), "contributors", ("audit_id", "id")),),
    searched=("comment", "reason"),
)
FINDINGS = Table(
    "findings",
    {"en": "Findings", "cy": "Canfyddiadau"},
    {"en": "What the team agrees on each statement.", "cy": "Yr hyn y mae’r tîm yn cytuno arno am bob datganiad."},
    ("audit_id", "criterion"),
    (
        AUDIT,
        SITE,
        SETTING,
        PRINCIPLE,
        CRITERION,
        RATING,
        REASON,
        RATING_DIFFERS,
        _column("shows", TEXT, "What shows it.", "Beth sy’n ei ddangos."),
        _column("helps", TEXT, "What helps.", "Beth sy’n helpu."),
        _column("hinders", TEXT, "What hinders.", "Beth sy’n rhwystro."),
        _column(
            "account_differs",
            YES_NO,
            "People wrote different accounts and have not settled it.",
            "Ysgrifennodd pobl hanesion gwahanol ac nid yw wedi’i setlo.",
        ),
    ),
    searched=("shows", "helps", "hinders", "reason"),
)
SCORES = Table(
    "scores",
    {"en": "Scores", "cy": "Sgoriau"},
    {
        "en": "The answers’ ratings, summed up by audit, principle and voice. Voices are never pooled.",
        "cy": "Sgoriau’r atebion, wedi’u crynhoi fesul archwiliad, egwyddor a llais. Ni chyfunir lleisiau byth.",
    },
    ("audit_id", "principle", "voice"),
    (
        AUDIT,
        SITE,
        SETTING,
        PRINCIPLE,
        _column("voice", TEXT, "Whose eyes; unsettled while people differ.", "Llygaid pwy; unsettled os yn anghytuno."),
        _column("contributors", WHOLE, "How many said something here.", "Faint a ddywedodd rywbeth yma."),
        _column("ratings", WHOLE, "How many ratings stand behind the row.", "Faint o sgoriau sydd y tu ôl i’r rhes."),
        _column("not_applicable", WHOLE, "How often it does not apply.", "Pa mor aml nad yw’n berthnasol."),
        *(_column(f"rated_{n}", WHOLE, f"How many ratings are {n}.", f"Faint o’r sgoriau sy’n {n}.") for n in range(4)),
        _column("mean", NUMBER, "The ratings’ mean, to four places.", "Cymedr y sgoriau, i bedwar lle."),
        _column(
            "percent_2_or_3",
            NUMBER,
            "Of 100 ratings, how many are 2 or 3, to two places.",
            "O bob 100 o sgoriau, faint sy’n 2 neu 3, i ddau le.",
        ),
    ),
)
EVIDENCE = Table(
    "evidence",
    {"en": "Evidence", "cy": "Tystiolaeth"},
    {"en": "What shows it, without the files.", "cy": "Yr hyn sy’n ei ddangos, heb y ffeiliau."},
    ("audit_id", "id"),
    (
        AUDIT,
        SITE,
        SETTING,
        _column("id", TEXT, "The item’s id.", "Id yr eitem."),
        _column(
            "kind",
            TEXT,
            "photo, observation, quotation, document or count.",
            "photo, observation, quotation, document neu count.",
        ),
        _column("voice", TEXT, "Whose words a quotation is.", "Geiriau pwy yw dyfyniad."),
        _column(
            "caption",
            TEXT,
            "What was seen, said, counted or titled. Empty while people differ.",
            "Yr hyn a welwyd, a ddywedwyd, a gyfrifwyd neu deitl. Gwag tra bo pobl yn anghytuno.",
        ),
        _column("kept_where", TEXT, "Where a document is kept.", "Ble cedwir dogfen."),
        _column("dated", DAY, "The day it is of.", "Y diwrnod y mae’n perthyn iddo."),
        _column("count", WHOLE, "How many were counted,", "Faint a gyfrifwyd,"),
        _column("of", WHOLE, "out of how many,", "allan o faint,"),
        _column("over", TEXT, "and over what time.", "a thros ba amser."),
        _column("photo", TEXT, "A photo’s name in a full export.", "Enw llun mewn allforiad llawn."),
        CRITERIA,
    ),
    searched=("caption",),
)
SHOWN = Table(
    "evidence_criteria",
    {"en": "What evidence shows", "cy": "Beth mae tystiolaeth yn ei ddangos"},
    {"en": "Which evidence shows which statement.", "cy": "Pa dystiolaeth sy’n dangos pa ddatganiad."},
    ("audit_id", "evidence_id", "criterion"),
    (
        AUDIT,
        _column("evidence_id", TEXT, "The item of evidence.", "Yr eitem o dystiolaeth."),
        CRITERION,
    ),
    refers=((("audit_id", "evidence_id"), "evidence", ("audit_id", "id")),),
)
PLAN = Table(
    "plan",
    {"en": "The plan", "cy": "Y cynllun"},
    {"en": "What will be done, and what came of it.", "cy": "Beth fydd yn cael ei wneud, a beth ddaeth ohono."},
    ("audit_id", "id"),
    (
        AUDIT,
        SITE,
        SETTING,
        _column("id", TEXT, "The item’s id.", "Id yr eitem."),
        _column("what", TEXT, "What is to be done.", "Beth sydd i’w wneud."),
        CRITERIA,
        _column("whose", TEXT, "Whose task it is: a role.", "Tasg pwy yw hi: rôl."),
        _column("due", DAY, "By when.", "Erbyn pryd."),
        _column(
            "state",
            TEXT,
            "to-do, doing, done or dropped. Empty while people differ; it is open then.",
            "to-do, doing, done neu dropped. Gwag tra bo pobl yn anghytuno; mae ar agor bryd hynny.",
        ),
        _column(
            "stands",
            TEXT,
            "On the day of the export: overdue, week, later, undated, done or dropped.",
            "Ar ddiwrnod yr allforio: overdue, week, later, undated, done neu dropped.",
        ),
        _column("outcome", TEXT, "What came of it.", "Beth ddaeth ohono."),
        _column("reason", TEXT, "Why it was dropped.", "Pam y cafodd ei ollwng."),
    ),
    searched=("what", "outcome", "reason"),
)
PLANNED_FOR = Table(
    "plan_criteria",
    {"en": "What the plan is for", "cy": "Ar gyfer beth mae’r cynllun"},
    {"en": "Which item of the plan is for which statement.", "cy": "Pa eitem o’r cynllun sydd ar gyfer pa ddatganiad."},
    ("audit_id", "plan_id", "criterion"),
    (
        AUDIT,
        _column("plan_id", TEXT, "The item of the plan.", "Yr eitem o’r cynllun."),
        CRITERION,
    ),
    refers=((("audit_id", "plan_id"), "plan", ("audit_id", "id")),),
)
HISTORY = Table(
    "history",
    {"en": "History", "cy": "Hanes"},
    {
        "en": "Who did what and when, in audits and (for whoever looks after all of it) in an organisation.",
        "cy": "Pwy wnaeth beth a phryd, mewn archwiliadau ac (i bwy bynnag sy’n gofalu am y cyfan) mewn sefydliad.",
    },
    ("stream_id", "number"),
    (
        _column("stream_id", TEXT, "The audit or organisation.", "Yr archwiliad neu’r sefydliad."),
        _column("number", WHOLE, "The entry’s number, from 1.", "Rhif y cofnod, o 1."),
        _column("audit_id", TEXT, "The audit, if it is one.", "Yr archwiliad, os yw’n un.", "audits.id"),
        _column("operation_id", TEXT, "The operation’s id.", "Id y weithred."),
        _column("kind", TEXT, "What was done, such as answer.rate.", "Beth a wnaed, megis answer.rate."),
        _column(
            "verdict",
            TEXT,
            "applied: in force. kept: not in force. refused: not taken.",
            "applied: mewn grym. kept: nid mewn grym. refused: heb ei dderbyn.",
        ),
        _column("author", TEXT, "Who did it.", "Pwy wnaeth hynny."),
        _column("words", TEXT, "What was done, in words.", "Beth a wnaed, mewn geiriau."),
        _column("at", MOMENT, "When, by the device’s own clock.", "Pryd, yn ôl cloc y ddyfais ei hun."),
        _column("received_at", MOMENT, "When it arrived, UTC.", "Pryd y cyrhaeddodd, UTC."),
    ),
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        ORGANISATIONS,
        SITES,
        EDITIONS,
        STATEMENTS,
        AUDITS,
        CONTRIBUTORS,
        ANSWERS,
        FINDINGS,
        SCORES,
        EVIDENCE,
        SHOWN,
        PLAN,
        PLANNED_FOR,
        HISTORY,
    )
}


def described(language: str) -> list[dict]:
    """Every table and column in the words of a language, for pages and programs."""
    return [
        {
            "name": table.name,
            "title": table.title[language],
            "words": table.words[language],
            "key": list(table.key),
            "columns": [
                {"name": one.name, "kind": one.kind, "words": one.words[language], "refers": _named(table, one)}
                for one in table.columns
            ],
        }
        for table in TABLES.values()
    ]


def _named(table: Table, column: Column) -> str | None:
    """What a column names: by itself, or together with others."""
    for columns, other, theirs in table.refers:
        if column.refers is None and column.name in columns:
            return f"{other}.{theirs[columns.index(column.name)]}"
    return column.refers


def each_column() -> Iterator[tuple[Table, Column]]:
    """Every column of every table."""
    for table in TABLES.values():
        for column in table.columns:
            yield table, column

"""What stands on our paper besides what people and checklists say. The Welsh is a draft: nobody has reviewed it yet."""

from collections.abc import Callable
from datetime import date

MONTHS = {
    "en": "January February March April May June July August September October November December",
    "cy": "Ionawr Chwefror Mawrth Ebrill Mai Mehefin Gorffennaf Awst Medi Hydref Tachwedd Rhagfyr",
}

WORDS: dict[str, dict[str, str]] = {
    # both
    "edition": {"en": "Edition {n}", "cy": "Argraffiad {n}"},
    "draft": {
        "en": "Nobody has checked these words yet.",
        "cy": "Drafft yw’r Gymraeg hon. Nid oes neb wedi ei gwirio eto.",
    },
    "page": {"en": "Page", "cy": "Tudalen"},
    "page_of": {"en": "of", "cy": "o"},
    "not_apply": {"en": "Does not apply", "cy": "Ddim yn berthnasol"},
    "as_pdf": {"en": "As PDF", "cy": "Fel PDF"},
    "other_language": {"en": "Cymraeg", "cy": "English"},
    "to_content": {"en": "Go to the content", "cy": "Mynd at y cynnwys"},
    "demo": {"en": "Demonstration: all data is invented", "cy": "Arddangosiad: dychmygol yw’r data i gyd"},
    "scale": {"en": "What the ratings mean", "cy": "Ystyr y graddau"},
    "code": {"en": "Code", "cy": "Cod"},
    "qr": {
        "en": "QR code of this form. It holds an address, and the same code: {code}.",
        "cy": "Cod QR y ffurflen hon. Mae’n dal cyfeiriad, a’r un cod: {code}.",
    },
    # the form
    "form": {"en": "Form to write on", "cy": "Ffurflen i ysgrifennu arni"},
    "setting": {"en": "Where ({setting})", "cy": "Ble ({setting})"},
    "voice": {"en": "Who is speaking? Tick one.", "cy": "Pwy sy’n siarad? Ticiwch un."},
    "label": {
        "en": "Which person of the staff, or which group? Never a {recipient}’s name.",
        "cy": "Pa aelod o’r staff, neu ba grŵp? Byth enw {recipient}.",
    },
    "date": {"en": "Date (day, month, year)", "cy": "Dyddiad (diwrnod, mis, blwyddyn)"},
    "how": {"en": "How to fill this in", "cy": "Sut i lenwi hon"},
    "how_rate": {
        "en": "Read each sentence and tick the box that is most true here. You may leave any out.",
        "cy": "Darllenwch bob brawddeg a thiciwch y blwch sydd fwyaf gwir yma. Gallwch adael unrhyw un allan.",
    },
    "how_comment": {
        "en": "Say on the lines what makes you think so. If it does not apply, say why.",
        "cy": "Dywedwch ar y llinellau pam rydych chi’n meddwl hynny. Os nad yw’n berthnasol, dywedwch pam.",
    },
    "how_evidence": {
        "en": "At the end of each principle, note what shows it: something seen, something said, a paper, a count.",
        "cy": "Ar ddiwedd pob egwyddor, nodwch beth sy’n ei ddangos: rhywbeth a welwyd, a ddywedwyd, papur, cyfrif.",
    },
    "how_names": {
        "en": "Write nothing by which a {recipient} could be recognised: no names, no numbers.",
        "cy": "Peidiwch ag ysgrifennu dim a allai ddangos pwy yw {recipient}: dim enwau, dim rhifau.",
    },
    "how_later": {
        "en": "Somebody will enter this in Milieu later, in the same order. The code says where it belongs.",
        "cy": "Bydd rhywun yn rhoi hyn yn Milieu wedyn, yn yr un drefn. Mae’r cod yn dweud ble mae’n perthyn.",
    },
    "comment": {"en": "What makes you say so?", "cy": "Pam rydych chi’n dweud hynny?"},
    "evidence": {"en": "What shows it?", "cy": "Beth sy’n ei ddangos?"},
    "evidence_number": {"en": "Which number", "cy": "Pa rif"},
    "evidence_kind": {"en": "Seen, said, paper or count", "cy": "Gweld, dweud, papur neu gyfrif"},
    "evidence_what": {"en": "What, where and when", "cy": "Beth, ble a phryd"},
    # the report
    "report": {"en": "Report of an audit", "cy": "Adroddiad archwiliad"},
    "organisation": {"en": "Organisation", "cy": "Sefydliad"},
    "checklist": {"en": "Checklist", "cy": "Rhestr wirio"},
    "opened": {"en": "Opened", "cy": "Agorwyd"},
    "as_of": {"en": "As it stood on", "cy": "Fel yr oedd ar"},
    "purpose": {"en": "For", "cy": "Ar gyfer"},
    "development": {"en": "our own development", "cy": "ein datblygiad ein hunain"},
    "award": {"en": "an award", "cy": "dyfarniad"},
    "record": {"en": "Record", "cy": "Cofnod"},
    "agreed_of": {"en": "{n} of {of} agreed", "cy": "{n} o {of} wedi’u cytuno"},
    "ring": {
        "en": "A ring of {of} arcs, one for each principle. In {n} of them everything is agreed.",
        "cy": "Cylch o {of} arc, un i bob egwyddor. Mewn {n} ohonynt mae popeth wedi’i gytuno.",
    },
    "done_of": {"en": "{n} of {of} principles agreed in full", "cy": "{n} o {of} egwyddor wedi’u cytuno’n llawn"},
    "progress": {"en": "How far it has come", "cy": "Pa mor bell y mae wedi dod"},
    "principle": {"en": "Principle", "cy": "Egwyddor"},
    "criteria": {"en": "Criteria", "cy": "Meini prawf"},
    "answered": {"en": "Answered", "cy": "Atebwyd"},
    "agreed": {"en": "Agreed", "cy": "Cytunwyd"},
    "open_differences": {"en": "To settle", "cy": "I’w setlo"},
    "who": {"en": "Who contributed", "cy": "Pwy a gyfrannodd"},
    "who_why": {
        "en": "People and groups by voice. Voices stand side by side and are never added together.",
        "cy": "Pobl a grwpiau yn ôl llais. Mae lleisiau’n sefyll ochr yn ochr ac ni chânt byth eu hadio at ei gilydd.",
    },
    "nobody": {"en": "Nobody has contributed yet.", "cy": "Nid oes neb wedi cyfrannu eto."},
    "voice_column": {"en": "Voice", "cy": "Llais"},
    "voice_unknown": {"en": "Voice not settled", "cy": "Llais heb ei setlo"},
    "groups": {"en": "People or groups (n)", "cy": "Pobl neu grwpiau (n)"},
    "names": {"en": "Named", "cy": "Enwau"},
    "answers": {"en": "Answers (n)", "cy": "Atebion (n)"},
    "finding": {"en": "We agree", "cy": "Rydym yn cytuno"},
    "no_finding": {"en": "Not agreed yet", "cy": "Heb ei gytuno eto"},
    "differs": {
        "en": "Two different findings were written. Not settled yet.",
        "cy": "Ysgrifennwyd dau ganfyddiad gwahanol. Heb eu setlo eto.",
    },
    "account_differs": {
        "en": "The account was written in two ways. Not settled yet.",
        "cy": "Ysgrifennwyd yr hanes mewn dwy ffordd. Heb ei setlo eto.",
    },
    "rating_unsettled": {
        "en": "{voice}: {n} rated in two ways, not settled yet.",
        "cy": "{voice}: {n} wedi’u graddio mewn dwy ffordd, heb eu setlo eto.",
    },
    "comment_unsettled": {
        "en": "{voice}: {n} commented in two ways, not settled yet.",
        "cy": "{voice}: {n} â sylw mewn dwy ffordd, heb eu setlo eto.",
    },
    "shows": {"en": "What shows it", "cy": "Beth sy’n ei ddangos"},
    "helps": {"en": "What helps", "cy": "Beth sy’n helpu"},
    "hinders": {"en": "What gets in the way", "cy": "Beth sy’n rhwystro"},
    "comments": {"en": "What people said", "cy": "Yr hyn a ddywedodd pobl"},
    "no_answers": {"en": "Nobody has answered yet.", "cy": "Nid oes neb wedi ateb eto."},
    "evidence_heading": {"en": "Evidence", "cy": "Tystiolaeth"},
    "evidence_observation": {"en": "Seen", "cy": "Gwelwyd"},
    "evidence_quotation": {"en": "Said", "cy": "Dywedwyd"},
    "evidence_document": {"en": "Document", "cy": "Dogfen"},
    "evidence_count": {"en": "Count", "cy": "Cyfrif"},
    "evidence_photo": {"en": "Photo", "cy": "Llun"},
    "caption_differs": {
        "en": "Its words were written in two ways. Not settled yet.",
        "cy": "Ysgrifennwyd ei eiriau mewn dwy ffordd. Heb eu setlo eto.",
    },
    "photo_missing": {
        "en": "This photo is not here yet, and does not count.",
        "cy": "Nid yw’r llun hwn yma eto, ac nid yw’n cyfrif.",
    },
    "picture_at": {"en": "Picture at {number}", "cy": "Llun yn {number}"},
    "kept_where": {"en": "kept: {where}", "cy": "cedwir: {where}"},
    "dated": {"en": "dated {day}", "cy": "dyddiedig {day}"},
    "counted": {"en": "{n}", "cy": "{n}"},
    "counted_of": {"en": "{n} of {of}", "cy": "{n} o {of}"},
    "plan": {"en": "What will be done", "cy": "Beth fydd yn cael ei wneud"},
    "plan_why": {
        "en": "You said, we did: overdue first, then by the day.",
        "cy": "Dywedoch chi, gwnaethom ni: yr hyn sy’n hwyr gyntaf, yna yn ôl y dydd.",
    },
    "plan_what": {"en": "What", "cy": "Beth"},
    "plan_whose": {"en": "Whose task", "cy": "Tasg pwy"},
    "plan_due": {"en": "By when", "cy": "Erbyn pryd"},
    "plan_state": {"en": "How far", "cy": "Pa mor bell"},
    "plan_for": {"en": "For", "cy": "Ar gyfer"},
    "no_plan": {"en": "Nothing has been planned yet.", "cy": "Nid oes dim wedi’i gynllunio eto."},
    "no_day": {"en": "No day agreed", "cy": "Dim diwrnod wedi’i gytuno"},
    "whose_lead": {"en": "Lead", "cy": "Arweinydd"},
    "whose_manager": {"en": "Manager", "cy": "Rheolwr"},
    "whose_team": {"en": "Team", "cy": "Tîm"},
    "nobody_yet": {"en": "Nobody yet", "cy": "Neb eto"},
    "state_to-do": {"en": "To do", "cy": "I’w wneud"},
    "state_doing": {"en": "Doing", "cy": "Ar waith"},
    "state_done": {"en": "Done", "cy": "Wedi’i wneud"},
    "state_dropped": {"en": "Dropped", "cy": "Wedi’i ollwng"},
    "state_unsettled": {"en": "Written in two ways, not settled yet", "cy": "Mewn dwy ffordd, heb ei setlo eto"},
    "overdue": {"en": "Overdue", "cy": "Yn hwyr"},
    "this_week": {"en": "Due this week", "cy": "Yr wythnos hon"},
    "carried": {"en": "From the audit before", "cy": "O’r archwiliad blaenorol"},
    "outcome": {"en": "What came of it: {text}", "cy": "Beth ddaeth ohono: {text}"},
    "dropped_because": {"en": "Dropped because: {text}", "cy": "Wedi’i ollwng oherwydd: {text}"},
    "you_said": {"en": "You said", "cy": "Dywedoch chi"},
    "names_kept": {
        "en": "{Voice} are not named, in this report or anywhere in Milieu.",
        "cy": "Ni chaiff {Voice} eu henwi, yn yr adroddiad hwn nac yn unman yn Milieu.",
    },
}


def speaker(language: str) -> Callable[..., str]:
    """`say(key, **more)`: what stands on paper, in this language."""

    def say(key: str, **more) -> str:
        return WORDS[key][language].format(**more)

    return say


def day_told(text: str, language: str) -> str:
    """A day written 2026-11-23, as people write it."""
    return day_in_words(date.fromisoformat(text), language)


def day_in_words(day: date, language: str) -> str:
    """A day as people write it: 23 November 2026."""
    return f"{day.day} {MONTHS[language].split()[day.month - 1]} {day.year}"

"""What an award's verdict and its certificate say besides names. The Welsh is a draft: nobody has reviewed it yet."""

from functools import partial

from .. import telling

WORDS: dict[str, dict[str, str]] = {
    # the verdict of a rule
    "all_shown": {"en": "All {of} shown.", "cy": "Y {of} i gyd wedi’u dangos."},
    "shown": {"en": "{n} of {of} shown", "cy": "{n} o {of} wedi’u dangos"},
    "not_yet": {"en": "{names} not yet", "cy": "{names} ddim eto"},
    "still_open": {"en": "{names} still open", "cy": "{names} yn dal ar agor"},
    "n_not_yet": {"en": "{n} not yet", "cy": "{n} ddim eto"},
    "n_still_open": {"en": "{n} still open", "cy": "{n} yn dal ar agor"},
    "and": {"en": " and ", "cy": " a "},
    "is_shown": {
        "en": "Shown: {high} of {applies} are “{word}” or more.",
        "cy": "Wedi’i ddangos: mae {high} o {applies} yn “{word}” neu fwy.",
    },
    "is_not-yet": {
        "en": "Not yet: {high} of {applies} are “{word}” or more; it takes {needed}.",
        "cy": "Ddim eto: mae {high} o {applies} yn “{word}” neu fwy; mae angen {needed}.",
    },
    "is_open": {
        "en": "Still open: {high} of {applies} are “{word}” or more so far; it takes {needed}.",
        "cy": "Yn dal ar agor: mae {high} o {applies} yn “{word}” neu fwy hyd yma; mae angen {needed}.",
    },
    "nothing_applies": {
        "en": "Not yet: nothing here applies, so nothing shows it.",
        "cy": "Ddim eto: nid oes dim yma’n berthnasol, felly nid oes dim yn ei ddangos.",
    },
    "criterion_high": {"en": "“{word}”: enough", "cy": "“{word}”: digon"},
    "criterion_low": {"en": "“{word}”: not enough yet", "cy": "“{word}”: ddim yn ddigon eto"},
    "criterion_below": {"en": "“{word}”: too low", "cy": "“{word}”: rhy isel"},
    "criterion_not-applicable": {"en": "Does not apply", "cy": "Ddim yn berthnasol"},
    "criterion_open": {"en": "Not agreed yet", "cy": "Heb ei gytuno eto"},
    "step_agree": {"en": "Agree on {criteria}.", "cy": "Cytunwch ar {criteria}."},
    "step_lift": {"en": "Bring {criteria} up to “{word}” at least.", "cy": "Codwch {criteria} i “{word}” o leiaf."},
    "step_raise_all": {"en": "Bring {criteria} up to “{word}”.", "cy": "Codwch {criteria} i “{word}”."},
    "step_raise_any": {
        "en": "Bring at least {n} of {criteria} up to “{word}”.",
        "cy": "Codwch o leiaf {n} o {criteria} i “{word}”.",
    },
    "step_show": {
        "en": "Add evidence of another kind. More kinds needed: {n}.",
        "cy": "Ychwanegwch dystiolaeth o fath arall. Mathau eraill sydd eu hangen: {n}.",
    },
    "step_ask": {"en": "Ask at least once: {voices}.", "cy": "Gofynnwch o leiaf unwaith: {voices}."},
    # the certificate
    "certificate": {"en": "Certificate", "cy": "Tystysgrif"},
    "this_says": {"en": "This says that", "cy": "Mae hon yn dweud bod"},
    "in_setting": {"en": "of {organisation}", "cy": "{organisation}"},
    "was_awarded": {"en": "holds the award", "cy": "yn dal y dyfarniad"},
    "all_principles": {
        "en": "All {of} principles were shown, each one by itself.",
        "cy": "Dangoswyd pob un o’r {of} egwyddor, bob un ar ei phen ei hun.",
    },
    "all_classes": {
        "en": "Each class of criteria was shown, each one by itself.",
        "cy": "Dangoswyd pob dosbarth o feini prawf, bob un ar ei ben ei hun.",
    },
    "seal": {
        "en": "A ring of {of} full arcs, one for each principle that was shown.",
        "cy": "Cylch o {of} arc llawn, un i bob egwyddor a ddangoswyd.",
    },
    "edition": {"en": "Judged by", "cy": "Barnwyd yn ôl"},
    "edition_n": {"en": "{checklist}, edition {n}", "cy": "{checklist}, argraffiad {n}"},
    "decision": {"en": "Decision", "cy": "Penderfyniad"},
    "decided": {"en": "Awarded on {day} by {body}", "cy": "Dyfarnwyd ar {day} gan {body}"},
    "interim": {"en": "Looked at again by", "cy": "Ailedrychir erbyn"},
    "until": {"en": "Holds until", "cy": "Yn para tan"},
    "number": {"en": "Number", "cy": "Rhif"},
    "check": {"en": "Is it still true?", "cy": "A yw’n wir o hyd?"},
    "check_why": {
        "en": "An award can end early. Paper cannot know that, so ask here:",
        "cy": "Gall dyfarniad ddod i ben yn gynnar. Ni all papur wybod hynny, felly gofynnwch yma:",
    },
    "qr": {
        "en": "QR code with the address where this certificate can be checked: {address}",
        "cy": "Cod QR gyda’r cyfeiriad lle gellir gwirio’r dystysgrif hon: {address}",
    },
    "record": {"en": "Sealed record", "cy": "Cofnod dan sêl"},
    "draft": {
        "en": "Nobody has checked these words yet.",
        "cy": "Drafft yw’r Gymraeg hon. Nid oes neb wedi ei gwirio eto.",
    },
    "page": {"en": "Page", "cy": "Tudalen"},
    "page_of": {"en": "of", "cy": "o"},
}


speaker = partial(telling.speaker, WORDS)  # `speaker(language)`: what an award's pages say


def listed(names: list[str], language: str) -> str:
    """Names in a row, the last two joined by “and”."""
    if len(names) < 2:
        return "".join(names)
    return ", ".join(names[:-1]) + WORDS["and"][language] + names[-1]

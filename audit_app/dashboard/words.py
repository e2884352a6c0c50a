"""What the board paper says besides figures and names. The Welsh is a draft: nobody has reviewed it yet."""

from functools import partial

from .. import telling

WORDS: dict[str, dict[str, str]] = {
    "title": {"en": "Board paper", "cy": "Papur bwrdd"},
    "as_of": {"en": "As it stood on {day}", "cy": "Fel yr oedd ar {day}"},
    "foot": {
        "en": "Figures with fewer than five people behind them are hidden. Nobody is named.",
        "cy": "Cuddir ffigurau â llai na phum person y tu ôl iddynt. Ni chaiff neb ei enwi.",
    },
    "draft": {
        "en": "Nobody has checked these words yet.",
        "cy": "Drafft yw’r Gymraeg hon. Nid oes neb wedi ei gwirio eto.",
    },
    "page": {"en": "Page", "cy": "Tudalen"},
    "page_of": {"en": "of", "cy": "o"},
    "settings": {"en": "Settings: {n}", "cy": "Lleoliadau: {n}"},
    "setting": {"en": "Setting", "cy": "Lleoliad"},
    # in short
    "short": {"en": "In short", "cy": "Yn gryno"},
    "short_shown": {
        "en": "Settings that show all their principles: {n} of {of}.",
        "cy": "Lleoliadau sy’n dangos eu holl egwyddorion: {n} o {of}.",
    },
    "short_overdue": {
        "en": "Overdue: {n}. The oldest is at {name}, by {days} days.",
        "cy": "Yn hwyr: {n}. Mae’r hynaf yn {name}, o {days} diwrnod.",
    },
    "short_week": {"en": "Due within seven days: {n}.", "cy": "I’w wneud o fewn saith diwrnod: {n}."},
    "short_changed": {
        "en": "Since the audit before, principles that improved: {up}; that slipped: {down}; that stayed: {same}.",
        "cy": "Ers yr archwiliad cynt, egwyddorion a wellodd: {up}; a lithrodd: {down}; a arhosodd: {same}.",
    },
    "short_apart": {
        "en": "Voices are furthest apart on {principle}: {gap} steps of the scale, over all settings of {name}.",
        "cy": "Mae lleisiau bellaf ar wahân ar {principle}: {gap} cam o’r raddfa, dros bob lleoliad {name}.",
    },
    # the heat map
    "heat": {"en": "What is shown: {checklist}", "cy": "Beth a ddangosir: {checklist}"},
    "key": {
        "en": "4/5: on four of five statements the team agreed “{word}” or more. So far: not all are agreed yet. "
        "5/5 that is not “shown” lacks a second kind of evidence or a resident’s answer. –: nothing is agreed. "
        "By name; this is not an order of merit.",
        "cy": "4/5: ar bedwar o bum gosodiad cytunodd y tîm ar “{word}” neu fwy. Hyd yma: heb gytuno ar bob un eto. "
        "Mae 5/5 heb “dangosir” yn brin o ail fath o dystiolaeth neu ateb gan breswylydd. –: heb gytuno ar ddim. "
        "Yn ôl enw; nid trefn teilyngdod yw hon.",
    },
    "is_shown": {"en": "shown", "cy": "dangosir"},
    "so_far": {"en": "so far", "cy": "hyd yma"},
    "shown": {"en": "{n} of {of} shown", "cy": "{n} o {of} wedi’u dangos"},
    "not_yet": {"en": "{names} not yet", "cy": "{names} ddim eto"},
    "n_not_yet": {"en": "{n} not yet", "cy": "{n} ddim eto"},
    "n_open": {"en": "{n} still open", "cy": "{n} yn dal ar agor"},
    "and": {"en": " and ", "cy": " a "},
    "never": {"en": "Not audited yet: {names}.", "cy": "Heb eu harchwilio eto: {names}."},
    # due
    "due": {"en": "Due and overdue", "cy": "I’w wneud ac yn hwyr"},
    "nothing_due": {
        "en": "Nothing is overdue, or due within seven days.",
        "cy": "Nid oes dim yn hwyr, nac i’w wneud o fewn saith diwrnod.",
    },
    "more_due": {"en": "And {n} more, in Milieu.", "cy": "A {n} arall, yn Milieu."},
    "what": {"en": "What", "cy": "Beth"},
    "whose": {"en": "Whose task", "cy": "Tasg pwy"},
    "by": {"en": "By when", "cy": "Erbyn pryd"},
    "late": {"en": "{n} days late", "cy": "{n} diwrnod yn hwyr"},
    "due_audit": {"en": "The next audit", "cy": "Yr archwiliad nesaf"},
    "due_never-audited": {"en": "The first audit", "cy": "Yr archwiliad cyntaf"},
    "whose_lead": {"en": "Lead", "cy": "Arweinydd"},
    "whose_manager": {"en": "Manager", "cy": "Rheolwr"},
    "whose_team": {"en": "Team", "cy": "Tîm"},
    "whose_residents": {"en": "Residents", "cy": "Preswylwyr"},
    "whose_": {"en": "Nobody yet", "cy": "Neb eto"},
    # voices
    "voices": {"en": "What each voice says", "cy": "Beth mae pob llais yn ei ddweud"},
    "voices_why": {
        "en": "All settings together, each voice by itself: its mean from 0 to 3, and how many people or groups stand "
        "behind it (n). Voices are never added together. A gap is something to talk about, not a fault.",
        "cy": "Pob lleoliad gyda’i gilydd, pob llais ar ei ben ei hun: ei gymedr o 0 i 3, a faint o bobl neu grwpiau "
        "sydd y tu ôl iddo (n). Ni chaiff lleisiau byth eu hadio at ei gilydd. Mae bwlch yn rhywbeth i siarad amdano, "
        "nid bai.",
    },
    "principle": {"en": "Principle", "cy": "Egwyddor"},
    "staff": {"en": "Staff", "cy": "Staff"},
    "resident": {"en": "Residents", "cy": "Preswylwyr"},
    "visitor": {"en": "Visitors", "cy": "Ymwelwyr"},
    "assessor": {"en": "Assessor", "cy": "Asesydd"},
    "hidden": {"en": "hidden, fewer than 5", "cy": "wedi’i guddio, llai na 5"},
    "apart": {"en": "Apart", "cy": "Ar wahân"},
    "nobody": {"en": "Nobody has answered yet.", "cy": "Nid oes neb wedi ateb eto."},
    # changes
    "changes": {"en": "What changed since the audit before", "cy": "Beth newidiodd ers yr archwiliad cynt"},
    "changes_why": {
        "en": "The mean of what teams agreed, from 0 to 3. A principle is compared once all of it is agreed both "
        "times.",
        "cy": "Cymedr yr hyn y cytunodd timau arno, o 0 i 3. Cymherir egwyddor pan fydd y cyfan wedi’i gytuno’r ddau "
        "dro.",
    },
    "move": {"en": "{principle}: {before} to {now}", "cy": "{principle}: {before} i {now}"},
    "nothing_changed": {"en": "No change to tell yet.", "cy": "Dim newid i’w ddweud eto."},
    "improved": {"en": "Improved", "cy": "Wedi gwella"},
    "slipped": {"en": "Slipped", "cy": "Wedi llithro"},
    "settled": {"en": "Plan items settled since then", "cy": "Eitemau cynllun a setlwyd ers hynny"},
    "state_done": {"en": "done", "cy": "wedi’i wneud"},
    "state_dropped": {"en": "dropped", "cy": "wedi’i ollwng"},
    # what it rests on
    "rests": {"en": "What this rests on", "cy": "Ar beth mae hyn yn sefyll"},
    "rests_why": {
        "en": "How many statements rest on little. What rests on little can still be right: it is worth asking more "
        "people.",
        "cy": "Faint o osodiadau sy’n sefyll ar ychydig. Gall yr hyn sy’n sefyll ar ychydig fod yn gywir: mae’n werth "
        "gofyn i fwy o bobl.",
    },
    "one-contributor": {"en": "One person or group alone", "cy": "Un person neu grŵp yn unig"},
    "no-resident": {"en": "No resident’s voice", "cy": "Dim llais preswylydd"},
    "no-evidence": {"en": "No evidence", "cy": "Dim tystiolaeth"},
    "one-kind": {"en": "One kind of evidence", "cy": "Un math o dystiolaeth"},
    "old-evidence": {"en": "Evidence older than a year", "cy": "Tystiolaeth dros flwydd oed"},
    "of": {"en": "{n} of {of}", "cy": "{n} o {of}"},
    # how to read it
    "how": {"en": "How to read this", "cy": "Sut i ddarllen hwn"},
    "how_shown": {
        "en": "A principle is shown, or not yet: one that is strong does not make up for another.",
        "cy": "Mae egwyddor wedi’i dangos, neu ddim eto: nid yw un gref yn gwneud iawn am un arall.",
    },
    "how_compare": {
        "en": "Settings care for different people and are at different points. Their order is that of their names.",
        "cy": "Mae lleoliadau’n gofalu am bobl wahanol ac ar gamau gwahanol. Mae eu trefn yn ôl eu henwau.",
    },
    "how_behind": {
        "en": "Behind each figure stand answers and evidence. Whoever may see them finds them in Milieu.",
        "cy": "Y tu ôl i bob ffigur mae atebion a thystiolaeth. Gall pwy bynnag sydd â’r hawl eu gweld yn Milieu.",
    },
}


speaker = partial(telling.speaker, WORDS)  # `speaker(language)`: what stands on the board paper

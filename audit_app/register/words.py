"""What the public pages say besides names. The Welsh is a draft: nobody has reviewed it yet."""

from functools import partial

from .. import telling

WORDS: dict[str, dict[str, str]] = {
    # every page
    "to_content": {"en": "Go to the content", "cy": "Mynd at y cynnwys"},
    "demo": {"en": "Demonstration: all data is invented", "cy": "Arddangosiad: dychmygol yw’r data i gyd"},
    "other_language": {"en": "Cymraeg", "cy": "English"},
    "draft": {"en": "", "cy": "Drafft yw’r Gymraeg hon. Nid oes neb wedi ei gwirio eto."},
    "public_pages": {"en": "Register and check", "cy": "Cofrestr a gwirio"},
    "register": {"en": "Register", "cy": "Cofrestr"},
    "check": {"en": "Check", "cy": "Gwirio"},
    # how an award stands
    "is_valid": {"en": "Valid", "cy": "Dilys"},
    "is_expired": {"en": "Expired", "cy": "Wedi dod i ben"},
    "is_suspended": {"en": "Suspended", "cy": "Wedi’i atal"},
    "is_withdrawn": {"en": "Withdrawn", "cy": "Wedi’i dynnu’n ôl"},
    "is_superseded": {"en": "Superseded", "cy": "Wedi’i ddisodli"},
    "is_unknown": {"en": "Unknown", "cy": "Anhysbys"},
    "is_cannot-confirm": {"en": "Cannot confirm", "cy": "Methu cadarnhau"},
    "says_valid": {
        "en": "This award stands. It holds until {until}, if nothing ends it before.",
        "cy": "Mae’r dyfarniad hwn yn sefyll. Mae’n para tan {until}, os na ddaw i ben cyn hynny.",
    },
    "says_expired": {
        "en": "This award was true. It ran out on {until}, and holds no more.",
        "cy": "Roedd y dyfarniad hwn yn wir. Daeth i ben ar {until}, ac nid yw’n dal mwyach.",
    },
    "says_suspended": {
        "en": "This award is on hold. For now it does not count.",
        "cy": "Mae’r dyfarniad hwn wedi’i atal. Nid yw’n cyfrif am y tro.",
    },
    "says_withdrawn": {
        "en": "This award was taken back. It holds no more.",
        "cy": "Cafodd y dyfarniad hwn ei gymryd yn ôl. Nid yw’n dal mwyach.",
    },
    "says_superseded": {
        "en": "A newer award, or a newer copy of it, has taken the place of this one.",
        "cy": "Mae dyfarniad mwy newydd, neu gopi mwy newydd ohono, wedi cymryd lle hwn.",
    },
    "says_unknown": {
        "en": "We did not issue this, or it was changed since. Do not rely on it.",
        "cy": "Nid ni a’i rhoddodd, neu cafodd ei newid ers hynny. Peidiwch â dibynnu arno.",
    },
    "says_unknown_number": {
        "en": "No award has this number. Look at it once more: a mistyped letter is enough.",
        "cy": "Nid oes dyfarniad â’r rhif hwn. Edrychwch arno eto: mae un llythyren anghywir yn ddigon.",
    },
    "says_cannot-confirm": {
        "en": "Just now we cannot say if this is true. Ask again in a few minutes, and do not rely on it until then.",
        "cy": "Ar hyn o bryd ni allwn ddweud a yw hyn yn wir. Gofynnwch eto ymhen ychydig funudau.",
    },
    # the register
    "register_title": {"en": "Who holds an award", "cy": "Pwy sy’n dal dyfarniad"},
    "register_lead": {
        "en": "Settings that were judged, and agreed to be named here. Not being here says nothing about a place.",
        "cy": "Lleoedd a gafodd eu barnu, ac a gytunodd i gael eu henwi yma. Nid yw absenoldeb yn dweud dim am le.",
    },
    "find": {"en": "Find an award", "cy": "Dod o hyd i ddyfarniad"},
    "name": {"en": "Name of the setting", "cy": "Enw’r lle"},
    "organisation": {"en": "Who runs it", "cy": "Pwy sy’n ei redeg"},
    "sector": {"en": "Kind of setting", "cy": "Math o le"},
    "status": {"en": "How it stands", "cy": "Sut mae’n sefyll"},
    "any": {"en": "Any", "cy": "Unrhyw un"},
    "narrow": {"en": "Search by more", "cy": "Chwilio yn ôl mwy"},
    "search": {"en": "Search", "cy": "Chwilio"},
    "search_again": {"en": "Show all", "cy": "Dangos y cyfan"},
    "found_none": {"en": "No award fits.", "cy": "Nid oes dyfarniad sy’n cyfateb."},
    "found_none_why": {
        "en": "Try fewer words. Only settings that agreed to be named are here; any certificate can be checked.",
        "cy": "Rhowch gynnig ar lai o eiriau. Nid yw lle na chytunodd i gael ei enwi yma; gellir gwirio ei dystysgrif.",
    },
    "found_one": {"en": "1 award", "cy": "1 dyfarniad"},
    "found": {"en": "{n} awards", "cy": "{n} dyfarniad"},
    "empty": {"en": "No setting is named here yet.", "cy": "Nid oes lle wedi’i enwi yma eto."},
    "until": {"en": "Holds until {day}", "cy": "Yn para tan {day}"},
    "until_short": {"en": "until {day}", "cy": "tan {day}"},
    "ran_out": {"en": "Ran out on {day}", "cy": "Daeth i ben ar {day}"},
    "ended": {"en": "Since {day}", "cy": "Ers {day}"},
    "earlier": {"en": "Back to the start", "cy": "Yn ôl i’r dechrau"},
    "later": {"en": "Next {n}", "cy": "{n} nesaf"},
    "take_away": {"en": "Take it with you", "cy": "Mynd ag ef gyda chi"},
    "feed": {"en": "Feed of news (Atom)", "cy": "Ffrwd newyddion (Atom)"},
    "as_csv": {"en": "Table (CSV)", "cy": "Tabl (CSV)"},
    "as_json": {"en": "Data (JSON)", "cy": "Data (JSON)"},
    "feed_title": {"en": "Register of awards", "cy": "Cofrestr dyfarniadau"},
    # an award
    "award_of": {"en": "Award of {setting}", "cy": "Dyfarniad {setting}"},
    "not_listed": {"en": "Not in the register", "cy": "Ddim yn y gofrestr"},
    "not_listed_why": {
        "en": "No award of this number is named here. If you hold its certificate, you can check it.",
        "cy": "Nid oes dyfarniad â’r rhif hwn wedi’i enwi yma. Os oes gennych ei dystysgrif, gallwch ei gwirio.",
    },
    "holder": {"en": "Held by", "cy": "Yn cael ei ddal gan"},
    "of_organisation": {"en": "{setting}, {organisation}", "cy": "{setting}, {organisation}"},
    "given_by": {"en": "Given by", "cy": "Rhoddwyd gan"},
    "judged_by": {"en": "Judged by", "cy": "Barnwyd yn ôl"},
    "edition_n": {"en": "{checklist}, edition {n}", "cy": "{checklist}, argraffiad {n}"},
    "awarded_on": {"en": "Awarded on", "cy": "Dyfarnwyd ar"},
    "interim": {"en": "Looked at again by", "cy": "Ailedrychir erbyn"},
    "holds_until": {"en": "Holds until", "cy": "Yn para tan"},
    "ended_on": {"en": "Since", "cy": "Ers"},
    "replaced_by": {"en": "Replaced by", "cy": "Disodlwyd gan"},
    "number": {"en": "Number", "cy": "Rhif"},
    "record": {"en": "Sealed record", "cy": "Cofnod dan sêl"},
    "judged": {"en": "What was judged", "cy": "Beth a farnwyd"},
    "judged_why": {
        "en": "Each of these was shown by itself; what is strong never makes up for what is missing.",
        "cy": "Dangoswyd pob un ar ei ben ei hun; nid yw’r hyn sy’n gryf yn gwneud iawn am yr hyn sydd ar goll.",
    },
    "read_criteria": {"en": "Read every statement", "cy": "Darllen pob datganiad"},
    "decision": {"en": "Why", "cy": "Pam"},
    "against_rule": {
        "en": "The panel decided otherwise than the rule alone says, and gave this reason:",
        "cy": "Penderfynodd y panel yn wahanol i’r hyn y mae’r rheol yn unig yn ei ddweud, a rhoi’r rheswm hwn:",
    },
    "history": {"en": "What happened", "cy": "Beth ddigwyddodd"},
    "seal": {
        "en": "A ring of {of} full arcs, one for each part that was shown: {years}.",
        "cy": "Cylch o {of} arc llawn, un i bob rhan a ddangoswyd: {years}.",
    },
    "see_certificate": {"en": "The certificate", "cy": "Y dystysgrif"},
    "see_check": {"en": "Check it", "cy": "Ei gwirio"},
    "see_entry": {"en": "Its page in the register", "cy": "Ei dudalen yn y gofrestr"},
    "embed": {"en": "Show it on a website", "cy": "Ei ddangos ar wefan"},
    "embed_why": {
        "en": "This picture says how the award stands today. When the award ends, the picture says so by itself.",
        "cy": "Mae’r llun yn dweud sut mae’r dyfarniad yn sefyll heddiw. Pan ddaw i ben, bydd y llun yn dweud hynny.",
    },
    "embed_code": {"en": "Copy this into the page", "cy": "Copïwch hwn i’r dudalen"},
    "badge_words": {"en": "Award {number}: {state}", "cy": "Dyfarniad {number}: {state}"},
    # what happened, in the history of an award
    "did_awarded": {"en": "Awarded by {body}", "cy": "Dyfarnwyd gan {body}"},
    "did_interim": {"en": "Looked at again, and still true", "cy": "Ailedrychwyd arno, ac mae’n dal yn wir"},
    "did_suspended": {"en": "Suspended", "cy": "Ataliwyd"},
    "did_restored": {"en": "Given back", "cy": "Rhoddwyd yn ôl"},
    "did_withdrawn": {"en": "Withdrawn", "cy": "Tynnwyd yn ôl"},
    "did_renewed": {"en": "Replaced by a newer award", "cy": "Disodlwyd gan ddyfarniad mwy newydd"},
    "did_expired": {"en": "Ran out", "cy": "Daeth i ben"},
    # the check
    "check_title": {"en": "Is this certificate true?", "cy": "A yw’r dystysgrif hon yn wir?"},
    "check_lead": {
        "en": "Ask by its number, or hand in the file. We keep nothing of what you show us.",
        "cy": "Gofynnwch yn ôl ei rhif, neu rhowch y ffeil i mewn. Nid ydym yn cadw dim o’r hyn a ddangoswch.",
    },
    "by_number": {"en": "By number", "cy": "Yn ôl rhif"},
    "by_number_why": {
        "en": "It stands on the certificate, like {example}.",
        "cy": "Mae ar y dystysgrif, fel {example}.",
    },
    "by_file": {"en": "By file", "cy": "Yn ôl ffeil"},
    "by_file_why": {
        "en": "The credential (JSON), or the badge (SVG or PNG). At most {kib} KiB.",
        "cy": "Y tystlythyr (JSON), neu’r bathodyn (SVG neu PNG). Hyd at {kib} KiB.",
    },
    "file": {"en": "File", "cy": "Ffeil"},
    "by_text": {"en": "By text", "cy": "Yn ôl testun"},
    "by_text_why": {
        "en": "Paste the credential: its JSON, or its long code with two dots.",
        "cy": "Gludwch y tystlythyr: ei JSON, neu ei god hir â dau ddot.",
    },
    "text": {"en": "Credential", "cy": "Tystlythyr"},
    "ask": {"en": "Check", "cy": "Gwirio"},
    "ask_another": {"en": "Check another", "cy": "Gwirio un arall"},
    "as_of": {"en": "Asked of the register on {day}", "cy": "Gofynnwyd i’r gofrestr ar {day}"},
    "shown_pdf": {
        "en": "This is a PDF. Paper carries no signature that we could look at. Type the number that stands on it.",
        "cy": "PDF yw hwn. Nid oes llofnod ar bapur y gallem edrych arno. Teipiwch y rhif sydd arno.",
    },
    "shown_nothing": {
        "en": "Nothing came. Type a number, choose a file, or paste a credential.",
        "cy": "Ni ddaeth dim. Teipiwch rif, dewiswch ffeil, neu gludwch dystlythyr.",
    },
    "shown_too_much": {
        "en": "This is too large to be one of ours. Choose another file.",
        "cy": "Mae hwn yn rhy fawr i fod yn un o’n rhai ni. Dewiswch ffeil arall.",
    },
    "checked_shown": {
        "en": "What you showed is what we signed, and the register was asked about it.",
        "cy": "Yr hyn a ddangosoch yw’r hyn a lofnodwyd gennym, a gofynnwyd i’r gofrestr amdano.",
    },
    "paper_warning": {
        "en": "Compare the names and days here with those on the paper. They must be the same.",
        "cy": "Cymharwch yr enwau a’r dyddiau yma â’r rhai ar y papur. Rhaid iddynt fod yr un fath.",
    },
    # the certificate as a page
    "certificate": {"en": "Certificate", "cy": "Tystysgrif"},
    "as_pdf": {"en": "PDF to print", "cy": "PDF i’w argraffu"},
    "as_credential": {"en": "Signed credential (JSON)", "cy": "Tystlythyr wedi’i lofnodi (JSON)"},
    "as_svg": {"en": "Badge (SVG)", "cy": "Bathodyn (SVG)"},
    "as_png": {"en": "Badge (PNG)", "cy": "Bathodyn (PNG)"},
    "certificate_ended": {
        "en": "This certificate holds no more: {state}.",
        "cy": "Nid yw’r dystysgrif hon yn dal mwyach: {state}.",
    },
    # who gives awards
    "body_lead": {
        "en": "{body} gives these awards in its own name, and decides about them alone. Milieu keeps the record.",
        "cy": "Mae {body} yn rhoi’r dyfarniadau yn ei enw ei hun, ac yn penderfynu ei hun. Milieu sy’n cadw’r cofnod.",
    },
    "body_awards": {"en": "Awards named in the register", "cy": "Dyfarniadau a enwir yn y gofrestr"},
    "for_programs": {"en": "For programs", "cy": "Ar gyfer rhaglenni"},
    "keys": {"en": "Public keys", "cy": "Allweddi cyhoeddus"},
    "list_revocation": {"en": "What was withdrawn", "cy": "Beth a dynnwyd yn ôl"},
    "list_suspension": {"en": "What is suspended", "cy": "Beth sydd wedi’i atal"},
    "list_refresh": {"en": "What was superseded", "cy": "Beth a ddisodlwyd"},
    # what is judged
    "criteria_lead": {"en": "Edition {n}, published on {day}", "cy": "Argraffiad {n}, cyhoeddwyd ar {day}"},
    "nothing_here": {"en": "There is nothing here", "cy": "Nid oes dim yma"},
    "wait": {"en": "Please wait a moment", "cy": "Arhoswch funud"},
    "wait_why": {
        "en": "Many numbers that nobody was given were tried from here. Wait {n} s, then ask again. If you hold the "
        "certificate’s file, you can have that checked at once.",
        "cy": "Rhoddwyd cynnig o’r fan hon ar lawer o rifau na roddwyd i neb. Arhoswch {n} s, yna gofynnwch eto. Os "
        "oes gennych ffeil y dystysgrif, gellir gwirio honno ar unwaith.",
    },
}


speaker = partial(telling.speaker, WORDS)  # `speaker(language)`: what the public pages say

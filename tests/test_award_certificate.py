"""The certificate on paper: what it says, to eyes and to screen readers, and where it sends who asks."""

import io
from dataclasses import replace
from datetime import date

import pytest
from pypdf import PdfReader

from audit_app.awards.certificate.certificate import Certificate, certificate, certificate_data
from audit_app.awards.stages import expires_on, interim_due_on
from audit_app.paper.drawing import qr
from audit_app.telling import day_in_words

from .test_award_rules import EDITION
from .test_paper import complaints, plain, roles_in, unspaced

DECIDED = date(2026, 11, 23)
SPOKEN = {language: EDITION.in_words("ward", language) for language in ("en", "cy")}
TOLD = Certificate(
    number="EAFE-2026-0007",
    setting="Rowan ward",
    organisation="Northfield Trust",
    body="The Relational Places Trust",
    titles={language: spoken["title"] for language, spoken in SPOKEN.items()},
    principles={language: [one["title"] for one in spoken["principles"]] for language, spoken in SPOKEN.items()},
    arcs=10,
    edition=1,
    decided=DECIDED,
    interim=interim_due_on(DECIDED),
    until=expires_on(DECIDED),
    record="5fa3c1d2" * 8,
    address="https://milieu.example/check/EAFE-2026-0007",
)


def pages(pdf: bytes) -> list[str]:
    return [plain(page.extract_text()) for page in PdfReader(io.BytesIO(pdf)).pages]


def test_a_certificate_says_who_holds_what_by_which_edition_and_until_when():
    [page] = pages(certificate(TOLD, ["en"]))

    for words in (
        "Rowan ward",
        "of Northfield Trust",
        "Enabling and Facilitating Environments, edition 1",
        "All 10 principles were shown, each one by itself.",
        "Awarded on 23 November 2026 by The Relational Places Trust",
        "23 May 2028",
        "23 November 2029",
        "EAFE-2026-0007",
        "https://milieu.example/check/EAFE-2026-0007",
        "An award can end early.",
    ):
        assert unspaced(words) in unspaced(page), words
    assert TOLD.record in unspaced(page)


def test_a_welsh_page_stands_beside_the_english_one_and_says_that_it_is_a_draft():
    english, welsh = pages(certificate(TOLD, ["en", "cy"], drafts=["cy"]))

    assert "Tystysgrif" in welsh
    assert unspaced("Dyfarnwyd ar 23 Tachwedd 2026 gan") in unspaced(welsh)
    assert "Drafft yw’r Gymraeg hon" in welsh
    assert "Drafft" not in english
    assert "Nobody has checked" not in english


@pytest.mark.parametrize("languages", [["en"], ["en", "cy"], ["cy", "en"]])
def test_a_certificate_is_tagged_for_screen_readers(tmp_path, languages):
    pdf = certificate(TOLD, languages)
    document = PdfReader(io.BytesIO(pdf))
    root = document.trailer["/Root"]
    tags = roles_in(root["/StructTreeRoot"])

    assert complaints(pdf, tmp_path) == []
    assert root["/Lang"] == f"{languages[0]}-GB"
    assert root["/MarkInfo"]["/Marked"]
    assert {"/H1", "/H2", "/H3", "/L", "/Figure", "/Link"} <= {role for role, _ in tags}
    assert len([alt for role, alt in tags if role == "/Figure" and alt]) == 2 * len(languages)
    assert any(alt and TOLD.address in alt for _, alt in tags)
    assert document.metadata.title.endswith("EAFE-2026-0007: Rowan ward")
    assert len(document.pages) == len(languages)


def test_its_code_leads_to_its_check():
    assert certificate_data(TOLD, ["en"])["qr"] == qr(TOLD.address)


def test_a_setting_with_a_very_long_name_still_has_one_page_and_its_words_are_only_words():
    long = replace(
        TOLD,
        setting="Rowan and Birch Assessment and Treatment Ward for Older People, #pagebreak() East Wing",
        organisation="The Northfield and Southdown University Hospitals and Community Partnership Foundation Trust",
    )

    [page] = pages(certificate(long, ["en"]))

    assert "#pagebreak()" in page


def test_classes_make_a_certificate_too():
    [page] = pages(certificate(replace(TOLD, principles={}, arcs=3), ["en"]))

    assert "Each class of criteria was shown" in page


def test_days_are_told_with_their_months_names():
    assert day_in_words(date(2028, 2, 29), "en") == "29 February 2028"
    assert day_in_words(date(2028, 2, 29), "cy") == "29 Chwefror 2028"

"""How an award stands, as a picture: the ring of ten with a sign in it, in pages and as a badge for other websites.

Nothing is told by colour alone: each state has a sign and a word.
"""

from html import escape

from ..awards.certificate.credential import CANNOT_CONFIRM, EXPIRED, SUPERSEDED, SUSPENDED, UNKNOWN, VALID, WITHDRAWN
from ..paper.drawing import arcs

ARCS = 10
RING = arcs([1.0] * ARCS)
SIGNS = {
    VALID: "M33 51L45 63L68 39",
    EXPIRED: "M50 33V52L62 60",
    SUSPENDED: "M42 36V64M58 36V64",
    WITHDRAWN: "M38 38L62 62M62 38L38 62",
    SUPERSEDED: "M33 50H65M54 38L66 50L54 62",
    UNKNOWN: "M41 43A9 9 0 1 1 53.5 51.4C50.8 52.6 50 54 50 57M50 66.5V67",
    CANNOT_CONFIRM: "M35 50H35.5M50 50H50.5M65 50H65.5",
}

INK, QUIET, PAPER, LINE = "#14231c", "#46574f", "#faf8f2", "#d8dbd0"
COLOURS = {
    VALID: "#095b41",
    EXPIRED: "#5c6b62",
    SUSPENDED: "#97570d",
    WITHDRAWN: "#a13029",
    SUPERSEDED: "#5c6b62",
    UNKNOWN: "#5c6b62",
    CANNOT_CONFIRM: "#97570d",
}
WIDE, HIGH, TEXT_AT = 388, 96, 98


def status_badge(state: str, title: str, word: str, until: str, under: tuple[str, str]) -> str:
    """A badge for other websites, as an SVG without script or style: the ring, the state's word and until when it
    holds, and two lines under it. `title` says the same to who cannot see it. It is on paper of its own, so that it can
    be read on any page."""
    colour = COLOURS[state]
    first = f'{escape(word)}<tspan dx="7" font-size="15" font-weight="400" fill="{INK}">{escape(until)}</tspan>'
    lines = (
        (first, 38, 21, 700, colour, len(word) * 1.6 + len(until) * 1.15),
        (escape(under[0]), 59, 13, 400, INK, len(under[0])),
        (escape(under[1]), 78, 13, 400, QUIET, len(under[1])),
    )
    text = "".join(
        f'<text x="{TEXT_AT}" y="{y}" font-size="{size}" font-weight="{weight}" fill="{fill}"{_fit(long)}>{line}</text>'
        for line, y, size, weight, fill, long in lines
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" role="img" '
        f'width="{WIDE}" height="{HIGH}" viewBox="0 0 {WIDE} {HIGH}">'
        f"<title>{escape(title)}</title>"
        f'<rect x="0.5" y="0.5" width="{WIDE - 1}" height="{HIGH - 1}" rx="16" fill="{PAPER}" stroke="{LINE}"/>'
        '<svg x="16" y="15" width="66" height="66" viewBox="-4 -4 108 108" fill="none" stroke-linecap="round">'
        f'<path d="{RING}" stroke="{colour}" stroke-width="11"{_faint(state)}/>'
        f'<path d="{SIGNS[state]}" stroke="{colour}" stroke-width="9" stroke-linejoin="round"/></svg>'
        f'<g font-family="system-ui, -apple-system, Segoe UI, Roboto, sans-serif">{text}</g></svg>'
    )


def _faint(state: str) -> str:
    """The ring is full only while the award stands."""
    return "" if state == VALID else ' opacity="0.32"'


def _fit(letters: float) -> str:
    """A line longer than most is drawn closer, so that it never leaves the badge, whatever font there is."""
    room = WIDE - TEXT_AT - 14
    return f' textLength="{room}" lengthAdjust="spacingAndGlyphs"' if letters * 7.3 > room else ""

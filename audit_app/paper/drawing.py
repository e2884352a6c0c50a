"""The two pictures on our paper, as SVG: the ring of principles, and the code of a form."""

from collections.abc import Sequence
from math import cos, pi, sin

import segno

RADIUS = 42
BETWEEN = 13.5  # between two arcs: their round ends and some air; as `elements/ring-of-ten.js` draws them
BED, BEGUN, DONE, DIFFER = "#dee8dc", "#a9d3b7", "#095b41", "#97570d"


def ring(parts: Sequence[tuple[float, float, bool]]) -> str:
    """The ring: one arc a principle, of (share agreed, share answered, do people differ there)."""
    layers = (
        (BED, [1.0 for _ in parts]),
        (BEGUN, [answered for _, answered, _ in parts]),
        (DONE, [agreed for agreed, _, _ in parts]),
    )
    drawn = "".join(f'<path d="{arcs(shares)}" stroke="{colour}"/>' for colour, shares in layers)
    for place, (_, _, differs) in enumerate(parts):
        if differs:
            x, y = _at((place + 0.5) / len(parts) * 2 * pi)
            drawn += f'<circle cx="{x}" cy="{y}" r="5.5" fill="{DIFFER}" stroke="#fff" stroke-width="2"/>'
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-4 -4 108 108" fill="none" stroke-width="11" '
        f'stroke-linecap="round">{drawn}</svg>'
    )


def arcs(shares: Sequence[float]) -> str:
    """The path of the ring's arcs, in the square of the `viewBox` above: one for each share, as long as it is high."""
    place = 2 * pi / len(shares)
    drawn = ""
    for number, share in enumerate(shares):
        if share <= 0:
            continue
        start = number * place + BETWEEN / RADIUS / 2
        end = start + max(0.002, (place - BETWEEN / RADIUS) * min(1, share))
        (from_x, from_y), (to_x, to_y) = _at(start), _at(end)
        drawn += f"M{from_x} {from_y}A{RADIUS} {RADIUS} 0 0 1 {to_x} {to_y}"
    return drawn


def qr(text: str) -> str:
    """The text as a QR code, black on nothing, without a border: the page around it is white."""
    return (
        segno.make_qr(text, error="m")
        .svg_inline(border=0, omitsize=True, dark="#14231c")
        .replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    )


def _at(angle: float) -> tuple[float, float]:
    """A point on the ring, clockwise from the top."""
    return round(50 + RADIUS * sin(angle), 2), round(50 - RADIUS * cos(angle), 2)

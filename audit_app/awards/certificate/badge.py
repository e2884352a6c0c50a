"""The badge: the ring of principles, full, as a picture that carries its credential (Open Badges 3.0, baked)."""

import io
from functools import cache
from html import escape
from math import cos, degrees, pi, sin

from ...paper.drawing import BETWEEN, RADIUS, ring
from .credential import bake_png, bake_svg

ARCS = 10
SIZE, FINER = 480, 4  # drawn four times as large and made smaller, so that edges are smooth
INK, PAPER = "#095b41", "#ffffff"


def badge_svg(token: str, words: str) -> str:
    """The badge as SVG with the credential in it; `words` say to who cannot see it what it is."""
    picture = ring([(1.0, 1.0, False)] * ARCS)
    named = picture.replace("<svg ", '<svg role="img" ', 1).replace(">", f"><title>{escape(words)}</title>", 1)
    return bake_svg(named, token)


def badge_png(token: str) -> bytes:
    """The badge as PNG with the credential in it."""
    return bake_png(_drawn(), token)


@cache
def _drawn() -> bytes:
    """The same ring as a picture of dots: an arc a principle, with round ends. Pillow is loaded only for this: what
    answers requests goes without it."""
    from PIL import Image, ImageDraw

    large = SIZE * FINER
    unit = large / 108
    picture = Image.new("RGB", (large, large), PAPER)
    draw = ImageDraw.Draw(picture)
    middle, radius, half = large / 2, RADIUS * unit, 5.5 * unit
    place, gap = 2 * pi / ARCS, BETWEEN / RADIUS
    outer = [middle - radius - half] * 2 + [middle + radius + half] * 2
    for number in range(ARCS):
        start = number * place + gap / 2
        end = start + place - gap
        draw.arc(outer, degrees(start) - 90, degrees(end) - 90, fill=INK, width=round(2 * half))
        for angle in (start, end):
            x, y = middle + radius * sin(angle), middle - radius * cos(angle)
            draw.ellipse([x - half, y - half, x + half, y + half], fill=INK)
    told = io.BytesIO()
    picture.resize((SIZE, SIZE), Image.Resampling.LANCZOS).save(told, "PNG", optimize=True)
    return told.getvalue()

"""The demo's photos: three scenes, drawn. A demo has no right to real places, and nobody can be recognised in these."""

import io
from random import Random

from PIL import Image, ImageDraw, ImageFilter

SIZE = (1400, 1050)
PAPER = ["#fbf3d5", "#fdf8ee", "#e9f1ec", "#f7e3dc", "#e8ecf7"]
MUGS = ["#c8553d", "#2e6f57", "#e0a93b", "#44668c", "#f2efe6", "#7a5a86"]


def scene(name: str, chance: Random) -> bytes:
    """A scene as a phone would hand it in: a JPEG."""
    image = Image.new("RGB", SIZE, "#dfe8e2")
    SCENES[name](ImageDraw.Draw(image), chance)
    made = io.BytesIO()
    image.filter(ImageFilter.GaussianBlur(1.2)).save(made, "JPEG", quality=82)
    return made.getvalue()


def _garden(draw: ImageDraw.ImageDraw, chance: Random) -> None:
    width, height = SIZE
    for y in range(height):
        far = y / height
        draw.line([(0, y), (width, y)], fill=(int(176 + 60 * far), int(208 + 30 * far), int(232 - 10 * far)))
    draw.rectangle([0, 330, width, 520], fill="#b5745a")
    for row in range(8):
        for column in range(-1, 18):
            x, y = column * 84 + (row % 2) * 42, 330 + row * 24
            draw.rectangle([x, y, x + 80, y + 21], fill=chance.choice(["#b5745a", "#ad6c53", "#bd7d62"]))
    draw.rectangle([0, 520, width, height], fill="#7fa05c")
    draw.polygon([(560, height), (900, height), (740, 520), (690, 520)], fill="#d9cfb8")
    for x, y in ((120, 640), (940, 660)):
        draw.rectangle([x, y, x + 360, y + 190], fill="#8a6442")
        draw.rectangle([x + 14, y + 14, x + 346, y + 120], fill="#5b4632")
        for _ in range(150):
            left, top = x + 20 + chance.random() * 320, y - 30 + chance.random() * 140
            size = chance.uniform(8, 26)
            colour = chance.choice(["#4f7d3a", "#6a9a4b", "#87b35c", "#a9c77f", "#8f6fb0", "#f1e6b8"])
            draw.ellipse([left, top, left + size, top + size * 1.2], fill=colour)
    for plank in range(3):
        draw.rectangle([520, 560 + plank * 20, 800, 572 + plank * 20], fill="#7b5233")
    draw.rectangle([510, 632, 810, 652], fill="#8b6040")
    for leg in (530, 775):
        draw.rectangle([leg, 650, leg + 16, 720], fill="#5d3d26")


def _board(draw: ImageDraw.ImageDraw, chance: Random) -> None:
    width, height = SIZE
    draw.rectangle([0, 0, width, height], fill="#e7e2d6")
    draw.rectangle([90, 80, width - 90, height - 90], fill="#6d4a30")
    draw.rectangle([118, 108, width - 118, height - 118], fill="#c39a6b")
    for _ in range(5000):
        x, y = chance.uniform(120, width - 122), chance.uniform(110, height - 122)
        draw.point([x, y], fill=chance.choice(["#b58a5b", "#d0a878", "#a97e50"]))
    for row in range(4):
        for column in range(5):
            x, y = 150 + column * 222 + chance.uniform(-12, 12), 136 + row * 192 + chance.uniform(-10, 10)
            w, h = chance.uniform(150, 190), chance.uniform(120, 165)
            draw.rectangle([x + 6, y + 8, x + w + 6, y + h + 8], fill="#96714a")
            draw.rectangle([x, y, x + w, y + h], fill=chance.choice(PAPER))
            for line in range(int(h // 22) - 1):
                length = w * chance.uniform(0.35, 0.85)
                draw.line([x + 14, y + 26 + line * 22, x + 14 + length, y + 26 + line * 22], fill="#6b6f78", width=4)
            draw.ellipse([x + w / 2 - 8, y - 4, x + w / 2 + 8, y + 12], fill=chance.choice(MUGS))


def _tea(draw: ImageDraw.ImageDraw, chance: Random) -> None:
    width, height = SIZE
    draw.rectangle([0, 0, width, 460], fill="#e6dcc9")
    draw.rectangle([170, 60, 620, 380], fill="#cfe0e6")
    for bar in (170, 388, 606):
        draw.rectangle([bar, 60, bar + 14, 380], fill="#f7f3ea")
    draw.rectangle([170, 210, 620, 224], fill="#f7f3ea")
    draw.rectangle([0, 460, width, height], fill="#d6c6ab")
    draw.polygon([(0, height), (width, height), (width - 120, 460), (120, 460)], fill="#b88654")
    for plank in range(1, 9):
        draw.line([(120 + (width - 240) / 9 * plank, 460), (width / 9 * plank, height)], fill="#a87748", width=5)
    draw.ellipse([560, 520, 840, 770], fill="#3f6b5b")
    draw.polygon([(820, 640), (950, 560), (960, 590), (840, 700)], fill="#3f6b5b")
    draw.arc([470, 570, 620, 730], 90, 270, fill="#35594c", width=26)
    draw.ellipse([610, 500, 790, 560], fill="#4c7d6b")
    draw.ellipse([682, 478, 718, 514], fill="#35594c")
    for place, (x, y) in enumerate(((200, 620), (330, 800), (620, 860), (930, 820), (1090, 640), (1010, 520))):
        colour = MUGS[place]
        draw.arc([x + 76, y + 24, x + 140, y + 98], -90, 90, fill=colour, width=16)
        draw.rounded_rectangle([x, y, x + 104, y + 124], 18, fill=colour)
        draw.ellipse([x + 4, y - 10, x + 100, y + 22], fill="#5a3c26")
        draw.ellipse([x, y - 14, x + 104, y + 24], outline=colour, width=8)
    for _ in range(9):
        x, y = 520 + chance.uniform(0, 330), 800 + chance.uniform(-18, 26)
        draw.rounded_rectangle([x, y, x + 62, y + 30], 8, fill=chance.choice(["#d9a866", "#c99555", "#e2b878"]))


SCENES = {"garden": _garden, "board": _board, "tea": _tea}

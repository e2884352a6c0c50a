"""Photos as phones, cameras, programs and mischief make them, with marks planted wherever a file can hide something.

Each shows the same: four quarters of one colour each, upright for whoever holds it as the camera was held.
"""

import io
import struct
import zlib
from dataclasses import dataclass
from functools import cache

from PIL import Image, ImageCms, PngImagePlugin

MARK = b"Elsie-Bed-4"  # what no file may give away
RED, GREEN, BLUE, YELLOW = (230, 20, 20), (20, 200, 20), (20, 20, 230), (230, 220, 20)
CORNERS = (RED, GREEN, BLUE, YELLOW)  # top left, top right, bottom left, bottom right
WHITE = (255, 255, 255)
SIZE = (80, 60)

TURNED = {  # how a camera that was held so stores what is upright for the eye
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@dataclass(frozen=True)
class Sample:
    """A file as handed in, and what the eye should see of it."""

    data: bytes
    corners: tuple = CORNERS
    size: tuple[int, int] = SIZE


def picture(size: tuple[int, int] = SIZE, mode: str = "RGB") -> Image.Image:
    """The four quarters."""
    small = Image.new("RGB", (2, 2))
    small.putdata(CORNERS)
    return small.resize(size, Image.Resampling.NEAREST).convert(mode)


def saved(image: Image.Image, kind: str, **how) -> bytes:
    """The image as a file."""
    out = io.BytesIO()
    image.save(out, kind, **how)
    return out.getvalue()


def jpeg(size: tuple[int, int] = SIZE, mode: str = "RGB", **how) -> bytes:
    """The quarters as a JPEG."""
    return saved(picture(size, mode), "JPEG", quality=90, **how)


def noisy(size: tuple[int, int]) -> Image.Image:
    """A picture with as much in it as a photo has."""
    noise = Image.effect_noise((size[0] // 4, size[1] // 4), 90)
    return Image.blend(picture(size), Image.merge("RGB", [noise.resize(size)] * 3), 0.3)


# what a JPEG can hide


def with_segment(data: bytes, marker: int, content: bytes) -> bytes:
    """A JPEG with one more segment right after its beginning."""
    return data[:2] + struct.pack("!BBH", 0xFF, marker, len(content) + 2) + content + data[2:]


def exif(orientation: int) -> bytes:
    """EXIF as a phone writes it: who, which way up, where, and a thumbnail that has a comment of its own."""
    small = jpeg((16, 12), comment=MARK)
    words = MARK + b"\0"
    first, where, second = 8, 8 + 2 + 3 * 12 + 4, 8 + 2 + 3 * 12 + 4 + 2 + 3 * 12 + 4
    heap = second + 2 + 2 * 12 + 4
    texts = words + struct.pack("<6I", 51, 1, 30, 1, 26, 1) + words
    return (
        b"II*\0"
        + struct.pack("<I", first)
        + _directory(
            (0x010E, 2, len(words), heap), (0x0112, 3, 1, orientation), (0x8825, 4, 1, where), following=second
        )
        + _directory(
            (0x0001, 2, 2, ord("N")), (0x0002, 5, 3, heap + len(words)), (0x001B, 2, len(words), heap + len(words) + 24)
        )
        + _directory((0x0201, 4, 1, heap + len(texts)), (0x0202, 4, 1, len(small)))
        + texts
        + small
    )


def _directory(*entries: tuple[int, int, int, int], following: int = 0) -> bytes:
    rows = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return struct.pack("<H", len(entries)) + rows + struct.pack("<I", following)


def held(orientation: int, kind: str = "JPEG", shown: Image.Image | None = None) -> bytes:
    """A photo by a camera that was held one of the eight ways; without another picture, the quarters."""
    shown, turn = shown or picture(), TURNED[orientation]
    stored = shown if turn is None else shown.transpose(turn)
    return saved(stored, kind, exif=b"Exif\0\0" + exif(orientation), quality=90)


def xmp(orientation: int | None = None) -> bytes:
    """What programs write about a picture, in XML."""
    told = f' tiff:Orientation="{orientation}"' if orientation else ""
    return (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        b"<rdf:Description" + told.encode() + b">" + MARK + b"</rdf:Description></rdf:RDF></x:xmpmeta>"
    )


def iptc() -> bytes:
    """A caption and a byline as press agencies write them, inside Photoshop's resources."""
    records = b"".join(struct.pack("!BBBH", 0x1C, 2, number, len(MARK)) + MARK for number in (80, 120))
    return b"Photoshop 3.0\x008BIM\x04\x04\0\0" + struct.pack("!I", len(records)) + records + b"\0" * (len(records) % 2)


def profile_turning_colours() -> bytes:
    """An ICC profile, with a mark, that means green where it says red, blue where green and red where blue."""
    primaries = {
        b"rXYZ": (0.3851, 0.7169, 0.0971),
        b"gXYZ": (0.1431, 0.0606, 0.7141),
        b"bXYZ": (0.4360, 0.2225, 0.0139),
    }
    tags = {name: b"XYZ \0\0\0\0" + _fixed(*found) for name, found in primaries.items()}
    tags[b"wtpt"] = b"XYZ \0\0\0\0" + _fixed(0.9642, 1.0, 0.8249)
    tags |= dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), b"curv\0\0\0\0" + struct.pack("!IHH", 1, 0x0233, 0))  # 2.2
    tags[b"cprt"] = b"text\0\0\0\0" + MARK + b"\0"
    tags[b"desc"] = b"desc\0\0\0\0" + struct.pack("!I", len(MARK) + 1) + MARK + b"\0" + bytes(78)
    table, heap, start = b"", b"", 128 + 4 + 12 * len(tags)
    for name, content in tags.items():
        table += name + struct.pack("!II", start + len(heap), len(content))
        heap += content + bytes(-len(content) % 4)
    body = struct.pack("!I", len(tags)) + table + heap
    head = struct.pack("!I4sI", 128 + len(body), b"\0\0\0\0", 0x02400000) + b"mntrRGB XYZ " + bytes(12) + b"acsp"
    return head.ljust(68, b"\0") + _fixed(0.9642, 1.0, 0.8249).ljust(60, b"\0") + body


def _fixed(*numbers: float) -> bytes:
    return b"".join(struct.pack("!i", round(number * 65536)) for number in numbers)


# PNG by hand, for what Pillow does not write


def chunk(name: bytes, content: bytes) -> bytes:
    """One chunk of a PNG."""
    return struct.pack("!I", len(content)) + name + content + struct.pack("!I", zlib.crc32(name + content))


def png(size: tuple[int, int], depth: int, colour: int, rows: bytes, *more: bytes, interlaced: bool = False) -> bytes:
    """A PNG of these rows as they stand before packing; `more` are whole chunks before the picture."""
    head = struct.pack("!IIBBBBB", *size, depth, colour, 0, 0, int(interlaced))
    middle = chunk(b"IHDR", head) + b"".join(more) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + middle


def png_of_16_bits(mode: str = "RGB") -> bytes:
    """The quarters with 16 bits a channel, the lower eight of which say something else."""
    shown = picture(mode=mode)
    width, bands = SIZE[0], len(shown.getbands())
    flat = shown.tobytes()
    rows = [flat[start : start + width * bands] for start in range(0, len(flat), width * bands)]
    deep = b"".join(b"\0" + b"".join(bytes((value, 255 - value)) for value in row) for row in rows)
    return png(SIZE, 16, 2 if mode == "RGB" else 0, deep, marks_in_chunks())


def png_interlaced() -> bytes:
    """The quarters in the seven passes of Adam7."""
    shown, rows = picture(), b""
    for left, top, across, down in ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2)):
        rows += _rows(shown, range(left, SIZE[0], across), range(top, SIZE[1], down))
    rows += _rows(shown, range(SIZE[0]), range(1, SIZE[1], 2))
    return png(SIZE, 8, 2, rows, marks_in_chunks(), interlaced=True)


def _rows(shown: Image.Image, columns: range, lines: range) -> bytes:
    return b"".join(b"\0" + b"".join(bytes(shown.getpixel((x, y))) for x in columns) for y in lines)


def marks_in_chunks() -> bytes:
    """A mark in each kind of text, in a private chunk and in a profile's name."""
    return (
        chunk(b"tEXt", b"Author\0" + MARK)
        + chunk(b"zTXt", b"Comment\0\0" + zlib.compress(MARK))
        + chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp())
        + chunk(b"maRk", MARK)
    )


def see_through(mode: str) -> Image.Image:
    """The quarters with the last one cut out."""
    shown = picture(mode="RGBA")
    shown.paste((0, 0, 0, 0), (SIZE[0] // 2, SIZE[1] // 2, *SIZE))
    return shown if mode == "RGBA" else shown.quantize(16) if mode == "P" else shown.convert(mode)


def film(kind: str) -> bytes:
    """The quarters, moving on to another picture."""
    info = {"exif": b"Exif\0\0" + exif(1)} | ({"xmp": xmp()} if kind == "WEBP" else {})
    others = [Image.new("RGB", SIZE, "black"), Image.new("RGB", SIZE, "white")]
    return saved(picture(), kind, save_all=True, append_images=others, duration=50, **info)


def grey(colours: tuple) -> tuple:
    """The corners without their colours."""
    return tuple((round(0.299 * r + 0.587 * g + 0.114 * b),) * 3 for r, g, b in colours)


@cache
def corpus() -> dict[str, Sample]:
    """Every kind of file that must come out as a clean picture, by its name; each is small and carries marks."""
    told = PngImagePlugin.PngInfo()
    told.add_text("Author", MARK.decode())
    cut_out = (*CORNERS[:3], WHITE)
    turning = profile_turning_colours()
    turned = ((20, 230, 20), (20, 20, 200), (230, 20, 20), (20, 230, 220))
    all_in_one = with_segment(with_segment(held(6), 0xED, iptc()), 0xFE, MARK)
    samples = {
        **{f"jpeg held {way}": Sample(held(way)) for way in TURNED},
        **{f"webp held {way}": Sample(held(way, "WEBP")) for way in (1, 3, 6)},
        "png held 8": Sample(saved(picture().transpose(TURNED[8]), "PNG", exif=exif(8), pnginfo=told)),
        "jpeg with xmp": Sample(with_segment(jpeg(), 0xE1, b"http://ns.adobe.com/xap/1.0/\0" + xmp())),
        "jpeg with iptc": Sample(with_segment(jpeg(), 0xED, iptc())),
        "jpeg with comment": Sample(with_segment(jpeg(), 0xFE, MARK)),
        "jpeg with a maker's segment": Sample(with_segment(jpeg(), 0xEB, MARK)),
        "jpeg with everything": Sample(all_in_one),
        "jpeg with broken exif": Sample(with_segment(jpeg(), 0xE1, b"Exif\0\0II*\0\xff\xff\xff\xff" + MARK)),
        "jpeg with bytes after its end": Sample(jpeg() + MARK * 50),
        "jpeg with another behind it": Sample(
            saved(picture(), "MPO", save_all=True, append_images=[picture((40, 30))], comment=MARK) + MARK
        ),
        "jpeg, progressive": Sample(jpeg(progressive=True, comment=MARK)),
        "jpeg, grey": Sample(jpeg(mode="L", comment=MARK), grey(CORNERS)),
        "jpeg, four inks": Sample(jpeg(mode="CMYK", comment=MARK)),
        "jpeg that is also a page": Sample(with_segment(jpeg(), 0xFE, b"<html><script>" + MARK + b"</script></html>")),
        "jpeg with its own colours": Sample(jpeg(icc_profile=turning), turned),
        "jpeg with a broken profile": Sample(jpeg(icc_profile=turning[:200] + MARK)),
        "jpeg with a profile for ink": Sample(jpeg(icc_profile=turning.replace(b"mntrRGB ", b"prtrCMYK"))),
        "jpeg in sRGB": Sample(jpeg(icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())),
        "png": Sample(saved(picture(), "PNG", pnginfo=told)),
        "png with bytes after its end": Sample(saved(picture(), "PNG", pnginfo=told) + MARK * 50),
        "png with its own colours": Sample(saved(picture(), "PNG", icc_profile=turning), turned),
        "png of 16 bits": Sample(png_of_16_bits()),
        "png of 16 bits, grey": Sample(png_of_16_bits("L"), grey(CORNERS)),
        "png, interlaced": Sample(png_interlaced()),
        "png, palette": Sample(saved(picture().quantize(8), "PNG", pnginfo=told)),
        "png, palette, cut out": Sample(saved(see_through("P"), "PNG", pnginfo=told), cut_out),
        "png, cut out": Sample(saved(see_through("RGBA"), "PNG", pnginfo=told), cut_out),
        "png, grey, cut out": Sample(saved(see_through("LA"), "PNG", pnginfo=told), (*grey(CORNERS[:3]), WHITE)),
        "png, one colour is clear": Sample(
            saved(picture(), "PNG", transparency=YELLOW, pnginfo=told), (*CORNERS[:3], WHITE)
        ),
        "png, black and white": Sample(
            saved(picture(mode="L").point(lambda light: 255 * (light > 100), mode="1"), "PNG", pnginfo=told),
            tuple((255 * (light > 100),) * 3 for (light, _, _) in grey(CORNERS)),
        ),
        "png, moving": Sample(film("PNG")),
        "webp": Sample(saved(picture(), "WEBP", quality=90, xmp=xmp(), exif=exif(1))),
        "webp, lossless, cut out": Sample(saved(see_through("RGBA"), "WEBP", lossless=True, xmp=xmp()), cut_out),
        "webp with its own colours": Sample(saved(picture(), "WEBP", quality=90, icc_profile=turning), turned),
        "webp with bytes after its end": Sample(saved(picture(), "WEBP", quality=90) + MARK * 50),
        "webp, moving": Sample(film("WEBP")),
    }
    clear = [name for name, sample in samples.items() if not _hides(sample.data) and name != "jpeg in sRGB"]
    assert clear == [], f"nothing is planted in {clear}"
    return samples


def _hides(data: bytes) -> bool:
    return MARK in data or b"iCCP" in data or b"IDAT" in data


# what must be refused


def png_that_declares(width: int, height: int) -> bytes:
    """A few bytes that promise a picture of that size."""
    return png((width, height), 8, 2, bytes(100_000))


def jpeg_that_declares(width: int, height: int, **how) -> bytes:
    """A small JPEG whose frame says that it is of that size."""
    data = jpeg(**how)
    at = data.index(b"\xff\xc2" if how.get("progressive") else b"\xff\xc0")
    return data[: at + 5] + struct.pack("!HH", height, width) + data[at + 9 :]


def webp_that_declares(width: int, height: int) -> bytes:
    """A WebP whose canvas says that it is of that size."""
    data = film("WEBP")
    return data[:24] + struct.pack("<I", width - 1)[:3] + struct.pack("<I", height - 1)[:3] + data[30:]


def png_with_endless_text(kind: bytes) -> bytes:
    """A PNG with a text of 200 MB in 200 KB."""
    packed = zlib.compress(bytes(200_000_000), 1)
    words = b"Comment\0" + (b"\0" if kind == b"zTXt" else b"\1\0\0\0") + packed
    return png(SIZE, 8, 2, bytes(60 * 241), chunk(kind, words))


def jpeg_without_end(megapixels: int, megabytes: int) -> bytes:
    """A progressive JPEG that goes over its picture again and again, each time for next to nothing."""
    side = int((megapixels * 1_000_000) ** 0.5)
    data = saved(Image.new("L", (side, side)), "JPEG", progressive=True)
    last = data.rindex(b"\xff\xda")
    scan = data[last:-2]
    return data[:-2] + scan * (megabytes * 1_000_000 // len(scan)) + data[-2:]

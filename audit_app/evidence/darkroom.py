"""The darkroom: a process in which photos are opened and drawn anew. It alone runs Pillow; `photos.py` starts it.

It imports nothing of the house and the house imports nothing of it; they talk over two pipes. It gets Pillow ready
once, gives up what it does not need, and then, for each photo, makes a copy of itself that reads that photo, answers
and ends: no photo meets what another one left behind, and a photo that breaks its copy has broken nothing else.

Each copy says `READY`, takes in a length (`LENGTH`) and the bytes of a photo, and gives out a head (`HEAD`: verdict,
width, height, length of the picture, length of the thumbnail), the picture and the thumbnail.
"""

import io
import json
import os
import resource
import struct
import sys
import warnings
from contextlib import suppress

from PIL import Image, ImageCms, JpegImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin

READY = b"+"
LENGTH = struct.Struct("!I")
HEAD = struct.Struct("!cIIII")
DONE, TOO_LARGE, UNREADABLE = b"d", b"l", b"u"

FORMATS = (
    JpegImagePlugin.JpegImageFile.format,
    PngImagePlugin.PngImageFile.format,
    WebPImagePlugin.WebPImageFile.format,
)
ORIENTATION = 0x0112  # of EXIF and TIFF
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
QUALITY = 82
SRGB = ImageCms.createProfile("sRGB")


def main() -> None:
    """Make copy after copy, each for one photo, until one was broken by its photo or nobody asks any more."""
    limits = json.loads(sys.argv[1])
    get_ready(limits)
    give_up(limits)
    while True:
        if os.fork() == 0:
            answer(limits)
        _, status = os.wait()
        if status:
            os._exit(1)  # how much it had read or written nobody knows


def get_ready(limits: dict) -> None:
    """Load all of Pillow that a photo can need, for later no file can be opened; and set its own guards."""
    Image.preinit()
    assert TiffImagePlugin.ImageFileDirectory_v2  # reads EXIF, and would be fetched only then  # noqa: S101
    # A phone's JPEG may carry further pictures behind the first (depth, a short film). The first is all we open.
    Image.register_open(FORMATS[0], JpegImagePlugin.JpegImageFile, Image.OPEN[FORMATS[0]][1])
    Image.MAX_IMAGE_PIXELS = limits["pixels"]
    warnings.simplefilter("error", Image.DecompressionBombWarning)


def give_up(limits: dict) -> None:
    """Keep memory up to a limit and the two pipes. No file or socket can be opened, nothing written, nothing dumped."""
    with suppress(OSError), open("/proc/self/oom_score_adj", "w") as score:
        score.write("1000")  # where memory runs out, this goes before anything else does
    memory = limits["memory"]
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (1, 1))  # 1 stops dumps into a pipe as well; 0 would not
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))


def answer(limits: dict) -> None:
    """Read one photo, say what came of it, and end."""
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (limits["cpu"], limits["cpu"]))
    write(READY)
    width, height, picture, thumbnail = 0, 0, b"", b""
    try:
        width, height, picture, thumbnail = develop(read(), limits)
        verdict = DONE
    except (MemoryError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        verdict = TOO_LARGE
    except Exception:  # Pillow says "broken" in a dozen ways
        verdict = UNREADABLE
    write(HEAD.pack(verdict, width, height, len(picture), len(thumbnail)) + picture + thumbnail)
    os._exit(0)


def read() -> bytes:
    """The photo that was handed in."""
    with open(0, "rb", closefd=False) as handed_in:
        length = handed_in.read(LENGTH.size)
        data = handed_in.read(LENGTH.unpack(length)[0]) if length else b""
    if not data:
        os._exit(1)  # whoever asked has gone
    return data


def write(data: bytes) -> None:
    """All of it, to whoever asked."""
    with open(1, "wb", closefd=False) as asked:
        asked.write(data)


def develop(data: bytes, limits: dict) -> tuple[int, int, bytes, bytes]:
    """Draw a photo anew: its width, its height, the picture and a thumbnail, as JPEG and nothing but pixels."""
    with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
        size = within(limits["side"], opened.size)
        opened.draft(None, size)  # a JPEG can be opened at a half, a quarter or an eighth of its size
        opened.load()
        profile = opened.info.get("icc_profile")
        turn = UPRIGHT.get(orientation(opened))
        picture = in_srgb(on_white(plain(opened).resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)), profile)
    if turn is not None:
        picture = picture.transpose(turn)
    fresh = Image.new("RGB", picture.size)
    fresh.paste(picture)
    small = fresh.resize(within(limits["thumbnail"], fresh.size), Image.Resampling.BICUBIC, reducing_gap=2.0)
    return *fresh.size, as_jpeg(fresh), as_jpeg(small)


def within(side: int, size: tuple[int, int]) -> tuple[int, int]:
    """The size in the same shape whose long side is at most `side`; nothing is made larger."""
    scale = min(1.0, side / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def orientation(opened: Image.Image) -> int:
    """Which way up the camera was held, 1 to 8 as EXIF counts; upright where that cannot be read."""
    try:
        return int(opened.getexif().get(ORIENTATION, 1))
    except Exception:  # broken metadata is no reason to refuse a sound picture
        return 1


def plain(opened: Image.Image) -> Image.Image:
    """The picture in one of the modes L, RGB, RGBA and CMYK."""
    if opened.mode.startswith("I"):  # 16 bits of grey
        return opened.point(lambda grey: grey / 256).convert("L")
    if opened.has_transparency_data:
        return opened.convert("RGBA")
    if opened.mode in ("L", "RGB", "CMYK"):
        return opened
    return opened.convert("L" if opened.mode == "1" else "RGB")


def on_white(picture: Image.Image) -> Image.Image:
    """The picture as it would look on white paper."""
    if picture.mode != "RGBA":
        return picture
    paper = Image.new("RGB", picture.size, "white")
    paper.paste(picture, mask=picture.getchannel("A"))
    return paper


def in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """The colours that its profile means, in those that every screen knows; as they are where the profile is broken."""
    if profile:
        with suppress(ImageCms.PyCMSError, OSError, ValueError, TypeError):
            meant = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            return ImageCms.profileToProfile(picture, meant, SRGB, outputMode="RGB")
    return picture.convert("RGB")


def as_jpeg(picture: Image.Image) -> bytes:
    """The picture as a JPEG that holds pixels alone."""
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=QUALITY, exif=b"", comment=b"", icc_profile=None, xmp=b"")
    return out.getvalue()


if __name__ == "__main__":
    main()

"""An uploaded image made fit to be kept: its pixels, and nothing else that the file brought along.

Photographs carry where and with what they were taken, and scans whose they are. So nothing of the file is
kept: it is read, turned upright, brought to a screen's size and written anew.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from PIL import ExifTags, Image, ImageCms, UnidentifiedImageError

from articles.content.figures import name_of

MAX_UPLOAD = 8 * 1024 * 1024  # bytes
MAX_STORED = 2 * 1024 * 1024  # bytes
MAX_PIXELS = 30_000_000
MAX_SIDE = 2000  # pixels as stored; a larger image is made smaller
MIN_SIDE = 16  # pixels
FORMATS = ("PNG", "JPEG", "WEBP")
# A drawing has few colors and sharp edges: kept as it is. Photographs have more, and are compressed.
DRAWING_COLORS = 4096
# The ways to hold a camera, as EXIF numbers them; the first needs no turn.
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_QUALITIES = (85, 70, 50)
_AS = "Save it as PNG or JPEG, and choose that file."


class Unfit(Exception):
    """An upload that cannot be kept; says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Fit:
    """An image as it is kept: WebP."""

    name: str
    data: bytes


def made_fit(data: bytes) -> Fit:
    """The image in an uploaded file. Raises Unfit.

    About 0.2 s for a drawing and for a photograph of 12 megapixels; up to 1.5 s and 150 MB of memory for
    what is worst to compress.
    """
    if len(data) > MAX_UPLOAD:
        size = len(data) / 1024**2
        raise Unfit(
            f"The file has {size:.1f} MB, and {MAX_UPLOAD // 1024**2} MB can be taken. Make it smaller."
        )
    try:
        with warnings.catch_warnings():
            # Of oddities in a file one may be warned; what counts is whether its pixels can be read.
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=FORMATS) as image:
                return _written(_upright(image))
    except Unfit:
        raise
    except UnidentifiedImageError:
        raise Unfit(_what_else(data)) from None
    except Image.DecompressionBombError:
        raise Unfit(f"The image is too large to be opened. Make it {MAX_SIDE:,} pixels wide.") from None
    except Exception:
        # Decoders trip over a broken file in every way there is, and none of it is for an author's eyes.
        raise Unfit(f"The file is damaged or incomplete, and cannot be read. {_AS}") from None


def _upright(image: Image.Image) -> Image.Image:
    """The pixels as one sees them, in sRGB, no side longer than MAX_SIDE."""
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise Unfit(
            f"The image has {width:,} × {height:,} pixels, far more than a page can show. "
            f"Make it {MAX_SIDE:,} pixels wide, and choose that file."
        )
    if min(width, height) < MIN_SIDE:
        raise Unfit(f"The image has only {width:,} × {height:,} pixels. Choose a larger one.")
    # Phones put a second picture into a JPEG, and that does not make it a film.
    if image.format in ("PNG", "WEBP") and getattr(image, "n_frames", 1) > 1:
        raise Unfit(f"The image moves, and figures stand still. Choose one picture of it. {_AS}")
    is_deep = image.mode.startswith(("I", "F"))
    is_drawing = image.format == "PNG" and not is_deep and image.getcolors(DRAWING_COLORS) is not None
    turned = image.getexif().get(ExifTags.Base.Orientation, 1)
    if image.mode in ("RGB", "L", "CMYK"):
        # First of all: what is thrown away need not even be decoded from a JPEG.
        image.thumbnail((MAX_SIDE, MAX_SIDE), reducing_gap=2.0)
    shown = _in_srgb(image)
    shown.thumbnail((MAX_SIDE, MAX_SIDE), reducing_gap=2.0)
    if turned in _TURNS:
        shown = shown.transpose(_TURNS[turned])
    shown.info = {"drawing": is_drawing}
    return shown


def _in_srgb(image: Image.Image) -> Image.Image:
    """The image in the colors that every screen shows alike, whatever its own were."""
    if image.mode.startswith(("I", "F")):
        # A scan in thousands of grays: the range it uses becomes the range that a screen has.
        low, high = image.getextrema()
        scale = 255 / ((high - low) or 1)  # type: ignore[operator]
        offset = -low * scale  # type: ignore[operator]
        return image.convert("F").point(lambda value: value * scale + offset).convert("L")
    has_alpha = image.has_transparency_data
    profile = image.info.get("icc_profile")
    if profile and image.mode in ("RGB", "CMYK"):
        try:
            own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            found = ImageCms.profileToProfile(image, own, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError):
            found = None
        if found is not None:
            found.info.pop("icc_profile", None)
            return found
    return image.convert("RGBA" if has_alpha else "RGB")


def _written(image: Image.Image) -> Fit:
    drawing = image.info.pop("drawing")
    tries = [{"lossless": True, "quality": 60, "method": 4}] if drawing else []
    tries += [{"quality": quality, "method": 2} for quality in _QUALITIES]
    for options in tries:
        out = io.BytesIO()
        image.save(out, "WEBP", exact=False, **options)
        if out.tell() <= MAX_STORED:
            return Fit(name_of(out.getvalue(), *image.size), out.getvalue())
    raise Unfit(f"The image cannot be made smaller than {MAX_STORED // 1024**2} MB. Choose a smaller one.")


def _what_else(data: bytes) -> str:
    """What a file is that is no image of ours, as far as its beginning tells."""
    start = data[:1024].lstrip().lower()
    if not start:
        return "The file is empty. Choose another one."
    if start.startswith((b"<?xml", b"<svg", b"<!doctype svg")) or b"<svg" in start:
        return f"An SVG drawing can run scripts, so it is not taken. {_AS}"
    if start.startswith(b"gif8"):
        return f"GIF images are not taken. {_AS}"
    if start.startswith(b"%pdf"):
        return f"This is a PDF, not an image. Save the page with the figure as an image. {_AS}"
    if b"ftypheic" in start or b"ftypheix" in start or b"ftypmif1" in start:
        return f"HEIC images of phones are not taken. {_AS}"
    if data[128:132] == b"DICM":
        return f"A DICOM file holds data of a patient. Export the image without them. {_AS}"
    return f"This is not an image that can be read. {_AS}"

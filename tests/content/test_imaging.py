"""What is uploaded becomes pixels and nothing else; what is no image is refused in words."""

import io
import struct
import time
import zlib

import pytest
from PIL import Image, ImageCms

from articles.content.figures import NAME, size_of
from articles.content.imaging import MAX_SIDE, MAX_STORED, MAX_UPLOAD, Unfit, made_fit
from tests.figures import drawing, encoded

PHOTO = Image.merge(
    "RGB",
    [Image.radial_gradient("L"), Image.linear_gradient("L"), Image.effect_noise((256, 256), 30)],
).resize((1200, 900))


def kept(data: bytes) -> Image.Image:
    """The image as it is kept."""
    image = Image.open(io.BytesIO(made_fit(data).data))
    image.load()
    return image


def png_of(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims a size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\x00" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_an_image_is_kept_as_webp_under_the_name_of_its_bytes(form: str) -> None:
    fit = made_fit(encoded(PHOTO, form))
    image = Image.open(io.BytesIO(fit.data))

    assert image.format == "WEBP"
    assert NAME.fullmatch(fit.name)
    assert size_of(fit.name) == image.size == (1200, 900)
    assert made_fit(encoded(PHOTO, form)) == fit


def test_a_drawing_keeps_every_pixel() -> None:
    lines = Image.new("RGB", (200, 100), "white")
    for x in range(0, 200, 3):
        lines.putpixel((x, x // 2), (10, 98, 93))

    assert kept(encoded(lines)).convert("RGB").tobytes() == lines.tobytes()


def test_where_and_with_what_a_picture_was_taken_is_not_kept() -> None:
    exif = Image.Exif()
    exif[0x010F] = "A camera"
    exif[0x8298] = "Jane Doe, born 1970"
    exif.get_ifd(0x8825)[1] = "N"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    comment = b"Jane Doe, born 1970"
    given = encoded(PHOTO, "JPEG", exif=exif, icc_profile=profile, comment=comment)
    assert b"Jane Doe" in given

    fit = made_fit(given)
    image = Image.open(io.BytesIO(fit.data))
    assert b"Jane" not in fit.data
    assert not image.getexif()
    assert not set(image.info) & {"exif", "icc_profile", "xmp", "comment"}
    assert not set(kept(encoded(PHOTO, "PNG", pnginfo=None, exif=exif)).info) & {"exif", "xmp"}


@pytest.mark.parametrize(("turn", "corner"), [(1, (0, 0)), (3, (1, 1)), (6, (1, 0)), (8, (0, 1))])
def test_a_picture_is_turned_upright(turn: int, corner: tuple[int, int]) -> None:
    picture = Image.new("RGB", (64, 32), "white")
    picture.paste((200, 0, 0), (0, 0, 16, 16))
    exif = Image.Exif()
    exif[0x0112] = turn

    upright = kept(encoded(picture, "JPEG", exif=exif, quality=95)).convert("RGB")
    assert upright.size == ((64, 32) if turn in (1, 3) else (32, 64))
    red = upright.getpixel((corner[0] * (upright.width - 1), corner[1] * (upright.height - 1)))
    assert red[0] > 150
    assert red[1] < 90


def test_a_large_picture_is_made_as_large_as_a_screen_and_not_distorted() -> None:
    image = kept(encoded(PHOTO.resize((4000, 3000)), "JPEG"))

    assert image.size == (MAX_SIDE, MAX_SIDE * 3 // 4)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "CMYK"])
def test_every_kind_of_pixel_is_read(mode: str) -> None:
    if mode == "I;16":
        given = encoded(Image.linear_gradient("L").convert("I").point(lambda v: v * 200).convert("I;16"))
        image = kept(given).convert("L")
        # A scan in thousands of grays is not cut off where a screen's grays end.
        assert image.getpixel((10, 64)) < image.getpixel((10, 192)) < 255
        return
    form = "JPEG" if mode == "CMYK" else "PNG"
    image = kept(encoded(PHOTO.convert(mode), form))
    assert image.size == (1200, 900)
    assert image.mode in {"RGB", "RGBA"}


def test_what_is_transparent_stays_so() -> None:
    assert kept(encoded(Image.new("RGBA", (40, 40), (1, 2, 3, 0)))).getchannel("A").getextrema() == (0, 0)


def frames(form: str) -> bytes:
    one, two = (Image.new("RGB", (40, 40), color) for color in ("red", "blue"))
    return encoded(one, form, save_all=True, append_images=[two])


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "SVG drawing can run scripts"),
        (b"<?xml version='1.0'?><svg/>", "SVG"),
        (b"<html><script>alert(1)</script>", "not an image that can be read"),
        (b"%PDF-1.7", "PDF, not an image"),
        (b"\x00\x00\x00\x18ftypheic", "HEIC"),
        (b"\x00" * 128 + b"DICM", "DICOM file holds data of a patient"),
        (b"x" * (MAX_UPLOAD + 1), "8 MB can be taken"),
        (encoded(PHOTO, "GIF"), "GIF"),
        (encoded(PHOTO, "BMP"), "not an image that can be read"),
        (frames("PNG"), "moves"),
        (frames("WEBP"), "moves"),
        (encoded(PHOTO, "JPEG")[:5000], "damaged or incomplete"),
        (encoded(PHOTO, "PNG")[:-4000], "damaged or incomplete"),
        (encoded(PHOTO, "WEBP")[:3000], "damaged or incomplete"),
        (drawing(size=(8, 8)), "only 8 × 8 pixels"),
        (encoded(Image.new("1", (7000, 5000))), "7,000 × 5,000 pixels"),
        (png_of(60_000, 60_000), "too large to be opened"),
        (png_of(2_000_000_000, 2), "too large to be opened"),
        (png_of(5_000, 5_000), "damaged or incomplete"),
        (png_of(0, 0), "damaged|not an image"),
        (b"\x89PNG\r\n\x1a\n" + b"\xff" * 500, "damaged|not an image"),
        (b"\xff\xd8\xff\xe1\xff\xff" + b"\x00" * 500, "damaged|not an image"),
        (b"RIFF\xff\xff\xff\xffWEBPVP8 " + b"\x00" * 50, "damaged|not an image"),
    ],
)
def test_what_is_no_image_is_refused_in_words(data: bytes, words: str) -> None:
    with pytest.raises(Unfit, match=words):
        made_fit(data)


def test_a_drawing_with_a_script_behind_it_leaves_the_script_behind() -> None:
    fit = made_fit(drawing() + b"<script>alert(1)</script>")

    assert b"script" not in fit.data


def test_what_cannot_be_made_small_enough_is_made_smaller_or_refused() -> None:
    noise = encoded(Image.effect_noise((1600, 1600), 90).convert("RGB"))
    assert len(made_fit(noise).data) <= MAX_STORED
    with pytest.raises(Unfit, match="Choose a smaller one"):
        made_fit(encoded(Image.effect_noise((2000, 2000), 250).convert("RGB"), "JPEG", quality=90))


def test_an_upload_is_read_in_time() -> None:
    given = encoded(PHOTO.resize((4000, 3000)), "JPEG", quality=85)
    began = time.process_time()
    made_fit(given)

    assert time.process_time() - began < 2, "0.2 s on a machine that has nothing else to do"

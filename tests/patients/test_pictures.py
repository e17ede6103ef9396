import contextlib
import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageCms

from patients import pictures

WHERE = b"GPS of a home"


def photo(size=(800, 600), kind="JPEG", color=(200, 60, 60), **options):
    """An upload as a browser sends it."""
    out = io.BytesIO()
    Image.new(options.pop("mode", "RGB"), size, color).save(out, kind, **options)
    return SimpleUploadedFile("IMG_2041 Ana's foot.jpg", out.getvalue(), "image/jpeg")


def opened(picture):
    return Image.open(io.BytesIO(picture.data))


def with_exif():
    exif = Image.Exif()
    exif[0x010E] = WHERE.decode()  # description
    exif[0x0112] = 6  # turned by 90 degrees
    exif.get_ifd(0x8825)[1] = "N"
    return photo(exif=exif)


def test_metadata_is_gone_and_the_picture_stands_upright():
    upload = with_exif()
    assert WHERE in upload.read()
    upload.seek(0)
    made = pictures.reencoded(upload)
    assert WHERE not in made.data
    assert not opened(made).getexif()
    assert set(opened(made).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert (made.width, made.height) == (600, 800)


def test_a_large_photo_is_made_small():
    made = pictures.reencoded(photo((4000, 3000)))
    assert (made.width, made.height) == (1600, 1200)
    assert len(made.data) < 200_000


def test_a_photo_of_an_iphone_is_read():
    """HEIC, upright whatever its metadata say, and without them."""
    exif = Image.Exif()
    exif[0x010E] = WHERE.decode()
    upload = photo((1200, 900), "HEIF", exif=exif)
    assert upload.read(12)[4:8] == b"ftyp"
    upload.seek(0)
    made = pictures.reencoded(upload)
    assert (opened(made).format, made.width, made.height) == ("JPEG", 1200, 900)
    assert WHERE not in made.data
    red, green, _ = opened(made).getpixel((5, 5))
    assert abs(red - 200) < 9
    assert abs(green - 60) < 9


def test_two_photos_in_one_file_are_the_first():
    upload = photo(kind="MPO", save_all=True, append_images=[Image.new("RGB", (800, 600))])
    made = pictures.reencoded(upload)
    assert (opened(made).format, made.width) == ("JPEG", 800)
    assert opened(made).getpixel((5, 5))[0] > 150


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF", "MPO"])
@pytest.mark.parametrize("part", [0.02, 0.3, 0.7])
def test_a_file_that_ends_too_early_or_is_garbled_is_read_or_refused(kind, part):
    """And never anything else."""
    whole = bytearray(photo((400, 300), kind).read())
    end = int(len(whole) * part)
    garbled = bytes(whole[:end]) + bytes(reversed(whole[end:]))
    for content in (bytes(whole[:end]), garbled):
        with contextlib.suppress(ValidationError):
            made = pictures.reencoded(SimpleUploadedFile("x.jpg", content, "image/jpeg"))
            assert opened(made).format == "JPEG"


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_see_through_parts_become_white_paper(kind):
    made = pictures.reencoded(photo(kind=kind, mode="RGBA", color=(0, 0, 0, 0)))
    assert opened(made).format == "JPEG"
    assert opened(made).getpixel((5, 5)) == (255, 255, 255)


def test_a_color_profile_is_turned_into_srgb_and_dropped():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    made = pictures.reencoded(photo(icc_profile=profile))
    assert "icc_profile" not in opened(made).info
    red, green, _ = opened(made).getpixel((5, 5))
    assert abs(red - 200) < 6
    assert abs(green - 60) < 6


def test_a_broken_color_profile_is_ignored():
    assert pictures.reencoded(photo(icc_profile=b"no profile at all")).width == 800


def test_too_many_bytes_are_refused_before_they_are_read(monkeypatch):
    monkeypatch.setattr(pictures, "MAX_BYTES", 1000)
    monkeypatch.setattr(Image, "open", lambda *args, **kwargs: pytest.fail("was read"))
    with pytest.raises(ValidationError, match="too large"):
        pictures.reencoded(photo())


@pytest.mark.parametrize("side", [5_000, 20_000])
def test_a_small_file_of_very_many_pixels_is_refused_before_it_is_decoded(side, monkeypatch):
    bomb = photo((side, side), "PNG", mode="1", color=0)
    assert bomb.size < 1_000_000
    monkeypatch.setattr(pictures, "_on_white", lambda image: pytest.fail("was decoded"))
    with pytest.raises(ValidationError, match=r"too large|can't be read"):
        pictures.reencoded(bomb)


@pytest.mark.parametrize(
    "content",
    [b"", b"hello", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a" + b"0" * 90],
)
def test_what_is_no_photo_is_refused(content):
    with pytest.raises(ValidationError, match="can't be read"):
        pictures.reencoded(SimpleUploadedFile("x.jpg", content, "image/jpeg"))


def test_a_cut_off_photo_is_refused():
    whole = photo((1200, 900)).read()
    with pytest.raises(ValidationError, match="can't be read"):
        pictures.reencoded(SimpleUploadedFile("x.jpg", whole[: len(whole) // 2], "image/jpeg"))

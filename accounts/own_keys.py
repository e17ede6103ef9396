"""By which this installation shows who it is: keys made of SECRET_KEY, nothing more to lose."""

from cryptography.hazmat.primitives.asymmetric import ec
from django.utils.crypto import salted_hmac

# One less than the order of each curve, so that any digest makes a valid key.
_MOST = {
    "secp256r1": 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632550,
    "secp384r1": 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52972,  # noqa: E501
}


def own_key(purpose: str, curve: ec.EllipticCurve) -> ec.EllipticCurvePrivateKey:
    """Another one for each purpose; the same in all processes."""
    digest = salted_hmac(purpose, "key", algorithm="sha512").digest()
    number = int.from_bytes(digest, "big") % _MOST[curve.name] + 1
    return ec.derive_private_key(number, curve)

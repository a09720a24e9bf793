"""Addresses for the camera of a telephone."""

import segno
from django.conf import settings


def qr_of(path) -> str:
    """The portal's public address with this path, as an image to stand in the page."""
    return segno.make(settings.PUBLIC_URL + path, error="m").svg_data_uri(scale=4, border=1)

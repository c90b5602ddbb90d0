"""Begins TOTP setup with requests: prints the secret, and writes its QR code to qr.png.

    TOTP_API_URL=http://localhost:3000 TOTP_API_KEY=demo-key python3 setup.py
"""

import base64
import os
import sys

import requests

API_URL = os.environ.get("TOTP_API_URL", "http://localhost:3000")
API_KEY = os.environ.get("TOTP_API_KEY", "demo-key")
PNG = "data:image/png;base64,"


def begin_setup():
    return requests.post(
        f"{API_URL}/auth/v1/users/current/totp/setup",
        headers={"X-API-Key": API_KEY},
        timeout=15,
        # To follow a redirect could take the key to another host.
        allow_redirects=False,
    )


def parse_fields(response):
    """The fields of a JSON object; none where it is something else, such as the page of a proxy."""
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def main():
    try:
        response = begin_setup()
    except requests.RequestException as error:
        sys.exit(f"Cannot reach {API_URL}: {error}")
    body = parse_fields(response)
    qr_code_url = body.get("qr_code_url", "")
    if response.status_code == 200 and qr_code_url.startswith(PNG):
        with open("qr.png", "wb") as file:
            file.write(base64.b64decode(qr_code_url[len(PNG) :]))
        print(f"Secret: {body['secret']}")
        print("QR code: qr.png (scan it, then delete it)")
        return
    message = body.get("error", f"Unexpected answer, status {response.status_code}")
    details = body.get("details")
    sys.exit(f"{message}: {details}" if details else message)


main()

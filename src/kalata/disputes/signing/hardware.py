"""The seal's key in a hardware token (PKCS#11), through pyHanko: the file `token.json` of the Court's folder says where.

{"module": "/usr/lib/…/token.so", "token": "label of the token", "certificate": "label", "key": "label", "pin_file": "…"}
Only PDF is signed that way; the XML signature and the instants keep their keys in files (their libraries take no token).
Known limit: written against pyHanko's interface, not tried on a token here: python-pkcs11 is not a dependency of the house.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from kalata.disputes.signing.refusals import NoToken

if TYPE_CHECKING:
    from pyhanko.sign.signers import Signer

FILE = "token.json"


def signer(folder: Path) -> Signer | None:
    """The signer that `papers.sign` takes; None where the folder names no token. NoToken: it cannot be reached."""
    path = folder / FILE
    if not path.exists():
        return None
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        from pyhanko.config.pkcs11 import TokenCriteria
        from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session

        pin = Path(said["pin_file"]).read_text(encoding="utf-8").strip()
        token = TokenCriteria(label=said["token"])
        session = open_pkcs11_session(said["module"], token_criteria=token, user_pin=pin)
        return PKCS11Signer(session, cert_label=said["certificate"], key_label=said["key"])
    except Exception as why:  # a missing library, a token that is out, a wrong label: each in its own words
        raise NoToken(why=str(why) or type(why).__name__) from None

"""Make accounts of the hub from a list, one name a line, and print each with a password to begin with.

    sudo .venv/bin/python -m hub.accounts class-one.txt > class-one.csv

A name is a student number or a name in Latin letters. An account that stands already keeps its password, unless
``--reset`` asks for a new one; ``--remove`` closes accounts (their files stay). The hub need not be stopped.
"""

from __future__ import annotations

import argparse
import csv
import logging
import os
import re
import secrets
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

STATE = Path(os.environ.get("KEFU_HUB_STATE", "/var/lib/kefu-hub"))
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,24}")
"""The same as in ``jupyterhub_config.py``: with ``kefu-`` before it, it is an account of the machine."""
EASY = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters and digits that nobody takes for another."""


def read(lines: Iterable[str]) -> list[str]:
    """Return the names of a list: the first column, without empty lines and what follows a ``#``.

    Raises ``ValueError`` with all that is no name, and with names that come twice.

    >>> read(["2026001,北岸", "", "# second class", "2026002"])
    ['2026001', '2026002']
    """
    first = (re.split(r"[,，;\t#]", line.lstrip("\ufeff"), maxsplit=1)[0] for line in lines)
    names = [name.strip().lower() for name in first if name.strip()]
    if wrong := [name for name in names if not NAME.fullmatch(name)]:
        raise ValueError(
            f"expected a-z, 0-9 and -, at most 25 of them: {', '.join(map(repr, wrong))}"
        )
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"expected each name once: {', '.join(twice)}")
    return names


def password() -> str:
    """Return a password to begin with: 12 characters in three groups, 59 bits.

    >>> [len(group) for group in password().split("-")]
    [4, 4, 4]
    """
    return "-".join("".join(secrets.choice(EASY) for _ in range(4)) for _ in range(3))


def make(names: Iterable[str], reset: bool = False) -> Iterator[tuple[str, str]]:
    """Make accounts; give name and password of each that is new or ``reset``, "" for one that stood."""
    import bcrypt
    from nativeauthenticator.orm import UserInfo

    with database() as session:
        for name in names:
            found = UserInfo.find(session, name)
            word = password() if reset or found is None else ""
            if word:
                hashed = bcrypt.hashpw(word.encode(), bcrypt.gensalt())
                if found is None:
                    session.add(UserInfo(username=name, password=hashed, is_authorized=True))
                else:
                    found.password, found.is_authorized = hashed, True
                session.commit()
            yield name, word


def remove(names: Iterable[str]) -> None:
    """Close accounts: nobody can sign in with them; the files stay."""
    from nativeauthenticator.orm import UserInfo

    with database() as session:
        for name in names:
            if (found := UserInfo.find(session, name)) is not None:
                session.delete(found)
        session.commit()


def database() -> Any:
    """Open the hub's database, making what is not there yet."""
    from jupyterhub import orm
    from nativeauthenticator.orm import UserInfo

    logging.disable(logging.INFO)  # a new database tells of each of its steps
    url = f"sqlite:///{STATE}/jupyterhub.sqlite"
    session = orm.new_session_factory(url, connect_args={"timeout": 30})()
    UserInfo.__table__.create(session.get_bind(), checkfirst=True)
    return session


def main() -> None:
    """Make, reset or close the accounts of a list."""
    parser = argparse.ArgumentParser(
        prog="python -m hub.accounts", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("list", type=Path, help="names, one a line; - reads them from the keyboard")
    parser.add_argument(
        "--reset", action="store_true", help="new passwords for those that stand too"
    )
    parser.add_argument("--remove", action="store_true", help="close the accounts instead")
    wanted = parser.parse_args()
    try:
        text = sys.stdin.read() if str(wanted.list) == "-" else wanted.list.read_text("utf-8")
        names = read(text.splitlines())
    except (OSError, UnicodeDecodeError, ValueError) as error:
        sys.exit(f"kefu: {wanted.list}: {error}")
    if not os.access(STATE, os.W_OK):
        sys.exit(f"kefu: {STATE} cannot be written: run `sudo make hub` once, and this with sudo")
    if wanted.remove:
        remove(names)
        return
    out = csv.writer(sys.stdout)
    out.writerow(["name", "password"])
    for name, word in make(names, wanted.reset):
        out.writerow([name, word or "(unchanged)"])


if __name__ == "__main__":
    main()

"""Passwords of the staff: argon2id hashes in the settings, never the password itself."""

from __future__ import annotations

import getpass
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 10
NAME = re.compile(r"[\w.@-]{1,64}")
SOMEBODY = "quản trị"
"""How a person is called who logs in with a password that belongs to no name."""


@dataclass(frozen=True)
class Accounts:
    """Hashes by name; the empty name: a password that opens for any name."""

    hashes: Mapping[str, str] = field(repr=False)

    @staticmethod
    def parse(text: str) -> Accounts:
        """``$argon2id$…`` or ``lan:$argon2id$…``, several separated by white space."""
        found = {}
        for part in text.split():
            name, colon, value = part.partition(":")
            found.update({name: value} if colon and not part.startswith("$") else {"": part})
        return Accounts(found)

    def knows(self, name: str) -> bool:
        """Whether a password opens for this name."""
        return "" in self.hashes or name in self.hashes

    def enter(self, name: str, password: str) -> str | None:
        """The name under which somebody may work, none where the password is wrong. Takes tens of milliseconds on purpose, the same
        for names that exist and those that don't."""
        known = self.hashes.get(name) or self.hashes.get("")
        right = _verify(known or _NOBODY, password) and known is not None
        return (name or SOMEBODY) if right else None


_HASHER = PasswordHasher()
_NOBODY = _HASHER.hash("không ai có mật khẩu này")


def _verify(known: str, password: str) -> bool:
    try:
        return _HASHER.verify(known, password)
    except (VerificationError, InvalidHashError):
        return False


def admin_password(name: str = "") -> int:
    """``python -m bot admin-password``: read a password twice and print the line for the settings; exit status 0, or 2 where the
    passwords differ, the password is too short, or the input ends early."""
    if name and not NAME.fullmatch(name):
        print("Tên chỉ gồm chữ, chữ số và các dấu . _ @ -, nhiều nhất 64 ký tự, không có dấu cách.", file=sys.stderr)
        return 2
    try:
        first = getpass.getpass("Mật khẩu mới: ")
        if len(first) < SHORTEST:
            print(f"Mật khẩu cần ít nhất {SHORTEST} ký tự.", file=sys.stderr)
            return 2
        second = getpass.getpass("Nhập lại: ")
    except (EOFError, KeyboardInterrupt):
        print("\nChưa nhập đủ hai lần mật khẩu, chưa tạo gì. Chạy lại lệnh này trong một cửa sổ dòng lệnh.", file=sys.stderr)
        return 2
    except UnicodeDecodeError:
        print("\nMật khẩu có ký tự không phải UTF-8. Đặt bảng mã của cửa sổ dòng lệnh là UTF-8 rồi chạy lại.", file=sys.stderr)
        return 2
    if first != second:
        print("Hai lần nhập không giống nhau.", file=sys.stderr)
        return 2
    value = _HASHER.hash(first)
    print("Thêm dòng sau vào tệp .env (giữ dấu nháy đơn), rồi khởi động lại bot:", file=sys.stderr)
    print("Dòng ấy đã có người khác thì thêm mã vào cuối, cách một dấu cách, bên trong cùng cặp nháy.", file=sys.stderr)
    print(f"BOT_ADMIN_PASSWORD_HASH='{name + ':' if name else ''}{value}'")
    return 0

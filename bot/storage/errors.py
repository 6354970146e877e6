"""What can be wrong with the database, in words an operator can act on."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError, SQLAlchemyError


class StorageError(SQLAlchemyError):
    """The database did not do what was asked, and nothing of it was done; the message says what to do, in Vietnamese."""


class StorageFull(StorageError):
    """No room left."""


class StorageReadOnly(StorageError):
    """The database can be read but not written."""


class StorageBusy(StorageError):
    """Another process held the database for too long; trying again may succeed."""


class StorageGone(StorageError):
    """The database cannot be reached; trying again may succeed."""


class ServerGone(StorageGone):
    """The database's server does not answer."""


class StorageRefused(StorageError):
    """The server does not take the account, or has no database of that name."""


class StorageDamaged(StorageError):
    """The file is no database, or is damaged."""


class StorageFailing(StorageError):
    """The disk did not read or write the file: it is full in a place where SQLite cannot tell, or broken."""


class StorageNewer(StorageError):
    """The database was made by a newer version of the program."""


class SecretMissing(StorageError):
    """The secret key is missing or too short."""


class SecretChanged(StorageError):
    """The secret key is not the one that this database was used with."""


PASSING = (ServerGone, StorageFull, StorageBusy, StorageFailing)
"""What may be over when the program is started again."""


class LeaseLost(StorageError):
    """What was claimed has meanwhile been claimed by another worker (this one was too slow): its result must not count."""


class Overtaken(StorageError):
    """The conversation was changed by another process since its state was read: the turn must be made again on the new state."""


_KINDS: tuple[tuple[type[StorageError], tuple[str, ...], str], ...] = (
    (
        StorageRefused,
        ("password authentication failed", "no pg_hba.conf entry", 'role "'),
        "PostgreSQL không nhận tài khoản trong BOT_DATABASE_URL. Kiểm tra tên, mật khẩu (ký tự lạ viết theo mã phần trăm) và pg_hba.conf.",
    ),
    (
        StorageRefused,
        ("permission denied for schema",),
        "Tài khoản trong BOT_DATABASE_URL không được tạo bảng. Cho nó làm chủ cơ sở dữ liệu: ALTER DATABASE tên OWNER TO tài_khoản",
    ),
    (
        StorageRefused,
        ('database "',),
        "PostgreSQL không có cơ sở dữ liệu mà BOT_DATABASE_URL nêu tên. Tạo bằng lệnh: createdb --owner=tài_khoản tên",
    ),
    (
        StorageFull,
        ("database or disk is full", "no space left", "could not extend file", "disk full"),
        "Hết chỗ ghi cơ sở dữ liệu. Giải phóng dung lượng đĩa; tin nhắn đã nhận vẫn còn và sẽ được xử lý tiếp.",
    ),
    (
        StorageReadOnly,
        ("readonly database", "read-only", "permission denied"),
        "Cơ sở dữ liệu chỉ đọc được, không ghi được. Cho người dùng chạy chương trình quyền ghi tệp và thư mục dữ liệu "
        "(BOT_DATA_DIR, BOT_DATABASE_URL), hoặc trỏ tới máy chủ PostgreSQL chính.",
    ),
    (
        StorageBusy,
        ("database is locked", "database table is locked", "lock timeout", "deadlock detected", "too many clients", "queuepool limit"),
        "Cơ sở dữ liệu đang bận quá lâu. Nếu lặp lại: tắt chương trình khác đang mở cùng tệp, hoặc chuyển sang PostgreSQL "
        "(BOT_DATABASE_URL).",
    ),
    (
        StorageDamaged,
        ("not a database", "malformed"),
        "Tệp cơ sở dữ liệu hỏng. Dừng chương trình, giữ lại tệp cũ và khôi phục từ bản sao lưu.",
    ),
    (
        StorageFailing,
        ("disk i/o error",),
        "Đĩa không đọc hoặc ghi được tệp cơ sở dữ liệu. Xem đĩa còn chỗ không (df -h): hết chỗ thì giải phóng rồi chạy lại, "
        "dữ liệu vẫn còn; còn chỗ thì đĩa có thể hỏng (dmesg).",
    ),
)
_GONE = "Không kết nối được cơ sở dữ liệu. Kiểm tra máy chủ, mạng và BOT_DATABASE_URL."
_CANNOT_OPEN = "Không mở được tệp cơ sở dữ liệu. Kiểm tra đường dẫn trong BOT_DATABASE_URL hoặc BOT_DATA_DIR và quyền ghi của thư mục ấy."


def explained(error: Exception) -> StorageError | None:
    """``error`` of the database as one of the kinds above; none for a mistake of the program (a violated constraint, wrong SQL).

    The text holds no values of the statement: they may be what a person wrote.
    """
    text = str(error.orig if isinstance(error, DBAPIError) else error).casefold()
    for kind, signs, message in _KINDS:
        if any(sign in text for sign in signs):
            return kind(message)
    if "unable to open database file" in text:
        return StorageGone(_CANNOT_OPEN)
    lost = isinstance(error, DBAPIError) and error.connection_invalidated
    if lost or isinstance(error, OSError) or type(getattr(error, "orig", None)).__name__ in _CONNECTION_ERRORS or "is closed" in text:
        return ServerGone(_GONE)
    return None


def named(error: Exception) -> str:
    """An error for the log: what to do where it is the database's, else only its kind (its text may hold what a person wrote)."""
    return str(error) if isinstance(error, StorageError) else type(error).__name__


def cannot_open(error: OSError) -> StorageError:
    """What keeps the folder of the database, or the key beside it, from being used."""
    known = explained(error)
    return known if isinstance(known, (StorageFull, StorageReadOnly)) else StorageGone(_CANNOT_OPEN)


_CONNECTION_ERRORS = {"InterfaceError", "ConnectionDoesNotExistError", "CannotConnectNowError", "AdminShutdownError"}

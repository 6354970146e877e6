"""``zalo-authorise``: an administrator of the account allows the application to act for it, and the tokens are stored."""

from __future__ import annotations

import hmac
import secrets
import sys
import time
from collections.abc import Callable

from bot.channels.base import RetryLater
from bot.channels.zalo_oa.client import ZaloApi
from bot.channels.zalo_oa.errors import ZaloError
from bot.channels.zalo_oa.oauth import AuthorisationRefused, OAuth, Pair, new_verifier, read_callback
from bot.channels.zalo_oa.tokens import TokenStore

OK, FAILED = 0, 1
STEPS = """1. Mở địa chỉ dưới đây bằng trình duyệt, đăng nhập tài khoản Zalo là quản trị viên của OA, bấm đồng ý:

{address}

2. Trình duyệt chuyển tới một địa chỉ có ?code=… (trang có thể báo lỗi, không sao). Chép cả địa chỉ ấy dán vào đây, trong 10 phút:"""
NO_CODE = "Không thấy mã code trong nội dung vừa dán. Chạy lại lệnh và dán nguyên địa chỉ mà trình duyệt chuyển tới."
WRONG_STATE = "Địa chỉ vừa dán không thuộc lần cấp quyền này. Chạy lại lệnh và dùng địa chỉ mới in ra."
WRONG_ACCOUNT = "Vừa cấp quyền cho OA {found}, nhưng BOT_ZALO_OA_ID là {expected}. Chọn đúng OA, hoặc sửa BOT_ZALO_OA_ID."
REFUSED = (
    "Zalo không cấp token ({reason}). Mã chỉ dùng một lần trong 10 phút. BOT_ZALO_OA_APP_SECRET phải là App Secret của ứng dụng "
    "(trang Cài đặt), không phải OA Secret Key (trang Webhook). BOT_ZALO_OA_CALLBACK_URL phải đúng như đã khai ở Zalo."
)
BUSY = "Không gọi được Zalo ({reason}). Kiểm tra mạng rồi chạy lại lệnh."
STORED = "Đã cấp quyền và lưu token cho OA {name}. Bot đang chạy sẽ dùng ngay, không cần khởi động lại."
UNCHECKED = "Đã lưu token, nhưng chưa xem được thông tin OA ({reason})."


async def authorise(
    oauth: OAuth,
    api: ZaloApi,
    store: TokenStore,
    oa_id: str,
    redirect: str,
    ask: Callable[[str], str],
    now: Callable[[], float] = time.time,
) -> int:
    """Lead a person through the authorisation.

    Args:
        oauth, api: of Zalo.
        store: keeps the tokens.
        oa_id: the account that is to be authorised.
        redirect: the callback address as registered with Zalo.
        ask: shows a text and gives what the person pasted.
        now: seconds since 1970.

    Returns:
        exit status: 0 stored; 1 not, the reason was printed.
    """
    verifier, state = new_verifier(), secrets.token_urlsafe(16)
    pasted = ask(STEPS.format(address=oauth.address(redirect, verifier, state)))
    try:
        callback = read_callback(pasted)
    except ValueError:
        return _fail(NO_CODE)
    if callback.state is not None and not hmac.compare_digest(callback.state.encode(), state.encode()):
        return _fail(WRONG_STATE)
    if callback.oa_id is not None and callback.oa_id != oa_id:
        return _fail(WRONG_ACCOUNT.format(found=callback.oa_id, expected=oa_id))
    try:
        pair = await oauth.exchange(callback.code, verifier, now())
    except AuthorisationRefused as error:
        return _fail(REFUSED.format(reason=error))
    except RetryLater as error:
        return _fail(BUSY.format(reason=error))
    return await _keep(api, store, oa_id, pair)


async def _keep(api: ZaloApi, store: TokenStore, oa_id: str, pair: Pair) -> int:
    """Store a pair, unless it turns out to belong to another account."""
    try:
        profile = await api.profile(pair.access)
    except (ZaloError, RetryLater) as error:
        await store.save(pair)
        print(UNCHECKED.format(reason=error), file=sys.stderr)
        return OK
    if profile.id not in ("", oa_id):
        return _fail(WRONG_ACCOUNT.format(found=profile.id, expected=oa_id))
    await store.save(pair)
    print(STORED.format(name=profile.name or oa_id), file=sys.stderr)
    return OK


def _fail(message: str) -> int:
    print(message, file=sys.stderr)
    return FAILED

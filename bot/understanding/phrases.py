"""Phrases by which a question shows what it wants. Written without tone marks and compared as whole syllables, so that one
table serves questions with and without marks; phrases that would be ambiguous that way are kept out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bot.types import Intent, Outcome
from knowledge.text import contains_phrase, folded_keys

Phrase = tuple[str, ...]


def _table(text: str) -> tuple[Phrase, ...]:
    return tuple(tuple(folded_keys(p)) for p in text.split("|"))


INTENTS: Mapping[Intent, tuple[Phrase, ...]] = {
    Intent.PARTNER: _table(
        "ai phoi hop|phoi hop voi ai|phoi hop voi nhung ai|phoi hop cung ai|don vi phoi hop|co quan phoi hop|ben phoi hop|phoi hop gom|"
        "phoi hop la|phoi hop voi so nao|phoi hop voi don vi nao|phoi hop voi co quan nao|so nao phoi hop|don vi nao phoi hop|"
        "co quan nao phoi hop|phoi hop nhung ai|cung lam voi ai|lam cung ai|ph voi ai|ai ph|phoi hop thi sao|con phoi hop|ai ho tro"
    ),
    Intent.LEAD: _table(
        "ai chu tri|chu tri|so nao|ai lam|ai phu trach|phu trach|giao cho ai|giao ai|giao cho so|ai to chuc|ai theo doi|ai lo|do ai|"
        "phong nao|dau moi|ai chiu trach nhiem|don vi nao|ban nganh nao|co quan nao|ai thuc hien|ai huong dan|ai tham dinh|ai lap|ai dang|"
        "ai viet|ai dung ra|ben nao|ai don doc|ai kiem tra|ai cam trich|ai dung dau"
    ),
    Intent.REPORT: _table(
        "bao cao cho ai|bao cao ai|gui bao cao|nop bao cao|bao cao truoc ngay|han bao cao|ky bao cao|bao cao dinh ky|bao cao nam|bao cao 6 thang|"
        "bao cao quy|bao cao ve dau|bao cao ket qua|bao cao len ai|che do bao cao|tong hop bao cao"
    ),
    Intent.WHEN: _table(
        "khi nao|bao gio|thoi gian nao|ngay nao|ngay may|may ngay|han chot|deadline|truoc ngay|quy may|quy nao|thang may|thang nao|dinh ky the nao|"
        "bao lau mot lan|chung nao|thoi gian thuc hien|thoi han|thoi diem|thoi gian|han la|han cuoi|may thang mot lan"
    ),
    Intent.FEE: _table(
        "bao nhieu tien|le phi|mat tien|ton bao nhieu|het bao nhieu|dong bao nhieu|bao nhieu mot ban|mat phi|co phi|phi bao nhieu|phi la bao nhieu|"
        "may tien|nhieu tien|ton tien|tien phi|ton nhieu|nhieu mot|gia bao nhieu|bn tien|het nhieu|ton nhiu|nhiu tien|het nhiu|bao nhieu phi|"
        "gia nhieu|mien phi|phi la|ton phi|muc thu|tien bao nhieu|phi nhiu|phi bn|chi phi|co ton|co mat xu"
    ),
    Intent.PAPERS: _table(
        "giay to gi|can giay|ho so gom|ho so can|can gi|mang theo|can nhung gi|nop nhung gi|thanh phan ho so|chuan bi gi|dem giay to|can giay to|"
        "giay gi|gom nhung gi|gom giay|gom gi|giay to nao|giay to chi|cam theo|can chuan bi|nhung giay|nop giay|bo ho so|can mang|giay nao|"
        "thu tuc giay to|giay to can|gt gi|gom nhung giay|phai co giay"
    ),
    Intent.TIME: _table(
        "bao lau|mat may ngay|may ngay|may hom|bao nhieu ngay|lau khong|khi nao co|khi nao xong|bao gio xong|bao gio co|ngay lay|bao nhieu lau|"
        "thoi gian giai quyet|thoi han giai quyet|may tuan|trong ngay|co lau|co nhanh|mat bao lau|xong trong"
    ),
    Intent.WHERE: _table(
        "o dau|cho nao|noi nao|di dau|nop dau|den dau|ra dau|len dau|toi dau|o mo|nop cho ai|gap ai|xin ai|hoi ai|xin o|lam o|nop o|dau vay|dau ta|"
        "phuong hay|xa hay|xa duoc khong|ai cap|ai giai quyet|co quan nao cap|tham quyen"
    ),
    Intent.ONLINE: _table(
        "online|truc tuyen|qua mang|tren mang|onl|o nha lam duoc|tai nha|tren dien thoai|qua app|tren vneid|qua vneid|khoi ra xa|khong can ra"
    ),
    Intent.WHO: _table("ai duoc|ai co quyen|doi tuong nao|nhung ai|dieu kien gi|dieu kien nao|du dieu kien|dieu kien de|can dieu kien|ai nop"),
    Intent.BASIS: _table("van ban nao|luat nao|nghi dinh nao|thong tu nao|quy dinh nao|quy dinh o dau|co so phap ly|can cu phap ly|dieu luat nao"),
    Intent.STEPS: _table("trinh tu|cac buoc|tung buoc|quy trinh|may buoc|buoc nao"),
    Intent.RESULT: _table("ket qua la gi|duoc cap gi|nhan duoc gi|cap giay gi"),
}

DOCUMENT: tuple[Phrase, ...] = _table(
    "so may|so bao nhieu|so hieu|so ke hoach|ngay ban hanh|ban hanh ngay|ban hanh khi nao|ai ky|nguoi ky|ky ban hanh|ai ban hanh|co quan nao ban hanh|"
    "co quan ban hanh|don vi ban hanh|can cu vao|can cu van ban|dua tren|can cu nao|can cu gi|noi nhan|gui nhung dau|ky ngay|ban hanh nam|thay the ke hoach|"
    "chuc vu nguoi ky|so nao ban hanh|ai dat ra|ai phe duyet|trien khai van ban nao|can cu phap ly|van ban nao"
)
DEFINITION: tuple[Phrase, ...] = _table(
    "la gi|nghia la gi|la chi so gi|viet tat|do cai gi|do luong|do dieu gi|ai cong bo|khac gi|khac nhau|khac cho nao|nghia la sao|la sao|phan biet|hieu the nao|"
    "gom may|may noi dung|danh gia cai gi|danh gia gi|khac the nao|la cai gi|la nhu the nao|la j"
)
SUCCESSION: tuple[Phrase, ...] = _table(
    "gio la|nay la|nhap vao|sap nhap|sat nhap|doi ten|doi thanh|chuyen ve|gio thuoc|ve so nao|giai the|tiep nhan|thanh so|thanh tinh|thuoc tinh nao|"
    "ten moi|bay gio la|hien nay la|hien la|nhap voi|gop vao|gop voi|nhap tinh|con ton tai|con khong|bo roi|nhap ve|thuoc so nao|ai thay|thay the boi|gio goi la|"
    "bo huyen|huyen bo|nhap chung|gio thanh|nay thuoc|da nhap"
)
VALIDITY: tuple[Phrase, ...] = _table(
    "con hieu luc|het hieu luc|con ap dung|bi thay|thay the|thay bang|hieu luc|con dung|da bo chua|het han chua|bai bo|sua doi boi|con xai"
)
BODY_QUESTION: tuple[Phrase, ...] = _table(
    "lam gi|viec gi|nhiem vu gi|nhung viec|nhung nhiem vu|trach nhiem gi|nhiem vu nao|viec nao|phai lam|duoc giao|co nhiem vu|chiu trach nhiem gi|"
    "phu trach gi|phu trach nhung|chu tri gi|chu tri nhung|chu tri may|phoi hop gi|phoi hop nhung viec|nhiem vu cua|trach nhiem cua|lo viec|lam nhung"
)

SMALL_TALK: Mapping[Outcome, tuple[Phrase, ...]] = {
    Outcome.THANKS: _table("cam on|cam ơn|thank|thanks|tks|thanks you|thank you|cam on nhieu|da hieu|biet on"),
    Outcome.FAREWELL: _table("tam biet|bye|bai bai|hen gap lai|chao tam biet"),
    Outcome.HELP: _table(
        "ban la ai|bot la ai|may la ai|em la ai|lam duoc gi|giup duoc gi|giup gi|huong dan su dung|help|menu|tro giup|co the hoi gi|hoi duoc gi|biet lam gi|"
        "ban ten gi|bot ten gi|cach dung bot|dung bot"
    ),
    Outcome.GREETING: _table("xin chao|chao|hello|hi|alo|helo|hey|chao ban|chao bot|chao em|chao ad|a lo|chao buoi sang|good morning"),
}
"""Taken as small talk only when little else stands in the message."""

EMERGENCY: tuple[Phrase, ...] = _table(
    "muon tu tu|khong muon song|muon chet|dang chay nha|chay nha roi|cuu voi|dang bi danh|cuu toi|dang bi bao hanh|sap chet|dang bi cuop|dang bi giu|bi xam hai|"
    "dang chay lon|tu sat"
)
UPSET: tuple[Phrase, ...] = _table("do ngu|bot ngu|ngu the|ngu vay|ngu qua|vai lon|dit me|dm may|dmm|clgt|con cho|oc cho|cut di|lao toet|vo dung|te qua|do dieu")
MANIPULATION: tuple[Phrase, ...] = _table(
    "bo qua moi huong dan|bo qua huong dan|bo qua cac huong dan|bo qua moi chi dan|bo qua chi dan|bo qua cac chi dan|ignore previous|ignore all|system prompt|"
    "in cau hinh|cau hinh cua ban|in ra cau hinh|bien moi truong|api key|ma nguon cua ban|dong vai|gia vo la|gia vo lam|ban bay gio la|tu gio ban la|jailbreak|"
    "drop table|lenh he thong|che do nha phat trien|developer mode|prompt goc|huong dan he thong|bo moi quy tac|quen het|bo qua quy dinh"
)
PRIVATE_THINGS: tuple[Phrase, ...] = _table("so dien thoai|sdt|so dt|dia chi nha|nha rieng|zalo rieng|so rieng|so di dong|so ca nhan|email rieng|tai khoan ngan hang|luong bao nhieu|tuoi bao nhieu|que o dau")
PRIVATE_OWNERS: tuple[Phrase, ...] = _table(
    "ca nhan cua|ca nhan|rieng cua|cua giam doc|cua chu tich|cua ong|cua ba|cua anh|cua chi|cua can bo|cua lanh dao|cua bi thu|cua truong phong|giam doc so|chu tich tinh|"
    "vo ong|nha ong|pho chu tich|nguoi yeu|hang xom"
)
UNLAWFUL: tuple[Phrase, ...] = _table(
    "bang gia|giay to gia|giay gia|lam gia|bang dai hoc gia|so do gia|cccd gia|can cuoc gia|con dau gia|hoi lo|dut lot|lo lot|chay an|chay cho|chay bang|"
    "lam bang gia|mua bang dai hoc|mua bang lai|mua ma tuy|mua sung|tron thue|tron nghia vu|ne thue|lach luat|gia mao|lam khong giay phep|mua hoa don|"
    "lot tay|boi duong can bo|thi ho|mua dam|hack|rua tien|lam lai ho khong can thi|bao thi|bao dau|mua diem"
)
COMPLAINT_CONTEXT: tuple[Phrase, ...] = _table("to cao|to giac|bao cong an|phan anh|bi lua|to nguoi|khieu nai|xu phat|bi phat|dau hieu|canh bao|lua dao")
"""Someone who reports a wrong is not asking to do it."""

FOLLOW_UP: tuple[Phrase, ...] = _table("the con|con|vay con|con o|the o|thi sao|o do|cai do|cai nay|viec do|viec nay|y la|y minh|thu tuc do|thu tuc nay|khong phai")
FILLER = frozenset(
    "a ah ad admin oi vay z v the thi la ma nhe nha nhi ha he hen hong khong ko k hok duoc dc a ạ da vang u uh um ok oke roi r con o tai cua cho minh em e anh chi toi tui "
    "to ban bot co ai gi j nao sao ntn do nay kia ay voi vs nua them hay bi phai can muon xin hoi giup dum gium biet hien bay gio hoi thuoc tinh thanh pho tp ve den tu va "
    "hoac lai cu cai nhung cac may bao nhieu nhiu bn het mat ton tien lau nguoi dan ng ta luon di lam len xuong ra vao minh mn moi noi chung rang mo chi rua he viec thu tuc".split()
)
"""Syllables that carry no topic of their own; a message of nothing else continues what was asked before."""

ORDINALS: Mapping[str, int] = {
    "nhat": 1, "dau": 1, "mot": 1, "hai": 2, "nhi": 2, "ba": 3, "tu": 4, "bon": 4, "nam": 5,
    "1": 1, "2": 2, "3": 3, "4": 4, "5": 5,
}  # fmt: skip


def has_any(keys: Sequence[str], phrases: Iterable[Phrase]) -> bool:
    return any(contains_phrase(keys, p) for p in phrases)


def without(keys: Sequence[str], phrases: Iterable[Phrase]) -> list[str]:
    """Keys with every occurrence of the phrases taken out."""
    left = list(keys)
    for phrase in sorted(phrases, key=len, reverse=True):
        n = len(phrase)
        i = 0
        while i + n <= len(left):
            if tuple(left[i : i + n]) == phrase:
                del left[i : i + n]
            else:
                i += 1
    return left

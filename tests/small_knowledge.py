"""A data folder of a few records, and an encoder without a model file, for tests that build an index in milliseconds."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from knowledge.encoding import Vectors
from knowledge.loading import DATA
from knowledge.text import folded_keys

_END = """\
sources: [{title: Văn bản thử}]
checked_on: 2026-11-21
"""
FILES = {
    "plans/ha-my-2025.yaml": """\
id: ha-my-2025
title: Kế hoạch tuyên truyền cải cách hành chính năm 2025 tỉnh Hà Mỹ
short_title: Kế hoạch tuyên truyền 2025 Hà Mỹ
number: 77/KH-UBND
date: 2025-02-03
place: Hà Mỹ
issuing_body: Ủy ban nhân dân tỉnh Hà Mỹ
province: Hà Mỹ
signer: {name: Nguyễn Văn Thử, position: Phó Chủ tịch}
years: [2025]
period: Năm 2025
tasks:
  - {id: task-1, title: Xuất bản bản tin hằng quý, section: 'Mục II.1', leads: [Sở Bưu chính], partners: [Báo Hà Mỹ], when: Hằng quý}
"""
    + _END,
    "provinces.yaml": """\
- id: ha-my
  name: Hà Mỹ
  kind: tỉnh
  merged_into: Tân Hà
  basis: Nghị quyết 1/2025
  valid_to: 2025-06-30
  sources: [{title: Nghị quyết 1/2025}]
  checked_on: 2026-11-21
- id: tan-ha
  name: Tân Hà
  kind: tỉnh
  merged_from: [Hà Mỹ]
  valid_from: 2025-07-01
  sources: [{title: Nghị quyết 1/2025}]
  checked_on: 2026-11-21
""",
    "offices/so.yaml": """\
- id: so-buu-chinh
  name: Sở Bưu chính
  level: tỉnh
  functions: [Quản lý bưu chính]
  successors: [{body: Sở Thông tin mới, since: 2025-03-01}]
  sources: [{title: Nghị quyết 1/2025}]
  checked_on: 2026-11-21
""",
    "terms/chi-so.yaml": """\
id: par-index
name: PAR Index
definition: Chỉ số cải cách hành chính.
aliases: [chỉ số cải cách hành chính]
"""
    + _END,
    "guides/nop.yaml": """\
id: nop-truc-tuyen
title: Nộp hồ sơ trực tuyến
answer: Đăng nhập Cổng Dịch vụ công quốc gia rồi chọn thủ tục.
steps: [Đăng nhập, Chọn thủ tục, Tải giấy tờ lên]
links: [https://dichvucong.gov.vn]
"""
    + _END,
    "procedures/ho-tich/khai-sinh.yaml": """\
id: dang-ky-khai-sinh
code: '1.001193'
name: Đăng ký khai sinh
field: Hộ tịch
aliases: [làm giấy khai sinh]
summary: Khai sinh cho trẻ trong 60 ngày.
office: Ủy ban nhân dân cấp xã
papers: [Giấy chứng sinh]
fee: [Không thu lệ phí nếu đúng hạn]
changes:
  - {text: Giảm nửa lệ phí cấp bản sao, valid_from: 2025-07-01, valid_to: 2026-12-31, basis: Thông tư 64, facet: fee}
"""
    + _END,
    "legal_documents.yaml": """\
- id: nd-1
  number: 1/2025/NĐ-CP
  title: Nghị định về bưu chính
  about: Quy định về bưu chính.
  state: in_force
  valid_from: 2025-01-01
  sources: [{title: Công báo}]
  checked_on: 2026-11-21
""",
    "lexicon/chung.yaml": """\
entries:
  - {written: gks, means: [giấy khai sinh], kind: abbreviation}
""",
    "questions/a.yaml": """\
records:
  - record: procedure/1.001193
    questions: [làm giấy khai sinh cho con ở đâu, khai sinh cần giấy tờ gì]
""",
}
CATALOGUE = [
    {"code": "1.001193", "name": "Thủ tục đăng ký khai sinh", "fields": ["Hộ tịch"], "level": ["xã"], "checked_on": "2026-11-21"},
    {"code": "1.000894", "name": "Thủ tục đăng ký kết hôn", "fields": ["Hộ tịch"], "level": ["xã"], "checked_on": "2026-11-21"},
]


def write_small(data: Path) -> Path:
    """Write the records below ``data`` and give it back. The aspects are the real ones: the ranking is learnt for them."""
    for name, text in FILES.items():
        path = data / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    shutil.copy(DATA / "aspects.yaml", data)
    lines = [json.dumps(row, ensure_ascii=False) for row in CATALOGUE]
    (data / "procedures" / "catalogue.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return data


class TinyEncoder:
    """Each folded syllable votes for eight of 32 directions, by its hash."""

    def __init__(self, identity: str = "tiny-1") -> None:
        self.identity = identity
        self.dimension = 32

    def queries(self, texts: Sequence[str]) -> Vectors:
        rows = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for key in folded_keys(text):
                for byte in hashlib.sha256(key.encode()).digest()[:8]:
                    row[byte % self.dimension] += 1.0
        return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9), dtype=np.float32)

    def passages(self, texts: Sequence[str]) -> Vectors:
        return self.queries(texts)

"""A data folder of a few records, enough for a real index that is built in a moment."""

from __future__ import annotations

import shutil
from pathlib import Path

from knowledge.loading import DATA

_SOURCE = """
  sources: [{title: "Tài liệu thử"}]
  checked_on: 2026-11-01
"""

_FILES = {
    "provinces.yaml": f"""
- id: dong-thap
  name: Đồng Tháp
  kind: tỉnh
  merged_from: [Tiền Giang]
{_SOURCE}
- id: tien-giang
  name: Tiền Giang
  kind: tỉnh
  merged_into: Đồng Tháp
  valid_to: 2025-06-30
{_SOURCE}
""",
    "guides/online.yaml": f"""
- id: nop-truc-tuyen
  title: Nộp hồ sơ trực tuyến trên Cổng Dịch vụ công quốc gia
  aliases: [nộp hồ sơ qua mạng]
  answer: Đăng nhập Cổng Dịch vụ công quốc gia rồi chọn thủ tục cần nộp.
  steps: [Đăng nhập, Chọn thủ tục, Nộp hồ sơ]
  links: ["https://dichvucong.gov.vn"]
{_SOURCE}
""",
    "plans/tien-giang-2021.yaml": f"""
- id: tien-giang-2021
  title: Kế hoạch tuyên truyền cải cách hành chính tỉnh Tiền Giang năm 2021
  short_title: Kế hoạch Tiền Giang 2021
  number: 103/KH-UBND
  date: 2021-04-12
  place: Tiền Giang
  issuing_body: Ủy ban nhân dân tỉnh Tiền Giang
  province: Tiền Giang
  signer: {{name: null, position: Chủ tịch}}
  years: [2021]
  period: năm 2021
  tasks:
    - id: task-5
      title: Xây dựng bản tin điện tử về cải cách hành chính
      section: Phụ lục, STT 5
      leads: [Sở Nội vụ]
      partners: ["Các sở, ban, ngành"]
      when: Định kỳ hàng tháng
{_SOURCE}
""",
    "questions/plans.yaml": """
records:
  - record: tien-giang-2021/task-5
    questions: [ai chủ trì bản tin cải cách hành chính, bản tin điện tử do ai làm]
  - record: guide/nop-truc-tuyen
    questions: [nộp hồ sơ online ở đâu, muốn nộp qua mạng thì làm sao]
""",
}


def write_data(folder: Path) -> Path:
    """Write the records below ``folder`` and give it back. The aspects are the project's own: the committed ranking weighs them."""
    for name, text in _FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    shutil.copy(DATA / "aspects.yaml", folder / "aspects.yaml")
    return folder

"""Examples of what is sent and answered when something is written; a test holds them against a real answer."""

from __future__ import annotations

from typing import Any

POSTED: dict[str, Any] = {
    "kind": "issue",
    "id": "I900",
    "issue": "給食の廃食用油を捨てている",
    "description": "学校給食から出る廃食用油を費用をかけて捨てている。町の車の燃料にしたい。",
    "prefecture": "東京都",
    "municipality": "府中市",
    "resources": ["廃食用油"],
    "themes": ["廃食用油の利用"],
    "level": "地域",
    "source": "見本市 環境課への聞き取り",
    "発生量（t/年）": 12,
    "phone": "042-000-0000",
}

REPORT: dict[str, Any] = {
    "registration": "reg-0123456789abcdef",
    "file": "api",
    "kind": None,
    "rows": [
        {
            "row": 1,
            "status": "valid",
            "id": "issue-I900",
            "values": {"id": "I900", "issue": "給食の廃食用油を捨てている", "regions": ["13206"]},
            "problems": [],
            "registration": "reg-0123456789abcdef-1",
            "state": "stored",
        }
    ],
    "columns": [],
    "missing": [],
    "skipped": [],
    "summary": {"valid": 1, "unchanged": 0, "duplicate": 0, "rejected": 0, "total": 1, "warnings": 0},
    "file_error": None,
}

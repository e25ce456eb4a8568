"""The sentences that tell conditions, in both languages."""

from __future__ import annotations

_SENTENCES = {
    "ja": {
        "expired": "この登録の有効期限は {day} に切れています。",
        "area": "{here}は対象地域（{names}）に入っていません。",
        "area_met": "{here}は対象地域（{names}）に入っています。",
        "scale_only": "適用規模: {scale}",
        "told": "ご入力: {words}",
        "told_record": "課題の記述: {words}",
        "population": "{here}の人口 {number}人（{day}）",
        "held": "{here}の{resource} {amount}（{record}）",
        "too_small": "規模が足りません。必要: {needed}（適用規模: {scale}）。{has}。",
        "too_large": "規模の上限を超えます。目安: {needed}（適用規模: {scale}）。{has}。複数要るかもしれません。",
        "fits": "規模が合います。目安: {needed}（適用規模: {scale}）。{has}。",
        "climate": "{trait}についての注意: 「{words}」",
        "permits": "必要な許認可: {names}",
    },
    "en": {
        "expired": "This registration was valid until {day}.",
        "area": "{here} is not among the regions where it is offered ({names}).",
        "area_met": "{here} is among the regions where it is offered ({names}).",
        "scale_only": "Scale: {scale}",
        "told": "you wrote: {words}",
        "told_record": "the issue says: {words}",
        "population": "{here} has {number} people ({day})",
        "held": "{here} has {amount} of {resource} ({record})",
        "too_small": "Too small a place for it. It needs {needed} (scale: {scale}); {has}.",
        "too_large": "Larger than it is made for, {needed} (scale: {scale}); {has}. Several of it may be needed.",
        "fits": "The scale fits: {needed} (scale: {scale}); {has}.",
        "climate": "On {trait} it says: “{words}”",
        "permits": "Permits: {names}",
    },
}


def sentence(name: str, lang: str, **values: str) -> str:
    """A sentence with its values put in."""
    return _SENTENCES[lang][name].format(**values)

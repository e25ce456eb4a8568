"""Finds technologies in Japanese: compound nouns with the label of a concept in them, or with a technical head."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingest.extraction.noun_phrases import compound_start, is_noun
from ingest.extraction.organisations_ja import noun_runs
from ingest.extraction.sentences import Sentence
from ingest.nlp.words import Word

# these name a technology with any modifier in front
_HEADS = re.compile(
    r"(?:システム|装置|設備|技術|工法|農法|プラント|ボイラー?|ユニット|プラットフォーム|ロボット|ライン"
    r"|センサー|アプリ|ドローン|ヒートポンプ"
    r"|マイクログリッド|蓄電池|電池|燃料電池|発電所|発電機|発電設備|発酵槽|浄化槽|処理機|乾燥機|選別機"
    r"|破砕機|粉砕機|成形機|製造機|チッパー"
    r"|コンポスター?|コンポスト|ディスポーザー?|ストーブ|ヒーター|ポンプ|タービン|リアクター|フィルター"
    r"|トイレ|ハウス|モジュール"
    r"|パネル|マルチ|ベルト|ヒーティング|プリンター|車両|容器|溶融炉|焼却炉|炭化炉|乾溜炉|[器炉槽機窯網]"
    r"|[^民]バス|タクシー|運搬船|貯蔵|輸送)"
)
_NOT_HEADS = re.compile(
    r"(?:方法|手法|文法|立法|司法|用法|違法|合法|[^技工農]法人|動機|契機|危機|時機|有機|無機|飛行機|待機"
    r"|電話機|投機|武器|食器|楽器|陶器|水槽|"
    r"消防法|処理法|推進法|基本法|促進法|保護法|関係法|関連法|規制法|対策法|支払方式|入札方式|投票方式"
    r"|通信網|交通網|道路網|物流網|連絡網|"
    r"情報網|支援網|路線バス|貸切バス|送迎バス|観光バス|高速バス|公共輸送|貨物輸送|旅客輸送|通信機器"
    r"|公共設備|既存設備|関連設備|関連技術|"
    r"環境技術|先端技術|科学技術|新技術|情報技術|要素技術|社会システム|公共車両|収集車両|宿泊設備|老朽設備"
    r"|教育システム|管理機関|家電機器|"
    r"生産ライン|製造ライン|ライフライン|ガイドライン|オンライン|上下水道設備|照明器具|医療機器|電気機器"
    r"|情報機器|選挙機|分別容器|持ち帰り容器)$"
)
# what follows a technology in a compound without being part of it
_TAIL = re.compile(
    r"^(?:導入|整備|設置|建設|実証|試験|運転|稼働|更新|普及|開発|製造|販売|活用|利用|採用|運用|管理|事業"
    r"|計画|案|等|など|用|工事|実験|製|化|向け|式|付き|内蔵)"
)
_BARE = re.compile(
    r"(?:本|同|当|新|各|旧|2|両)?(?:システム|装置|設備|技術|工法|プラント|ボイラー|ユニット"
    r"|プラットフォーム|ロボット|ライン|機)$"
)
# heads that say enough without a modifier
# with these in front, any vehicle is one
_VEHICLE = re.compile(
    r"^(?:電動|水素|電気|燃料電池|EV|自動運転|無人)[^\s]{0,8}(?:車|船|トラック|自転車|バイク|カー|機)$"
)
# heads that say what they do only with what の joins in front: キチンナノファイバーの製造技術
_OPEN = re.compile(
    r"^(?:製造|処理|加工|回収|利用|管理|制御|再生|抽出|分離|乾燥|選別|測定|監視|予測|分析|検知|培養|栽培"
    r"|保存|貯蔵|運搬|混合|改質)"
    r"(?:技術|システム|装置|設備|プラント|工法|機)$"
)
_ENOUGH = re.compile(
    r"(?:焼却炉|溶融炉|炭化炉|発酵槽|浄化槽|乾燥機|破砕機|選別機|粉砕機|蓄電池|燃料電池|ヒートポンプ"
    r"|マイクログリッド|チッパー|ドローン|コンポスト"
    r"|ディスポーザー?)$"
)
_LEADING = frozenset({"同", "本", "当", "該", "当該", "各", "同様", "両", "前記", "新", "既存", "全", "約", "高性能"})
# in a sentence that says what was taken up or given up, the object is a technology although its head is none
_TAKEN = (
    r"(?:導入|採用|設置し|設置を|断念|見送|取りやめ|取り入れ|試した|試みた|試し|実証|撤回|打ち切|植え(?:た"
    r"|て|まし)|中止"
    r"|検討し(?:た|まし)|不採用)"
)
_OBJECT = re.compile(
    rf"(?:を(?:新たに|本格的に|試験的に|先行して|\d+(?:基|台|か所|カ所|棟|機))?{_TAKEN}|の(?:本格"
    rf"|試験)?{_TAKEN}|(?:は|も)、?[^。「」]{{0,40}}?"
    r"(?:断念|見送|取りやめ|撤回|打ち切|中止に|採用し(?:な|ません)|採用されな|不採用|検討したが))"
)
_THING = re.compile(r"(?:[ァ-ヺー]{3,}|[A-Za-z]{3,})")
_NOT_THING = re.compile(
    r"(?:プロジェクト|モデル|セミナー|イベント|アンケート|ワークショップ|メンバー|サービス|センター"
    r"|グループ|ルール|エリア|データ|コスト|スタッフ|サイト|"
    r"ニーズ|リスク|メリット|デメリット|ガス|トン|キロ|ヘクタール|パーセント|プラスチック|リサイクル"
    r"|エネルギー|クレジット|プラン|ビジョン|目標|計画|制度|"
    r"補助金?|協定|事業|支援|調査|方針|料金|費|回収|量|率|会|者|員|ごみ|ゴミ|バッグ|材|木|廃油|食用油|チップ|ペレット)$"
)


@dataclass(frozen=True)
class Found:
    """A technology's words (half-open, characters of the document), the concept whose label they hold, and how sure."""

    start: int
    end: int
    iri: str | None
    confidence: float


@dataclass(frozen=True)
class Labelled:
    """Where the label of a technology concept stands."""

    start: int
    end: int
    iri: str


def find_technologies(sentence: Sentence, labels: Iterable[Labelled]) -> list[Found]:
    """The technologies that a sentence names; ``labels`` are those of concepts within the sentence."""
    inside = list(labels)
    found: list[Found] = []
    covered: set[Labelled] = set()
    for run in noun_runs(sentence.words):
        here = [label for label in inside if run[0].start <= label.start and label.end <= run[-1].end]
        technology = _in_run(sentence, run, here)
        if technology:
            found.append(technology)
            covered.update(label for label in here if label.end <= technology.end)
    free = [label for label in inside if label not in covered and _stands_free(sentence, label)]
    found += [Found(label.start, label.end, label.iri, 0.7) for label in free]
    return _longest(found)


def _stands_free(sentence: Sentence, label: Labelled) -> bool:
    """Whether a label that no compound took in is a phrase of its own, and not the name of a task (ごみの処理)."""
    text = sentence.text[label.start - sentence.start : label.end - sentence.start]
    touches = any(is_noun(w) and (w.end == label.start or w.start == label.end) for w in sentence.words)
    return not touches and "の" not in text


def _in_run(sentence: Sentence, run: Sequence[Word], labels: Sequence[Labelled]) -> Found | None:
    """The technology in one compound noun: from its first word to its last label or head."""
    run = _without_leading(run)
    if not run:
        return None
    text = sentence.text[run[0].start - sentence.start : run[-1].end - sentence.start]
    end = _head_end(run, text)
    label = max(labels, key=lambda one: one.end, default=None)
    if label and label.end >= (end or 0) and _free_behind(sentence, run, label.end):
        return Found(run[0].start, label.end, label.iri, 0.85)
    if end and (end > (label.end if label else 0)) and _free_behind(sentence, run, end):
        start = _opened(sentence, run, text[: end - run[0].start])
        return Found(start, end, label.iri if label else None, 0.95)
    if _VEHICLE.match(text):
        return Found(run[0].start, run[-1].end, None, 0.9)
    if _is_object(sentence, run, text):
        return Found(run[0].start, run[-1].end, None, 0.6)
    return None


def _opened(sentence: Sentence, run: Sequence[Word], name: str) -> int:
    """Where a technology begins whose head needs what の joins in front of it."""
    words = sentence.words
    place = next(number for number, word in enumerate(words) if word.start == run[0].start)
    if _OPEN.match(name) and place >= 2 and words[place - 1].text == "の":
        first = compound_start(words, place - 2)
        if first <= place - 2:
            return words[first].start
    return run[0].start


def _without_leading(run: Sequence[Word]) -> Sequence[Word]:
    """Without 同, 本, 各 and numbers in front."""
    first = 0
    while first < len(run) and (
        run[first].text in _LEADING or ("数詞" in run[first].tag and run[first].text[0] not in "3三")
    ):
        first += 1
    return run[first:]


def _counts(run: Sequence[Word], place: int) -> bool:
    """Whether a number stands there that belongs to no name, as the one in 3D does."""
    follows = run[place + 1].text if place + 1 < len(run) else ""
    return "数詞" in run[place].tag and not follows[:1].isalpha()


def _head_end(run: Sequence[Word], text: str) -> int | None:
    ends = {word.end - run[0].start for word in run}
    best = None
    for match in _HEADS.finditer(text):
        name = text[: match.end()]
        if (
            match.end() in ends
            and (match.start() > 0 or _ENOUGH.match(name))
            and not _BARE.match(name)
            and not _NOT_HEADS.search(name)
        ):
            best = match.end()
    return run[0].start + best if best and best >= 3 else None


def _free_behind(sentence: Sentence, run: Sequence[Word], end: int) -> bool:
    rest = sentence.text[end - sentence.start : run[-1].end - sentence.start]
    return not rest or bool(_TAIL.match(rest))


def _is_object(sentence: Sentence, run: Sequence[Word], text: str) -> bool:
    if not _THING.search(text) or _NOT_THING.search(text) or len(text) < 4:
        return False
    return bool(_OBJECT.match(sentence.text, run[-1].end - sentence.start))


def _longest(found: list[Found]) -> list[Found]:
    kept: list[Found] = []
    for one in sorted(found, key=lambda f: (f.start, -f.end)):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept

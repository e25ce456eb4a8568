"""The words by which sentences say how things are related, in both languages."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.nlp.words import Lang

Pattern = re.Pattern[str]


@dataclass(frozen=True)
class RelationWords:
    """One pattern for each thing that a clause can say; ``clause`` is where a new clause begins."""

    clause: Pattern
    rejected: Pattern
    deployed: Pattern
    planned: Pattern
    offered: Pattern
    used: Pattern
    answered: Pattern
    joined: Pattern
    same_company: Pattern
    same_technology: Pattern
    same_issue: Pattern


_JAPANESE = RelationWords(
    clause=re.compile(
        r"(?:(?:した|する|だった|いる|ある|れた|なった)?が、|一方、?|に対し、?|ものの、?|[；;]|けれども、?)"
    ),
    rejected=re.compile(
        r"断念|見送|中止|撤回|取りやめ|取り止め|打ち切|見合わ|あきらめ|諦め|採用し(?:な|ません|ない)"
        r"|採用されな|採用いたしま?せん|採用には?至ら|導入し(?:な|ません)|導入され(?:な|ず)"
        r"|導入に(?:は)?至(?:ら|りません)|不採用|白紙|頓挫|撤退|撤去|廃止し|却下|否決|取り下げ|実現しな"
        r"|実現に至ら|選ば(?:な|れな)|選定しな|失敗|棚上げ|(?:計画|事業|導入|整備|建設|予算|工事|検討)[^、。]{0,6}凍結"
    ),
    deployed=re.compile(
        r"導入(?:し|され|済|実績|し、|により|いたし)|設置(?:し|され|済)|整備し(?:た|まし|、|て(?!いく))"
        r"|整備され|稼働(?:し|中|さ)|採用(?:した|しまし|し、|して|され)|取り入れ|納入|納め|使われ|使用され"
        r"|使って"
        r"|利用され|運用(?:し|され)|動いて|[がで]動[いく]|走らせ|走って|植え(?:た|て|まし)|配備(?:し|され)"
        r"|建設(?:し|され)|設け(?:た|て|られ|まし)|実証を(?:行っ|行い|実施し)|実施し(?:た|て|まし)|活躍"
        r"|入っ(?:た|て)|置[いか]れ"
        r"|敷設|据え付け|燃料になる|処理して|設置先|導入先|導入(?:事例|例)|採用(?:事例|例)|設置例|稼働先"
        r"|にあり、|が運営する"
    ),
    planned=re.compile(r"予定|計画(?:し|中|で)|検討|方針|目指|する(?:。|こと|方|予)|提案|申出|候補|今後|したい|求め"),
    offered=re.compile(
        r"開発|提供|販売|製造|手がけ|手掛け|提案|貸し出|貸出|運営|運転|作[るっり]|つく[るっり]|製品|供給|保有"
        r"|紹介|扱[うっい]|売り出|発売|考案|商品化|実用化|の技術|が持つ|を持[つっち]|所有|設計|施工|特許|製の?|納入"
        r"|手がけ"
    ),
    used=re.compile(r"導入し|採用し|取り入れ|稼働させ|設置し|利用し|使っ|断念|あきらめ|見送"),
    answered=re.compile(
        r"補[うい]|解消|解決|軽減|緩和|改善|防[ぎぐい止]|和らげ|抑え|抑制|克服|食い止め|軽く|減ら|役立"
        r"|対策になる|適し|向い(?:て|た)|有効|効果|つなが|カバー|お困り|貢献|寄与"
    ),
    joined=re.compile(
        r"協定|提携|連携|共同|協働|(?<!取り)(?<!取)組[みんむ]|覚書|協力し|協力する|コンソーシアム|協議会を"
        r"|手を結|タッグ"
        r"|パートナー|合弁|業務委託契約|協議体|加わ[りっ]|とともに|と共に"
    ),
    same_company=re.compile(r"(?<![合共協])同(?:社|組合|協会|大学|大|法人|財団|会)|当社|弊社"),
    same_technology=re.compile(
        r"同(?:装置|システム|設備|機|技術|製品|プラント|炉|施設)|本(?:装置|システム|設備|機|技術|製品|製品は)"
        r"|この(?:装置|システム|設備|機械|技術|製品|取組)|これ[をはがに]|^装置は|^設備は|^機械は|設備を手がけ"
    ),
    same_issue=re.compile(
        r"(?:その|この|こうした)(?:負担|不足|課題|問題|悩み|被害|解消)|(?:放置|不足|被害|負担)の(?:解消|軽減)"
        r"|通院手段の不足"
    ),
)

_ENGLISH = RelationWords(
    clause=re.compile(r"(?:;|,?\sbut\s|,\swhile\s|,\swhereas\s|,\salthough\s)", re.IGNORECASE),
    rejected=re.compile(
        r"\b(?:abandon(?:ed|s)?|reject(?:ed|s)|decided\s(?:against|not\sto)|gave\sup|giv(?:en|ing)\sup|dropped"
        r"|cancel(?:l)?ed|halted|stopped|discontinued|withdr[ae]wn?|scrapped|shelved|called\soff"
        r"|turned\sdown|declined|ruled\sout|not\s(?:adopted|selected|chosen|continued|introduced|installed"
        r"|pursued|taken\sup|go\sahead)|no\slonger\s(?:used|uses)|failed|opted\sagainst|did\snot\s(?:adopt"
        r"|install|introduce|go|choose|buy)|put\son\shold|suspended|terminated)\b",
        re.IGNORECASE,
    ),
    deployed=re.compile(
        r"\b(?:install(?:ed|s)?|introduc(?:ed|es)|deploy(?:ed|s)?|adopt(?:ed|s)|set\sup|put\sinto|in\suse"
        r"|in\soperation|operat(?:es|ing|ed)|runs?|running|built|bought|purchased|uses|used\sin"
        r"|has\sbeen\soperating|works?\sin"
        r"|commissioned|launched|started\sup|tested|have\stested|serv(?:es|ing)|began\susing|supplied\sto"
        r"|delivered\sto|customers)\b",
        re.IGNORECASE,
    ),
    planned=re.compile(
        r"\b(?:will|plans?|planned|proposed|propose|considered|considering|could|would|may|might|should|hopes?"
        r"|to\sbe)\b",
        re.IGNORECASE,
    ),
    offered=re.compile(
        r"\b(?:develop(?:ed|s|er)|offers?|offered|provid(?:es|ed|er)|suppl(?:ies|ied|ier)|mak(?:es|er)"
        r"|made\sby|manufactur\w+|sells?|sold|built\sby|has\sbuilt|runs|operat(?:es|ed)\sby|operated\sby"
        r"|lends?|lend\sits|designed|invented"
        r"|markets|produc(?:es|ed|er)|run\sby|rents?|presented|patent\w*|created|proposed|of|by)\b",
        re.IGNORECASE,
    ),
    used=re.compile(r"\b(?:installed|adopted|bought|purchased|decided|rejected|gave\sup|introduced)\b", re.IGNORECASE),
    answered=re.compile(
        r"\b(?:address(?:es|ed)?|solv(?:es|ed)|tackl(?:es|ed)|eas(?:es|ed)|reliev(?:es|ed)|mitigat(?:es|ed)"
        r"|alleviat(?:es|ed)|combats?|overcomes?|prevents?|curbs?|reduc(?:es|ed)|lightens?|helps?|cuts?"
        r"|meant\sfor|designed\sfor|so\sthat|so\sthe|evens\sout|suited|ends|removes|collects|turns)\b",
        re.IGNORECASE,
    ),
    joined=re.compile(
        r"\b(?:partnership|partnered|partners?\swith|agree(?:d|ment)|jointly|together\swith|team(?:ed|s)?\sup"
        r"|cooperat(?:es?|ed|ing|ion)|co-operat(?:es?|ed|ing|ion)|collaborat\w+|joint|work(?:s"
        r"|ing)?\s(?:together|with)|signed|alliance|memorandum"
        r"|in\scooperation|consortium|set\sup\sa\scouncil|^With\s(?=(?-i:[A-Z]))|and\s(?=[^.]{0,60}\bhave\stested))",
        re.IGNORECASE,
    ),
    same_company=re.compile(
        r"\b(?:the|this)\s(?:company|firm|maker|association|cooperative|university|supplier|manufacturer)\b"
        r"|^(?:It|They)\s(?=(?:has|have|makes?|offers?|sells?|also|will|works?)\b)",
        re.IGNORECASE,
    ),
    same_technology=re.compile(
        r"\b(?:the|this|these|its)\s(?:two\s|same\s)?(?:machines?|plants?|systems?|platforms?|lines?|robots?|units?"
        r"|boilers?|devices?|equipment|technology|process|facility|dryers?|reactors?)\b|^(?:It|They|Units)\b"
        r"|of\sthese\smachines",
        re.IGNORECASE,
    ),
    same_issue=re.compile(
        r"\b(?:this|the|these)\s(?:shortage|problem|issue|burden|lack|odour|odor|costs?|blackouts?|work)\b"
        r"|\btheir\swork\b|\bblackouts\b|\black\sof\stransport\b",
        re.IGNORECASE,
    ),
)


def relation_words(lang: Lang) -> RelationWords:
    """The words of a language."""
    return _JAPANESE if lang == "ja" else _ENGLISH

"""What only comparisons say, in both languages."""

from __future__ import annotations

from typing import Final

SAID: Final[dict[str, tuple[str, str]]] = {
    "title": ("{}与{}对照", "{} beside {}"), "kicker": ("制度对照", "Comparison"), "a": ("甲", "A"), "b": ("乙", "B"),
    "unit": ("单位", "unit"), "none": ("无", "none"), "no_day": ("未指明决定日：只对照条文，不判断任何人", "no day of decision was named: texts are set side by side, and nobody is judged"),
    # The head.
    "asked": ("所比", "What is compared"), "regime": ("制度", "Regime"), "texts": ("文件与施行", "Texts, and since when"), "as_of": ("决定日", "Decided as of"),
    "known": ("所知截至", "Known as of"), "layers": ("层级", "Layers"), "readings": ("解读", "Readings"), "chosen": ("所选解读", "Readings chosen"), "open": ("未定", "undetermined"),
    "digest": ("政策摘要", "Policy digest"), "authority": ("机关", "Authority"), "scope": ("适用于", "Applies to"), "reach": ("溯及", "Reaching back"),
    "in_force": ("施行中", "in force"), "not_in_force": ("决定日不施行", "not in force on that day"), "perhaps_in_force": ("是否已施行，印出的日期分不出", "whether it is in force, the printed dates do not tell"),
    # By structure.
    "structure": ("结构", "By structure"), "category": ("类别", "Category"), "both": ("两方都有", "Both"), "only_a": ("仅甲", "Only A"), "only_b": ("仅乙", "Only B"),
    "how": ("两方的规定按所给的效果、所对的清单、条件所用的事实对应，不看名称；“相近”是共有部分占全部的比重。", "Provisions answer to each other by the effects they give, the list they judge and what their conditions read, not by name; “alike” is the part they share of all they have."),
    "alike": ("相近 {}", "alike {}"), "identical": ("两方相同：", "The same on both sides: "), "apart": ("没有对应的", "With nothing that answers to them"), "differs": ("不同之处：{}", "They differ in: {}"),
    "both_read": ("都要看：{}", "Both read: {}"), "side": ("一方", "Side"), "provision": ("规定", "Provision"), "facet": ("项目", "What"),
    "idle": ("{}：下列文件在所比之日或所比之单位不适用，其条文不列：{}", "{}: these do not govern on that day or in that unit, and their provisions are not listed: {}"),
    "lacks": ("{}没有一条印出的“{}”。", "{} prints no provision of the category “{}”."), "not_printed_here": ("层级未采用", "on a layer not admitted"),
    "name": ("名称", "Name"), "content": ("内容", "What it provides"), "leads": ("结论", "Leads to"), "when": ("条件", "Condition"), "terms": ("用语", "Terms"), "numbers": ("数值", "Numbers"), "time": ("期限", "Time"), "by": ("由谁", "By whom"),
    "then": ("之后", "Then"), "exceptions": ("除外", "Exceptions"), "unprinted": ("未载明", "Unprinted"), "turns_on": ("取决于解读", "Turns on readings"), "ground": ("依据", "Basis"), "standing": ("层级与施行", "Layer and force"),
    "comes_to": ("本方为 {}", "here {}"), "may": ("可以不适用", "may be set aside"),
    "limits": ("期限", "Time limits"), "roles": ("分工", "Who does what"), "body": ("机关", "Body"), "parameters": ("数值", "Numbers"), "parameter": ("参数", "Parameter"),
    "question": ("问题", "Question"), "gaps": ("未载明、隐去、未取得、未核实", "Unprinted, masked, not obtained, unverified"), "gap": ("缺口", "Gap"),
    "words": ("所用词", "Words read"), "words_both": ("两方都用", "Both read"), "words_a": ("只有甲用", "Only A reads"), "words_b": ("只有乙用", "Only B reads"),
    "remedies": ("救济", "Remedies"), "no_remedy": ("原文未载救济", "no remedy is printed"),
    # By proof.
    "proof": ("所有可能的记录", "On every record"), "differences": ("不同之处，各举一例", "Where they differ, each with a record"), "on_every_record": ("所有可能的记录", "On every record"),
    "bounds": ("所说的是就已载明者，凡清单齐备、每个清单至多 {} 行，两方都有其词、随时间的事实至多变一次、同日数行不相矛盾、决定日{}的记录。", "Said of what is printed, of every record whose lists are complete and of at most {} rows, in words both have, with facts that change at most once and no rows of one day that contradict each other, decided {}."),
    "between": ("在 {} 至 {} 之间", "between {} and {}"), "confirmed": ("每一条记录都由解释器按两方各判断一次，与所说相符才列出；“未定”是在限定的时间和步数内既没有找到、也没有证明没有。", "Every record was put to the interpreter under both and is shown only if that agrees; “unsettled” means that within the time and steps allowed none was found, nor was it shown that there is none."),
    "sometimes_stricter": ("甲有时更严", "A is sometimes stricter"), "sometimes_milder": ("甲有时更宽", "A is sometimes milder"), "sometimes_firmer": ("甲有时更强（中性）", "A sometimes binds more (neutral)"), "sometimes_looser": ("甲有时更弱（中性）", "A sometimes binds less (neutral)"),
    "sometimes_incomparable": ("有时不可比", "sometimes incomparable"), "never_stricter": ("从不更严", "never stricter"), "never_milder": ("从不更宽", "never milder"), "never_firmer": ("从不更强", "never binds more"), "never_looser": ("从不更弱", "never binds less"),
    "always_same": ("处处相同", "the same everywhere"), "unsettled": ("未定", "unsettled"), "rest_unsettled": ("其余未定", "the rest unsettled"),
    "group_stricter": ("甲有时更严，从不更宽", "A is sometimes stricter, never milder"), "group_milder": ("甲有时更宽，从不更严", "A is sometimes milder, never stricter"), "group_firmer": ("甲有时更强，从不更弱（中性）", "A sometimes binds more, never less (neutral)"), "group_looser": ("甲有时更弱，从不更强（中性）", "A sometimes binds less, never more (neutral)"),
    "outcome": ("结论", "Outcome"), "reasons_steps": ("理由", "Reasons"), "record": ("记录", "Record"), "made": ("（虚构）", "(made up)"), "complete": ("齐备", "complete"), "supposing": ("假定 {} 为 {}", "supposing {} to be {}"),
    "none_arises": ("{} 都不成立", "none of these arises: {}"), "all_elsewhere": ("全部在网页、json、xlsx 里。", "all of them are on the page, in json and xlsx."),
    # By population.
    "population": ("人员", "By population"), "roster": ("名单 {} 人", "A roster of {}"), "line": ("文本", "Text"), "printed": ("就已载明者", "on what is printed"), "whole": ("全文", "on the whole text"), "either": ("两者一样", "either"),
    "same": ("相同", "the same"), "different": ("不同", "different"), "persons": ("人数", "Persons"), "stricter": ("甲更严", "A stricter"), "milder": ("甲更宽", "A milder"),
    "firmer": ("甲更强（中性，不分宽严）", "A binds more (neutral: neither strict nor mild)"), "looser": ("甲更弱（中性，不分宽严）", "A binds less (neutral: neither strict nor mild)"), "incomparable": ("不可比", "incomparable"),
    "short_firmer": ("甲更强", "A binds more"), "short_looser": ("甲更弱", "A binds less"),
    "people": ("有不同的人", "Persons treated differently"), "number": ("编号", "No."), "effect": ("效果", "Effect"), "group": ("效果组", "Group of effects"), "of": ("对象", "Of"), "relation": ("比较", "A to B"),
    "ordered": ("由轻到重", "rising"), "unordered": ("未定先后", "not ordered"), "burden": ("不利", "burdensome"), "benefit": ("有利", "beneficial"), "neutral": ("中性", "neutral"), "polarity": ("性质", "Kind"),
    "by_effect": ("按效果", "By effect"), "by_group": ("按效果组", "By group of effects"), "persons_by_effect": ("人员：按效果", "Persons, by effect"), "persons_by_group": ("人员：按效果组", "Persons, by group of effects"), "matrix": ("结论对照：{}，{}", "Outcomes: {}, {}"), "matrices": ("结论对照（两方都有规定的效果）", "Outcomes side by side (of effects both lead to)"), "a_to_b": ("甲＼乙", "A \\ B"),
    "reasons": ("不同之由，按人数", "Why they differ, by persons"), "reason": ("缘由", "Why"), "facts_ranked": ("不同的结论所看的事实", "What the differing outcomes read"), "fact": ("事实", "What is read"),
    "why_only_a": ("乙没有一条规定得出它", "no provision of B leads to it"), "why_only_b": ("甲没有一条规定得出它", "no provision of A leads to it"), "why_arises_a": ("乙有规定而不发生", "B has provisions, and it does not arise"),
    "why_arises_b": ("甲有规定而不发生", "A has provisions, and it does not arise"), "why_unlike": ("两方都发生，强弱不同", "it arises under both, unlike in strength"), "why_open": ("未定", "undetermined"),
    "rules_a": ("甲所据", "A's provisions"), "rules_b": ("乙所据", "B's provisions"), "example": ("例：编号 {}，{}", "For example No. {}, {}"), "missing": ("尚缺，按人数", "What is missing, by persons"), "missing_what": ("事项", "What"),
    "unshared": ("名单里写了、而一方没有这个词的", "What the roster says and one side has no word for"), "unshared_none": ("名单里的词两方都有。", "Both sides have every word the roster uses."),
    "neutral_note": ("中性的效果只说哪一方约束更强，不说宽严；没有先后的一组里互有轻重的，不可比。", "Of a neutral effect only which side binds more is told, never which is stricter; of a group without an order in which each side is harder somewhere, nothing."),
    "nobody": ("没有人得到确定不同的结论。", "Nobody is certain to be treated differently."), "chart": ("各效果之人数：甲更严、甲更宽、其他不同、未定", "Persons by effect: A stricter, A milder, otherwise unlike, undetermined"), "otherwise": ("其他不同", "otherwise unlike"),
    "shown": ("所列 {}，共 {}", "{} shown of {}"), "all_of_them": ("全部在 json、xlsx 里。", "All of them are in json and xlsx."),
    "a_line": ("甲 就已载明者", "A, printed"), "b_line": ("乙 就已载明者", "B, printed"), "a_whole": ("甲 全文", "A, whole"), "b_whole": ("乙 全文", "B, whole"),
}  # fmt: skip


def say(key: str, lang: str, *values: object) -> str:
    """What is said in a tongue."""
    text = SAID[key][0 if lang == "zh" else 1]
    return text.format(*values) if values else text

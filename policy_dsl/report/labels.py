"""What only the pages say, in both languages."""

from __future__ import annotations

from typing import Final

LABELS: Final[dict[str, tuple[str, str]]] = {
    "language": ("语言", "Language"), "both": ("中英并列", "Both"), "open_all": ("全部展开", "Open all"),
    "close_all": ("全部收起", "Close all"), "print": ("打印", "Print"),
    "opinion": ("适用说明", "Opinion on application"), "regime": ("制度", "Regime"),
    "policy_digest": ("政策摘要", "Policy digest"), "record_digest": ("记录摘要", "Record digest"),
    "program": ("程序", "Program"), "status": ("状态", "Status"),
    "overview": ("一览", "At a glance"), "no": ("序", "No."), "what_follows": ("效果", "Effect"), "of": ("对象", "Of"),
    "decided_by": ("由", "By"),
    "reasons": ("结论与理由", "Conclusions and reasons"), "steps": ("逐步理由", "Step by step"),
    "missing": ("尚缺", "What is missing"), "what": ("事项", "What"), "kind": ("情形", "Kind"), "who": ("可提供者", "Who could supply it"),
    "bears": ("影响", "It bears on"), "if_answered": ("若答……则……", "If the answer is … then …"),
    "untried": ("未逐一试算", "the answers were not tried"),
    "no_change": ("没有哪一个答案单独改变结论", "no single answer changes a conclusion"),
    "options": ("仍待选择", "Options still open"), "choice_under": ("规定", "Rule"), "open": ("可选", "Open"), "perhaps": ("或可选", "Perhaps open"),
    "struck": ("不得选", "Struck out"), "chosen_by": ("由谁选择", "Who chooses"), "element": ("对象", "Of"),
    "never_chosen": ("下列事项依原文由人选择，本说明不作取舍，也不作推荐。", "The text leaves these to somebody's choice; nothing here chooses or recommends."),
    "readings": ("解读", "Readings"), "reading": ("解读", "Reading"), "asks": ("问题", "Question"), "ways": ("可取之义", "Alternatives"),
    "chosen": ("所选", "Chosen"), "turning": ("取决于它的结论", "Conclusions that turn on it"), "turns_chosen": ("已选，其他取义未比较", "chosen; the others were not compared"), "turns_capped": ("组合过多，未逐一比较", "too many combinations to compare"),
    "turns_none": ("无：怎样解读都一样", "none: the same whichever way it is read"),
    "assumptions": ("假定", "Assumptions"), "assumed_by": ("何人假定", "assumed by"), "assumed_by_option": ("以命令选项 {} 假定", "assumed by the command's {}"), "in_force": ("{}视为已施行", "{} taken as in force"),
    "steady": ("{}未载起止，按前后一致", "{} given without its dates, taken as steady"),
    "ahead": ("{}晚于决定日，该行所载仍当作决定日已有", "{} lies after the day of decision; what the row says is taken as so on that day"),
    "over": ("上位规定", "Texts above"), "stages": ("环节", "Stages"), "acted": ("记录所载之举", "What the record says was done"),
    "remedies": ("救济", "Remedies"), "not_considered": ("未予考虑", "Not considered"), "rest": ("其余各项均不发生", "Nothing else arises"),
    "provisions": ("所引条款", "Provisions cited"), "stands_at": ("位置", "Where it stands"), "layer": ("层级", "Layer"),
    "modality": ("规定方式", "Modality"), "paraphrase": ("大意", "In substance"), "cited_at": ("见于", "Cited at"),
    "not_registered": ("出处未登记", "not in the register of sources"), "own_words": ("大意是登记者自己的话，不是原文；引用以原文为准。", "The substance is told in the registrar's own words and is not the text; the text prevails."),
    "no_modality": ("不直接作出结论", "concludes nothing by itself"),
    "none": ("无", "None"), 
    "masked": ("记录中的文字（单位、职务、文号、来源、理由、假定者、选定解读者，及政策未列之机关）和可能认出本人的编号已遮盖；同一文字用同一号码。编号、日期、职级、等次等结论所据之值照列。",
               "The words of the record (unit, post, document numbers, sources, reasons, who assumed or chose, bodies the policy does not list) and any number that may tell who it is are withheld; equal words have equal numbers. Numbers, dates, ranks, grades and other values the conclusions rest on are shown."),
    "shown": ("未遮盖：本页载有可认出本人的内容，请按涉密个人信息保管。", "Nothing is withheld: this page may tell who the person is. Keep it accordingly."),
    "counts": ("结论 {} 项，未定 {} 项；尚缺 {} 事", "{} conclusions, {} of them undetermined; {} things missing"),
    "lack_no": ("缺{}", "gap {}"), "page_of": ("第 {} 页，共 {} 页", "Page {} of {}"), "to_index": ("返回名册一览", "Back to the index"),
    "capped": ("解读组合过多，逐一列出", "too many combinations of readings: shown one at a time"),
    "parts": ("条款链接指向页末“所引条款”；没有链接的一步，依其所属上一步的条款。", "A link leads to the provision at the end of the page; a step without one rests on the provision of the step it stands under."),
    # The index.
    "index": ("名册一览", "Decisions on a roster"), "people": ("人员", "Persons"), "number": ("编号", "No."),
    "by_status": ("按状态", "By status"), "by_effect": ("按效果", "By effect"), "by_missing": ("按所缺", "By what is missing"),
    "persons": ("人数", "Persons"), "follows": ("已定发生", "Settled: follows"), "may_follow": ("未定", "Undetermined"),
    "barred": ("已定不得", "Settled: barred"), "nothing": ("已定不发生", "Settled: does not arise"),
    "filter": ("筛选", "Filter"), "any_status": ("各种状态", "any status"), "shown_rows": ("所列", "Shown"),
    "sort": ("点击表头排序", "Choose a heading to sort by it"), "chart": ("各效果之人数：已定发生、已定不得、未定", "Persons by effect: settled and following, settled and barred, undetermined"),
    "empty": ("名册无人", "The roster is empty"), "roster_digest": ("名册摘要", "Roster digest"), "nothing_missing": ("无所缺", "nothing is missing"),
}  # fmt: skip


def label(key: str, lang: str) -> str:
    return LABELS[key][0 if lang == "zh" else 1]

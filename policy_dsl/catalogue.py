"""Every finding the project can report, a row each: what it says and how to mend it, in both languages."""

from __future__ import annotations

from typing import Final

from attrs import frozen


@frozen
class Entry:
    """A code's row. P1xx words and form, P2xx names and types, P3xx meaning, P4xx lints, R1xx records, C1xx cases."""

    code: str
    severity: str
    zh: str
    en: str
    remedy_zh: str
    remedy_en: str

    def message(self, lang: str) -> str:
        return self.zh if lang == "zh" else self.en

    def remedy(self, lang: str) -> str:
        return self.remedy_zh if lang == "zh" else self.remedy_en


_ROWS: Final = """
P100 error
  顶格的这一行不是任何种类的标题。
  This line at the margin is not the heading of any kind of declaration.
  以种类开头（制度、规定、召回情形等）；属于上一条的内容应缩进。
  Begin with a kind (regime, rule, trigger, …); indent what belongs to the declaration above.
P101 error
  此处读不通：“{what}”不能接在这里。
  This does not read on: “{what}” cannot stand here.
  此处可以是：{expected}。
  What can stand here: {expected}.
P102 error
  字符“{character}”在语言中没有意义。
  The character “{character}” means nothing in the language.
  删去它；文字须放在引号内。
  Remove it; text belongs in quotation marks.
P103 error
  这一条没有写完。
  This declaration is not finished.
  接下来可以是：{expected}。
  What can follow: {expected}.
P110 error
  “且”与“或”并列而没有括号。
  “and” stands beside “or” without brackets.
  用（）写明先合哪几项；这里没有先后规则。
  Put brackets around what belongs together; there is no rule of precedence.
P111 error
  “和”与“或者”混用，不知是都要还是择一。
  “both” stands beside “or_else”: all of these, or one?
  分成两条规定，或只用一种连接。
  Write two rules, or use one of the two joints.
P120 error
  “{name}”是语言的用词，不能作名称。
  “{name}” is a word of the language and cannot be a name.
  换一个名称。
  Choose another name.
P121 error
  “{name}”有两个英文名，此处为 {english}。
  “{name}” has two English names; here it is {english}.
  一词只对一个英文名：两处写成一样。
  One word has one English twin: write the same in both places.
P122 error
  英文名 {english} 已属另一个词，不能再给“{name}”。
  The English name {english} belongs to another word and cannot be “{name}” as well.
  换一个英文名。
  Choose another English name.
P130 error
  “{text}”还可以断成“{other}”，两种断法都说得通。
  “{text}” can also be cut as “{other}”, and both make sense.
  在词间加空格，或改一个名称。
  Put a space between the words, or rename one.
P200 error
  没有名为“{name}”的词。
  Nothing is named “{name}”.
  在词汇或本地政策中声明它，或改正写法。
  Declare it in the vocabulary or the policy, or correct the spelling.
P201 error
  “{name}”已经声明过。
  “{name}” is declared already.
  一名一物：改名，或删去一处。
  One name, one thing: rename one or remove it.
P202 error
  “{name}”是{have}，这里要的是{want}。
  “{name}” is {have}; what is wanted here is {want}.
  换成{want}。
  Use {want} here.
P203 error
  两边不能相比：左边是{left}，右边是{right}。
  The two sides cannot be compared: {left} on the left, {right} on the right.
  比较须是同一类、同一单位。
  Compare what is of one type and one unit.
P204 error
  {type}没有大小先后，不能用“{op}”。
  {type} has no order, so “{op}” cannot be used.
  用“为”“属于”，或在词汇中把它声明为“序”。
  Use “is” or “in”, or declare it as an order in the vocabulary.
P205 error
  “{name}”不是“{type}”的值。
  “{name}” is not a value of {type}.
  可用的值：{options}。
  Its values are: {options}.
P206 error
  此处“{name}”可以指两样东西：{first}，{second}。
  “{name}” could mean two things here: {first} or {second}.
  写“本{list}的{name}”，或给其中一个改名。
  Write “this {list} 's {name}”, or rename one of them.
P207 error
  这里要的是条件，写的是{have}。
  A condition is wanted here; this is {have}.
  写成比较，如“… 为 …”“… 不少于 …”。
  Make it a comparison, such as “… is …” or “… at_least …”.
P208 error
  “{name}”只在“对：每一 {list}”或其括号内才有。
  “{name}” exists only under “for: each {list}” or inside its brackets.
  加上“对：每一 {list}”，或写“有 {list}（…）”。
  Add “for: each {list}”, or write “some {list} (…)”.
P209 error
  清单里不能再套两层清单。
  A list inside a list inside an element's condition goes one level too deep.
  把里层写成“对：每一”的定义。
  Make the inner part a definition “for: each”.
P210 error
  条件不能读结论：“{name}”是一条规定。
  A condition never reads a conclusion: “{name}” is a rule.
  结论与条件之间是人的行为：读记录中的那一行（如 有 处理（…））。
  Between a conclusion and a condition stands a human act: read its row in the record (such as some measure (…)).
P211 error
  此处不能对未定的两个量作“{op}”。
  “{op}” cannot be applied here.
  乘法只能乘一个常数；日期只能与期间相加。
  Multiply only by a constant; add to a day only with “from … onward”.
P300 error
  {kind}里没有“{clause}”这一条款。
  A {kind} has no clause “{clause}”.
  删去它，或换到合适的种类。
  Remove it, or move it to a kind that has it.
P301 error
  “{clause}”写了两次。
  “{clause}” is written twice.
  合成一处。
  Write it once.
P302 error
  缺“{clause}”。
  “{clause}” is missing.
  补上“{clause}：”。
  Add “{clause}:”.
P303 error
  写了“{why}”，就须写“由”：原文没有写明就写“由：未载明”。
  With “{why}” there must be “by”; where the text does not say, write “by: unprinted”.
  补上“由：”。
  Add “by:”.
P304 error
  除外成了圈：{circle}。
  The exceptions go in a circle: {circle}.
  断开其中一处“不适用”。
  Remove one of the “disapplies”.
P305 error
  定义成了圈：{circle}。
  The definitions go in a circle: {circle}.
  断开其中一处。
  Remove one of the references.
P306 error
  “不适用”只能指规定或环节，“{name}”是{have}。
  Only rules and stages can be disapplied; “{name}” is {have}.
  指明被排除的规定。
  Name the rule that is set aside.
P307 error
  “{name}”是{theirs}的，本条是{ours}的，对不上。
  “{name}” is judged {theirs} and this rule {ours}; they do not meet.
  把本条写成不分事项的，或写成同一清单的“对：每一”。
  Judge this rule of the person, or “for: each” of the same list.
P308 error
  容错情形须逐事判断。
  An exemption is judged matter by matter.
  加上“对：每一 …”。
  Add “for: each …”.
P309 error
  前面没有“制度”，这一条不知属于哪个文件。
  No regime stands before this: it is not known to which instrument it belongs.
  在它前面写明“制度”。
  Write the regime before it.
P310 error
  “{name}”没有授权给单位。
  “{name}” is not delegated to units.
  单位细则只能写县里授权的内容。
  A unit's rules may give only what the county delegates.
P311 error
  单位给出的值超出授权的范围。
  The unit's value lies outside what is delegated.
  改为授权范围内的值。
  Give a value within the bounds.
P312 error
  性质的条件或结论写得不对：{why}。
  The property is not well formed: {why}.
  写“若 … 则 …”。
  Write “if … then …”.
P313 error
  “{name}”须给出参数，如“{name}（…）”。
  “{name}” needs its argument, as in “{name} (…)”.
  写上它所按的值。
  Write the value it is keyed by.
P314 error
  取值表没有写“{name}”的值。
  The table gives no value for “{name}”.
  补一行；原文没有就写“未载明”。
  Add a row; where the text has none, write “unprinted”.
P315 error
  日期“{date}”不存在。
  There is no such date as “{date}”.
  改正日期。
  Correct the date.
P316 error
  “{value}”的小数位超出{unit}所能记的。
  “{value}” has more decimal places than {unit} can hold.
  写到{places}位小数。
  Write at most {places} decimal places.
P317 error
  此处的期间写得不对：{why}。
  The period is not well formed: {why}.
  写“自 某日 起 某期间”或“自 某日 起 至 某日”。
  Write “from a day onward a period” or “from a day onward until a day”.
P400 warning
  本条计算不利行为，却没有写明施行前的行为算不算。
  This burdensome rule counts conduct and does not say whether conduct before the rule counts.
  条件里加“{date} 不早于 施行日”，或写一条解读。
  Add “{date} not_before start_day” to the condition, or write a reading.
P401 warning
  “在近…内”以决定日为终点：由谁选哪一天决定，会改变结果。
  “within_last” ends on the day of decision: whoever picks the day can change the outcome.
  若原文另有起算，写明起止日期。
  If the text says otherwise, write the first and last day.
P402 warning
  “并非”之下的“{name}”可以是“无”：无者也会算作“并非”。
  “{name}” under “not” may be not_applicable, and what does not apply counts as “not”.
  先写明它适用（如“且 {name} 属于 …”），或确认这正是原意。
  Guard it with a condition of its own, or make sure this is meant.
P403 note
  “{name}”现只读入、检查、排版，不执行：{why}。
  “{name}” is read, checked and formatted, and not executed yet: {why}.
  不必改动；决定中不会用到它。
  Nothing to change; no decision uses it.
P404 warning
  结论里的“{name}”没有任何规定得出。
  No rule arrives at “{name}”.
  改正名称。
  Correct the name.
C100 error
  案例不成立：应为{want}，实得{have}。
  The case fails: expected {want}, got {have}.
  改案例，或改政策。
  Mend the case or the policy.
C101 error
  案例缺理由：解释中没有引到 {basis}。
  The case lacks a reason: the explanation does not cite {basis}.
  看 policy explain 的解释，改案例或改政策。
  Read the explanation (policy explain), then mend the case or the policy.
C102 error
  案例没有得出“{effect}”的结论。
  The case reaches no conclusion on “{effect}”.
  核对事项编号与效果名称。
  Check the row and the name of the effect.
R100 error
  读不了这个文件：{why}。
  This file cannot be read: {why}.
  检查文件及其格式（.json、.jsonl、.xlsx）。
  Check the file and its format (.json, .jsonl, .xlsx).
R101 error
  {where}：没有“{name}”这一项。
  {where}: there is no column “{name}”.
  改名，或删去此列。
  Rename it or remove the column.
R102 error
  {where}：“{value}”不是{want}。
  {where}: “{value}” is not {want}.
  应填{want}；问过而不知填“不明”，没有问留空。
  Enter {want}; “不明” where asked and not known, empty where not asked.
R103 error
  {where}：编号“{value}”重复。
  {where}: the number “{value}” occurs twice.
  每行一个编号；两份材料说的是一件事，就合成一行。
  One number a row; two reports of one matter are one row.
R104 error
  {where}：缺编号。
  {where}: there is no 编号.
  每人、每行都要有编号。
  Every person and every row needs one.
R105 error
  {where}：对“{question}”有两个不同的认定，记录没有说明哪个取代哪个。
  {where}: two findings on “{question}” disagree, and the record does not say which replaces which.
  在后一个认定的“取代”中写明被取代的编号。
  Name the finding that is replaced under “取代”.
R106 error
  {where}：所属的“{value}”在记录中找不到。
  {where}: “{value}”, to which this belongs, is not in the record.
  核对清单名与编号。
  Check the list and the number.
R107 error
  {where}：“{value}”是用数字存的编号，位数已经丢失。
  {where}: “{value}” is a number stored as a figure, and its last digits are lost.
  把这一列设为文本，重新填写。
  Make the column text and enter it again.
R108 error
  {where}：“{name}”不会“无”，此处填了无。
  {where}: “{name}” always applies, and this says it does not.
  不知道填“不明”；没有问留空。
  “不明” if not known, empty if not asked.
R109 error
  {where}：此格是公式，不是值。
  {where}: this cell holds a formula, not a value.
  粘贴为值后再交。
  Paste it as a value.
R110 error
  {where}：数值区间写反了，或日期不存在：“{value}”。
  {where}: the interval is the wrong way round, or there is no such date: “{value}”.
  改正。
  Correct it.
R111 error
  {where}：这里应是{want}。
  {where}: {want} is wanted here.
  按记录格式改正。
  Follow the form of the record.
"""


def _catalogue() -> dict[str, Entry]:
    table: dict[str, Entry] = {}
    lines = [line for line in _ROWS.strip().splitlines() if line.strip()]
    for i in range(0, len(lines), 5):
        code, severity = lines[i].split()
        zh, en, remedy_zh, remedy_en = (line.strip() for line in lines[i + 1 : i + 5])
        table[code] = Entry(code, severity, zh, en, remedy_zh, remedy_en)
    return table


CATALOGUE: Final = _catalogue()

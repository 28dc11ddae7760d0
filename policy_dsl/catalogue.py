"""Every finding the project can report, a row each: what it says and how to mend it, in both languages."""

from __future__ import annotations

from typing import Final

from attrs import frozen

from .catalogue_of_analysis import ROWS as _OF_ANALYSIS


@frozen
class Entry:
    """A code's row. P1xx words and form, P2xx names and types, P3xx meaning, P4xx lints, R1xx records, C1xx cases,
    A1xx what no record or every record does, A2xx properties."""

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
  这一行顶格写，却不是以条款的种类开头。
  This line stands at the margin and does not begin with a kind of declaration.
  另起一条，先写种类，如“规定”“参数”“召回情形”；属于上一条的，行首空四格。
  Write the kind first (rule, parameter, trigger, …); indent by four spaces what belongs to the one above.
P101 error
  读到“{what}”就读不下去了：这里不能写它。
  “{what}” cannot stand here.
  这里可以写：{expected}。
  What can stand here: {expected}.
P102 error
  字符“{character}”在语言中没有意义。
  The character “{character}” means nothing in the language.
  删去它；要照录的文字放在引号里。
  Remove it; text that is quoted goes in quotation marks.
P103 error
  这里没有写完。
  This stops before it is complete.
  接下来可以写：{expected}。
  What can follow: {expected}.
P104 error
  这一行缩进了，而它上面没有标题，不知属于哪一条。
  This line is indented, and no declaration stands above it to which it could belong.
  标题（如“规定 甲 rule_a”）顶格写；没有标题的，补写标题。
  Write the heading (such as “rule rule_a 甲”) at the margin; add it if there is none.
P105 error
  这里有看不见的字符（{character}）：控制、换行、零宽或改变书写方向的字符。
  There is a character here that does not show ({character}): a control, a line separator, one of no width or of direction.
  删去它，或重新键入这几个字；行尾只用换行符，照录的文字也不能有这样的字符。
  Remove it, or type these words again; a line ends in a line feed only, and quoted text may not hold such a character either.
P106 error
  前面已有{count}处错误，从这里起没有再读。
  There are {count} errors already; what follows was not read.
  先改前面的错误，再检查一次。
  Mend those first, then check again.
P107 error
  这个数太长，或者超过一千万亿。
  This number is too long, or beyond 10^15.
  核对数位：整数最多十六位，小数最多十位，汉字数最多三十个字。
  Check the digits: at most sixteen before the point and ten after it, and thirty characters for a number in Chinese.
P108 error
  这里套得太深：括号最多套{most}层，运算也不能一层接一层没有尽头。
  This is nested too deep: brackets go {most} deep at most, and operations cannot pile up without end.
  把里面的部分另写成定义，再引用它的名称。
  Move the inner part into a definition and name it here.
P109 error
  名称“{name}”太长。
  The name “{name}” is too long.
  缩短名称：中英文各最多{most}个字符。
  Shorten it: at most {most} characters in either language.
P110 error
  “且”与“或”并用而没有括号，不知先合哪几项。
  “and” stands beside “or” without brackets, so it is not known which belong together.
  把先合的几项放进括号，如“甲 或 （乙 且 丙）”。
  Put brackets around what belongs together, as in “a or (b and c)”.
P111 error
  “和”与“或者”并用，不知是都要还是择一。
  “together_with” stands beside “or_else”: all of these, or one of them?
  都要的只用“和”，择一的只用“或者”；两样都有的，分写成两条规定。
  Join all with “together_with” or choose one with “or_else”; for both, write two rules.
P112 error
  “{clause}”是条款的标题，后面缺冒号。
  “{clause}” heads a clause, and the colon after it is missing.
  写成“{headed}”，再写内容。
  Write “{headed}” and then what belongs to it.
P113 error
  这里不能写“{what}”。
  “{what}” is not how this is written.
  {instead}。
  Instead: {instead}.
P120 error
  “{name}”是语言的用词，不能作名称。
  “{name}” is a word of the language and cannot be a name.
  换一个名称。
  Choose another name.
P121 error
  “{name}”有两个英文名，这里写的是 {english}。
  “{name}” has two English names; here it is {english}.
  同一个词只用一个英文名：改成与另一处相同，或给其中一处换一个中文名。
  One word has one English name: write the same in both places, or give one of them another Chinese name.
P122 error
  英文名 {english} 已属另一个词，不能再给“{name}”。
  The English name {english} belongs to another word and cannot be “{name}” as well.
  给“{name}”另取一个英文名。
  Give “{name}” another English name.
P123 error
  “{name}”缺{missing}。
  “{name}” has no {missing}.
  在它旁边补写，如“规定 甲 rule_a”；中文名只用汉字，英文名只用字母、数字和“_”。
  Write it beside the name, as in “rule rule_a 甲”: a Chinese name is of Chinese characters alone, an English one of letters, digits and “_”.
P130 error
  “{text}”还可以断成“{other}”，两种断法都讲得通。
  “{text}” can also be cut as “{other}”, and both make sense.
  在词与词之间加空格，写明怎样断；或者改一个名称。
  Put spaces between the words that are meant, or rename one.
P200 error
  没有名为“{name}”的词。
  Nothing is named “{name}”.
  改正写法；确是新词的，在词汇里声明，或另写一条定义、参数。
  Correct the spelling; declare a new word in the vocabulary, or write a definition or parameter of that name.
P201 error
  “{name}”前面已经声明过。
  “{name}” is declared already.
  一个名称只指一样东西：删去一处，或给其中一处改名。
  One name stands for one thing: remove one of the two, or rename it.
P202 error
  “{name}”是{have}，这里要的是{want}。
  “{name}” is {have}; what is wanted here is {want}.
  这里改写{want}。
  Write {want} here.
P203 error
  两边不能相比：左边是{left}，右边是{right}。
  The two sides cannot be compared: {left} on the left, {right} on the right.
  让两边同一类、同一单位，如次数比次数、日期比日期。
  Make both sides of one type and one unit: a count with a count, a date with a date.
P204 error
  {type}没有大小先后，不能用“{op}”。
  “{op}” needs an order, and {type} has none.
  改用“为”“不是”“属于”；确有高低的，在词汇里用“序”声明，效果组标明“由轻到重”。
  Use “is”, “is_not” or “in”; what does have an order is declared as “order”, or as a “rising” group of effects.
P205 error
  “{name}”不是“{type}”的值。
  “{name}” is not a value of “{type}”.
  可以写的值：{options}。
  Its values are: {options}.
P206 error
  “{name}”在这里可以指两样东西：{first}，{second}。
  “{name}” could mean two things here: {first} or {second}.
  指这一行的，写“{list}的{name}”；指本人的，写“决定日的{name}”，或给其中一个改名。
  For the row's, write “{list} 's {name}”; for the person's, “decision_day 's {name}”; or rename one of them.
P207 error
  这里要写条件，写的却是{have}。
  A condition is wanted here; this is {have}.
  写成能判断成立与否的比较，如“… 为 …”“… 不少于 …”。
  Make it a comparison that holds or does not, such as “… is …” or “… at_least …”.
P208 error
  “{name}”只在“对：每一 {list}”之下，或“{list}（…）”的括号里才有。
  “{name}” exists only under “for: each {list}” or inside the brackets of “{list} (…)”.
  加上“对：每一 {list}”，或写成“有 {list}（…）”。
  Add “for: each {list}”, or write “some {list} (…)”.
P209 error
  清单套清单最多两层，这是第三层；“对：每一”也算一层。
  Lists go two deep at most, and this is the third; “for: each” counts as one.
  把里面的一层另写成一条定义，定义里不写“对：每一”。
  Move the innermost list into a definition of its own, one without “for: each”.
P210 error
  条件不能读结论：“{name}”是由政策得出的，不是记录里的事实。
  A condition never reads a conclusion: “{name}” is what the policy arrives at, not a fact of the record.
  结论要有人作出决定才算数：改读记录中的那一行，如“有 处理（种类 为 …）”。
  A conclusion counts once somebody has acted on it: read the row that records it, such as “some measure (type is …)”.
P211 error
  这里不能用“{op}”。
  “{op}” cannot be used here.
  乘法只能乘一个写明的整数；日期加期间写“自 某日 起 某期间”；“年末”只接年份。
  Multiply by a written whole number; add to a day with “from a day onward a period”; “year_end” takes a year.
P212 error
  “{name}”是记录自己的用词，不能作{kind}的名称。
  “{name}” is a word of the record's own and cannot name {kind}.
  换一个名称；在名单里写到它，就分不清说的是哪一样。
  Choose another name: in a roster nobody could tell which of the two is meant.
P300 error
  {kind}里没有“{clause}”这一条款。
  There is no clause “{clause}” in a declaration of the kind “{kind}”.
  改正写法；没有写错的，删去它，或改写成有这一条款的种类。
  Correct the spelling; or remove it, or write a kind of declaration that has it.
P301 error
  “{clause}”写了两次。
  “{clause}” is written twice.
  合成一处，只写一次“{clause}：”。
  Write “{clause}:” once, with both parts in it.
P302 error
  缺“{clause}”。
  “{clause}” is missing.
  补写“{clause}：”。
  Add “{clause}:”.
P303 error
  写了“{why}”，就须写明“由”谁决定。
  With “{why}” there must be “by”: who decides.
  补写“由：”和机关；原文没有写明的，写“由：未载明”。
  Add “by:” and the body; where the text does not say, write “by: unprinted”.
P304 error
  除外成了圈：{circle}。
  The exceptions go in a circle: {circle}.
  删去其中一处“不适用”。
  Remove one of the “disapplies”.
P305 error
  互相引用成了圈：{circle}。
  These refer to one another in a circle: {circle}.
  改写其中一条，不再引用另一条。
  Write one of them without the other.
P306 error
  “不适用”后面只能写规定或环节，“{name}”是{have}。
  Only rules and stages can be disapplied; “{name}” is {have}.
  写上被排除的那条规定的名称。
  Name the rule that is set aside.
P307 error
  “{name}”{theirs}，本条却{ours}，不能用本条排除它。
  “{name}” is {theirs} and this is {ours}: this cannot set it aside.
  删去本条的“对：每一”，或使两条写同一清单的“对：每一”。
  Remove “for: each” here, or write “for: each” of the same list in both.
P308 error
  容错情形须逐事判断，这里没有写“对：每一”。
  An exemption is judged matter by matter, and “for: each” is not written.
  补写“对：每一”和清单，如“对：每一 容错事项”。
  Add “for: each” and the list, such as “for: each matter”.
P309 error
  政策里没有“制度”，这一条不知属于哪个文件。
  The policy has no regime, so it is not known to which instrument this belongs.
  在前面写一条“制度”，写明依据和施行日。
  Write a regime before it, with its basis and the day it came into force.
P310 error
  “{name}”没有授权给单位，单位细则不能写它。
  “{name}” is not delegated to units, so a unit's rules cannot give it.
  删去它；确有授权的，在县里的同名参数或定义里写“授权：”。
  Remove it; if the county does delegate it, write “delegated:” in the county's parameter or definition of that name.
P311 error
  单位给出的“{name}”（{own}）超出县里授权的范围（{basis}）。
  The unit's “{name}” ({own}) lies outside what the county delegates ({basis}).
  改为授权范围以内的值。
  Give a value within the bounds.
P312 error
  “{clause}”与“{other}”不能并用。
  “{clause}” cannot stand beside “{other}”.
  只留一个：各自都已说明取自何处。
  Keep one of them: each says by itself where it comes from.
P313 error
  “{name}”因某一项而异，这里没有写明按哪一项取值。
  “{name}” varies with something, and it is not written here with what.
  在后面的括号里写上它所按的那一项，如“{name}（种类）”。
  Write what it is keyed by in brackets, as in “{name} (type)”.
P314 error
  “{name}”没有写明下列各项的值：{options}。
  “{name}” gives no value for: {options}.
  补写各项；原文没有写的，写“其余：未载明”。
  Add them; where the source gives none, write “otherwise: unprinted”.
P315 error
  日期“{date}”不存在。
  There is no such date as “{date}”.
  改成日历上有的日子；原文只写到月的，只写年月。
  Correct the date; where the text gives only the month, write year and month.
P316 error
  “{value}”的小数位太多。
  “{value}” has too many decimal places.
  以“{unit}”计，小数最多写{places}位。
  In {unit}, write at most {places} decimal places.
P317 error
  这里的期间写得不对：{why}。
  The period is not well formed: {why}.
  写“自 某日 起 六个月”“自 某日 起 至 某日”或“不晚于 某日”。
  Write “from a day onward 6 months”, “from a day onward until a day” or “not_after a day”.
P318 error
  “{name}”没有写应当做什么，谈不上“可以不适用”。
  “{name}” imposes no duty, so it cannot be set aside by “may_disapply”.
  “可以不适用”只用于应当做的事；要排除这条规定，写“不适用”。
  Only a duty may be set aside; to exclude the rule, write “disapplies”.
P319 error
  “{name}”是国家层的规定，县里的规定不能排除它。
  “{name}” is a national rule; a county's rule cannot set it aside.
  删去“不适用”里的“{name}”。
  Remove “{name}” from “disapplies”.
P320 error
  “{name}”也没有写“上位”：一地的制度只有一个是最上面的。
  “{name}” has no “above” either: of a county's regimes only one stands on top.
  写明它的“上位”；单位的细则再写“单位”。
  Write under which it stands (“above”); a unit's rules also name their “unit”.
P321 error
  “{value}”不能是人数，也不能是人数的比例。
  “{value}” can be neither a number of persons nor a share of them.
  人数写零以上的整数，比例写百分之零到百分之百。
  Write a whole number from 0 on, or a share from 0% to 100%.
P322 error
  没有一个值在下限“{low}”和上限“{high}”之间。
  No value lies between the lower bound “{low}” and the upper bound “{high}”.
  核对两处：小的、早的作下限，大的、晚的作上限。
  Check both: the lesser or the earlier is the lower bound, the greater or the later the upper.
P330 error
  登记的“{where}”写得不对：{why}。
  The entry “{where}” of the register is not well formed: {why}.
  照登记的写法改这一项；写法见 docs/sources.zh.md。
  Write it as a register is written: see docs/sources.en.md.
P331 error
  登记了“{id}”，却没有一条政策写它。
  “{id}” is registered, and nothing encodes it.
  写一条以它为依据的；没有可以执行的内容的，写进存录，并写明为什么。
  Write a declaration on that ground; where nothing in it can be executed, write it into a note and say why.
P332 error
  登记说“{name}”承担“{id}”，政策里却没有它。
  The register says that “{name}” carries “{id}”, and there is no such thing in the policy.
  写政策里有的，如“解读 名称”“参数 名称”“认定 名称”“规定 名称 由”“未载明 附注”。
  Name what there is, such as “reading NAME”, “parameter NAME”, “finding NAME”, “rule NAME by”, “unprinted NOTE”.
P333 error
  登记了不明之处“{id}”，却没有交代。
  The ambiguity “{id}” is registered, and not accounted for.
  写明由什么承担（carried_by），或为什么没有影响（no_effect），或还缺什么（open）。
  Say what carries it (carried_by), why it has no effect (no_effect), or what is still missing (open).
P334 error
  不明之处“{id}”会影响结论，还没有承担：{what}。
  The ambiguity “{id}” can change an outcome and is not carried yet: {what}.
  写一条解读、未载明或认定来承担它，再登记为 carried_by。
  Let a reading, a gap or a finding carry it, and register that as carried_by.
P340 error
  {where}：“{value}”不是{want}。
  {where}: “{value}” is not {want}.
  照国务院办公厅的通知改：rest 列放假的周一至周五，work 列上班的周六、周日；还没有通知的年份不写，也不要推定。
  Follow the State Council's notice: under rest the weekdays off, under work the weekend days worked; leave out a year without a notice.
P400 warning
  本条对本人不利，又要数行为，却没有写明施行前的行为算不算。
  This burdensome rule counts conduct and does not say whether conduct before the rule counts.
  在条件里加“{date} 不早于 施行日”；原文有争议的，写一条解读。
  Add “{date} not_before start_day” to the condition; where the text is in dispute, write a reading.
P401 warning
  “在近…内”算到决定日为止：挑哪一天作决定，会改变结果。
  “within_last” ends on the day of decision: whoever picks the day can change the outcome.
  原文写明了起止的，写明起止日期；原文本来算到决定日的，可以不改。
  If the text says otherwise, write the first and the last day; if it does mean the day of decision, leave it.
P402 warning
  “{name}”可以是“无”，而“无”在这里也会算作“不是”。
  “{name}” may be not_applicable, and here what does not apply counts as “not”.
  从正面写，如“{name} 为 …”“{name} 属于 …”，“无”就不算在内；本意包括“无”的，可以不改。
  Say it positively (“{name} is …”, “{name} in …”) to leave not_applicable out; if it is meant to count, leave it.
P404 warning
  {kind}“{name}”声明了，却没有一处用到。
  The {kind} “{name}” is declared and used nowhere.
  删去它；本该用到的，写进用它的那一条。
  Remove it; or name it in the provision that was to use it.
P405 warning
  没有案例试过“{name}”。
  No case tries “{name}”.
  补一个案例：结论写到它的效果，理由引它的依据；不满足条件的一侧也写一个。
  Add a case that concludes on its effect and cites its basis; and one on the other side of its condition.
P406 warning
  “{exception}”排除“{name}”，两条的条件却不会同时成立。
  “{exception}” sets “{name}” aside, and their conditions never hold together.
  改正两条中写错的一处；本来就不相遇的，删去这里的“{name}”。
  Mend whichever condition is wrong; if the two were never to meet, remove “{name}” here.
P407 warning
  sources.toml 没有登记“{id}”。
  sources.toml does not register “{id}”.
  改正编号；确有此条的，在 sources.toml 里登记位置、层级和大意。
  Correct the id; or register the provision in sources.toml with its place, its layer and what it says.
P408 warning
  这一处“允许”不起作用：{why}。
  This “allow” allows nothing: {why}.
  删去这一行；要允许下面的提醒，写“# 允许 代码：理由”，放在它的上一行或这一条的上面。
  Remove the line; to allow advice, write “# allow CODE: reason” on the line above it or above the declaration.
P409 warning
  “{name}”与登记的 {ids} 不合：这里写的是{here}，登记的是{there}。
  “{name}” does not agree with what the register says of {ids}: {here} here, {there} there.
  对照原文：写错的是这里，改这里；是登记，改登记；两处都对的，写“# 允许 P409：理由”。
  Look at the source: mend this, or the register, whichever is wrong; where both are right, allow it and say why.
C100 error
  案例不成立：写的是“{want}”，得出的是“{have}”。
  The case fails: “{want}” is expected and “{have}” is what follows.
  看 policy explain 制度 --case 案例名 的解释：案例写错了改案例，政策写错了改政策。
  Read the explanation (policy explain REGIME --case NAME), then mend whichever is wrong, the case or the policy.
C101 error
  案例缺理由：解释中没有引到 {basis}。
  The case lacks a reason: the explanation does not cite {basis}.
  看 policy explain 制度 --case 案例名 引了哪些依据，改案例或改政策。
  Read what the explanation cites (policy explain REGIME --case NAME), then mend the case or the policy.
C102 error
  案例没有得出“{effect}”的结论。
  The case reaches no conclusion on “{effect}”.
  核对清单和编号是否与“事实”相同，效果是否有规定得出。
  Check that the list and the number are those of the facts, and that some rule leads to the effect.
C103 error
  “{name}”的变动不能这样写：{why}。
  The history of “{name}” cannot be written like this: {why}.
  只有标明“随时间”的事实可以写变动；起日写到日，从早到晚，每个起日一个值。
  Only a fact marked over_time has a history; its days are single days, earliest first, with one value from each.
R100 error
  读不了：{why}。
  This cannot be read: {why}.
  核对名称和格式：名单用 .json、.jsonl、.xlsx、.parquet、DuckDB 或 SQLite 文件，或每表一个 .csv 的文件夹，政策用 .policy，文字用 UTF-8 编码。
  Check the name and the format: rosters are .json, .jsonl, .xlsx, .parquet, a DuckDB or SQLite file or a folder of .csv files, policies .policy, and text is in UTF-8.
R101 error
  {where}：没有“{name}”这一项。
  {where}: there is no item “{name}”.
  改成词汇里的名称，或删去这一项。
  Write the name as the vocabulary has it, or remove the item.
R102 error
  {where}：“{value}”不是{want}。
  {where}: “{value}” is not {want}.
  应填{want}；问过而不知道的填“不明”，没有问过的留空。
  Enter {want}; “不明” where asked and not known, empty where not asked.
R103 error
  {where}：编号“{value}”重复。
  {where}: the number “{value}” occurs twice.
  每行一个编号；两份材料说的是同一件事的，合成一行。
  One number a row; two reports of one matter are one row.
R104 error
  {where}：缺编号。
  {where}: there is no 编号.
  补填编号：每人、每行都要有。
  Enter a 编号: every person and every row has one.
R105 error
  {where}：对“{question}”有两个不同的认定，记录没有说明哪个取代哪个。
  {where}: two findings on “{question}” disagree, and the record does not say which replaces which.
  在后一个认定的“取代”里，写前一个认定的编号。
  In the later finding, write the number of the earlier one under “取代”.
R106 error
  {where}：所属的“{value}”在记录中找不到。
  {where}: “{value}”, to which this belongs, is not in the record.
  核对清单名和编号，或补上那一行。
  Check the list and the number, or add that row.
R107 error
  {where}：“{value}”是按数字存的，末几位可能已经丢失。
  {where}: “{value}” is stored as a figure, and its last digits may be lost.
  把这一列设为文本格式，照原件重新填写。
  Make the column text and enter it again from the original.
R108 error
  {where}：“{name}”不能填“无”。
  {where}: “{name}” cannot be not_applicable.
  问过而不知道的填“不明”，没有问过的留空。
  Enter “不明” where asked and not known; leave it empty where not asked.
R109 error
  {where}：这一格是公式，不是值。
  {where}: this cell holds a formula, not a value.
  复制后选择性粘贴为“值”。
  Copy it and paste it as a value.
R110 error
  {where}：区间的前后写反了，或者没有这个日期：“{value}”。
  {where}: the interval is the wrong way round, or there is no such date: “{value}”.
  小的、早的写在前面；日期写日历上有的日子。
  Write the lesser or the earlier first, and a day that is in the calendar.
R111 error
  {where}：这里应是{want}。
  {where}: {want} is wanted here.
  照记录的格式改写这一项。
  Write this item in the form of the record.
R112 error
  {where}：“{value}”里有看不见的字符（{character}）。
  {where}: “{value}” holds a character that does not show ({character}).
  重新键入，不要粘贴：看起来一样的两个编号、两个名称，多一个这样的字符就不是同一个了。
  Type it again rather than paste it: two numbers or names that look alike differ if one holds such a character.
R113 error
  另有{count}处不合的没有列出。
  {count} more misfits are not listed.
  先改列出的，再读一次。
  Mend those listed, then read it again.
R121 error
  {where}：“{value}”是数字，不是{want}，可能是表格软件的日期序号。
  {where}: “{value}” is a figure and not {want}; it may be a spreadsheet's number for a day.
  照原件写明年月日，如 2018-05-01；只知年份的写“2018年”。
  Write the date as the original has it, such as 2018-05-01; where only the year is known, “year 2018”.
R122 error
  {where}：“{value}”看不准是哪年哪月。
  {where}: “{value}” does not say for certain which month of which year.
  写成 1975-08；或者在列名后标明写法，如“出生日（年.月）”，一月写 1975.01，十月写 1975.10。
  Write 1975-08; or say in the heading how the column is written, as in “born_on (yyyy.mm)”: 1975.01 January, 1975.10 October.
R200 error
  “{path}”写不出：{why}。
  “{path}” cannot be written: {why}.
  腾出空间，或者写到别处，再运行一次；没有留下写了一半的结果。
  Make room or name another place, and run again; no half-written result was left.
R201 error
  {what}与作出结果时的不同：那时是 {then}，现在是 {now}。
  The {what} is not the one the result was made with: it was {then} and is now {now}.
  找回那时的政策和记录；要按现在的得出结论，重新运行 policy run。
  Bring back the policy and the record of then; to decide by those of now, run policy run again.
R202 error
  {where}里没有编号“{id}”。
  There is no No. “{id}” in {where}.
  核对编号；名单换了地方的，用 --records 指明。
  Check the number; if the roster stands elsewhere now, name it with --records.
R203 error
  重新得出的与结果所存的不同：{what}，存的是“{then}”，得出的是“{now}”。
  Decided again, it is not what the result keeps: {what} is kept as “{then}” and comes to “{now}”.
  结果改动过，或者是另一版本的程序所写：不要再用，重新运行 policy run。
  The result was altered, or another version of the program wrote it: use it no more, and run policy run again.
R204 error
  编号“{id}”在那次运行中搁置了（{why}），没有结论。
  No. “{id}” was set aside in that run ({why}), and nothing was decided.
  改好这个人的记录，重新运行 policy run。
  Mend this person's record, and run policy run again.
"""


def _catalogue() -> dict[str, Entry]:
    table: dict[str, Entry] = {}
    lines = [line for line in (_ROWS + _OF_ANALYSIS).splitlines() if line.strip()]
    for i in range(0, len(lines), 5):
        code, severity = lines[i].split()
        zh, en, remedy_zh, remedy_en = (line.strip() for line in lines[i + 1 : i + 5])
        table[code] = Entry(code, severity, zh, en, remedy_zh, remedy_en)
    return table


CATALOGUE: Final = _catalogue()

"""Help in the reader's language: the decorators say it in English, this table in Chinese."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

import click

from .options import TONGUE, tongue

# Every sentence of help, word for word as its decorator or docstring has it, one paragraph a row.
CHINESE: Final = {
    # What every page of help says.
    "Options": "选项",
    "Commands": "命令",
    "Usage:": "用法：",
    "Show this message and exit.": "显示本说明。",
    "Show the version and exit.": "显示版本。",
    "Language of messages (default: the system's).": "用哪种语言（不写时随系统）。",
    "For people, or for other programs.": "text 供人阅读，json 供别的程序使用。",
    # policy
    "Policies of cadre management as declared rules, run against records, with explained decisions.": "把干部管理的政策写成规则，对照名单逐人得出结论，并说明理由。",
    "policy COMMAND --help tells of each command.": "各命令的用法：policy 命令 --help。",
    # check
    "Find what is wrong in a regime's policies.": "检查政策，指出写错的地方。",
    "Without REGIMES, every one of the nearest `policies` folder. Exit 1 on errors.": "REGIMES 是制度（县文件夹）的名称，不写时检查最近的 policies 文件夹里的全部。有错误时退出码为 1。",
    "text for people; for programs json, sarif (2.1.0), github (annotations).": "text 供人阅读；json、sarif（2.1.0）、github（注解）供别的程序使用。",
    "Mend what is safe to mend: unseen characters, an “allow” that has outlived its advice.": "改正改了一定不会错的：看不见的字符、已经无用的“允许”。",
    "Also put the one near name for a misspelt one; look with --diff first.": "把写错一个字的名称也改过来（只有一个相近名称时）；宜先用 --diff 看。",
    "Show what would be mended, and change nothing; exit 1 if anything would be.": "只显示会改哪里，不改文件；有可改的，退出码为 1。",
    "Check again whenever a file changes (install policy-dsl[watch]).": "文件一有改动就再查一遍（须装 policy-dsl[watch]）。",
    # fmt
    "Put policies into their one canonical form.": "排版：把政策写成统一的格式，不改意思。",
    "Without REGIMES, every one of the nearest `policies` folder, and what they share.": "REGIMES 是制度的名称，不写时排最近的 policies 文件夹里的全部，连同共用词汇。",
    "With --lang the texts are printed in that language, word for word, and no file is changed.": "写了 --lang，就逐词译成该语言打印出来，不改文件。",
    "Write nothing; exit 1 if a file is not canonical.": "只检查，不改文件；有没排好的，退出码为 1。",
    "Show what would change, and change nothing.": "只显示会改哪里，不改文件。",
    "Print the text in this language.": "以这种语言打印。",
    # decide and explain
    "Decide every record of a roster.": "对名单上的人逐一得出结论。",
    "REGIME is the name of a county's folder in `policies`.": "REGIME 是制度的名称，也就是 policies 里县文件夹的名称。",
    "The day of decision, YYYY-MM-DD.": "决定日，写作 2024-06-01。",
    "Only what was known by this day (default: the day of decision).": "所知截至：只看这一天以前已经知道的（不写时为决定日）。",
    "Who chose the readings: kept in the decision.": "解读由谁选定，记入决定。",
    "Choose a reading: NAME=ALTERNATIVE; once for each. 'all' tries every one, as without any.": "选定一种解读：解读名=读法，可以多次写。写 all 就是都试，与不写相同。",
    "Layers of the sources admitted, comma separated; +plan adds plans to the usual ones.": "采用哪些层级的来源，以逗号分隔；+计划 是在通常的之外再加计划。",
    "text (the default), json (an array), jsonl (one decision a line), opinion (for the file); csv, xlsx: a row for each person and effect.": "text（不写时）供人阅读，json 为数组，jsonl 一人一行，opinion 为适用说明；csv、xlsx 每人每项效果一行。",
    "Write to a file instead of the terminal.": "写入文件，不显示在屏幕上。",
    "Give the roster's workbook back with outcome and reasons.": "把名单原样写成一个新工作簿，在每个人旁边注明结论和理由。",
    "Replace what is there, the roster itself included.": "已有的也覆盖，名单自身也不例外。",
    "Say nothing of progress.": "不报进度。",
    "Exit 1 if a decision is undetermined.": "有人结论未定，退出码就为 1。",
    "Write a page a person and an index into this folder.": "每人写一个网页，连同目录，放进这个文件夹。",
    "On pages, also what may tell who the person is (default: withheld).": "网页上也显示可能看得出是谁的内容（不写时隐去）。",
    "Give the reasons of a decision, step by step.": "逐步说明结论的理由。",
    "Explain a case (案例), for each choice of readings that its outcomes make.": "说明制度里的一个案例，按结论所选的各种解读。",
    "Only the persons of these numbers (编号).": "只说明这个编号的人，可以多次写。",
    "Only these effects (效果), such as recall.": "只说明这项效果，如召回，可以多次写。",
    "Also why what does not arise does not.": "不发生的，也说明为什么不发生。",
    "text: step by step; opinion: for the file; json: for programs; html: one person's page.": "text 逐步说明；opinion 为适用说明；json 供别的程序使用；html 为一个人的网页。",
    "Write the page to this file.": "把网页写入这个文件。",
    "ROSTER is .json, .jsonl, .xlsx, .parquet, a DuckDB or SQLite file, or a folder with a .csv (or .parquet) for each table.": "ROSTER 是名单：.json、.jsonl、.xlsx、.parquet 文件，DuckDB 或 SQLite 数据库文件，或者每张表一个 .csv（或 .parquet）的文件夹。",
    "Explain one person of a result of `policy run`: --from RESULT [REGIME] ID.": "说明 policy run 的结果里的一个人：--from 结果 [制度] 编号。",
    "The roster of that result, where it is not where the result says.": "那份结果所据的名单，不在结果所说的地方时写。",
    "With --from, the question and the roster are those of the result; the decision is made again, and it is an error if a status or an atom is not the one that was kept.": "写了 --from，所问的和名单都取自结果；结论重新得出一遍，有一项结论、一个原子与所存的不同，就是错误。",
    # run
    "Decide everybody in a table, count the outcomes, and keep each with what it came from.": "对整张表的人得出结论，统计结果，每个结论连同它的由来一并保存。",
    "Any row of the result is explained in full by `policy explain --from RESULT ID`. Exit 1 if somebody was set aside.": "结果里的任何一行，都可以用 policy explain --from 结果 编号 得到完整的说明。有人被搁置的，退出码为 1。",
    "What decides (default: duckdb of 10,000 persons or more, where it is installed; else the interpreter).": "由哪个引擎得出结论（不写时：一万人以上且装有 duckdb 的用 duckdb，否则用 interpreter）。",
    "Write the result here.": "把结果写到这里。",
    "Its form, where its name does not end in one: parquet and csv are folders.": "结果的格式，名称不以格式结尾时写；parquet、csv 是文件夹。",
    "Replace a result that is there.": "已有的结果也取代。",
    "Count by these facts of the person: unit,rank.": "按人的这些事实分组统计：单位,职级。",
    "Draw the outcomes by group.": "把各组的结论画成图（SVG）。",
    "Write what rules tell besides: options, amounts, periods, stages.": "另写各条款所说的其他事项：选项是否发生、额度、期间、环节的日子。",
    "A person whose record is not sound: stop before anything is decided, or set aside.": "有人的记录不合时：stop 在得出任何结论之前停下，aside 搁置这个人。",
    # flip
    "Tell what each outcome turns on: the smallest changes that would make it otherwise.": "说明每一结论取决于什么：最少改变哪些事实，结论就不同。",
    "Beside them the rules that fall short by one part, and the answers that would settle what is open. Who a person is and when things happened are taken to be beyond change. Without --effect, of what arises.": "并列出只差一处而不发生的规定，以及未定的结论答什么就能定。本人是谁、事情何时发生，视为不能改变。不写 --effect 时，只说明已发生的。",
    "Only what would give this status, such as must.": "只找能得出这种结论的，如应当。",
    "How many changes at once are tried.": "最多同时改变几处。",
    "Take this fact, field, list or finding as beyond change.": "把这项事实、栏目、清单或认定也视为不能改变，可以多次写。",
    "Suppose this one otherwise too, which is taken to be beyond change.": "原视为不能改变的这一项，也设想它不同，可以多次写。",
    # ask
    "Ask what a decision still needs to know, one question at a time.": "一问一答：只问得出结论还缺的，边答边成记录。",
    "Only what still matters is asked, what settles most first. It ends with the decision, explained, and the record.": "只问还有影响的，最能定案的先问；问完给出说明理由的决定和记录。",
    "Ask only what bears on this.": "只问影响这项效果的，可以多次写。",
    "Go on from this record: a roster with one person in it.": "接着这份记录问：只有一个人的名单。",
    "The number of a record begun here.": "新记录的编号。",
    "Write the record here.": "把记录写到此处。",
    # compare
    "Set two regimes beside each other: by provisions, on every record, and, with --records, by persons.": "两个制度对照：逐条对照规定，再看所有可能的记录；写了 --records，还对照名单上的人。",
    "Also ask of every record who is stricter (install policy-dsl[symbolic]).": "也问所有可能的记录，哪一方更严（须装 policy-dsl[symbolic]）。",
    "How long to ask that at most.": "最多问多少秒。",
    "A and B are names of county folders in `policies`, or paths to them: two counties, an older copy and the present one, or one regime twice with another day, reading or unit for B. Of texts above them, none is taken in.": "A、B 是制度的名称（policies 里县文件夹的名称）或者文件夹的路径：可以是两个县、旧的一份和现在的一份，也可以把一个制度写两次，乙方另写决定日、解读或者单位。上位规定不在内。",
    "The day of decision of both, YYYY-MM-DD; without it nobody is judged.": "两方的决定日，写作 2024-06-01；不写就只对照条文，不判断任何人。",
    "Another day for B: with one regime named twice, two versions of it.": "乙方另一个决定日：同一制度写两次，就是两个时候的版本相比。",
    "Choose a reading for whichever has it: NAME=ALTERNATIVE; once for each.": "选定一种解读，哪一方有就用于哪一方：解读名=读法，可以多次写。",
    "Choose a reading for B alone.": "只为乙方选定一种解读。",
    "The unit whose own rules are taken, and in which everybody is taken to be.": "采用哪个单位的细则；名单上的人都当作在这个单位。",
    "Another unit for B.": "乙方另一个单位。",
    "Other layers for B.": "乙方另外采用的层级。",
    "A roster to decide under both: who is treated differently.": "名单：按两方各判断一次，看谁的结论不同。",
    "For people, for programs, as a page, as a workbook.": "text 供人阅读，json 供别的程序使用，html 为网页，xlsx 为工作簿。",
    # test
    "Run the worked examples of a regime.": "运行政策里的案例，看结论是否如案例所写。",
    "Without REGIMES, every one of the nearest `policies` folder. Exit 1 if one fails, or if with --mutate a record is found that tells a slip apart.": "REGIMES 是制度的名称，不写时运行最近的 policies 文件夹里的全部。有一例不成立，或者用 --mutate 找到了能区分某处改动的记录，退出码为 1。",
    "Also show what of the policy no case reaches.": "另外列出政策里没有案例走到的地方。",
    "With --coverage: exit 1 below so many percent.": "与 --coverage 合用：不到这个百分数，退出码为 1。",
    "Also try slips in the texts, and show those that no case notices.": "另外在条文里逐处试写错，列出没有案例看得出的。",
    "With --mutate: at most so many slips of each regime.": "与 --mutate 合用：每个制度最多试这么多处。",
    "With --mutate: how long to look for a record that tells a slip apart (2 for each if not given).": "与 --mutate 合用：为每处改动找能区分的记录，最多找多少秒（不写时 2 秒）。",
    # analyze
    "Find what no single record shows: provisions that never apply, coincide, clash or leave a gap.": "找出单看一份记录看不出的：永不适用、相同、冲突的规定和空缺。",
    "Each finding names the provisions and shows a smallest record. Without REGIMES, every one of the nearest `policies` folder. Install policy-dsl[symbolic]. Exit 1 on findings.": "每一处都指明是哪几条，并举出最小的一份记录。REGIMES 是制度的名称，不写时问最近的 policies 文件夹里的全部。须装 policy-dsl[symbolic]。有所发现的，退出码为 1。",
    "text for people; json and sarif (2.1.0) for programs.": "text 供人阅读；json、sarif（2.1.0）供别的程序使用。",
    "Seconds for each question; what they do not settle is reported as undecided.": "每一问的秒数；没有断定的，报告为未断定。",
    # rule
    "Tell what a finding means.": "解释检查出的问题是什么意思、怎样改。",
    "CODE is what stands in brackets in a finding, such as P200. Without one, every code in a line.": "CODE 是问题前方括号里的代码，如 P200。不写时列出全部代码，每个一行。",
    # template
    "Write the empty roster of a regime for clerks to fill in.": "写出一个制度的空白名单，供经办人员填写。",
    "Each column says what it means and which provisions ask for it, those of the texts above among them.": "每一列都写明是什么意思、哪些条款用到它，上位的条款也在内。",
    "Where to write it (default: REGIME-roster).": "写到何处（不写时为 制度名-roster）。",
    "A workbook, or a folder of tables.": "工作簿，或者每张表一个文件的文件夹。",
    "Replace a file that is there.": "已有同名文件也覆盖。",
    # new
    "Begin a county: a folder that checks, with the questions to answer.": "新建一县：生成检查得过的文件夹，里面写着要回答的问题。",
    "COUNTY is the folder's name, in small letters. Nothing is ever overwritten.": "COUNTY 是文件夹的名称，用小写字母。已有的文件一律不动。",
    "The regime's Chinese name.": "制度的名称，用汉字。",
    "A folder beside it whose texts stand above it (default: national, if it is there).": "在它旁边、作为上位的文件夹（不写时为 national，有则写上）。",
    "The folder of policies (default: the nearest `policies`, or a new one here).": "政策文件夹（不写时为最近的 policies，没有就在此处新建）。",
    # show, list, vocabulary
    "Show a provision, a word or a source, with all that refers to it.": "查看一条规定、一个词或一条来源，以及提到它的所有地方。",
    "NAME in either language, or the id of a provision. Without REGIME, every regime that has it. Exit 1 if none has.": "NAME 是名称（中英文均可）或来源条款的编号。不写 REGIME 时，查所有有它的制度。都没有的，退出码为 1。",
    "List what a regime declares: kind, name, basis, layer, place.": "列出一个制度的全部条款：种类、名称、依据、层级、所在。",
    "Only this kind: rule 规定, case 案例, …": "只列这一种：规定、召回情形、案例等。",
    "Only what rests on this provision.": "只列以这一条为依据的。",
    "Only this layer: printed 载明, plan 计划, …": "只列这一层级的：载明、做法、计划等。",
    "List the words a record and a policy may use, and what reads them.": "列出名单和政策可以用的词，以及哪些条款用到它们。",
    # doc
    "Set each provision beside the policy that encodes it.": "把每一条款与写成它的政策并列，供审查对照。",
    "The HTML page holds both languages and shows --lang first.": "网页两种语言都有，先显示 --lang 的一种。",
    "Markdown, or one HTML page.": "md 为 Markdown，html 为一个网页。",
    # draw
    "Carry out a roster (名册): draw lots, rank, or take a share.": "执行名册：抽签、排名，或者按占比取。",
    "NAME is the 名册 of the regime. A lottery needs --seed, from where it was announced beforehand that it would come; anyone can go over its result with --verify. Exit 1 if the result is undetermined, or does not agree.": "NAME 是制度里名册的名称。抽签要写 --seed，种子的出处须事先公布；结果任何人都可以用 --verify 复核。结果未定，或者复核不符，退出码为 1。",
    "The day of the draw, YYYY-MM-DD.": "执行名册的日子，写作 2024-06-01。",
    "Of a lottery: a text announced beforehand.": "抽签用的种子：事先公布的一段文字。",
    "Choose a reading: NAME=ALTERNATIVE; once for each.": "选定一种解读：解读名=读法，可以多次写。",
    "text for people; json and csv for programs.": "text 供人阅读；json、csv 供别的程序使用。",
    "Write the roster with what follows entered.": "写出名单，由名册得出的填在里面。",
    "Compute a published result again: [REGIME] ROSTER.": "复核已公布的结果，其后写 [REGIME] ROSTER。",
    # sql
    "Print a regime as one SQL statement.": "把一个制度写成一条 SQL 语句。",
    "It reads tables of cells and gives a row for each person: what may be the status of each effect, as a mask, on the whole text and on what is printed. Comments name the provisions. What no SQL says is named at the head.": "语句读取各格的表，每人给出一行：每种效果可能的状态，写成掩码，全文和载明各一列。注释写明规定和依据。不能写成 SQL 的，在开头列明。",
    "Whose SQL it is.": "哪一种数据库的 SQL。",
    "The statement of the rows of this list, rather than of the persons.": "写出这个清单逐行判断的语句，而不是按人的。",
    # sources
    "What a regime's sources say, what encodes it, and whether they still say it.": "原文登记：说了什么、由什么写成、原文还是不是那样。",
    "List the documents and passages registered.": "列出登记的文件和条款。",
    "Show what encodes each provision and what carries each ambiguity.": "每一条款由什么写成，每一处不明由什么承担。",
    "Exit 1 if something is left out.": "有遗漏的，退出码为 1。",
    "Hold the digests of documents and passages against the texts.": "以原文核对文件和段落的摘要。",
    "Exit 1 if one is gone or has moved.": "有找不到、不符或者移了位置的，退出码为 1。",
    "Write the lines and digests the register lacks; what is registered stays.": "补上登记里缺的行号和摘要，已经登记的不动。",
    "The folder the texts are kept in.": "存放原文的文件夹。",
    # completion
    "Print what makes a shell complete commands with the Tab key.": "打印命令补全脚本：装好后按 Tab 键可补全命令。",
}  # fmt: skip

_USAGE: Final = {"[OPTIONS]": "[选项]", "COMMAND [ARGS]...": "命令 [参数]...", "...": "…"}
_EXTRA = re.compile(r"\s{2}\[[^]]*\]$")
_BRACKET = {"default: ": "不写时为 ", "required": "必须写", ";": "；", "[": "［", "]": "］"}
# A word or a character, with what may not begin a line after it.
_PIECE = re.compile(r"(?:[!-~]+|.)[，。、；：）”］]*")


def paragraphs(command: click.Command) -> list[str]:
    """What a command says of itself, a paragraph each, its line ends undone except where they are meant (\\b)."""
    found = inspect.cleandoc(command.help or "").split("\n\n")
    return [p if p.startswith("\b") else " ".join(p.split()) for p in found]


def said(text: str, lang: str) -> str:
    """A sentence of help in *lang*; what the table does not know stays as it is."""
    return CHINESE.get(text, text) if lang == "zh" else text


def split(text: str) -> tuple[str, str]:
    """What a decorator says of an option, and what click adds in brackets: that it is required, or its default."""
    extra = _EXTRA.search(text)
    return (text[: extra.start()], extra[0].strip()) if extra else (text, "")


def noted(extra: str) -> str:
    """What click adds, in Chinese."""
    for english, chinese in _BRACKET.items():
        extra = extra.replace(english, chinese)
    return extra


def _folded(text: str, room: int) -> Iterator[str]:
    """A Chinese text in lines of so many columns; a word of Latin letters is not cut."""
    from ..diagnostics import width  # noqa: PLC0415

    line = ""
    for piece in _PIECE.findall(text):
        if line and width(line + piece) > room:
            yield line.rstrip()
            line = ""
        line += piece if line or not piece.isspace() else ""
    if line:
        yield line.rstrip()


class ChineseHelp(click.HelpFormatter):
    """A page of help with its sentences put into Chinese."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        for english, chinese in _USAGE.items():
            args = args.replace(english, chinese)
        self.write(f"{prefix or CHINESE['Usage:']}{prog} {args}\n")

    def write_heading(self, heading: str) -> None:
        self.write(f"{'':>{self.current_indent}}{said(heading, 'zh')}：\n")

    def write_text(self, text: str) -> None:
        indent = " " * self.current_indent
        for i, paragraph in enumerate(text.split("\n\n")):
            if paragraph.startswith("\b"):
                lines = iter(paragraph.split("\n")[1:])
            else:
                lines = _folded(said(" ".join(paragraph.split()), "zh"), self.width - len(indent))
            self.write(("\n" if i else "") + "".join(f"{indent}{line}\n" for line in lines))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        rows = list(rows)
        first = min(max(len(term) for term, _ in rows), col_max) + col_spacing
        for term, text in rows:
            sentence, note = split(text)
            lines = list(_folded(said(sentence, "zh") + noted(note), self.width - first - self.current_indent))
            head = f"{'':>{self.current_indent}}{term}"
            room = self.current_indent + first
            self.write(f"{head:<{room}}{lines.pop(0)}\n" if len(term) + col_spacing <= first else f"{head}\n")
            self.write("".join(f"{'':>{room}}{line}\n" for line in lines))


class Group(click.Group):
    """A group whose help tells of each of its commands in a whole sentence, in the order they were added."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, paragraphs(c)[0]) for name, c in self.commands.items()])

    def add_command(self, cmd: click.Command, name: str | None = None) -> None:
        cmd.context_class = Speaking
        super().add_command(cmd, name)


class Speaking(click.Context):
    """A context whose help is in the language asked for before `--help`, else in the system's."""

    def make_formatter(self) -> click.HelpFormatter:
        zh = tongue(self.params.get("lang") or self.meta.get(TONGUE)) == "zh"
        made: Any = ChineseHelp if zh else click.HelpFormatter
        return made(width=self.terminal_width, max_width=self.max_content_width)  # type: ignore[no-any-return]

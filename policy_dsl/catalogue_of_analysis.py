"""The rows of the catalogue for what analysis finds: A1xx what no record or every record does, A2xx properties."""

from __future__ import annotations

from typing import Final

ROWS: Final = """
A101 warning
  “{name}”永远不会适用：它的条件没有一份记录能同时符合。
  “{name}” can never apply: no record meets its conditions together.
  改其中一个条件；本来就不再适用的，删去这一条。
  Change one of the conditions; remove the provision if it is not to apply any more.
A102 warning
  “{name}”适用时，“{effect}”也永远不会由它得出。
  “{name}” never leads to “{effect}”, even where it applies.
  上面各行已经包括它的，调换次序或删去；条件互相矛盾的，改其中一个。
  Where the rows above include it, put it before them or remove it; where conditions exclude each other, change one.
A103 warning
  “{name}”的条件对任何记录都成立，等于没有条件。
  The condition of “{name}” holds of every record: it asks nothing.
  删去这一条件；本来要限定什么的，写明限定。
  Remove the condition; or write what it was to limit.
A104 warning
  这一支没有一份记录能走到。
  No record comes to this branch.
  上面各行已经包括它的，调换次序或删去；自相矛盾的，改其中一个条件。
  Where those above include it, put it before them or remove it; where it contradicts itself, change one condition.
A105 warning
  这一项多余：符合它的，都已符合其余各项之一。
  This alternative adds nothing: whatever meets it meets one of the others.
  删去它；本来要说别的，改写它。
  Remove it; or rewrite it if it was to say something else.
A106 warning
  “{name}”的期间还没有开始就已经结束：凡它适用的都是这样。
  The period of “{name}” is over before it begins, wherever that applies.
  起和止写反了的，调换；期间长短写错的，改正。
  Exchange beginning and end if they are the wrong way round; or mend how long it lasts.
A111 warning
  “{name}”与“{other}”的条件相同：凡一条得出“{effect}”的，另一条也得出。
  “{name}” and “{other}” coincide: wherever one leads to “{effect}”, so does the other.
  合为一条；两条本来有别的，写明分别。
  Make them one; or write what sets them apart.
A112 note
  “{name}”包含在“{other}”之内：凡它得出“{effect}”的，“{other}”都已得出。
  “{name}” is contained in “{other}”: wherever it leads to “{effect}”, “{other}” does already.
  核对原文是否两处都这样写；不是的，缩小宽的一条或删去窄的一条。
  See whether the sources say both; if not, narrow the wider one or remove the narrower.
A113 warning
  例外“{name}”永远碰不到它要排除的“{other}”：两者不能同时成立。
  The exception “{name}” never meets “{other}”, which it is to set aside: the two cannot hold together.
  改例外的条件，或者改它排除的规定；用不着的，删去“不适用”。
  Change the exception's condition or what it disapplies; remove “disapplies” if it is not needed.
A114 warning
  例外“{name}”吞没了“{other}”：凡“{other}”该适用的，都被它排除。
  The exception “{name}” swallows “{other}”: wherever that would apply, it is set aside.
  缩小例外的条件；规定本来就不再适用的，删去它。
  Narrow the exception; remove the provision if it is not to apply any more.
A115 warning
  “{name}”与“{other}”相接处重叠：只有正好是“{value}”时，两条都适用。
  “{name}” and “{other}” overlap where they meet: both apply at “{value}” exactly, and nowhere else.
  写明这个数属于哪一条：“以上”“以下”包括本数，“超过”“不足”不包括。
  Say to which it belongs: at_least and at_most include the number, over and under do not.
A121 warning
  “{name}”说应当“{effect}”，“{other}”说不得，而有的记录两条都适用。
  “{name}” says “{effect}” must follow, “{other}” that it must not, and some records meet both.
  写明哪一条让位：给一条加“不适用”，或者改条件，使两条不会相遇。
  Say which gives way, by “disapplies”; or change the conditions so that they do not meet.
A131 warning
  “{name}”适用而没有一行成立：这种情形没有写得出什么。
  “{name}” applies and none of its rows holds: what follows then is not written.
  补一行；原文没有写的，补“其余：未载明”一类的一行，或者在说明中写明。
  Add a row; where the source says nothing, say so in a row or a remark.
A132 warning
  环节“{name}”结束后，有的情形不通向任何地方。
  The stage “{name}” ends, and in some situations it leads nowhere.
  在“之后”补一行；原文没有写的，写“未载明”。
  Add a row to “then”; “unprinted” where the source does not say.
A133 warning
  “{name}”适用而没有写由谁决定：“由”的各行没有一行成立。
  “{name}” applies and nobody decides: none of the rows of “by” holds.
  在“由”补一行；原文没有写的，写“其余：未载明”。
  Add a row to “by”; “otherwise: unprinted” where the source does not say.
A134 warning
  “{name}”与“{other}”之间留下空缺：正好是“{value}”时，两条都不适用。
  “{name}” and “{other}” leave a hole between them: neither applies at “{value}” exactly.
  写明这个数属于哪一条：“以上”“以下”包括本数，“超过”“不足”不包括。
  Say to which it belongs: at_least and at_most include the number, over and under do not.
A141 warning
  环节“{name}”永远走不到。
  The stage “{name}” is never reached.
  在前面环节的“之后”写明怎样进入；不用的环节删去。
  Say in the “then” of an earlier stage what leads to it; remove a stage that is not used.
A142 warning
  环节“{name}”没有出路：从它出发，永远走不到程序的结束。
  The stage “{name}” has no way out: from it no end of the procedure is ever reached.
  在“之后”写明怎样结束；原文没有写的，写“未载明”。
  Say in “then” how it ends; “unprinted” where the source does not say.
A151 note
  “{what}”没有写明，“{rules}”是否适用，什么事实、认定和解读都断定不了。
  “{what}” is not printed, and no fact, finding or reading can settle that “{rules}” applies.
  向有权解释的机关问清，再写进来；可能的几种说法已知的，写成解读。
  Ask the body that may explain the text, and write it in; where the possible answers are known, write a reading.
A190 note
  没有在时限（每问{seconds}秒）内断定：{what}。
  Not decided in the time given ({seconds} seconds a question): {what}.
  以 --timeout 放宽时限再问一次。
  Ask again with a longer --timeout.
A201 warning
  性质“{name}”不成立：有一份记录使它的前提成立，而它所说的不成立。
  The property “{name}” does not hold: on one record what it supposes is so, and what it says is not.
  照这份记录看：规定写宽了的，改规定；性质说过了的，改性质。
  Look at the record: change the provisions if they are too wide, or the property if it says too much.
A202 warning
  性质“{name}”不成立：只有“{fact}”不同的两份记录，对“{effect}”的结论不同。
  The property “{name}” does not hold: two records that differ in “{fact}” alone differ on “{effect}”.
  有理由区别对待的，改性质并写明理由；没有的，改规定。
  Where there is reason to tell them apart, change the property and say why; else change the provisions.
A203 warning
  性质“{name}”不成立：有一份记录得出比“{bound}”更重的“{effect}”。
  The property “{name}” does not hold: on one record “{effect}” follows, which is graver than “{bound}”.
  改得出它的规定，或者放宽性质。
  Change the provisions that lead to it, or the property.
A204 warning
  性质“{name}”不成立：有一份记录，多一行“{list}”，“{effect}”反而减轻。
  The property “{name}” does not hold: on some record one more “{list}” makes “{effect}” lighter.
  多一件而减轻没有道理的，改规定；有道理的，改性质并写明理由。
  Change the provisions where there is no reason for it; else change the property and say why.
A205 warning
  性质“{name}”不成立：有一份记录得出“{effect}”，{lacks}。
  The property “{name}” does not hold: on one record “{effect}” follows, {lacks}.
  照原文补上所缺的；原文就没有的，缩小性质，或者改规定。
  Supply what is missing from the source; where the source lacks it, narrow the property or change the provisions.
"""

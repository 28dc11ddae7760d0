"""Defects that a drafter might put into the shipped policies, a row each, by kind, with what notices each of them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from policy_dsl.language.source import Source
from policy_dsl.pack import Pack

POLICIES = Path(__file__).parent.parent / "policies"
# What notices: a case that no longer holds; a text that checks no longer; or neither, where what differs is out of
# reach of any case: a threshold that is not printed, or what stays open either way.
CASES, CHECK, NEITHER = "cases", "check", "neither"

# County, kind, what stands there (once), what is put in its place, and what notices.
DEFECTS: Final = (
    # Contradicting: what must be done is forbidden, or the other way round.
    ("daye", "contradicting", "应当：跟踪管理", "不得：跟踪管理", CASES),
    ("daye", "contradicting", "应当：使用不受影响", "不得：使用不受影响", CASES),
    ("fenggang", "contradicting", "应当：谈话提醒", "不得：谈话提醒", CASES),
    ("fenggang", "contradicting", "应当：列入初步名单", "不得：列入初步名单", CASES),
    ("dongtou", "contradicting", "应当：召回整改", "不得：召回整改", CASES),
    ("dongtou", "contradicting", "应当：人事关系暂挂", "不得：人事关系暂挂", CASES),
    ("dongtou", "contradicting", "应当：村社回炉", "不得：村社回炉", CASES),
    ("wuzhong", "contradicting", "应当：中止选拔", "不得：中止选拔", CASES),
    ("wuzhong", "contradicting", "应当：个人事项核查", "不得：个人事项核查", CASES),
    ("wuzhong", "contradicting", "应当：纠正和问责", "不得：纠正和问责", CASES),
    ("moxian", "contradicting", "应当：参加大讲堂", "不得：参加大讲堂", CASES),
    ("moxian", "contradicting", "应当：取消推荐资格", "不得：取消推荐资格", CASES),
    ("moxian", "contradicting", "应当：定期评议", "不得：定期评议", CASES),
    ("national", "contradicting", "当：种类 撤职以下 且 并非（处分期已过）\\n    不得：提拔", "当：种类 撤职以下 且 并非（处分期已过）\\n    应当：提拔", CASES),
    ("national", "contradicting", "不得：改任非领导职务", "应当：改任非领导职务", CASES),
    # Dead: it can never arise.
    ("daye", "dead", "当：容错决定 为 免责", "当：容错决定 为 免责 且 容错决定 为 减责", CASES),
    ("daye", "dead", "（一）先行先试；", "（一）先行先试 且 并非（先行先试）；", CASES),
    ("fenggang", "dead", "当：属实 且 属小毛病", "当：属实 且 属小毛病 且 并非（属实）", CASES),
    ("fenggang", "dead", "是指：属实 且 （施行前行为", "是指：属实 且 并非（属实） 且 （施行前行为", CASES),
    ("dongtou", "dead", "当：颜色 为 黄牌 且 作数的牌", "当：颜色 为 黄牌 且 颜色 为 红牌", CASES),
    ("dongtou", "dead", "当：考核较差", "当：考核较差 且 并非（考核较差）", CASES),
    ("dongtou", "dead", "当：一般干部", "当：一般干部 且 并非（一般干部）", CASES),
    ("wuzhong", "dead", "当：双签齐全", "当：双签齐全 且 没有 选任", CASES),
    ("wuzhong", "dead", "当：应报告人员 且 抽中核查", "当：应报告人员 且 抽中核查 且 职级 科员以下", CASES),
    ("moxian", "dead", "当：有 处理（种类 为 取消推荐资格）", "当：有 处理（种类 为 取消推荐资格，种类 为 问责）", CASES),
    ("moxian", "dead", "当：纳入视野", "当：纳入视野 且 并非（纳入视野）", CASES),
    ("national", "dead", "（三）拒绝合理安排；", "（三）拒绝合理安排 且 并非（拒绝合理安排）；", CASES),
    ("national", "dead", "（三）性别 为 女 且 孕产哺乳期；", "（三）性别 为 男 且 孕产哺乳期；", CASES),
    # Overlapping: it reaches what another provision is for.
    ("daye", "overlapping", "容错决定 为 减责 且 决定日期 不晚于 决定日 且 主体 为 个人主体 且 有 处理", "主体 为 个人主体 且 有 处理", CASES),
    ("daye", "overlapping", "（二）期满当日 取 当日在内：决定日 晚于 影响期满日", "（二）期满当日 取 当日在内：决定日 不早于 影响期满日", CASES),
    ("fenggang", "overlapping", "（二）集中教育的结果 为 合格：单位重点工作", "（二）集中教育的结果 为 不合格：单位重点工作", CASES),
    ("fenggang", "overlapping", "（一）场合 为 开会；", "（一）场合 属于 {开会、其他场合}；", CASES),
    ("dongtou", "overlapping", "（一）一般干部口径 取 科级以下：职级 科员以下", "（一）一般干部口径 取 科级以下：职级 副科以下", CASES),
    ("dongtou", "overlapping", "（二）较差口径 取 末一档：等次 属于 {不称职、不合格}", "（二）较差口径 取 末一档：等次 属于 {基本称职、不称职、不合格}", CASES),
    ("wuzhong", "overlapping", "是指：领导干部 且 职级 副科以上", "是指：领导干部", CASES),
    ("wuzhong", "overlapping", "当：类型 为 推荐\\n    应当：书记签名", "当：类型 属于 {推荐、提拔}\\n    应当：书记签名", CASES),
    ("moxian", "overlapping", "身份 为 事业人员 且 职级 科员以下", "身份 为 事业人员 且 职级 副科以下", CASES),
    ("moxian", "overlapping", "当：类型 为 提拔\\n    应当：民主测评", "当：类型 属于 {提拔、进入}\\n    应当：民主测评", CASES),
    ("national", "overlapping", "（一）种类 属于 处分 且 并非（监察作出）", "（一）种类 属于 处分", CASES),
    ("national", "overlapping", "当：身份 为 村社干部 且 种类 记大过以下", "当：种类 记大过以下", CASES),
    # Gap-making: somebody is left without an answer.
    ("daye", "gap", "{招商引资、项目落地、政策落实}", "{招商引资、项目落地}", CASES),
    ("daye", "gap", "（二）失误 或 偏差；", "（二）失误；", CASES),
    ("daye", "gap", "（三）记大过、党内严重警告：十八个月", "（三）记大过：十八个月", CASES),
    ("fenggang", "gap", "{单位上报、督查通报、处分文件、县级领导建议、等}", "{单位上报、督查通报、县级领导建议、等}", CASES),
    ("fenggang", "gap", "（二）结果 为 合格 且 愿接收 且 并非（鉴定日 晚于 决定日）：回原单位", "（二）结果 为 合格 且 愿接收 且 集中教育的结果 为 不合格 且 并非（鉴定日 晚于 决定日）：回原单位", CASES),
    ("fenggang", "gap", "{公务员、参公人员、事业人员、村社干部、等}", "{公务员、事业人员、村社干部、等}", CASES),
    ("dongtou", "gap", "（一）结果 为 合格 且 并非（鉴定日 晚于 决定日）：回原单位", "（一）结果 为 合格 且 走组织措施 且 并非（鉴定日 晚于 决定日）：回原单位", CASES),
    ("dongtou", "gap", "应当：免职或者责令辞职 等", "应当：免职", CASES),
    ("wuzhong", "gap", "当：类型 属于 {提拔、转任、进入}\\n    应当：档案审核", "当：类型 属于 {提拔、转任}\\n    应当：档案审核", CASES),
    ("wuzhong", "gap", "（一）单位正职；", "（一）单位正职 且 领导职务 为 否；", CASES),
    ("moxian", "gap", "（一）有 任职（副职，现任，任职单位 为 “县交通局”）", "（一）有 任职（副职，现任，任职单位 为 “县交通”）", CASES),
    ("moxian", "gap", "基本应当：退出实职\\n    由：未载明", "基本应当：退出实职\\n    层级：计划\\n    由：未载明", CASES),
    ("national", "gap", "{谈话提醒、函询、诫勉}）", "{谈话提醒、函询}）", CASES),
    ("national", "gap", "（二）种类 属于 {辞退、降职、免职}", "（二）种类 属于 {辞退、免职}", CASES),
    # Bound-shifting: the very number, day or rank falls on the other side.
    ("daye", "bound", "（一）警告：六个月", "（一）警告：七个月", CASES),
    ("daye", "bound", "施行：自 2016年9月12日 起", "施行：自 2016年9月13日 起", CASES),
    ("daye", "bound", "政策调整日 晚于 发生日", "政策调整日 不早于 发生日", CASES),
    ("fenggang", "bound", "生效日 早于 末次行为日", "生效日 不晚于 末次行为日", CASES),
    ("fenggang", "bound", "的次数 二次以上", "的次数 超过 二次", CASES),
    ("fenggang", "bound", "施行：自 2016年6月1日 起", "施行：自 2016年6月2日 起", CASES),
    ("dongtou", "bound", "当：牌 为 红牌 且 职级 副科以上", "当：牌 为 红牌 且 职级 正科以上", CASES),
    ("dongtou", "bound", "（二）黄牌数 二次以上", "（二）黄牌数 三次以上", CASES),
    ("wuzhong", "bound", "（一）审核先后 取 拟任之前：档案审核日 早于 拟任日", "（一）审核先后 取 拟任之前：档案审核日 不晚于 拟任日", CASES),
    ("wuzhong", "bound", "（一）书记签名日 不晚于 决定日", "（一）书记签名日 早于 决定日", CASES),
    ("moxian", "bound", "八年含否 取 含本数 且 副职年限 八年以上", "八年含否 取 含本数 且 副职年限 七年以上", CASES),
    ("moxian", "bound", "决定日 不晚于 2021年6月30日", "决定日 早于 2021年6月30日", CASES),
    ("moxian", "bound", "不胜任认定日 晚于 提拔日 且", "不胜任认定日 不早于 提拔日 且", CASES),
    ("national", "bound", "连续年数 二年以上；\\n        （二）不胜任又拒安排", "连续年数 三年以上；\\n        （二）不胜任又拒安排", CASES),
    ("national", "bound", "（种类 为 本处理的种类，待执行）的次数 二次以上", "（种类 为 本处理的种类，待执行）的次数 三次以上", CASES),
    ("national", "bound", "施行：自 2022年9月8日 起", "施行：自 2022年9月9日 起", CASES),
    # Out of reach of a case.
    ("moxian", "bound", "出生日 不早于 下派出生线", "出生日 晚于 下派出生线", NEITHER),
    ("moxian", "contradicting", "应当：调往乡镇", "不得：调往乡镇", NEITHER),
    ("fenggang", "contradicting", "不得：提拔", "应当：提拔", NEITHER),
    # Seen by checking alone.
    ("dongtou", "gap", "    环节 回原单位 back_to_unit", "    环节 回单位 back_to_units", CHECK),
    ("wuzhong", "dead", "不适用：未审不得任", "不适用：审后可任", CHECK),
)  # fmt: skip


def with_defect(pack: Pack, old: str, new: str) -> Source:
    """The one text of a regime in which *old* stands, with *new* in its place."""
    old, new = old.replace("\\n", "\n"), new.replace("\\n", "\n")
    holding = [x for x in pack.own if old in x.text]
    assert len(holding) == 1 and holding[0].text.count(old) == 1, f"{old}: {[x.name for x in holding]}"
    return Source(holding[0].name, holding[0].text.replace(old, new))

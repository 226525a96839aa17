"""What each grade asks for in the words of the published reform (任职条件): what a house may begin with."""

from staff.models import Grade

REQUIREMENTS: dict[Grade, tuple[str, ...]] = {
    Grade.SENIOR: (
        "熟悉产业政策和产业知识",
        "具备较强的外联沟通能力",
        "具备较强的商务谈判能力",
        "具备较强的组织协调能力",
        "具备较强的团队合作能力",
    ),
    Grade.FIRST: ("具备招商、招才、科技、审批、规划建设、园区管理等岗位工作经验",),
    Grade.SECOND: ("对产业知识和招商工作富有兴趣", "具备一定的沟通能力和专业素养"),
}

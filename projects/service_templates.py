"""Starter templates of service plans (assumption: the practice case asks for one plan per project and names no tasks).

Each line: the task, due within so many working days after the stage is entered, who sees to it (specialist, leader, or a
department by its name), whether it needs evidence. A bureau adopts them with one button and changes them on the page.
"""

Line = tuple[str, int, str, bool]

KEY: dict[str, tuple[Line, ...]] = {
    "lead": (
        ("核实投资主体和投资意向", 3, "specialist", False),
        ("组建项目服务团队", 5, "leader", False),
    ),
    "negotiation": (
        ("上门走访或邀请来访", 10, "specialist", False),
        ("提交选址和政策初步方案", 15, "specialist", True),
        ("分管领导会见投资方", 20, "leader", False),
    ),
    "admission": (
        ("报送准入申请和投资方案", 5, "specialist", True),
        ("组织部门联审会签", 15, "leader", False),
        ("落实用地指标", 20, "自然资源分局", False),
    ),
    "signed": (
        ("签订投资协议并归档", 3, "specialist", True),
        ("制定节点推进计划", 5, "specialist", False),
        ("启动前置辅导", 10, "行政审批局", False),
    ),
    "registered": (
        ("办理企业注册和税务登记", 10, "行政审批局", True),
        ("协助开立资本金账户", 15, "specialist", False),
        ("完成环评审批", 40, "生态环境局", True),
        ("取得施工许可证", 60, "规划建设局", True),
    ),
    "started": (
        ("协调外线接入和临时用电", 15, "供电公司", False),
        ("每月现场走访并通报进度", 20, "specialist", False),
        ("核对固定资产投资入库", 40, "specialist", True),
    ),
    "completed": (
        ("联合验收和备案", 20, "规划建设局", True),
        ("协助设备进场和招工", 30, "specialist", False),
    ),
    "produced": (
        ("协助入规申报", 20, "specialist", True),
        ("回访增资意向", 60, "specialist", False),
    ),
}

PLAIN: dict[str, tuple[Line, ...]] = {
    "lead": (("核实投资主体和投资意向", 5, "specialist", False),),
    "negotiation": (("上门走访或邀请来访", 15, "specialist", False),),
    "admission": (("报送准入申请和投资方案", 10, "specialist", True),),
    "signed": (
        ("签订投资协议并归档", 5, "specialist", True),
        ("制定节点推进计划", 10, "specialist", False),
    ),
    "registered": (("办理企业注册和税务登记", 15, "行政审批局", True),),
    "started": (("每月现场走访并通报进度", 20, "specialist", False),),
    "completed": (("联合验收和备案", 30, "规划建设局", True),),
    "produced": (("协助入规申报", 30, "specialist", True),),
}

STARTERS: dict[tuple[str, str], tuple[Line, ...]] = {
    (project_class, stage): lines
    for project_class, stages in (("strategic", KEY), ("major", KEY), ("ordinary", PLAIN))
    for stage, lines in stages.items()
}

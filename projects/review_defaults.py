"""Suggested configuration of the gates; no source gives it, so every line is an assumption that the bureau may change.

Ordinary projects keep the note on admission; major and strategic ones need decisions and opinions.
"""

KEY_CLASSES = ("major", "strategic")
# milestone, gate, whether the move itself is stopped
GATES = (
    ("signed", "admission", False),
    ("signed", "diligence", False),
    ("signed", "joint_review", False),
    ("started", "coaching", False),
    ("started", "specialists", True),
)
# metric, direction, threshold for ordinary, major, strategic
CRITERIA = (
    ("investment_per_mu", "at_least", ("400", "500", "600")),
    ("tax_per_mu", "at_least", ("20", "30", "40")),
    ("energy_per_output", "at_most", ("0.3", "0.25", "0.2")),
    ("emissions_per_output", "at_most", ("0.8", "0.6", "0.5")),
    ("jobs", "at_least", ("30", "100", "300")),
)
# class → deadline in working days, quorum in percent
REVIEW_RULES = {"ordinary": (7, 60), "major": (10, 80), "strategic": (10, 100)}
DILIGENCE = (
    ("主体资信", "工商登记、注册资本实缴、经营年限、行业地位"),
    ("股权穿透", "穿透到实际控制人，核对关联企业"),
    ("诉讼失信", "裁判文书、被执行人、失信与行政处罚"),
    ("财务", "近三年审计报告、资产负债、现金流"),
    ("技术来源", "专利、技术授权、团队，有无权属纠纷"),
    ("资金来源", "自有资金、融资安排、到资计划"),
    ("安全环保", "工艺、危化品、排放、历史事故"),
)
# title, guidance, code of the department
COACHING = (
    ("规划方案", "总平面、容积率、出入口", "planning"),
    ("施工图", "审图机构、分批审查", "planning"),
    ("环评", "类别、总量指标、公众参与", "environment"),
    ("能评", "节能审查、用能指标", "economy"),
    ("安评", "安全预评价、安全设施设计", "emergency"),
    ("用地手续", "出让合同、规划条件、不动产登记", "land"),
    ("电力报装", "容量、双电源、外线路径", "power"),
    ("供水排水", "接口、水质预处理", "water"),
    ("燃气报装", "用气量、调压站", "gas"),
    ("施工许可", "质监安监、工伤保险、许可证", "approval"),
)

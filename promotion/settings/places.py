"""Where one goes in the product: the rail, the pages of a place, the pages of rules. Each app names its own as strings."""

from django.utils.translation import gettext_lazy as _

# The rail: key, label, icon, URL name, group, and the roles it is for (none: everybody).
PLACES = (
    ("workbench", _("工作台"), "layout-dashboard", "home", "work", ()),
    ("projects", _("项目"), "building-factory-2", "projects:board", "work", ()),
    ("companies", _("企业客商"), "briefcase", "projects:companies", "work", ()),
    ("channels", _("渠道"), "affiliate", "projects:channels", "work", ()),
    ("teams", _("队伍"), "users-group", "staff:teams", "people", ()),
    ("assessment", _("考核"), "chart-bar", "kpi:score", "people", ()),
    ("cockpit", _("驾驶舱"), "gauge", "kpi:dashboard", "people", ()),
    (
        "supervision",
        _("督查"),
        "eye-check",
        "projects:recognitions",
        "people",
        (),
    ),
)
# The pages of a place beside its first one, drawn as tabs under the heading by {% place_tabs %}: place → key, label, URL name,
# and the roles it is for (none: everybody).
PLACE_PAGES: dict[str, tuple[tuple[str, object, str, tuple[str, ...]], ...]] = {
    "projects": (
        ("board", _("项目"), "projects:board", ()),
        ("sites", _("用地与厂房"), "projects:sites", ()),
        ("tasks", _("服务任务"), "projects:tasks", ()),
        ("handovers", _("移交"), "projects:handovers", ()),
    ),
    "companies": (
        ("companies", _("企业客商"), "projects:companies", ()),
        ("groups", _("集团"), "projects:groups", ()),
        ("duplicates", _("疑似重复"), "projects:duplicates", ("manager", "administrator")),
        ("receptions", _("首报首接"), "projects:receptions", ()),
        ("pool", _("公海"), "projects:pool", ()),
        ("arbitrations", _("首报仲裁"), "projects:arbitrations", ()),
    ),
    "supervision": (
        (
            "recognitions",
            _("认定"),
            "projects:recognitions",
            ("manager", "leader", "auditor", "administrator"),
        ),
        (
            "key",
            _("四个一"),
            "projects:key-projects",
            ("manager", "leader", "auditor", "administrator"),
        ),
        ("clocks", _("时限督办"), "projects:clocks", ("manager", "leader", "auditor", "administrator")),
        ("promises", _("双向承诺"), "projects:promises", ()),
        ("drives", _("攻坚督查"), "projects:drives", ()),
        ("blockers", _("堵点"), "projects:blockers", ()),
        ("admissions", _("准入与尽调"), "projects:admissions", ()),
        ("reviews", _("联审会签"), "projects:reviews", ()),
        ("departments", _("部门名录"), "projects:departments", ()),
        ("fulfilment", _("履约率"), "projects:fulfilment", ()),
        ("rules", _("规则"), "projects:rules", ()),
    ),
}
# What managers settle as dated data, in the order of a project's way: label, what it decides, URL name, the verbs of its changes,
# and the roles that may open it (none: everybody). projects/views/rules.py shows them all with who changed them last.
RULE_PAGES: tuple[tuple[object, object, str, tuple[str, ...], tuple[str, ...]], ...] = (
    (
        _("保护规则"),
        _("首报首接的保护期、核实进展后的延长、每人同时保护的家数、公海认领的冷却。"),
        "projects:protection-rules",
        ("protection-rule.set",),
        (),
    ),
    (
        _("时限规则"),
        _("线索首次响应、研判、反馈来源方和进展报告各给几个工作日。"),
        "projects:clock-rules",
        ("clock.set-rule", "clock.drop-rule"),
        (),
    ),
    (
        _("停滞标准"),
        _("各阶段、各等级的项目多少个工作日没有核实的进展算停滞。"),
        "projects:ageing-rules",
        ("ageing.settle", "ageing.drop"),
        (),
    ),
    (
        _("堵点时限与升级阶梯"),
        _("部门几个工作日内答复和办结，亮牌后依次通知谁。"),
        "projects:blocker-limits",
        ("blocker.settle-limits", "blocker.settle-ladder"),
        (),
    ),
    (
        _("前置关口"),
        _("哪个等级的项目在签约、注册、开工前要过哪些关口；准入标准、会签规则、尽调和辅导清单。"),
        "projects:gates",
        (
            "gate.adopt",
            "gate.require",
            "gate.lift",
            "gate.settle-criterion",
            "gate.settle-review-rule",
            "gate.add-topic",
            "gate.retire-topic",
        ),
        (),
    ),
    (
        _("服务方案模板"),
        _("每个等级的项目在每个阶段自动列出哪些服务任务。"),
        "projects:templates",
        ("template.save", "template.starters"),
        ("manager", "leader", "auditor", "administrator"),
    ),
    (
        _("佐证清单"),
        _("每种业绩凭哪些材料认定。"),
        "projects:evidence-requirements",
        ("evidence.require", "evidence.change", "evidence.end", "evidence.defaults"),
        (),
    ),
    (
        _("工作日历"),
        _("法定节假日、调休上班和本地修正；所有时限按它计算。"),
        "working-days",
        ("calendar.correct", "calendar.withdraw"),
        (),
    ),
)

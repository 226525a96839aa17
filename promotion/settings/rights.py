"""What a role may do, as it is named to people: each line is a predicate of an app's `access`, asked with an account of the role.

A predicate decides for the whole role; what it decides for one record (own, own team's, a second person's) is said in the label.
tests/architecture/test_rights.py compares this table with the predicates that there are.
"""

from django.utils.translation import gettext_lazy as _

RIGHTS: tuple[tuple[object, tuple[tuple[object, str], ...]], ...] = (
    (
        _("人员与账号"),
        (
            (_("维护名册：登记人员、任命、调整团队"), "staff.access.can_change_roster"),
            (_("起草和办理竞聘（公布由另一人）"), "staff.access.competition.can_run_competitions"),
            (
                _("代录纸质报名表和纸质评分（评分由另一人核对）"),
                "staff.access.competition.can_enter_applications",
            ),
            (_("组成考核组、安排面试"), "staff.access.interview.can_plan_interviews"),
            (_("办理拟聘和聘任（由分管领导审批）"), "staff.access.placement.can_decide_placements"),
            (_("开设课程、安排培训、签到和记学分"), "staff.access.training.can_keep_training"),
            (_("起草、签订和终止聘用合同"), "staff.access.contract.can_keep_contracts"),
            (_("替别人办理离岗委托"), "staff.access.delegation.can_delegate_for_others"),
            (_("办理离职和返聘"), "staff.access.absence.can_see_off"),
            (_("封存和开启档案（每次开启写理由）"), "staff.access.sealed.can_open_sealed"),
            (_("管理账号、邀请和接口令牌"), "staff.access.can_manage_accounts"),
        ),
    ),
    (
        _("项目"),
        (
            (_("记线索、登记项目"), "projects.access.can_log_leads"),
            (_("从公海认领企业"), "projects.access.protection.can_claim"),
            (_("对首报首接提出异议"), "projects.access.protection.can_open_arbitration"),
            (_("给项目保密并指定查看人"), "projects.access.can_set_secrecy"),
            (_("审批准入、签发会签"), "projects.access.reviews.can_decide_gates"),
            (
                _("认定重大项目（自己的项目由另一人）"),
                "projects.access.key_project.can_recognise_key_projects",
            ),
            (_("记录扣分事项（由另一人认定）"), "projects.access.can_record_incidents"),
            (_("看认定时的疑点提示"), "projects.access.sees_hints"),
            (_("发起攻坚督查"), "projects.access.drive.can_start_drive"),
            (_("查找疑似重复企业"), "projects.access.can_scan_duplicates"),
            (_("导入历史项目"), "projects.access.can_import_history"),
        ),
    ),
    (
        _("规则与名录"),
        (
            (_("制定保护规则"), "projects.access.protection.can_set_protection"),
            (_("制定时限规则"), "projects.access.can_set_clocks"),
            (_("制定停滞标准"), "projects.access.can_set_ageing"),
            (_("制定在管上限"), "projects.access.can_set_load_limits"),
            (_("制定堵点时限和升级阶梯"), "projects.access.blocker.can_set_time_limits"),
            (_("制定前置关口"), "projects.access.reviews.can_configure_gates"),
            (_("制定重大项目认定标准"), "projects.access.key_project.can_set_key_thresholds"),
            (_("维护服务方案模板"), "projects.access.service.can_keep_templates"),
            (_("维护佐证清单"), "projects.access.can_keep_checklist"),
            (_("维护部门名录"), "projects.access.can_keep_departments"),
            (_("维护地块厂房"), "projects.access.can_keep_sites"),
        ),
    ),
    (
        _("考核"),
        (
            (_("看所有人得分的来处"), "kpi.access.sees_all"),
            (_("看评议票由谁投出"), "kpi.access.sees_voters"),
            (_("起草和发布细则（发布由另一人）"), "kpi.access.can_draft_schemes"),
            (_("演练细则"), "kpi.access.can_rehearse"),
            (_("下达目标"), "kpi.access.can_set_targets"),
            (_("考评录入"), "kpi.access.can_record_inputs"),
            (_("确认考评录入（由另一人）"), "kpi.access.can_confirm_inputs"),
            (_("随时核算"), "kpi.access.can_start_run"),
            (_("重算过去的核算并对账"), "kpi.access.can_recompute"),
            (_("看全部团队奖励（别人只看自己和本队的）"), "kpi.access.bonus.sees_bonuses"),
            (_("制定团队奖励标准"), "kpi.access.bonus.can_set_bonus_rates"),
            (_("设立团队奖励"), "kpi.access.bonus.can_open_bonuses"),
            (_("审批奖励分配方案、调整总额（自己有份额的由另一人）"), "kpi.access.bonus.can_approve_bonuses"),
            (_("登记奖励发放"), "kpi.access.bonus.can_pay_bonuses"),
            (_("导出年终排名表"), "kpi.access.can_export_ranking"),
            (_("拟定、发布考核公示和定案（发布、定案由另一人）"), "kpi.access.publicity.can_publicise"),
            (_("处理考核异议（自己提出的、关于自己的除外）"), "kpi.access.publicity.can_decide_objections"),
            (_("看谁确认、谁提出异议"), "kpi.access.publicity.sees_replies"),
            (_("看评奖建议和不授予的决定"), "kpi.access.award.sees_award_proposals"),
            (_("拟定评奖（关系到本人、本队的除外）"), "kpi.access.award.can_propose_awards"),
            (_("审批和撤销评奖"), "kpi.access.award.can_approve_awards"),
            (_("成批导出证书和通知书"), "kpi.access.award.can_take_certificates"),
            (_("导出年度报表"), "kpi.access.closing.can_take_books"),
            (_("看所有人的职级建议"), "kpi.access.grades.sees_grades"),
            (_("起草职级评定办法，拟定和执行职级"), "kpi.access.grades.can_keep_grades"),
            (_("发布职级评定办法（由另一人）"), "kpi.access.grades.can_release_grades"),
            (_("决定个人的职级（不是自己的）"), "kpi.access.grades.can_decide_grades"),
            (_("审批职级评定"), "kpi.access.grades.can_approve_grades"),
            (_("起草和签发通报（签发由另一人）"), "kpi.access.bulletin.can_write_bulletins"),
            (_("看薪酬合计"), "kpi.access.pay.sees_pay_totals"),
            (_("起草薪酬标准和办法，编制和发放工资，看逐人明细"), "kpi.access.pay.can_keep_pay"),
            (_("发布薪酬标准和办法、确认工资表（由另一人），试算总额"), "kpi.access.pay.can_confirm_pay"),
            (_("写理由开启工资明细"), "kpi.access.pay.can_audit_pay"),
            (_("提请和决定亮牌、摘牌（由另一人）"), "kpi.access.card.can_decide_cards"),
            (_("制定亮牌规则"), "kpi.access.card.can_settle_card_rules"),
            (_("看关账检查和封存链"), "kpi.access.closing.sees_closing"),
            (_("准备关账"), "kpi.access.closing.can_prepare_closing"),
            (_("确认关账（由另一人）"), "kpi.access.closing.can_close_years"),
            (_("申请重开已关账的年度"), "kpi.access.closing.can_ask_reopening"),
            (_("同意重开（由另一人）"), "kpi.access.closing.can_grant_reopening"),
            (_("导出审计包"), "kpi.access.closing.can_take_bundles"),
        ),
    ),
)

# What is seen without being asked for one record: the same words for each role, beside the table.
SIGHTS: dict[str, object] = {
    "officer": _("本队的、自己负责的、有份额的和指定可看的项目；自己的得分来处，所有人的名次。"),
    "leader": _("本队和下级团队的、自己负责的、有份额的和指定可看的项目；本队每个人的得分来处。"),
    "manager": _("全部项目；保密项目只看见代号，指定为查看人才能打开。所有人的得分来处。"),
    "hr": _("全部项目，保密项目只看见代号；所有人的得分来处；名册。"),
    "auditor": _("全部项目，保密项目也在内；全部操作记录。只看不改。"),
    "administrator": _("全部项目，保密项目只看见代号；账号、令牌和运行状况。"),
    "staff": _("竞聘、自己的报名、通知和个人资料；项目、企业和考核都看不见。"),
    "api_client": _("令牌范围之内的项目、人员和考核；保密项目看不见。"),
}

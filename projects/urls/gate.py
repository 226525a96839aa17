"""Addresses of admission, due diligence, pre-coaching, and the configuration of the gates."""

from django.urls import URLPattern, path

from projects.views import admission, admission_list, diligence, gate_config

urlpatterns: list[URLPattern] = [
    path("admissions/", admission_list.admissions, name="admissions"),
    path("admissions/<str:public_id>/", admission.admission, name="admission"),
    path("admissions/<str:public_id>/decide/", admission.admission_decide, name="admission-decide"),
    path(
        "admissions/<str:public_id>/conditions/<int:pk>/close/",
        admission.admission_condition,
        name="admission-condition",
    ),
    path("projects/<str:public_id>/admission/new/", admission.admission_new, name="admission-new"),
    path("projects/<str:public_id>/diligence/open/", diligence.diligence_open, name="diligence-open"),
    path("projects/<str:public_id>/coaching/open/", diligence.coaching_open, name="coaching-open"),
    path("coaching/<int:pk>/", diligence.coaching_record, name="coaching-record"),
    path("diligences/", admission_list.diligences, name="diligences"),
    path("diligences/<str:public_id>/", diligence.diligence, name="diligence"),
    path("diligences/<str:public_id>/items/<int:pk>/", diligence.diligence_item, name="diligence-item"),
    path("diligences/<str:public_id>/<str:verb>/", diligence.diligence_move, name="diligence-move"),
    path("supervision/gates/", gate_config.gates, name="gates"),
    path("supervision/gates/adopt/", gate_config.gates_adopt, name="gates-adopt"),
    path("supervision/gates/requirements/<int:pk>/lift/", gate_config.gate_lift, name="gate-lift"),
    path("supervision/gates/topics/<int:pk>/retire/", gate_config.topic_retire, name="topic-retire"),
    path("supervision/gates/<str:part>/new/", gate_config.gate_settle, name="gate-settle"),
]

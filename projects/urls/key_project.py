"""Addresses of key projects: the table, what meets it, and the recognitions."""

from django.urls import URLPattern, path

from projects.views import key_project

urlpatterns: list[URLPattern] = [
    path("supervision/key-thresholds/", key_project.key_thresholds, name="key-thresholds"),
    path("supervision/key-thresholds/adopt/", key_project.key_thresholds_adopt, name="key-thresholds-adopt"),
    path("supervision/key-thresholds/<int:pk>/end/", key_project.key_threshold_end, name="key-threshold-end"),
    path("supervision/key-recognitions/", key_project.key_recognitions, name="key-recognitions"),
    path("supervision/key-recognitions/proposals/", key_project.key_proposals, name="key-proposals"),
    path("key-recognitions/<str:public_id>/", key_project.key_recognition, name="key-recognition"),
    path("key-recognitions/<str:public_id>/recognise/", key_project.key_recognise, name="key-recognise"),
    path("key-recognitions/<str:public_id>/return/", key_project.key_return, name="key-return"),
    path("key-recognitions/<str:public_id>/withdraw/", key_project.key_withdraw, name="key-withdraw"),
    path("key-recognitions/<str:public_id>/revoke/", key_project.key_revoke, name="key-revoke"),
    path("projects/<str:public_id>/key-recognition/ask/", key_project.key_ask, name="key-ask"),
    path("projects/<str:public_id>/key-recognition/propose/", key_project.key_propose, name="key-propose"),
]

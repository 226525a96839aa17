"""Addresses of joint reviews."""

from django.urls import URLPattern, path

from projects.views import review, review_extend, review_link, review_list, review_opinion

urlpatterns: list[URLPattern] = [
    path("reviews/", review_list.reviews, name="reviews"),
    path("projects/<str:public_id>/reviews/new/", review.review_new, name="review-new"),
    path("reviews/<str:public_id>/", review.review, name="review"),
    path("reviews/<str:public_id>/opinions/<int:pk>/", review_opinion.opinion, name="review-opinion"),
    path("reviews/<str:public_id>/opinions/<int:pk>/link/", review_link.link, name="review-link"),
    path("reviews/<str:public_id>/links/<int:pk>/revoke/", review_link.revoke, name="review-link-revoke"),
    path("reviews/<str:public_id>/extend/", review_extend.extend, name="review-extend"),
    path("reviews/<str:public_id>/<str:verb>/", review.review_move, name="review-move"),
    path("conditions/<int:pk>/close/", review_opinion.condition_close, name="condition-close"),
]

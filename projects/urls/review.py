"""Addresses of joint reviews."""

from django.urls import URLPattern, path

from projects.views import review, review_list

urlpatterns: list[URLPattern] = [
    path("reviews/", review_list.reviews, name="reviews"),
    path("projects/<str:public_id>/reviews/new/", review.review_new, name="review-new"),
    path("reviews/<str:public_id>/", review.review, name="review"),
    path(
        "reviews/<str:public_id>/conditions/<int:pk>/close/", review.condition_close, name="condition-close"
    ),
    path("reviews/<str:public_id>/<str:verb>/", review.review_move, name="review-move"),
]

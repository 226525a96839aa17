"""Addresses of the map, the sites, their reservations and the promises; before the addresses of single projects."""

from django.urls import URLPattern, path

from projects.exports import site as export
from projects.urls import promise
from projects.views import map as project_map
from projects.views import reservation, site

urlpatterns: list[URLPattern] = [
    *promise.urlpatterns,
    path("projects/map/", project_map.park_map, name="map"),
    path("projects/map/homes/", project_map.home_map, name="map-homes"),
    path("projects/<str:public_id>/reserve/", reservation.reserve, name="reserve"),
    path("sites/", site.sites, name="sites"),
    path("sites/plants/", site.plants, name="plants"),
    path("sites/plots/workbook/", export.plots_workbook, name="plots-workbook"),
    path("sites/plants/workbook/", export.plants_workbook, name="plants-workbook"),
    path("sites/match/", site.site_match, name="site-match"),
    path("sites/plots/new/", site.plot_new, name="plot-new"),
    path("sites/plots/<str:public_id>/", site.plot, name="plot"),
    path("sites/plots/<str:public_id>/edit/", site.plot_edit, name="plot-edit"),
    path("sites/plants/new/", site.plant_new, name="plant-new"),
    path("sites/plants/<str:public_id>/", site.plant, name="plant"),
    path("sites/plants/<str:public_id>/edit/", site.plant_edit, name="plant-edit"),
    path("sites/<str:kind>/<str:public_id>/enter/", site.site_enter, name="site-enter"),
    path("sites/reservations/", reservation.reservations, name="reservations"),
    path("sites/reservations/<str:public_id>/", reservation.reservation, name="reservation"),
    path(
        "sites/reservations/<str:public_id>/<str:verb>/", reservation.reservation_act, name="reservation-act"
    ),
]

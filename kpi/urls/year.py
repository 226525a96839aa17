"""Addresses of the year's course: publicity, awards, grades, pay, bulletins and the close lie under it."""

from django.urls import path

from kpi.views import books, year

urlpatterns = [
    path("year/", year.year, name="year"),
    path("year/books/", books.books, name="books"),
    path("year/books/<int:year>/<slug:code>.<slug:form>", books.book, name="book"),
]

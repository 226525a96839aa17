"""Departments with somebody to ask."""

from typing import Any

from projects.models import Department, DepartmentContact


def make_department(code: str = "power", name: str = "供电公司", **fields: Any) -> Department:
    return Department.objects.create(code=code, name=name, **fields)


def make_contact(department: Department, name: str = "蒋立群", **fields: Any) -> DepartmentContact:
    return DepartmentContact.objects.create(department=department, name=name, **fields)

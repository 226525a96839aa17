"""The practice case's own organisation as demo data (演示数据): its departments, task forces, stationed teams and offices.

The structure and the places are the published case's; every person is invented and marked as demo.
"""

"""The staff pages under ``/admin``: closed unless set up, and the only way in for people who may see what others asked.

Every page is a route of :func:`bot.admin.gate.staff_route`, which lets nobody in without a session and takes no form without its
token. What staff change is written to the audit log in the same request.
"""

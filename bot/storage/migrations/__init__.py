"""Alembic's folder: ``versions`` holds one file a step, applied in order by :mod:`bot.storage.migrating`.

A new step: copy the last file, count its number up, set ``down_revision`` to the one before, and write ``upgrade``. A step that a
release carried is never changed. There is no way down: to go back, restore the backup made before.
"""

"""The pages of the sample outlet, in the markup of four content management systems.

Each module turns an `Entry` of an `Edition` into HTML; the skeletons are in ``../templates``.
"""

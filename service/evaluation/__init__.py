"""Measures of the whole service on folders of labelled pictures; nothing here is trained on."""

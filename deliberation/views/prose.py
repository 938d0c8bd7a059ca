"""Texts of the organisers, written in Markdown: no HTML of their own, no pictures from elsewhere."""

from markdown_it import MarkdownIt

markdown = MarkdownIt("js-default", {"html": False, "linkify": False}).disable("image")

"""Policy briefs: written from templates and findings, checked, as PDF, Word, HTML."""

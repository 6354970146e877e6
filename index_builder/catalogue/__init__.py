"""From the national portal's exports to ``knowledge/data/procedures/catalogue.jsonl``."""

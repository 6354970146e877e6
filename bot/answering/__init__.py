"""From a ranked record to the words of an answer. Every statement is taken from the record; nothing is generated."""

"""Quality and speed of the bot, measured: question sets, measures, ablations, benchmarks."""

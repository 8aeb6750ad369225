"""Gold against facts: checking, scoring, speed, public benchmarks."""

"""Speed of mebench as ratios measured in one run; see RESULTS.md for recorded figures."""

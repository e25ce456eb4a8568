"""Speed and quality, each figure with the command that makes it. Baselines are measured in the same run."""

"""Where it rests: session files, checkpoints, state and prompt history, on disk and nowhere else."""

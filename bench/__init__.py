"""What Milieu costs and how fast it feels, measured side by side in one run. `make bench` prints it all."""

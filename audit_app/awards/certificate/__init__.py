"""What is given to the holder of an award, and how it is known to be true."""
